/** What an app that runs for long may take: memory and database, sampled and judged by their trend. */

import assert from "node:assert/strict";
import { readRows } from "@/e2e/harness/database.ts";

export interface Sample {
  at: number;
  memoryBytes: number;
  /** Pages in use, without what was freed. */
  databaseBytes: number;
  walBytes: number;
  rows: number;
}

/** Checkpoints keep the log at 4 MB; a reader may hold one up for a while. */
const MOST_WAL_KB = 64 * 1024;
/** Garbage waits to be collected: less than this is no growth. */
const MEMORY_ROOM_MB = 48;
const MOST_GROWTH = 1.25;
/** A page that is half full, and the indexes of a row. */
const ROOM_BYTES_PER_ROW = 200;

/** Measures the app's process and its database now. */
export async function measure(dataDir: string, pid: number): Promise<Sample> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "rss=", "-p", String(pid)] })
    .output();
  const memoryBytes = Number(new TextDecoder().decode(stdout)) * 1024;
  const [size] = readRows(
    dataDir,
    `SELECT (p.page_count - f.freelist_count) * s.page_size AS bytes
     FROM pragma_page_count p, pragma_freelist_count f, pragma_page_size s`,
  );
  const tables = readRows(
    dataDir,
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  );
  const counts = tables.map(({ name }) => `(SELECT count(*) FROM "${name}")`).join(" + ");
  const [rows] = readRows(dataDir, `SELECT ${counts} AS n`);
  const wal = await Deno.stat(`${dataDir}/sluice.db-wal`).then(({ size }) => size, () => 0);
  return {
    at: Date.now(),
    memoryBytes,
    databaseBytes: Number(size!.bytes),
    walBytes: wal,
    rows: Number(rows!.n),
  };
}

/** Figures of a run: the second quarter of it beside the last. */
export interface Trend {
  memoryMb: [number, number];
  databaseKb: [number, number];
  rows: [number, number];
  bytesPerRow: [number, number];
  walMostKb: number;
}

/** Takes the figures from a run's samples, at least one a quarter. */
export function trendOf(samples: readonly Sample[]): Trend {
  const quarter = (n: number) =>
    samples.slice(Math.floor(samples.length * n / 4), Math.ceil(samples.length * (n + 1) / 4));
  const [early, late] = [quarter(1), quarter(3)];
  const both = (pick: (sample: Sample) => number, digits = 0): [number, number] => [
    Number(median(early.map(pick)).toFixed(digits)),
    Number(median(late.map(pick)).toFixed(digits)),
  ];
  const memory = both(({ memoryBytes }) => memoryBytes);
  const perRow = both(({ databaseBytes, rows }) => databaseBytes / rows);
  return {
    memoryMb: [memory[0] / 2 ** 20, memory[1] / 2 ** 20].map(Math.round) as [number, number],
    databaseKb: both(({ databaseBytes }) => databaseBytes / 1024),
    rows: both(({ rows }) => rows),
    bytesPerRow: perRow,
    walMostKb: Math.round(Math.max(...samples.map(({ walBytes }) => walBytes)) / 1024),
  };
}

/**
 * Memory may not grow from the second quarter to the last by more than a quarter and 48 MB, nor the
 * database by more than its rows do; before the second quarter caches fill. @throws otherwise.
 */
export function judge(trend: Trend): void {
  const said = JSON.stringify(trend);
  const [memoryEarly, memoryLate] = trend.memoryMb;
  const [rowEarly, rowLate] = trend.bytesPerRow;
  assert.ok(memoryLate <= memoryEarly * MOST_GROWTH + MEMORY_ROOM_MB, `memory grows: ${said}`);
  assert.ok(rowLate <= rowEarly + ROOM_BYTES_PER_ROW, `the database grows: ${said}`);
  assert.ok(trend.walMostKb <= MOST_WAL_KB, `the log grows: ${said}`);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
