import assert from "node:assert/strict";
import { createClient } from "@libsql/client";
import { openDb } from "@/lib/store/db.ts";
import { createStore } from "@/lib/store/mod.ts";
import { PROOF_MS, SESSION_IDLE_MS, SESSION_MS } from "@/lib/store/sessions.ts";
import { addUser, rowsOf, storeTest, storeTestOnBoth } from "@/lib/store/test_store.ts";
import { totpCode, totpStep } from "@/lib/totp.ts";

storeTestOnBoth("a session is its token's, until it is ended", async (store) => {
  const id = await addUser(store);
  const token = await store.sessions.start(id);
  assert.equal((await store.sessions.findUser(token))?.id, id);
  assert.equal(await store.sessions.findUser(token.slice(1)), null);
  assert.ok(!JSON.stringify(await rowsOf(store.db, "SELECT * FROM sessions")).includes(token));
  await store.sessions.end(token);
  assert.equal(await store.sessions.findUser(token), null);
});

storeTest("a session ends when it was idle too long", async (store) => {
  const token = await store.sessions.start(await addUser(store));
  for (let use = 0; use < 2; use++) {
    store.clock.advance(SESSION_IDLE_MS - 1);
    assert.ok(await store.sessions.findUser(token));
  }
  store.clock.advance(SESSION_IDLE_MS);
  assert.equal(await store.sessions.findUser(token), null);
});

storeTest("a session ends in the end, however often it is used", async (store) => {
  const token = await store.sessions.start(await addUser(store));
  const step = SESSION_IDLE_MS / 2;
  for (let used = 0; used + step < SESSION_MS; used += step) {
    store.clock.advance(step);
    assert.ok(await store.sessions.findUser(token));
  }
  store.clock.advance(step);
  assert.equal(await store.sessions.findUser(token), null);
});

storeTest("a use within five minutes of the last is not written", async (store) => {
  const token = await store.sessions.start(await addUser(store));
  const before = store.writes;
  store.clock.advance(5 * 60_000 - 1);
  await store.sessions.findUser(token);
  assert.equal(store.writes, before);
  // Who was just found is known from memory for a while.
  store.clock.advance(10_000);
  await store.sessions.findUser(token);
  assert.equal(store.writes, before + 1);
});

storeTestOnBoth("a user sees and ends their own sessions, and nobody else's", async (store) => {
  const [ada, bob] = [await addUser(store), await addUser(store, "bob@example.com")];
  const how = { via: "password", address: "192.0.2.1", device: "Firefox on Linux" } as const;
  const here = await store.sessions.start(ada, how);
  store.clock.advance(1);
  const there = await store.sessions.start(ada);
  const his = await store.sessions.start(bob);
  const rows = await store.sessions.list(ada, here);
  assert.deepEqual(rows.map((row) => row.isThis), [false, true]);
  assert.deepEqual([rows[1]!.via, rows[1]!.address, rows[1]!.device], Object.values(how));
  assert.doesNotMatch(JSON.stringify(rows), new RegExp(`${here}|${there}`));
  assert.equal(await store.sessions.endOne(bob, rows[0]!.id), false);
  assert.equal(await store.sessions.endOne(ada, rows[0]!.id), true);
  assert.equal(await store.sessions.findUser(there), null);
  await store.sessions.start(ada);
  assert.equal(await store.sessions.endAll(ada, here), 1);
  assert.ok(await store.sessions.findUser(here));
  assert.equal(await store.sessions.endAll(ada), 1);
  assert.equal(await store.sessions.findUser(here), null);
  assert.ok(await store.sessions.findUser(his));
});

storeTest("removeOld() removes the sessions that are over", async (store) => {
  const user = await addUser(store);
  await store.sessions.start(user);
  store.clock.advance(SESSION_IDLE_MS);
  const token = await store.sessions.start(user);
  await store.sessions.removeOld();
  assert.equal((await rowsOf(store.db, "SELECT * FROM sessions")).length, 1);
  assert.ok(await store.sessions.findUser(token));
});

storeTest(
  "findUser() sees an end of this process at once, and of another within ten seconds",
  async (store) => {
    const userId = await addUser(store);
    const token = await store.sessions.start(userId);
    assert.equal((await store.sessions.findUser(token))?.id, userId);
    const other = await openDb(`file:${store.dir}/sluice.db`);
    await other.execute("DELETE FROM sessions");
    other.close();
    store.clock.advance(9_999);
    assert.equal((await store.sessions.findUser(token))?.id, userId);
    store.clock.advance(1);
    assert.equal(await store.sessions.findUser(token), null);
    const again = await store.sessions.start(userId);
    assert.equal((await store.sessions.findUser(again))?.id, userId);
    await store.sessions.end(again);
    assert.equal(await store.sessions.findUser(again), null);
  },
);

storeTest(
  "who another process ended is not known from before a reconnection either",
  async (store) => {
    const userId = await addUser(store);
    const url = `file:${store.dir}/sluice.db`;
    const db = await openDb(url, undefined, 1);
    const { sessions } = createStore(db, store.clock, store.seal);
    const token = await sessions.start(userId);
    assert.equal(await sessions.findUser("nobody"), null);
    const other = createClient({ url });
    await other.execute("CREATE TABLE noise (n)");
    store.clock.advance(10_000);
    assert.equal((await sessions.findUser(token))?.id, userId);
    const writing = await other.transaction("write");
    await writing.execute("DELETE FROM sessions");
    // Finds the file busy, and connects again.
    await assert.rejects(db.execute("DELETE FROM jobs"));
    await writing.commit();
    store.clock.advance(10_000);
    assert.equal(sessions.recallUser(token), null);
    assert.equal(await sessions.findUser(token), null);
    other.close();
    db.close();
  },
);

storeTest(
  "whether others wrote is asked once for all sessions, and who is known stays",
  async (store) => {
    const userId = await addUser(store);
    const tokens = [await store.sessions.start(userId), await store.sessions.start(userId)];
    for (const token of tokens) assert.ok(await store.sessions.findUser(token));
    store.clock.advance(10_000);
    const asked: string[] = [];
    const { execute } = store.db;
    store.db.execute = (sql, args) => {
      asked.push(sql);
      return execute(sql, args);
    };
    for (const token of tokens) {
      assert.equal((await store.sessions.findUser(token))?.id, userId);
      assert.equal(store.sessions.recallUser(token)?.id, userId);
    }
    assert.deepEqual(asked, ["SELECT data_version AS mark FROM pragma_data_version"]);
  },
);

storeTestOnBoth(
  "findUser() tells of whom a second factor is asked, and of nobody else",
  async (store) => {
    const { sessions, settings, secondFactors } = store;
    const ids = {
      admin: await addUser(store, "ada@example.com"),
      viewer:
        (await store.users.create({ email: "v@example.com", passwordHash: "x", role: "viewer" }))!,
    };
    const how = { address: null, device: null } as const;
    const tokens = {
      admin: await sessions.start(ids.admin, { via: "password", ...how }),
      viewer: await sessions.start(ids.viewer, { via: "invitation", ...how }),
      provider: await sessions.start(ids.admin, { via: "single sign-on", ...how }),
    };
    const asked = async () => {
      const found: string[] = [];
      for (const [name, token] of Object.entries(tokens)) {
        if ((await sessions.findUser(token))!.mustEnrol) found.push(name);
      }
      return found;
    };
    assert.deepEqual(await asked(), []);
    await settings.save("second_factor_for", "admins");
    assert.deepEqual(await asked(), ["admin"]);
    await settings.save("second_factor_for", "everybody");
    assert.deepEqual(await asked(), ["admin", "viewer"]);
    const secret = (await secondFactors.begin(ids.admin))!;
    assert.deepEqual(await asked(), ["admin", "viewer"], "begun only");
    await secondFactors.confirm(ids.admin, totpCode(secret, totpStep(store.clock.now())));
    assert.deepEqual(await asked(), ["viewer"]);
    await secondFactors.remove(ids.admin);
    assert.deepEqual(await asked(), ["admin", "viewer"]);
    await settings.save("second_factor_for", "nobody");
    assert.deepEqual(await asked(), []);
  },
);

storeTestOnBoth(
  "a session is proven for ten minutes, and again by another proof",
  async (store) => {
    const { sessions } = store;
    const userId = await addUser(store);
    const token = await sessions.start(userId);
    assert.ok(await sessions.isProven(token));
    store.clock.advance(PROOF_MS);
    assert.ok(!await sessions.isProven(token));
    await sessions.prove(token);
    assert.ok(await sessions.isProven(token));
    const how = { via: "single sign-on", address: null, device: null } as const;
    assert.ok(!await sessions.isProven(await sessions.start(userId, how, 0)));
    assert.ok(!await sessions.isProven("nobody's"));
  },
);
