/** A storm of SIGKILLs over a workspace that is being read, and what must stand when it is over. */

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { type App, freePort, spawnApp, startApp } from "@/e2e/harness/app.ts";
import { readRows } from "@/e2e/harness/database.ts";
import { occurrencesOf, scansOf, untilSettled } from "@/e2e/harness/outcome.ts";
import { plant, type Planted } from "@/e2e/harness/plant.ts";
import { connect, openWorkspace, type Workspace } from "@/e2e/harness/workspace.ts";

/** Git folders made; repositories beyond share them, each with findings of its own. */
const FOLDERS = 20;
const SETTLE_MS = 600_000;
/** A scan asks at least so often: for the refs, then for the pack. */
const LEAST_REQUESTS = 2;
/** About as often as a scan and its share of a discovery ask. */
const USUAL_REQUESTS = 4;
/** A life that asks for less, as where the database is busy, is ended all the same. */
const PATIENCE_MS = 60_000;

export interface StormOptions {
  repositories: number;
  kills: number;
  env?: Record<string, string>;
  /** Acts upon the database beside the app until the signal aborts. */
  disturb?: (dataDir: string, signal: AbortSignal) => Promise<void>;
}

export interface StormReport {
  kills: number;
  /** Of these, with work open when it struck: all, as the stand-in holds back what is left. */
  killsAtWork: number;
  /** Of these, before the process asked for anything. */
  killsAtStart: number;
  requests: number;
  scansClaimedAgain: number;
  rowsCompared: number;
  seconds: number;
}

/** Kills the app again and again, lets the last start finish, and compares every row. */
export async function storm(folder: string, options: StormOptions): Promise<StormReport> {
  const { repositories, kills } = options;
  const dataDir = `${folder}/data`;
  const temp = `${folder}/temp`;
  await Deno.mkdir(dataDir);
  await Deno.mkdir(temp);
  const planted = await plantMany(folder, repositories);
  await using workspace = openWorkspace({ repositories: planted.repositories });
  await connect(dataDir, workspace);
  const env = { ...workspace.env, ...options.env, TMPDIR: temp };
  const startedAt = Date.now();
  const over = new AbortController();
  const disturbing = options.disturb?.(dataDir, over.signal);
  const report = { kills, killsAtWork: 0, killsAtStart: 0 };
  for (let left = kills; left > 0; left--) {
    const open = openRepositories(dataDir, repositories);
    const atStart = Math.random() < 0.1;
    // On average all lives together would read all; one repository for each to come is kept back.
    const most = Math.ceil(Math.random() * 2 * USUAL_REQUESTS * open / left);
    const asked = await oneLife({
      dataDir,
      env,
      workspace,
      atStart,
      answers: Math.max(1, Math.min(most, LEAST_REQUESTS * (open - left))),
    });
    if (asked === 0) report.killsAtStart++;
    if (openRepositories(dataDir, repositories) > 0) report.killsAtWork++;
  }
  // As a kill between making a file and unlinking it leaves one, where that can be done at all.
  await Deno.writeTextFile(`${dataDir}/spool/sluice-pack-left`, "left");
  const app = await startApp({ dataDir, env });
  try {
    await untilSettled(dataDir, repositories, SETTLE_MS).catch((error) => {
      throw new Error(`${error.message}\n${app.log().slice(-4_000)}`);
    });
  } finally {
    await stopped(app);
    over.abort();
    await disturbing;
  }
  const rowsCompared = assertExact(dataDir, planted);
  await assertTidy(dataDir, temp);
  const [again] = readRows(
    dataDir,
    "SELECT count(*) AS n FROM jobs WHERE kind = 'scan' AND claim > 1",
  );
  return {
    ...report,
    requests: workspace.fake.log.length,
    scansClaimedAgain: Number(again!.n),
    rowsCompared,
    seconds: Math.round((Date.now() - startedAt) / 1000),
  };
}

/** `count` repositories over a few git folders, and the occurrences that a scan of them must find. */
export async function plantMany(folder: string, count: number): Promise<Planted> {
  const few = await plant(folder, Math.min(FOLDERS, count));
  const planted: Planted = { repositories: [], secrets: few.secrets, occurrences: [] };
  const places = Map.groupBy(few.occurrences, (one) => one.slice(0, one.indexOf(" ")));
  for (let index = 0; index < count; index++) {
    const model = few.repositories[index % few.repositories.length]!;
    const name = `r-${String(index).padStart(3, "0")}`;
    planted.repositories.push({ name, git: model.git! });
    for (const place of places.get(model.name)!) {
      planted.occurrences.push(place.replace(model.name, name));
    }
  }
  planted.occurrences.sort();
  return planted;
}

/** Starts the app, kills it after some answers or while it starts; gives how many it asked for. */
async function oneLife(life: {
  dataDir: string;
  env: Record<string, string>;
  workspace: Workspace;
  atStart: boolean;
  /** Requests that are answered; the next wait for the kill, however quick the machine is. */
  answers: number;
}): Promise<number> {
  const { dataDir, env, workspace, atStart, answers } = life;
  const enough = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  let asked = 0;
  workspace.onRequest = () => {
    asked++;
    if (!atStart && asked >= answers) enough.resolve();
    if (asked > answers) return over.promise;
  };
  const { child, ended } = await spawnApp({ dataDir, env: { PORT: String(freePort()), ...env } });
  const timer = setTimeout(enough.resolve, atStart ? Math.random() * 1_500 : PATIENCE_MS);
  await enough.promise;
  clearTimeout(timer);
  if (!atStart) await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
  child.kill("SIGKILL");
  await ended;
  workspace.onRequest = () => {};
  over.resolve();
  return asked;
}

function openRepositories(dataDir: string, all: number): number {
  const [row] = readRows(
    dataDir,
    "SELECT count(*) AS n FROM jobs WHERE kind = 'scan' AND state = 'succeeded'",
  );
  return all - Number(row!.n);
}

async function stopped(app: App): Promise<void> {
  assert.equal(await app.stop(), 0, app.log().slice(-4_000));
}

/** Every repository once, scanned once, every finding and occurrence once; gives how many rows. */
export function assertExact(
  dataDir: string,
  planted: Planted,
  rows: typeof readRows = readRows,
): number {
  const slugs = planted.repositories.map(({ name }) => name).sort();
  const known = rows(dataDir, "SELECT slug FROM repositories ORDER BY slug");
  assert.deepEqual(known.map(({ slug }) => slug), slugs);
  const scans = scansOf(dataDir);
  assert.deepEqual(scans, slugs.map((slug) => `${slug} succeeded complete`));
  const occurrences = occurrencesOf(dataDir);
  assert.deepEqual(occurrences, planted.occurrences);
  const findings = rows(
    dataDir,
    `SELECT r.slug, f.rule_id AS rule, f.first_path AS path, f.first_line AS line,
       f.occurrence_count AS n FROM findings f JOIN repositories r ON r.id = f.repository_id`,
  ).map(({ slug, rule, path, line, n }) => `${slug} ${rule} ${path}:${line} ${n}`).sort();
  assert.deepEqual(findings, planted.occurrences.map((one) => `${one} 1`).sort());
  const [check] = rows(dataDir, "PRAGMA integrity_check");
  assert.equal(check!.integrity_check, "ok");
  assert.deepEqual(rows(dataDir, "PRAGMA foreign_key_check"), []);
  assertCounts(dataDir, rows);
  return known.length + scans.length + occurrences.length + findings.length;
}

/** What triggers keep, against what is counted anew. */
function assertCounts(dataDir: string, rows: typeof readRows = readRows): void {
  const kept = rows(
    dataDir,
    "SELECT server_id, state, count FROM state_counts WHERE count <> 0 ORDER BY 1, 2",
  );
  const counted = rows(
    dataDir,
    `SELECT server_id, state, count(*) AS count FROM repositories
     GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  assert.deepEqual(kept.map((row) => ({ ...row })), counted.map((row) => ({ ...row })));
}

/** No temporary file is left: not among the data, not in the folder for such files. */
async function assertTidy(dataDir: string, temp: string): Promise<void> {
  const left: string[] = [];
  for (const dir of [`${dataDir}/spool`, temp]) {
    for await (const { name } of Deno.readDir(dir)) left.push(name);
  }
  for await (const { name } of Deno.readDir(dataDir)) {
    if (!/^(lock|key|spool|sluice\.db\.lock|(sluice\.db|doorbell\.kv)(-wal|-shm)?)$/.test(name)) {
      left.push(name);
    }
  }
  assert.deepEqual(left, []);
}

/** Writes from outside for up to two seconds at a time: the database is busy about half of the time. */
export async function keepBusy(dataDir: string, signal: AbortSignal): Promise<void> {
  const rest = (most: number) =>
    new Promise((resolve) => setTimeout(resolve, Math.random() * most));
  const database = new DatabaseSync(`${dataDir}/sluice.db`, { timeout: 5_000 });
  try {
    while (!signal.aborted) {
      // A writer that waits here would stop the stand-in, which runs in this process too.
      database.exec("PRAGMA busy_timeout = 0");
      try {
        database.exec("BEGIN IMMEDIATE");
        await rest(2_000);
        database.exec("COMMIT");
      } catch {
        // The app was first.
      }
      await rest(2_000);
    }
  } finally {
    database.close();
  }
}
