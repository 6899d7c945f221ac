import assert from "node:assert/strict";
import { createLog, silentLog } from "@/lib/log.ts";

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

Deno.test("silentLog takes everything and writes nothing", () => {
  silentLog.with({ scan: "s1" }).error("bad");
});
