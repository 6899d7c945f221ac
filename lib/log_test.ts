import assert from "node:assert/strict";
import { createLog } from "@/lib/log.ts";

Deno.test("a log writes one JSON object a line, from its level up", () => {
  const lines: string[] = [];
  const log = createLog("info", (line) => lines.push(line)).with({ scan: "s1" });
  log.debug("quiet");
  log.info("two\nlines", { count: 3, none: undefined });
  log.with({ step: "tip" }).error("bad");
  assert.equal(lines.length, 2);
  const [first, second] = lines.map((line) => JSON.parse(line));
  assert.match(first.at, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  delete first.at;
  assert.deepEqual(first, { level: "info", message: "two\nlines", scan: "s1", count: 3 });
  assert.deepEqual([second.level, second.scan, second.step], ["error", "s1", "tip"]);
  assert.ok(!lines[0]!.includes("\n"));
});

Deno.test("a log cuts a query's values from any text that it is given", () => {
  const lines: string[] = [];
  const log = createLog("info", (line) => lines.push(line)).with({ scan: "s\nparams: hunter2" });
  log.error("Bad\nparams: hunter2", { error: "Failed query: select 1\nparams: a,hunter2\nb" });
  const { message, scan, error } = JSON.parse(lines[0]!);
  assert.deepEqual([message, scan, error], ["Bad", "s", "Failed query: select 1"]);
});

const LEVELS = ["debug", "info", "warn", "error"] as const;

for (const [index, level] of LEVELS.entries()) {
  Deno.test(`a log of level ${level} writes ${LEVELS.slice(index).join(", ")} and nothing below`, () => {
    const written: string[] = [];
    const log = createLog(level, (line) => written.push(JSON.parse(line).level));
    for (const own of LEVELS) log[own]("text");
    assert.deepEqual(written, LEVELS.slice(index));
  });
}

Deno.test("a log writes to standard error, and an announcement to standard output", async () => {
  const script = `import { announce, createLog } from ${
    JSON.stringify(import.meta.resolve("./log.ts"))
  };
    createLog("info").warn("low disk", { freeMb: 3 });
    announce("Open http://localhost:8000");`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", script],
    env: { NO_COLOR: "1" },
  }).output();
  assert.equal(new TextDecoder().decode(stdout), "Open http://localhost:8000\n");
  const { level, message, freeMb } = JSON.parse(new TextDecoder().decode(stderr));
  assert.deepEqual([level, message, freeMb], ["warn", "low disk", 3]);
});

Deno.test("silentLog takes everything and writes nothing", async () => {
  const script = `import { silentLog } from ${JSON.stringify(import.meta.resolve("./log.ts"))};
    for (const log of [silentLog, silentLog.with({ scan: "s1" })]) {
      for (const level of ${JSON.stringify(LEVELS)}) log[level]("bad");
    }
    Deno.stdout.writeSync(new TextEncoder().encode("came to the end"));`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", script],
    env: { NO_COLOR: "1" },
  }).output();
  const written = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.deepEqual(written, ["came to the end", ""]);
});
