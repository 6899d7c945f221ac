/** The soak: the app over a workspace that keeps changing and a code server that keeps failing a little. */

import assert from "node:assert/strict";
import { type App, freePort, startApp } from "@/e2e/harness/app.ts";
import { readRows } from "@/e2e/harness/database.ts";
import { judge, measure, type Sample, type Trend, trendOf } from "@/e2e/harness/soak_size.ts";
import { watchSoak } from "@/e2e/harness/soak_watch.ts";
import { soakWorld } from "@/e2e/harness/soak_world.ts";
import { connect, openWorkspace } from "@/e2e/harness/workspace.ts";
import type { FakeFault } from "@/lib/codeserver/bitbucket_cloud/fake_faults.ts";

/** Calls by REST and by git that go wrong. */
const FAULT_SHARE = 0.05;
const FAULTS: Omit<FakeFault, "on">[] = [
  { status: 500 },
  { status: 502, kind: "html" },
  { status: 429, headers: { "retry-after": "2" } },
  { kind: "reset" },
  { kind: "break" },
  { kind: "truncate" },
  { kind: "html" },
  { delayMs: 3_000 },
];
/** A push whose webhook is lost waits for the list, which is read each five minutes, and its retries. */
const BOUND_MS = 15 * 60_000;
/**
 * From here on it is also seen that the list is read again by itself, and what the app takes is
 * judged: a process of less than some minutes is still filling its caches.
 */
const LONG_MINUTES = 8;
/** When in the run the app is killed, and when it is stopped and started; then it is left alone. */
const KILLED_AT = 0.1;
const STOPPED_AT = 0.2;

export interface SoakOptions {
  minutes: number;
  repositories: number;
  /** Between two changes, on average. */
  changeEveryMs: number;
  lookEveryMs: number;
  /** Told how it goes, once a minute. */
  tell?: (line: string) => void;
}

export interface SoakReport {
  minutes: number;
  changes: Record<string, number>;
  webhooks: { sent: number; lost: number };
  requests: number;
  faults: number;
  starts: number;
  scans: Record<string, number>;
  discoveries: Record<string, number>;
  looks: number;
  rowsCompared: number;
  lagSeconds: { p50: number; p95: number; most: number };
  repositories: { alive: number; gone: number };
  findings: number;
  samples: number;
  trend: Trend;
}

/** Runs it below `folder`. @throws at the first thing that does not hold, with the app's last words. */
export async function soak(folder: string, options: SoakOptions): Promise<SoakReport> {
  const dataDir = `${folder}/data`;
  await Deno.mkdir(dataDir);
  await using workspace = openWorkspace({ repositories: [] });
  const world = await soakWorld(folder, workspace, options.repositories, {
    losesWebhooks: options.minutes >= LONG_MINUTES,
  });
  await connect(dataDir, workspace);
  const counts = { requests: 0, faults: 0, starts: 0 };
  let faulty = true;
  workspace.onRequest = ({ method, path }) => {
    counts.requests++;
    // What was asked long ago is no longer of interest, and hours of it are.
    if (workspace.fake.log.length > 1_000) workspace.fake.log.splice(0, 500);
    if (!faulty || Math.random() >= FAULT_SHARE) return;
    counts.faults++;
    const fault = FAULTS[Math.floor(Math.random() * FAULTS.length)]!;
    workspace.fake.faults.clear();
    workspace.fake.faults.add({ ...fault, on: `${method} ${path}`, times: 1 });
  };
  const port = String(freePort());
  const start = () => {
    counts.starts++;
    return startApp({
      dataDir,
      env: { ...workspace.env, PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` },
    });
  };
  let app: App = await start();
  const watch = watchSoak(dataDir, world, BOUND_MS);
  const samples: Sample[] = [];
  const startedAt = Date.now();
  const lengthMs = options.minutes * 60_000;
  const share = () => (Date.now() - startedAt) / lengthMs;
  let [changeAt, lookAt, sampleAt, tellAt] = [0, 0, 0, 0];
  let [killed, stopped] = [false, false];

  async function goOn(): Promise<void> {
    const now = Date.now();
    if (faulty && now >= changeAt) {
      changeAt = now + Math.random() * 2 * options.changeEveryMs;
      await world.change();
    }
    if (now >= lookAt) {
      await watch.look();
      lookAt = Date.now() + options.lookEveryMs;
    }
    if (now >= sampleAt && share() > STOPPED_AT + 0.02) {
      sampleAt = now + Math.min(10_000, lengthMs / 100);
      samples.push(await measure(dataDir, app.pid));
    }
    if (now >= tellAt) {
      tellAt = now + 60_000;
      const { rowsCompared, lags } = watch;
      const last = samples.at(-1);
      options.tell?.(JSON.stringify({
        minute: Math.round((now - startedAt) / 60_000),
        ...counts,
        changes: world.changes,
        read: lags.length,
        pending: watch.pending().length,
        rowsCompared,
        memoryMb: last && Math.round(last.memoryBytes / 2 ** 20),
        databaseKb: last && Math.round(last.databaseBytes / 1024),
      }));
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  try {
    // A start may outlast what is left of a short run.
    while (share() < 1 || !stopped) {
      if (!killed && share() > KILLED_AT) {
        killed = true;
        await app.kill();
        app = await start();
      }
      if (!stopped && share() > STOPPED_AT) {
        stopped = true;
        assert.equal(await app.stop(), 0);
        app = await start();
      }
      await goOn();
    }
    faulty = false;
    workspace.fake.faults.clear();
    await world.announce();
    while (watch.pending().length > 0) await goOn();
    await watch.look();
  } catch (error) {
    const { message, stack } = error as Error;
    throw new Error(`${message}\n${stack}\n${app.log().slice(-6_000)}`);
  } finally {
    await app.stop();
  }
  assert.equal(readRows(dataDir, "PRAGMA integrity_check")[0]!.integrity_check, "ok");
  const trend = trendOf(samples);
  if (options.minutes >= LONG_MINUTES) judge(trend);
  return {
    minutes: options.minutes,
    changes: world.changes,
    webhooks: world.webhooks,
    ...counts,
    scans: ends(dataDir, "scan"),
    discoveries: ends(dataDir, "discovery"),
    looks: watch.looks,
    rowsCompared: watch.rowsCompared,
    lagSeconds: lagsOf(watch.lags),
    repositories: {
      alive: world.repositories.filter(({ alive }) => alive).length,
      gone: world.repositories.filter(({ alive }) => !alive).length,
    },
    findings: Number(readRows(dataDir, "SELECT count(*) AS n FROM findings")[0]!.n),
    samples: samples.length,
    trend,
  };
}

function ends(dataDir: string, kind: string): Record<string, number> {
  const rows = readRows(
    dataDir,
    "SELECT coalesce(result, state) AS word, count(*) AS n FROM jobs WHERE kind = ? GROUP BY 1",
    kind,
  );
  return Object.fromEntries(rows.map(({ word, n }) => [String(word), Number(n)]));
}

function lagsOf(lags: readonly number[]): SoakReport["lagSeconds"] {
  const sorted = lags.toSorted((a, b) => a - b);
  const at = (part: number) =>
    Number((sorted[Math.ceil(part * sorted.length) - 1]! / 1000).toFixed(1));
  return { p50: at(0.5), p95: at(0.95), most: at(1) };
}
