/**
 * Reads whole histories through the whole path, fetched from a stand-in server, beside what git
 * itself takes to print the same patches and to index the same pack, in one run.
 *
 *     deno task bench:history [--rounds=N] REPOSITORY...
 *
 * Times are CPU seconds (user and system) of the one process at work, so that other load on the
 * machine disturbs them little; the server's own work is not ours and stays out.
 */

import process from "node:process";
import { fakeGitServer } from "@/lib/git/fake_git_server.ts";
import { readRepository } from "@/workers/read_repository.ts";
import type { ReadResult } from "@/workers/thread_messages.ts";

interface Run {
  result: ReadResult;
  secrets: number;
  places: number;
  cpuSeconds: number;
  /** The same for the first reading of the process. */
  coldSeconds: number;
  wallSeconds: number;
  peakMegabytes: number;
}

const LIMITS = {
  packBytes: 4e9,
  memoryBytes: 32 << 20,
  blobBytes: 10 << 20,
  objects: 5e6,
  inflatedBytes: 1e11,
  deltaDepth: 4095,
  treeDepth: 1000,
  idleSeconds: 300,
};

if (import.meta.main) {
  if (Deno.args[0] === "--read") await readAsChild(Deno.args[1]!, Deno.args[2]!);
  else await compareAll(Deno.args);
}

async function compareAll(args: readonly string[]): Promise<void> {
  const rounds = Number(args.find((arg) => arg.startsWith("--rounds="))?.slice(9) ?? 1);
  const repositories = args.filter((arg) => !arg.startsWith("--"));
  if (repositories.length === 0) {
    console.log("Usage: deno task bench:history [--rounds=N] REPOSITORY...");
    Deno.exit(2);
  }
  for (const repository of repositories) await compare(repository, rounds);
}

async function compare(repository: string, rounds: number): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "sluice-bench-" });
  try {
    // Only what is scanned, so that git does not print what we never ask for.
    const clone = `${dir}/clone.git`;
    await git(["init", "-q", "--bare", clone]);
    const refs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
    await git([
      "-C",
      clone,
      "fetch",
      "-q",
      "--no-auto-gc",
      `file://${await Deno.realPath(repository)}`,
      ...refs,
    ]);
    const head = (await git(["-C", repository, "symbolic-ref", "--quiet", "HEAD"])).trim();
    await git(["-C", clone, "symbolic-ref", "HEAD", head]);
    const pack = await findPack(clone);
    console.log(`${repository} at ${(await git(["-C", clone, "rev-parse", "HEAD"])).trim()}`);
    for (let round = 0; round < rounds; round++) {
      const log = await timed("git", ["-C", clone, "log", "-p", "--all", "-U0"]);
      const index = await timed("git", [
        "index-pack",
        "--threads=1",
        "-o",
        `${dir}/out${round}.idx`,
        pack,
      ]);
      const ours = await readInChild(clone, dir);
      report(ours, log, index);
    }
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

function report(run: Run, logSeconds: number, indexSeconds: number): void {
  const { result } = run;
  const mega = (bytes: number) => (bytes / 1e6).toFixed(0);
  console.log(
    `  ${run.cpuSeconds.toFixed(2)} s = ${(run.cpuSeconds / logSeconds).toFixed(2)} of git log ` +
      `(${logSeconds.toFixed(2)} s), ${(run.cpuSeconds / indexSeconds).toFixed(2)} of ` +
      `git index-pack (${indexSeconds.toFixed(2)} s)\n` +
      `  the first time ${run.coldSeconds.toFixed(2)} s; on the clock, with the server's work, ` +
      `${run.wallSeconds.toFixed(2)} s\n` +
      `  ${result.objects} objects, ${result.commits} commits, ${result.blobs} blobs; pack ` +
      `${mega(result.packBytes)} MB, inflated ${mega(result.inflatedBytes)} MB, new text ` +
      `${mega(result.scannedBytes)} MB\n` +
      `  ${run.secrets} secrets at ${run.places} places; peak memory ${run.peakMegabytes} MB above ` +
      `idle; left out: ${result.leftOut.join(", ") || "nothing"}`,
  );
}

/** A process of its own, since memory that was once taken is not given back. */
async function readInChild(clone: string, spoolDir: string): Promise<Run> {
  await using server = fakeGitServer({ repositories: { r: clone } });
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", import.meta.filename!, "--read", `${server.url}r`, spoolDir],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("The reading failed");
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Twice, for threads live long: the first time takes in compiling what is met for the first time. */
async function readAsChild(url: string, spoolDir: string): Promise<void> {
  const idle = Deno.memoryUsage().rss;
  const cold = await readOnce(url, spoolDir);
  const warm = await readOnce(url, spoolDir);
  const peakMegabytes = Math.round((await peakRss() - idle) / 1e6);
  const run: Run = { ...warm, coldSeconds: cold.cpuSeconds, peakMegabytes };
  console.log(JSON.stringify(run));
}

async function readOnce(
  url: string,
  spoolDir: string,
): Promise<Omit<Run, "coldSeconds" | "peakMegabytes">> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  let secrets = 0;
  let places = 0;
  const reading = readRepository({
    remote: { url, user: "", password: "" },
    mode: "history",
    haves: [],
    limits: LIMITS,
    fingerprintKey: new Uint8Array(32).fill(1),
    spoolDir,
  });
  for (;;) {
    const { done, value } = await reading.next();
    if (!done) {
      secrets += value.length;
      for (const secret of value) places += secret.occurrenceCount;
      continue;
    }
    const { user, system } = process.cpuUsage(cpu);
    return {
      result: { ...value, refs: [] },
      secrets,
      places,
      cpuSeconds: (user + system) / 1e6,
      wallSeconds: (performance.now() - start) / 1000,
    };
  }
}

/** The system's own high-water mark; where it has none, what is taken now. */
async function peakRss(): Promise<number> {
  try {
    const status = await Deno.readTextFile("/proc/self/status");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)![1]) * 1024;
  } catch {
    return Deno.memoryUsage().rss;
  }
}

/** CPU seconds of a command whose output goes nowhere. */
async function timed(command: string, args: readonly string[]): Promise<number> {
  const { success, stdout } = await new Deno.Command("sh", {
    args: ["-c", '"$@" >/dev/null && times', "sh", command, ...args],
  }).output();
  if (!success) throw new Error(`${command} failed`);
  // The second line of `times` is that of the children.
  const children = new TextDecoder().decode(stdout).trim().split("\n")[1]!;
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)]
    .reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

async function findPack(dir: string): Promise<string> {
  const packs = (await Array.fromAsync(Deno.readDir(`${dir}/objects/pack`)))
    .filter(({ name }) => name.endsWith(".pack"));
  if (packs.length !== 1) throw new Error(`${packs.length} packs where one was expected: ${dir}`);
  return `${dir}/objects/pack/${packs[0]!.name}`;
}

async function git(args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", {
    args: ["-c", "safe.directory=*", "-c", "fetch.unpackLimit=1", ...args],
  }).output();
  if (!success) throw new Error(`git ${args[0]}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
