/** What must hold at every moment of the soak: scans reach their tips, no job sticks, no finding is lost. */

import assert from "node:assert/strict";
import { readRows } from "@/e2e/harness/database.ts";
import { atTip, reachable, type SoakRepository, type SoakWorld } from "@/e2e/harness/soak_world.ts";

/** A lease of a minute, and the sweep of each minute that heals it, with some room. */
const STUCK_RUNNING_MS = 4 * 60_000;
/** What is due is claimed at once where nothing else runs; here a few scans may come before it. */
const STUCK_QUEUED_MS = 4 * 60_000;

export interface SoakWatch {
  /** Looks at everything that changed since the last look. @throws what does not hold. */
  look(): Promise<void>;
  /** Repositories whose last change no scan has been seen to have read. */
  pending(): SoakRepository[];
  /** From a change until a scan had read it, in milliseconds. */
  lags: number[];
  rowsCompared: number;
  looks: number;
}

/** Watches the rows in `dataDir`; a change must be read within `boundMs`. */
export function watchSoak(dataDir: string, world: SoakWorld, boundMs: number): SoakWatch {
  const watch: SoakWatch = {
    lags: [],
    rowsCompared: 0,
    looks: 0,
    pending: () => world.repositories.filter(({ changedAt }) => changedAt !== null),
    async look() {
      watch.looks++;
      assertNothingSticks(dataDir);
      assertNothingDoubled(dataDir);
      assertCounted(dataDir);
      const now = Date.now();
      for (const repository of watch.pending()) {
        const lagMs = now - repository.changedAt!;
        if (!isReached(dataDir, repository)) {
          assert.ok(
            lagMs < boundMs,
            `not read within ${boundMs} ms: ${describe(dataDir, repository)}`,
          );
          continue;
        }
        repository.changedAt = null;
        watch.lags.push(lagMs);
        if (repository.alive) watch.rowsCompared += await assertFound(dataDir, repository);
      }
    },
  };
  return watch;
}

/** Whether the last complete scan read what the branches are now, or a deleted repository counts as gone. */
function isReached(dataDir: string, repository: SoakRepository): boolean {
  const [row] = readRows(
    dataDir,
    `SELECT r.slug, r.gone_at, r.state, t.refs FROM repositories r
     LEFT JOIN ref_tips t ON t.repository_id = r.id WHERE r.uuid = ?`,
    repository.uuid,
  );
  if (!repository.alive) return row === undefined || row.gone_at !== null;
  if (row?.slug !== repository.slug || row.refs === null || row.gone_at !== null) return false;
  // A scan that runs may be about to write more.
  if (!["findings", "clean"].includes(String(row.state))) return false;
  const read = (JSON.parse(String(row.refs)) as { name: string; oid: string }[])
    .filter(({ name }) => name.startsWith("refs/heads/"));
  return read.length === repository.refs.size &&
    read.every(({ name, oid }) => repository.refs.get(name) === oid);
}

/** Every secret that git can reach is found once, none that never was, and the tip is right. */
async function assertFound(dataDir: string, repository: SoakRepository): Promise<number> {
  const rows = readRows(
    dataDir,
    `SELECT o.path, o.line, o.at_tip, f.at_tip AS f_at_tip, f.id FROM occurrences o
     JOIN findings f ON f.id = o.finding_id JOIN repositories r ON r.id = f.repository_id
     WHERE r.uuid = ? ORDER BY o.path`,
    repository.uuid,
  );
  const where = describe(dataDir, repository);
  const found = rows.map(({ path }) => String(path));
  assert.equal(new Set(found).size, found.length, `doubled: ${where}`);
  assert.deepEqual(found.filter((path) => !repository.planted.has(path)), [], where);
  const wanted = await reachable(repository.dir);
  assert.deepEqual([...wanted].filter((path) => !found.includes(path)), [], `lost: ${where}`);
  const tip = await atTip(repository.dir);
  const shown = rows.filter((row) => row.at_tip === 1 && row.f_at_tip === 1).map(({ path }) =>
    path
  );
  assert.deepEqual(shown, tip.sort(), `at the tip: ${where}`);
  return rows.length;
}

function assertNothingSticks(dataDir: string): void {
  const now = Date.now();
  const stuck = readRows(
    dataDir,
    `SELECT j.* FROM jobs j JOIN servers s ON s.id = j.server_id
     WHERE (j.state = 'running' AND (j.lease_until < ?1 - ?2))
       OR (j.state = 'queued' AND j.run_at < ?1 - ?3 AND s.attention_reason IS NULL
         AND coalesce(s.waiting_until, 0) < ?1 - ?3)`,
    now,
    STUCK_RUNNING_MS,
    STUCK_QUEUED_MS,
  );
  assert.deepEqual(stuck, [], "stuck jobs");
  const [server] = readRows(dataDir, "SELECT attention_reason AS reason FROM servers");
  assert.equal(server!.reason, null);
}

/** What triggers keep, against what is counted anew: in one question, as the app writes meanwhile. */
function assertCounted(dataDir: string): void {
  const wrong = readRows(
    dataDir,
    `WITH counted AS (SELECT server_id, state, count(*) AS count FROM repositories GROUP BY 1, 2),
       kept AS (SELECT server_id, state, count FROM state_counts WHERE count <> 0)
     SELECT * FROM (SELECT * FROM counted EXCEPT SELECT * FROM kept)
     UNION ALL SELECT * FROM (SELECT * FROM kept EXCEPT SELECT * FROM counted)`,
  );
  assert.deepEqual(wrong, []);
}

function assertNothingDoubled(dataDir: string): void {
  const doubled = readRows(
    dataDir,
    `SELECT repository_id, path, count(DISTINCT f.id) AS n FROM findings f
     JOIN occurrences o ON o.finding_id = f.id GROUP BY repository_id, path HAVING n > 1`,
  );
  assert.deepEqual(doubled, [], "a secret with two findings");
}

function describe(dataDir: string, repository: SoakRepository): string {
  const jobs = readRows(
    dataDir,
    `SELECT j.state, j.step, j.result, j.requested_by, j.attempts, j.wait_reason, j.failure_reason,
       j.failure_detail, j.created_at, j.started_at, j.finished_at, j.run_at, r.state AS shown
     FROM repositories r LEFT JOIN jobs j ON j.repository_id = r.id WHERE r.uuid = ?
     ORDER BY j.created_at DESC LIMIT 3`,
    repository.uuid,
  );
  return JSON.stringify({
    ...repository,
    planted: [...repository.planted].length,
    refs: [...repository.refs],
    jobs,
  });
}
