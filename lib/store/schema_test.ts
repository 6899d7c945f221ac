/** The tables refuse rows that no move makes, and schema and migrations tell of the same tables. */

import assert from "node:assert/strict";
import { relative } from "node:path";
import { type Db, openDb } from "@/lib/store/db.ts";
import {
  addRepositories,
  claimed,
  rowsOf,
  secret,
  storeTest,
  storeTestOnBoth,
} from "@/lib/store/test_store.ts";
import { ROOT } from "@/tools/files.ts";

type Row = Record<string, string | number | null>;

function insert(db: Db, table: string, row: Row): Promise<unknown> {
  const names = Object.keys(row);
  return db.execute(
    `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`,
    Object.values(row),
  );
}

/** Bad rows of jobs by the CHECK that refuses them, each as a change of a good row. */
const BAD_JOBS: [check: string, change: Row][] = [
  ["jobs_kind", { kind: "chore" }],
  ["jobs_step", { step: "middle" }],
  ["jobs_state", { state: "lost" }],
  ["jobs_discover", { kind: "discovery", step: "discover" }],
  ["jobs_discover", { repository_id: null }],
  ["jobs_step_kind", { step: "discover" }],
  ["jobs_step_kind", { kind: "discovery", repository_id: null }],
  ["jobs_done", { step: "done" }],
  ["jobs_done", { state: "succeeded", result: "complete", finished_at: 1 }],
  ["jobs_result", { state: "succeeded", step: "done", finished_at: 1 }],
  ["jobs_result", { result: "complete" }],
  ["jobs_lease_state", { lease_until: 1 }],
  ["jobs_lease_state", { state: "running" }],
  ["jobs_finished", { finished_at: 1 }],
  ["jobs_finished", { state: "cancelled" }],
  ["jobs_failure", { failure_reason: "forbidden" }],
  ["jobs_failure", { state: "failed", finished_at: 1 }],
];

storeTestOnBoth(
  "each CHECK of jobs refuses its bad rows, and takes the good one",
  async (store) => {
    const { serverId, ids } = await addRepositories(store, ["api"]);
    await store.jobs.cancel((await claimed(store, "scan")).id);
    const good: Row = {
      id: "good",
      kind: "scan",
      server_id: serverId,
      repository_id: ids.api!,
      step: "tip",
      state: "queued",
      priority: 1,
      requested_by: "person",
      run_at: 0,
      created_at: 0,
    };
    for (const [check, change] of BAD_JOBS) {
      await assert.rejects(
        insert(store.db, "jobs", { ...good, ...change }),
        new RegExp(`CHECK constraint failed: .*${check}`),
        JSON.stringify(change),
      );
    }
    await insert(store.db, "jobs", good);
  },
);

storeTest("findings and users take known words only", async (store) => {
  await addRepositories(store, ["api"]);
  const job = await claimed(store, "scan");
  await store.scans.record(job, [secret("a")], "history");
  for (const [set, check] of [["state = 'lost'", "state_word"], ["severity = 'x'", "severity"]]) {
    await assert.rejects(store.db.execute(`UPDATE findings SET ${set}`), new RegExp(check!));
  }
  const user = { id: "u", email: "a@example.com", password_hash: "x", created_at: 0 };
  await assert.rejects(insert(store.db, "users", { ...user, role: "owner" }), /users_role/);
});

storeTest("a repository needs its server, a finding its repository", async (store) => {
  await addRepositories(store, ["api"]);
  await assert.rejects(store.db.execute("UPDATE repositories SET server_id = 'x'"), /FOREIGN KEY/);
  await store.scans.record(await claimed(store, "scan"), [secret("a")], "history");
  await assert.rejects(store.db.execute("UPDATE findings SET repository_id = 'x'"), /FOREIGN KEY/);
});

async function drizzleKit(command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "node_modules/drizzle-kit/bin.cjs", command, "--dialect=sqlite", ...args],
    cwd: ROOT,
  }).output();
  const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.ok(success, output);
  return output;
}

Deno.test("drizzle-kit has no migration to add for the schema", async () => {
  const out = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${out}/meta`);
    for (const folder of ["", "meta/"]) {
      for await (const { name, isFile } of Deno.readDir(`${ROOT}migrations/${folder}`)) {
        if (isFile) {
          await Deno.copyFile(`${ROOT}migrations/${folder}${name}`, `${out}/${folder}${name}`);
        }
      }
    }
    const place = `--out=${relative(ROOT, out)}`;
    assert.match(await drizzleKit("check", place), /Everything's fine/);
    assert.match(
      await drizzleKit("generate", place, "--schema=./lib/store/schema.ts"),
      /No schema changes, nothing to migrate/,
    );
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});

/** Columns, indexes and foreign keys of every table of ours. */
async function describe(db: Db) {
  const ours = "m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '%drizzle%'";
  const tables = `sqlite_master m JOIN`;
  return {
    columns: await rowsOf(
      db,
      `SELECT m.name AS "table", c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
       FROM ${tables} pragma_table_xinfo(m.name) c WHERE m.type = 'table' AND ${ours} ORDER BY 1, 2`,
    ),
    indexes: await rowsOf(
      db,
      `SELECT m.name, m.sql FROM sqlite_master m WHERE m.type = 'index' AND ${ours} ORDER BY 1`,
    ),
    keys: await rowsOf(
      db,
      `SELECT m.name, k."table" AS target, k."from", k."to", k.on_delete
       FROM ${tables} pragma_foreign_key_list(m.name) k WHERE m.type = 'table' ORDER BY 1, 2, 3`,
    ),
  };
}

storeTest("the migrations make the tables that the schema describes", async (store) => {
  const out = `${store.dir}/generated`;
  await drizzleKit("generate", `--out=${relative(ROOT, out)}`, "--schema=./lib/store/schema.ts");
  const db = await openDb(`file:${store.dir}/other.db`);
  try {
    for await (const { name, isFile } of Deno.readDir(out)) {
      if (!isFile) continue;
      const sql = await Deno.readTextFile(`${out}/${name}`);
      for (const statement of sql.split("--> statement-breakpoint")) await db.execute(statement);
    }
    const expected = await describe(db);
    assert.ok(expected.columns.length > 150 && expected.keys.length > 5);
    assert.deepEqual(await describe(store.db), expected);
  } finally {
    db.close();
  }
});
