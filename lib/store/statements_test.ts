import assert from "node:assert/strict";
import { openDb } from "./db.ts";
import { keepStatements } from "./statements.ts";

/** A driver that says what it is asked to prepare, and fails where the text says so. */
function fakeDriver() {
  const prepared: string[] = [];
  class Connection {
    prepare(sql: string) {
      prepared.push(sql);
      const run = (..._args: unknown[]): unknown => {
        if (sql.includes("fails")) throw new Error("no");
        return sql;
      };
      return { run, all: run };
    }
    close() {}
  }
  keepStatements(Connection);
  return { Connection, prepared };
}

Deno.test("a text is prepared once a connection, and anew by another one", () => {
  const { Connection, prepared } = fakeDriver();
  const one = new Connection();
  for (let i = 0; i < 3; i++) assert.equal(one.prepare("SELECT 1").run([i]), "SELECT 1");
  assert.deepEqual(prepared, ["SELECT 1"]);
  new Connection().prepare("SELECT 1").all([]);
  assert.equal(prepared.length, 2);
});

Deno.test("what failed, and what holds a large value, is not used again", () => {
  const { Connection, prepared } = fakeDriver();
  const one = new Connection();
  for (let i = 0; i < 2; i++) {
    assert.throws(() => one.prepare("UPDATE t SET fails = 1").run([]), /no/);
    one.prepare("INSERT INTO t VALUES (?)").run(["x".repeat(100_000)]);
    one.prepare("INSERT INTO u VALUES (:a)").run({ a: new Uint8Array(100_000) });
  }
  assert.equal(prepared.length, 6);
});

Deno.test("nothing is kept over a change of the tables, nor over the connection's end", () => {
  const { Connection, prepared } = fakeDriver();
  const one = new Connection();
  const select = () => one.prepare("SELECT a, count(*) FROM t").all([]);
  select();
  for (const sql of ["BEGIN IMMEDIATE", "PRAGMA data_version", "COMMIT"]) one.prepare(sql).run([]);
  select();
  assert.equal(prepared.filter((sql) => sql.startsWith("SELECT")).length, 1);
  one.prepare("ALTER TABLE t ADD COLUMN b").run([]);
  select();
  assert.equal(prepared.filter((sql) => sql.startsWith("SELECT")).length, 2);
  one.close();
  select();
  assert.equal(prepared.filter((sql) => sql.startsWith("SELECT")).length, 3);
});

Deno.test("columns have their own names when another process has changed the table", async () => {
  const folder = await Deno.makeTempDir();
  const [one, other] = [await openDb(`file:${folder}/a.db`), await openDb(`file:${folder}/a.db`)];
  try {
    await one.execute("CREATE TABLE t (a TEXT, b TEXT, c TEXT)");
    await one.execute("INSERT INTO t VALUES ('A', 'B', 'C')");
    const rows = async () => {
      const all = await one.execute("SELECT * FROM t");
      const joined = await one.execute("SELECT u.*, 1 AS one FROM t u");
      const returned = await one.execute("UPDATE t SET c = c RETURNING *");
      const named = await one.execute("SELECT c, a FROM t");
      return [all, joined, returned, named].map(({ rows }) => ({ ...rows[0] }));
    };
    await rows();
    await other.execute("ALTER TABLE t DROP COLUMN b");
    // The driver itself sees the change with the first read only.
    await one.execute("SELECT a FROM t");
    assert.deepEqual(await rows(), [
      { a: "A", c: "C" },
      { a: "A", c: "C", one: 1 },
      { a: "A", c: "C" },
      { c: "C", a: "A" },
    ]);
  } finally {
    one.close();
    other.close();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a text that names all columns is not kept, one that counts or multiplies is", () => {
  const { Connection, prepared } = fakeDriver();
  const one = new Connection();
  const asked = (sql: string) => {
    for (let i = 0; i < 2; i++) one.prepare(sql).run([]);
    return prepared.splice(0).length;
  };
  for (
    const sql of [
      "SELECT * FROM t",
      "select distinct * from t",
      "SELECT a, * FROM t",
      "SELECT t.* FROM t",
      "SELECT\n  *\nFROM t",
      "UPDATE t SET a = 1 RETURNING *",
    ]
  ) assert.equal(asked(sql), 2, sql);
  for (const sql of ["SELECT count(*) FROM t", "INSERT INTO t SELECT a * ?1 FROM u"]) {
    assert.equal(asked(sql), 1, sql);
  }
});

Deno.test("at most 300 statements are kept, the newest ones", () => {
  const { Connection, prepared } = fakeDriver();
  const one = new Connection();
  for (let i = 0; i < 301; i++) one.prepare(`SELECT ${i}`).run([]);
  one.prepare("SELECT 300").run([]);
  one.prepare("SELECT 0").run([]);
  assert.equal(prepared.length, 302);
});

Deno.test("a kept statement of a real file gives each time what stands there then", async () => {
  const folder = await Deno.makeTempDir();
  const db = await openDb(`file:${folder}/a.db`);
  try {
    await db.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)");
    for (let i = 1; i <= 250; i++) {
      await db.execute("INSERT INTO t VALUES (?, ?)", [i, `text ${i}`]);
      const { rows } = await db.execute("SELECT count(*) AS n, max(b) AS b FROM t WHERE a >= ?", [
        i,
      ]);
      assert.deepEqual({ ...rows[0] }, { n: 1, b: `text ${i}` });
    }
    await assert.rejects(db.execute("INSERT INTO t VALUES (?, ?)", [7, "again"]), /UNIQUE/);
    await db.execute("INSERT INTO t VALUES (?, ?)", [251, "after a failure"]);
    assert.equal((await db.execute("SELECT * FROM t WHERE a > ?", [0])).rows.length, 251);
    await db.execute("ALTER TABLE t ADD COLUMN c TEXT DEFAULT 'new'");
    const [row] = (await db.execute("SELECT * FROM t WHERE a > ?", [250])).rows;
    assert.deepEqual({ ...row }, { a: 251, b: "after a failure", c: "new" });
    // Neither open reads nor open writes are left: both of these need the file to themselves.
    await db.execute("VACUUM");
    const { rows } = await db.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    assert.equal(rows[0]!.busy, 0);
  } finally {
    db.close();
    await Deno.remove(folder, { recursive: true });
  }
});
