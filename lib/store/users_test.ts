import assert from "node:assert/strict";
import { SESSION_IDLE_MS, SESSION_MS } from "@/lib/store/users.ts";
import { addUser, rowsOf, storeTest, storeTestOnBoth } from "@/lib/store/test_store.ts";

const HOUR_MS = 3_600_000;

storeTestOnBoth(
  "a user is absent, created, refused twice, found in any case, listed",
  async (store) => {
    assert.equal(await store.users.count(), 0);
    assert.equal(await store.users.findByEmail("ada@example.com"), null);
    const id = await addUser(store, "Ada@example.com");
    const input = { email: "ADA@example.com", passwordHash: "x", role: "viewer" } as const;
    assert.equal(await store.users.create(input), null);
    assert.equal((await store.users.findByEmail("aDa@Example.com"))?.id, id);
    await addUser(store, "aaron@example.com");
    assert.equal((await store.users.list()).length, 2);
    assert.equal(await store.users.count(), 2);
    await store.users.setPassword(id, "scrypt$new");
    assert.equal((await store.users.findByEmail("ada@example.com"))!.passwordHash, "scrypt$new");
  },
);

storeTestOnBoth("createFirst() makes one admin, whoever of ten comes first", async (store) => {
  const made = await Promise.all(
    Array.from(
      { length: 10 },
      (_, i) => store.users.createFirst({ email: `admin${i}@example.com`, passwordHash: "x" }),
    ),
  );
  assert.equal(made.filter((id) => id !== null).length, 1);
  const [admin, ...others] = await store.users.list();
  assert.deepEqual([admin!.role, others], ["admin", []]);
});

storeTestOnBoth("a session is its token's, until it is ended", async (store) => {
  const id = await addUser(store);
  const token = await store.users.startSession(id);
  assert.equal((await store.users.findBySession(token))?.id, id);
  assert.equal(await store.users.findBySession(token.slice(1)), null);
  assert.ok(!JSON.stringify(await rowsOf(store.db, "SELECT * FROM sessions")).includes(token));
  await store.users.endSession(token);
  assert.equal(await store.users.findBySession(token), null);
});

storeTest("a session ends after a day without use", async (store) => {
  const token = await store.users.startSession(await addUser(store));
  store.clock.advance(SESSION_IDLE_MS - 1);
  assert.ok(await store.users.findBySession(token));
  store.clock.advance(SESSION_IDLE_MS - 1);
  assert.ok(await store.users.findBySession(token));
  store.clock.advance(SESSION_IDLE_MS);
  assert.equal(await store.users.findBySession(token), null);
});

storeTest("a session ends after thirty days, used or not", async (store) => {
  const token = await store.users.startSession(await addUser(store));
  for (let used = 0; used + 12 * HOUR_MS < SESSION_MS; used += 12 * HOUR_MS) {
    store.clock.advance(12 * HOUR_MS);
    assert.ok(await store.users.findBySession(token));
  }
  store.clock.advance(12 * HOUR_MS);
  assert.equal(await store.users.findBySession(token), null);
});

storeTest("a use within five minutes of the last is not written", async (store) => {
  const token = await store.users.startSession(await addUser(store));
  const before = store.writes;
  store.clock.advance(5 * 60_000 - 1);
  await store.users.findBySession(token);
  assert.equal(store.writes, before);
  store.clock.advance(1);
  await store.users.findBySession(token);
  assert.equal(store.writes, before + 1);
});

storeTest(
  "removeOldSessions() removes what is over, and failures of more than an hour ago",
  async (store) => {
    const user = await addUser(store);
    await store.users.startSession(user);
    await store.users.countSignInFailure("old");
    store.clock.advance(SESSION_IDLE_MS);
    const token = await store.users.startSession(user);
    await store.users.countSignInFailure("new");
    await store.users.removeOldSessions();
    assert.equal((await rowsOf(store.db, "SELECT * FROM sessions")).length, 1);
    assert.ok(await store.users.findBySession(token));
    const left = await rowsOf(store.db, "SELECT subject FROM sign_in_failures");
    assert.deepEqual(left, [{ subject: "new" }]);
  },
);

storeTestOnBoth("sign-ins slow down after five failures, by one account alone", async (store) => {
  const fail = () => store.users.countSignInFailure("ada");
  const delays: number[] = [];
  for (let failures = 1; failures <= 15; failures++) {
    await fail();
    delays.push(await store.users.signInDelay("ada") / 1000);
  }
  assert.deepEqual(delays, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  assert.equal(await store.users.signInDelay("bob"), 0);
  store.clock.advance(299_000);
  assert.equal(await store.users.signInDelay("ada"), 1000);
  store.clock.advance(1000);
  assert.equal(await store.users.signInDelay("ada"), 0);
  await fail();
  assert.equal(await store.users.signInDelay("ada"), 300_000);
  store.clock.advance(HOUR_MS + 1);
  await fail();
  assert.equal(await store.users.signInDelay("ada"), 0);
});

storeTest("a right password forgets the failures", async (store) => {
  for (let i = 0; i < 9; i++) await store.users.countSignInFailure("ada");
  assert.ok(await store.users.signInDelay("ada") > 0);
  await store.users.clearSignInFailures("ada");
  assert.equal(await store.users.signInDelay("ada"), 0);
});
