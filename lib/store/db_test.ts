import assert from "node:assert/strict";
import { openDb } from "@/lib/store/db.ts";
import { fakeHranaServer } from "@/lib/store/fake_hrana_server.ts";
import {
  addRepositories,
  addUser,
  rowsOf,
  storeTest,
  storeTestOnBoth,
} from "@/lib/store/test_store.ts";

/** Runs with a folder that goes away. */
async function withDir(run: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "sluice-db-" });
  try {
    await run(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

storeTestOnBoth("migrate() twice changes nothing the second time", async ({ db }) => {
  const before = await rowsOf(db, "SELECT * FROM __drizzle_migrations");
  assert.ok(before.length >= 2);
  await db.migrate();
  assert.deepEqual(await rowsOf(db, "SELECT * FROM __drizzle_migrations"), before);
  assert.equal((await rowsOf(db, "SELECT value FROM change_numbers")).length, 1);
});

storeTestOnBoth("migrate() refuses a database that a newer version made", async ({ db }) => {
  await db.execute(
    "INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('x', ?)",
    [Date.UTC(2100, 0, 1)],
  );
  await assert.rejects(
    db.migrate(),
    /a newer version of Sluice made it \(schema of 2100-01-01T00:00:00\.000Z/,
  );
});

Deno.test("migrate() makes the tables of an empty file, and of none", () =>
  withDir(async (dir) => {
    await Deno.writeTextFile(`${dir}/empty.db`, "");
    for (const name of ["empty.db", "none.db"]) {
      const db = await openDb(`file:${dir}/${name}`);
      await db.migrate();
      assert.equal((await rowsOf(db, "SELECT count(*) AS n FROM jobs"))[0]!.n, 0);
      db.close();
    }
  }));

for (const reach of ["file", "http"] as const) {
  Deno.test(`migrate() of several starts at once makes the tables once (${reach})`, () =>
    withDir(async (dir) => {
      const server = reach === "http" ? fakeHranaServer(`${dir}/a.db`) : null;
      const url = server?.url ?? `file:${dir}/a.db`;
      const doors = await Promise.all([openDb(url), openDb(url), openDb(url)]);
      await Promise.all(doors.map((db) => db.migrate()));
      const applied = await rowsOf(doors[0]!, "SELECT created_at FROM __drizzle_migrations");
      assert.equal(new Set(applied.map((row) => row.created_at)).size, applied.length);
      for (const db of doors) db.close();
      await server?.close();
    }));
}

storeTest("a file is opened with WAL, foreign keys and the faster sync", async ({ db }) => {
  const pragma = async (name: string) => Object.values((await rowsOf(db, `PRAGMA ${name}`))[0]!)[0];
  assert.deepEqual(
    [await pragma("journal_mode"), await pragma("synchronous"), await pragma("foreign_keys")],
    ["wal", 1, 1],
  );
});

storeTestOnBoth("a batch is all or nothing", async ({ db }) => {
  const insert = (name: string) => ({
    sql: "INSERT INTO settings (name, value) VALUES (?, 'x')",
    args: [name],
  });
  await assert.rejects(db.batch([insert("a"), insert("b"), insert("a")]), /UNIQUE/);
  assert.deepEqual(await rowsOf(db, "SELECT * FROM settings"), []);
  await db.batch([insert("a"), insert("b")]);
  assert.equal((await rowsOf(db, "SELECT * FROM settings")).length, 2);
});

storeTest(
  "an error that is not about locks comes up at once, and the next call works",
  async ({ db }) => {
    await assert.rejects(db.execute("INSERT INTO nowhere VALUES (1)"), /no such table/);
    await db.execute("INSERT INTO settings (name, value) VALUES ('a', 'b')");
    assert.equal((await rowsOf(db, "SELECT * FROM settings")).length, 1);
  },
);

storeTestOnBoth("500 parallel writes are all there", async ({ db }) => {
  await Promise.all(
    Array.from(
      { length: 500 },
      (_, i) => db.execute("INSERT INTO settings (name, value) VALUES (?, 'x')", [`name ${i}`]),
    ),
  );
  assert.equal((await rowsOf(db, "SELECT count(*) AS n FROM settings"))[0]!.n, 500);
});

storeTest("writes counts what may change rows, by whatever way, and no read", async (store) => {
  const { db } = store;
  const grows = async (act: () => Promise<unknown>) => {
    const before = db.writes;
    await act();
    return db.writes - before;
  };
  assert.equal(await grows(() => store.settings.find("key_id")), 0);
  assert.equal(await grows(() => store.servers.list()), 0);
  assert.ok(await grows(() => store.settings.save("key_id", "x")) > 0);
  assert.ok(await grows(() => db.batch([{ sql: "DELETE FROM settings", args: [] }])) > 0);
  assert.ok(await grows(() => store.servers.pause("none", true)) > 0);
  assert.equal(store.writes, db.writes);
  assert.equal(db.shared, false);
});

storeTest("accessWrites counts all writes but the work's own and notes of a use", async (store) => {
  const { db } = store;
  const grows = async (act: () => Promise<unknown>) => {
    const before = [db.accessWrites, db.writes] as const;
    await act();
    assert.ok(db.writes > before[1]);
    return db.accessWrites - before[0];
  };
  const userId = await addUser(store);
  const session = await store.sessions.start(userId);
  const { serverId, ids } = await addRepositories(store, ["a"]);
  const one = (sql: string) => () => db.batch([{ sql, args: [] }]);
  store.clock.advance(6 * 60_000);
  for (
    const work of [
      one("UPDATE jobs SET beat_at = 1"),
      one("INSERT INTO `ref_tips` SELECT * FROM ref_tips"),
      () => store.repositories.pick(serverId, [ids.a!], true),
      () => store.sessions.findUser(session),
    ]
  ) assert.equal(await grows(work), 0);
  for (
    const other of [
      one("UPDATE users SET role = 'viewer'"),
      one("DELETE FROM embed_keys"),
      one("WITH one AS (SELECT 1) DELETE FROM sessions WHERE 1 IN one"),
      one("UPDATE sessions SET seen_at = 1, expires_at = 1"),
      () => store.sessions.endAll(userId),
      () => store.settings.save("key_id", "x"),
    ]
  ) assert.equal(await grows(other), 1);
});

/** Numbers that a child process printed, once it has ended well. */
async function run(...args: string[]): Promise<number[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("./test_writer.ts", import.meta.url).pathname, ...args],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).split("\n").filter(Boolean).map(Number);
}

// Through the bare client the same run loses most of them: of 336, 344 and 345 rows reported
// written (libSQL 0.18.0, three runs) 8, 2 and 8 were there.
Deno.test("no write is lost while other processes write and hold the lock", () =>
  withDir(async (dir) => {
    const url = `file:${dir}/busy.db`;
    const db = await openDb(url);
    await db.execute("CREATE TABLE written (writer TEXT, number INTEGER)");
    const [one, two] = await Promise.all([
      run("write", url, "one", "200"),
      run("write", url, "two", "200"),
      run("hold", url, "40", "20"),
    ]);
    const there = async (writer: string) =>
      (await rowsOf(db, "SELECT number FROM written WHERE writer = ? ORDER BY number", [writer]))
        .map((row) => row.number as number);
    for (const [writer, reported] of [["one", one], ["two", two]] as const) {
      assert.ok(reported.length > 0);
      assert.deepEqual(await there(writer), reported.toSorted((a, b) => a - b));
    }
    db.close();
  }));

Deno.test("a call that gives up on a lock does not take the next write with it", () =>
  withDir(async (dir) => {
    const url = `file:${dir}/busy.db`;
    const db = await openDb(url, undefined, 1);
    await db.execute("CREATE TABLE written (number INTEGER)");
    const holder = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", new URL("./test_writer.ts", import.meta.url).pathname, "keep", url],
      stdin: "piped",
    }).spawn();
    const reported: number[] = [];
    let refused = 0;
    const write = (number: number) =>
      db.execute("INSERT INTO written VALUES (?)", [number])
        .then(() => reported.push(number), () => refused++);
    const until = performance.now() + 300_000;
    for (let number = 0; refused < 3 && performance.now() < until; number++) {
      await write(number);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal(refused, 3);
    await holder.stdin.close();
    assert.ok((await holder.status).success);
    await write(1_000_000);
    await write(1_000_001);
    const other = await openDb(url);
    const there = await rowsOf(other, "SELECT number FROM written ORDER BY number");
    assert.deepEqual(there.map((row) => row.number), reported);
    assert.deepEqual(reported.slice(-2), [1_000_000, 1_000_001]);
    other.close();
    db.close();
  }));

Deno.test("over HTTP, a busy server is asked again, and in the end the error comes up", () =>
  withDir(async (dir) => {
    const server = fakeHranaServer(`${dir}/a.db`);
    const db = await openDb(server.url);
    await db.execute("CREATE TABLE written (number INTEGER)");
    const insert = { sql: "INSERT INTO written VALUES (1)", args: [] };
    server.beBusy(3);
    await db.execute(insert.sql);
    server.beBusy(3);
    await db.batch([insert, insert]);
    assert.equal((await rowsOf(db, "SELECT count(*) AS n FROM written"))[0]!.n, 3);
    server.beBusy(1000);
    await assert.rejects(db.execute(insert.sql), /database is locked/);
    server.beBusy(0);
    assert.equal((await rowsOf(db, "SELECT count(*) AS n FROM written"))[0]!.n, 3);
    db.close();
    await server.close();
  }));

Deno.test("over HTTP, openDb() takes a token, and says when the server refuses it", () =>
  withDir(async (dir) => {
    const authToken = "let me " + "in";
    const server = fakeHranaServer(`${dir}/a.db`, { authToken });
    const right = await openDb(server.url, authToken);
    const wrong = await openDb(server.url, "wrong");
    assert.equal(right.shared, true);
    await right.migrate();
    const before = server.pipelines;
    await right.execute("SELECT 1");
    assert.equal(server.pipelines, before + 1);
    await assert.rejects(wrong.execute("SELECT 1"), /Unauthorized/);
    right.close();
    wrong.close();
    await server.close();
  }));
