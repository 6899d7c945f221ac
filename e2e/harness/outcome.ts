/** What the main job has come to, read from the rows by another SQLite. */

import { readRows } from "@/e2e/harness/database.ts";
import { waitFor } from "@/e2e/harness/wait.ts";

/** Waits until nothing is queued or runs and at least `repositories` of them are known. */
export async function untilSettled(
  dataDir: string,
  repositories: number,
  timeoutMs = 300_000,
): Promise<void> {
  await waitFor(`${repositories} repositories settled`, () => {
    const [row] = readRows(
      dataDir,
      `SELECT (SELECT count(*) FROM repositories) AS known,
         (SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')) AS open,
         (SELECT count(*) FROM jobs WHERE kind = 'scan' AND state = 'succeeded') AS scanned`,
    );
    return Number(row!.known) >= repositories && row!.open === 0;
  }, timeoutMs);
}

/** The shown state of each repository by slug. */
export function statesOf(dataDir: string): Record<string, string> {
  return Object.fromEntries(
    readRows(dataDir, "SELECT slug, state FROM repositories ORDER BY slug")
      .map(({ slug, state }) => [String(slug), String(state)]),
  );
}

/** Each scan as `slug state result`, oldest first within a repository. */
export function scansOf(dataDir: string): string[] {
  return readRows(
    dataDir,
    `SELECT r.slug, j.state, j.result FROM jobs j JOIN repositories r ON r.id = j.repository_id
     WHERE j.kind = 'scan' ORDER BY r.slug, j.created_at, j.id`,
  ).map(({ slug, state, result }) => `${slug} ${state} ${result}`);
}

/** Each occurrence of each finding as `slug rule path:line`, sorted; a doubled one stands twice. */
export function occurrencesOf(dataDir: string): string[] {
  return readRows(
    dataDir,
    `SELECT r.slug, f.rule_id AS rule, o.path, o.line FROM occurrences o
     JOIN findings f ON f.id = o.finding_id JOIN repositories r ON r.id = f.repository_id`,
  ).map(({ slug, rule, path, line }) => `${slug} ${rule} ${path}:${line}`).sort();
}
