/** What a process of its own reads for the bench of histories, and what it took. */

import process from "node:process";
import { createDetector } from "@/lib/detect/mod.ts";
import { type BlobScanner, type Found, readRemote } from "@/lib/git/mod.ts";
import { createPool } from "@/workers/pool.ts";
import {
  readRepository,
  type ReadRepositoryOptions,
  scannerOf,
} from "@/workers/read_repository.ts";
import type { ReadRequest, ReadResult } from "@/workers/thread_messages.ts";

/** One reading asked for; the results come in the same order. */
export type Step =
  | { kind: "whole"; url: string }
  /** Times of the parts of a reading, in a reading of its own. */
  | { kind: "parts"; url: string }
  /** What is new to those tips. */
  | { kind: "push"; url: string; haves: string[]; headCommit: string }
  /** All of them through the pool, a second time. */
  | { kind: "pool"; urls: string[]; threads: number };

export interface Reading {
  cpuSeconds: number;
  wallSeconds: number;
  /** Since the last byte of the pack. */
  afterFetchSeconds: number;
  afterFetchCpuSeconds: number;
  /** CPU seconds by part. */
  parts: Record<string, number>;
  result: Omit<ReadResult, "refs"> | null;
  secrets: number;
  places: number;
  /** The most that the process took so far, in bytes, and what it began with. */
  peakBytes: number;
  idleBytes: number;
}

/** Packs above 32 MB go to a file, as in the app. */
const LIMITS = {
  packBytes: 4e9,
  memoryBytes: 32 << 20,
  blobBytes: 25 << 20,
  objects: 5e6,
  inflatedBytes: 1e11,
  deltaDepth: 4095,
  treeDepth: 1000,
  idleSeconds: 300,
};
const KEY = new Uint8Array(32).fill(1);
const detector = createDetector({ fingerprintKey: KEY });

if (import.meta.main) {
  const [spoolDir, file] = Deno.args as [string, string];
  const steps: Step[] = JSON.parse(await Deno.readTextFile(file));
  const idleBytes = Deno.memoryUsage().rss;
  const readings: Reading[] = [];
  let known: { path: string; blob: string }[] = [];
  for (const step of steps) {
    const reading = await read(step, spoolDir, known);
    if (step.kind === "whole") known = reading.known;
    readings.push({ ...reading, peakBytes: await peakBytes(), idleBytes });
  }
  console.log(JSON.stringify(readings));
}

async function read(step: Step, spoolDir: string, known: { path: string; blob: string }[]) {
  let start = performance.now();
  let cpu = process.cpuUsage();
  const spent = () => {
    const { user, system } = process.cpuUsage(cpu);
    return (user + system) / 1e6;
  };
  const reading = {
    cpuSeconds: 0,
    wallSeconds: 0,
    afterFetchSeconds: 0,
    afterFetchCpuSeconds: 0,
    parts: {} as Record<string, number>,
    result: null as Reading["result"],
    secrets: 0,
    places: 0,
    known: [] as { path: string; blob: string }[],
  };
  let fetched = start;
  let fetchedCpu = 0;
  let phase = "connecting";
  let phaseBegan = 0;
  let readingSeconds = 0;
  const onPhase = (next: string) => {
    const now = spent();
    reading.parts[phase] = (reading.parts[phase] ?? 0) + now - phaseBegan;
    if (next === "reading") {
      fetched = performance.now();
      fetchedCpu = now;
    }
    if (phase === "reading") readingSeconds = (performance.now() - fetched) / 1000;
    phase = next;
    phaseBegan = now;
  };
  const requestOf = (url: string): ReadRequest => ({
    remote: { url, user: "", password: "" },
    mode: "history",
    haves: step.kind === "push" ? step.haves : [],
    ...(step.kind === "push" ? { known: { headCommit: step.headCommit, places: known } } : {}),
    limits: LIMITS,
    fingerprintKey: KEY,
    spoolDir,
  });

  if (step.kind === "pool") {
    await using pool = createPool({ threads: step.threads, spoolDir });
    const readAll = (urls: readonly string[]) =>
      Promise.all(urls.map(async (url) => {
        for await (const batch of pool.read(requestOf(url))) reading.secrets += batch.length;
      }));
    await readAll(step.urls);
    reading.secrets = 0;
    start = performance.now();
    cpu = process.cpuUsage();
    await readAll(step.urls);
  } else if (step.kind === "parts") {
    const scanner = timed(scannerOf(detector));
    const { remote, ...request } = requestOf(step.url);
    const found = readRemote(remote, { ...request, scanner, onPhase });
    for await (const _ of found) reading.places++;
    onPhase("done");
    // The scanner's share on the clock, which others on the machine stretch as they do the rest.
    const { reading: total = 0 } = reading.parts;
    const share = scanner.seconds() / readingSeconds;
    reading.parts.reading = total * (1 - share);
    reading.parts.scanning = total * share;
  } else {
    // Passed on to git's room as it is.
    const options: ReadRepositoryOptions & { onPhase: typeof onPhase } = { onPhase };
    const found = readRepository(requestOf(step.url), options);
    for (;;) {
      const { done, value } = await found.next();
      if (done) {
        const { refs: _refs, ...result } = value;
        reading.result = result;
        break;
      }
      reading.secrets += value.length;
      for (const secret of value) {
        reading.places += secret.occurrenceCount;
        for (const { path, blob } of secret.occurrences) reading.known.push({ path, blob });
      }
    }
  }
  const end = performance.now();
  reading.cpuSeconds = spent();
  reading.wallSeconds = (end - start) / 1000;
  reading.afterFetchSeconds = (end - fetched) / 1000;
  reading.afterFetchCpuSeconds = reading.cpuSeconds - fetchedCpu;
  return reading;
}

/** Adds up the time on the clock within the scanner. */
function timed<Hit extends Found>(scanner: BlobScanner<Hit>) {
  let ms = 0;
  const around = <Result>(run: () => Result): Result => {
    const start = performance.now();
    const result = run();
    ms += performance.now() - start;
    return result;
  };
  return {
    scan: (bytes: Uint8Array) => around(() => scanner.scan(bytes)),
    scanChanged: (...args: Parameters<typeof scanner.scanChanged>) =>
      around(() => scanner.scanChanged(...args)),
    wholeOnly: scanner.wholeOnly,
    seconds: () => ms / 1000,
  };
}

/** The system's own high-water mark; where it has none, what is taken now. */
async function peakBytes(): Promise<number> {
  try {
    const status = await Deno.readTextFile("/proc/self/status");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)![1]) * 1024;
  } catch {
    return Deno.memoryUsage().rss;
  }
}
