/** Upgrades: a database of each earlier schema, with rows in it, comes to the newest with its rows. */

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { withFolder } from "@/e2e/harness/folder.ts";
import { ROOT } from "@/tools/files.ts";

interface Step {
  idx: number;
  when: number;
  tag: string;
}

const MIGRATIONS = `${ROOT}migrations`;
const { entries }: { entries: Step[] } = JSON.parse(
  await Deno.readTextFile(`${MIGRATIONS}/meta/_journal.json`),
);
const NEWEST = entries.at(-1)!;

for (const step of entries) {
  Deno.test(`a database of ${step.tag} with rows in it comes to ${NEWEST.tag} with the same rows`, () =>
    withFolder(async (folder) => {
      const path = `${folder}/sluice.db`;
      const before = await makeDatabase(path, step.idx);
      const { success, said } = await migrate(folder);
      assert.ok(success, said);
      const database = new DatabaseSync(path, { readOnly: true });
      try {
        for (const [table, row] of Object.entries(before)) {
          const rows = database.prepare(`SELECT * FROM ${table}`).all();
          assert.equal(rows.length, 1, table);
          for (const [name, value] of Object.entries(row)) {
            assert.deepEqual(rows[0]![name], value, `${table}.${name}`);
          }
        }
        const [check] = database.prepare("PRAGMA integrity_check").all();
        assert.equal(check!.integrity_check, "ok");
        assert.deepEqual(database.prepare("PRAGMA foreign_key_check").all(), []);
        const [last] = database.prepare("SELECT max(created_at) AS at FROM __drizzle_migrations")
          .all();
        assert.equal(last!.at, NEWEST.when);
      } finally {
        database.close();
      }
    }));
}

Deno.test("a database that a newer version made is refused, and left as it is", () =>
  withFolder(async (folder) => {
    const path = `${folder}/sluice.db`;
    await makeDatabase(path, NEWEST.idx);
    const database = new DatabaseSync(path);
    database.prepare("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('newer', ?)")
      .run(NEWEST.when + 86_400_000);
    database.close();
    const { success, said } = await migrate(folder);
    assert.ok(!success);
    assert.match(said, /a newer version of Sluice made it/);
  }));

/** Makes the tables up to one step, as the versions of that time did, and a row in each main table. */
async function makeDatabase(path: string, last: number) {
  const database = new DatabaseSync(path);
  try {
    database.exec(
      `CREATE TABLE __drizzle_migrations
         (id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric)`,
    );
    for (const { idx, tag, when } of entries) {
      if (idx > last) break;
      const text = await Deno.readTextFile(`${MIGRATIONS}/${tag}.sql`);
      for (const sql of text.split("--> statement-breakpoint")) database.exec(sql);
      database.prepare("INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)")
        .run(tag, when);
    }
    database.exec(ROWS);
    const row = (table: string) => {
      const { version: _kept, ...columns } = database.prepare(`SELECT * FROM ${table}`).get()!;
      return columns;
    };
    return Object.fromEntries(TABLES.map((table) => [table, row(table)]));
  } finally {
    database.close();
  }
}

const TABLES = ["servers", "repositories", "jobs", "findings", "occurrences"];

/** As a first scan leaves them. */
const ROWS = `
  INSERT INTO servers (id, type, workspace, workspace_uuid, name, credential_kind,
    credential_user, sealed_secret, selection_mode, include, exclude, created_at, saved_at)
  VALUES ('s1', 'bitbucket_cloud', 'acme', '{s}', 'Acme', 'api_token', 'ada@example.com',
    'v1.sealed', 'all', '[]', '[]', 1, 1);
  INSERT INTO repositories (id, server_id, uuid, slug, full_name, name, is_private,
    remote_updated_at, html_url, selected, created_at)
  VALUES ('r1', 's1', '{r}', 'app', 'acme/app', 'app', 1, 1000, 'https://example.test/acme/app',
    1, 1);
  INSERT INTO jobs (id, kind, server_id, repository_id, step, priority, requested_by, run_at,
    created_at) VALUES ('j1', 'scan', 's1', 'r1', 'history', 20, 'discovery', 1, 1);
  INSERT INTO findings (id, server_id, repository_id, rule_id, fingerprint, preview, severity,
    confidence, state, reasons, path_kind, at_tip, first_commit, first_path, first_line,
    occurrence_count, last_scan_id, created_at)
  VALUES ('f1', 's1', 'r1', 'aws-access-key', 'print', 'AKIA****', 'high', 'high', 'open', '[]',
    'source', 1, 'c1', 'a.env', 3, 1, 'j1', 1);
  INSERT INTO occurrences (finding_id, "commit", path, line, "column", blob, at_tip)
  VALUES ('f1', 'c1', 'a.env', 3, 7, 'b1', 1);
`;

async function migrate(dataDir: string): Promise<{ success: boolean; said: string }> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tools/migrate.ts"],
    cwd: ROOT,
    env: { DATA_DIR: dataDir },
    stdout: "null",
    stderr: "piped",
  }).output();
  return { success, said: new TextDecoder().decode(stderr) };
}
