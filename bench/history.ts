/**
 * Reads whole histories through the whole path, beside what git itself takes to print the same
 * patches and to index the same pack, in one run.
 *
 *     deno task bench:history [--rounds=N] [--no-pool] REPOSITORY...
 *
 * Times are CPU seconds, user and system, of the one process at work, which is kept on one core
 * where the system can do that: what collects garbage or compiles meanwhile counts. The server's
 * work is done before. `cold` is the first reading of a process, `second` one after a reading of
 * another repository (of one alone, the same); both compile on the way. `warm` is the median of the
 * five readings of the same repository that follow, since a scan thread lives as long as the app. Through the pool it is the time on
 * the clock, beside what the machine can do: git itself, once and twice at the same time.
 */

import process from "node:process";
import type { Reading, Step } from "@/bench/history_read.ts";
import { replayServer } from "@/bench/replay_server.ts";

/** A repository's refs as a server shows them, in a clone of its own. */
interface Subject {
  name: string;
  path: string;
  clone: string;
  pack: string;
  commit: string;
}

const PUSHED_COMMITS = 10;
const WARM_READINGS = 5;

if (import.meta.main) {
  const rounds = Number(Deno.args.find((arg) => arg.startsWith("--rounds="))?.slice(9) ?? 1);
  const paths = Deno.args.filter((arg) => !arg.startsWith("--"));
  if (paths.length === 0) {
    console.log("Usage: deno task bench:history [--rounds=N] [--no-pool] REPOSITORY...");
    Deno.exit(2);
  }
  const dir = await Deno.makeTempDir({ prefix: "sluice-bench-" });
  try {
    const subjects: Subject[] = [];
    for (const [i, path] of paths.entries()) subjects.push(await cloneOf(path, `r${i}`, dir));
    const repositories = Object.fromEntries(subjects.map(({ name, clone }) => [name, clone]));
    await using server = replayServer(repositories, dir);
    console.log(`load ${Deno.loadavg().map((load) => load.toFixed(1)).join(" ")}`);
    for (const [i, subject] of subjects.entries()) {
      const before = subjects[(i + 1) % subjects.length]!;
      for (let round = 0; round < rounds; round++) await compare(subject, before, server.url, dir);
    }
    if (subjects.length > 1 && !Deno.args.includes("--no-pool")) {
      await comparePools(subjects, server.url, dir);
    }
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function compare(subject: Subject, before: Subject, url: string, dir: string) {
  const whole: Step = { kind: "whole", url: url + subject.name };
  // The server asks git once; what comes first is thrown away.
  await inChild(dir, [whole]);
  const first = await gitTimes(subject, dir);
  const [cold] = await inChild(dir, [whole]);
  const push = await pushTo(subject, url);
  const inParts: Step = { kind: "parts", url: whole.url };
  const readings = await inChild(dir, [
    { kind: "whole", url: url + before.name },
    ...Array.from({ length: 1 + WARM_READINGS }, () => whole),
    // The first time the server's own work is in it.
    push,
    push,
    inParts,
    inParts,
  ]);
  const [, second, ...warm] = readings.splice(0, 2 + WARM_READINGS);
  const [, pushed, , parts] = readings;
  const ours = { cold: cold!, second: second!, pushed: pushed!, parts: parts! };
  const after = await gitTimes(subject, dir);
  const git = { log: Math.min(first.log, after.log), index: Math.min(first.index, after.index) };
  report(subject, ours, warm.sort((a, b) => a.cpuSeconds - b.cpuSeconds), git);
}

/** Git's own CPU seconds: taken before and after ours, and the lesser ones count. */
async function gitTimes({ clone, pack }: Subject, dir: string) {
  const log = await timed("git", ["-C", clone, "log", "-p", "--all", "-U0"]);
  const out = `${dir}/out.idx`;
  const index = await timed("git", ["index-pack", "--threads=1", "-o", out, pack]);
  await Deno.remove(out);
  return { log, index };
}

function report(
  { path, commit }: Subject,
  { cold, second, pushed, parts }: Record<"cold" | "second" | "pushed" | "parts", Reading>,
  readings: readonly Reading[],
  { log, index }: { log: number; index: number },
): void {
  const warm = readings[readings.length >> 1]!;
  const result = warm.result!;
  const mega = (bytes: number) => (bytes / 1e6).toFixed(0);
  const milli = (seconds: number) => (seconds * 1000).toFixed(0);
  const beside = (name: string, { cpuSeconds, wallSeconds }: Reading) =>
    `  ${name}: ${cpuSeconds.toFixed(2)} s = ${(cpuSeconds / log).toFixed(2)} of git log -p, ` +
    `${(cpuSeconds / index).toFixed(2)} of git index-pack; ${
      wallSeconds.toFixed(2)
    } s on the clock`;
  const shares = Object.entries(parts.parts)
    .map(([part, seconds]) => `${part} ${seconds.toFixed(2)}`).join(", ");
  console.log(
    `${path} at ${commit}\n` +
      `  git log -p --all -U0: ${log.toFixed(2)} s; git index-pack --threads=1: ${
        index.toFixed(2)
      } s\n` +
      `${beside("cold", cold)}\n${beside("second", second)}\n${beside("warm", warm)}; all warm: ` +
      `${readings.map(({ cpuSeconds }) => cpuSeconds.toFixed(2)).join(" ")}\n` +
      `  parts of a warm reading, CPU s: ${shares}\n` +
      `  push of ${PUSHED_COMMITS} commits, ${pushed.result!.objects} objects: ` +
      `${milli(pushed.afterFetchSeconds)} ms after the fetch (CPU ${
        milli(pushed.afterFetchCpuSeconds)
      } ms), ${milli(pushed.wallSeconds)} ms with it\n` +
      `  ${result.objects} objects, ${result.commits} commits, ${result.blobs} blobs; pack ` +
      `${mega(result.packBytes)} MB, inflated ${mega(result.inflatedBytes)} MB, new text ` +
      `${mega(result.scannedBytes)} MB\n` +
      `  ${warm.secrets} secrets at ${warm.places} places; peak memory ` +
      `${mega(cold.peakBytes - cold.idleBytes)} MB above idle; left out: ${
        result.leftOut.join(", ") || "nothing"
      }`,
  );
}

/**
 * More repositories than threads, the largest first, so that both threads end about together. All
 * have been read once before the time is taken, as threads of the app are warm too.
 */
async function comparePools(subjects: Subject[], url: string, dir: string): Promise<void> {
  const sizes = await Promise.all(subjects.map(async ({ pack }) => (await Deno.stat(pack)).size));
  const urls = subjects.map(({ name }, i) => ({ url: url + name, size: sizes[i]! }))
    .sort((a, b) => b.size - a.size).flatMap(({ url }) => [url, url]);
  const machine = await machineSpeed(subjects[0]!);
  const readings: Reading[] = [];
  const serverSeconds: number[] = [];
  for (const threads of [1, 2]) {
    const before = process.cpuUsage();
    readings.push(...await inChild(dir, [{ kind: "pool", urls, threads }], false));
    const { user, system } = process.cpuUsage(before);
    serverSeconds.push((user + system) / 1e6);
  }
  const [one, two] = readings as [Reading, Reading];
  console.log(
    `each of these twice, through the pool, on the clock: one thread ${
      one.wallSeconds.toFixed(2)
    } s, two threads ${two.wallSeconds.toFixed(2)} s = ${
      (one.wallSeconds / two.wallSeconds).toFixed(2)
    } times the speed; CPU ${one.cpuSeconds.toFixed(2)} s and ${two.cpuSeconds.toFixed(2)} s, ` +
      `the server's beside it, with its warming, ${
        serverSeconds.map((seconds) => seconds.toFixed(2)).join(" s and ")
      } s, load ${Deno.loadavg()[0]!.toFixed(1)}\n` +
      `the machine, on the clock, two processes against one: before ${machine}; after ` +
      await machineSpeed(subjects[0]!),
  );
}

/** How much more two processes get done than one: of git, and of a loop that needs no memory. */
async function machineSpeed({ clone }: Subject): Promise<string> {
  const log = await twoAtOnce("git", ["-C", clone, "log", "-p", "--all", "-U0"]);
  const loop = await twoAtOnce(Deno.execPath(), [
    "eval",
    "let x = 0; for (let i = 0; i < 3e9; i++) x = (Math.imul(x, 31) + i) | 0; console.log(x)",
  ]);
  return `${log.toFixed(2)} times for git log -p of the first repository, ` +
    `${loop.toFixed(2)} times for a plain loop`;
}

async function twoAtOnce(command: string, args: string[]): Promise<number> {
  const run = async () => {
    const { success } = await new Deno.Command(command, { args, stdout: "null" }).output();
    if (!success) throw new Error(`${command} failed`);
  };
  // What it reads is in memory then.
  await run();
  const start = performance.now();
  await run();
  const middle = performance.now();
  await Promise.all([run(), run()]);
  return 2 * (middle - start) / (performance.now() - middle);
}

/** The default branch's last commits as a push: all other refs, and what they lie on, are known. */
async function pushTo({ clone, name, commit }: Subject, url: string): Promise<Step> {
  const old = await git(["-C", clone, "rev-parse", `HEAD~${PUSHED_COMMITS}`]);
  const refs = await git([
    "-C",
    clone,
    "for-each-ref",
    "--format=%(objectname)",
    `--no-contains=${old}`,
  ]).catch(() => "");
  const haves = [old, ...refs.split("\n").filter((oid) => oid !== "" && oid !== commit)];
  return { kind: "push", url: url + name, haves: haves.slice(0, 2000), headCommit: old };
}

/** Only what is scanned, so that git does not print what we never ask for; in one pack. */
async function cloneOf(path: string, name: string, dir: string): Promise<Subject> {
  const clone = `${dir}/${name}.git`;
  await git(["init", "-q", "--bare", clone]);
  const refs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
  const from = `file://${await Deno.realPath(path)}`;
  await git(["-C", clone, "fetch", "-q", "--no-auto-gc", from, ...refs]);
  const head = await git(["-C", path, "symbolic-ref", "--quiet", "HEAD"]);
  await git(["-C", clone, "symbolic-ref", "HEAD", head]);
  const packs = (await Array.fromAsync(Deno.readDir(`${clone}/objects/pack`)))
    .filter(({ name }) => name.endsWith(".pack"));
  if (packs.length !== 1) throw new Error(`${packs.length} packs where one was expected: ${clone}`);
  const commit = await git(["-C", clone, "rev-parse", "HEAD"]);
  return { name, path, clone, pack: `${clone}/objects/pack/${packs[0]!.name}`, commit };
}

/** A process of its own, since memory that was once taken is not given back. */
async function inChild(dir: string, steps: Step[], onOneCore = true): Promise<Reading[]> {
  const script = new URL("./history_read.ts", import.meta.url).href;
  // The refs of a push may be more than an argument may hold.
  const file = `${dir}/steps.json`;
  await Deno.writeTextFile(file, JSON.stringify(steps));
  const command = [Deno.execPath(), "run", "-A", script, dir, file];
  const [first, ...args] = onOneCore ? await pinned(command) : command;
  const { success, stdout } = await new Deno.Command(first!, { args, stderr: "inherit" }).output();
  if (!success) throw new Error("The reading failed");
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** CPU seconds of a command whose output goes nowhere. */
async function timed(...command: [string, string[]]): Promise<number> {
  const { success, stdout } = await new Deno.Command("sh", {
    args: ["-c", '"$@" >/dev/null && times', "sh", ...await pinned(command.flat())],
  }).output();
  if (!success) throw new Error(`${command[0]} failed`);
  // The second line of `times` is that of the children.
  const children = new TextDecoder().decode(stdout).trim().split("\n")[1]!;
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)]
    .reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

/** Kept on the last core, where the system has `taskset`. */
async function pinned(command: string[]): Promise<string[]> {
  const core = String(navigator.hardwareConcurrency - 1);
  try {
    const { success } = await new Deno.Command("taskset", { args: ["-c", core, "true"] }).output();
    return success ? ["taskset", "-c", core, ...command] : command;
  } catch {
    return command;
  }
}

async function git(args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", {
    args: ["-c", "safe.directory=*", "-c", "fetch.unpackLimit=1", ...args],
  }).output();
  if (!success) throw new Error(`git ${args[0]}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout).trim();
}
