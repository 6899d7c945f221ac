import assert from "node:assert/strict";
import { accountSubject, addressSubject, DEVICE_MS, deviceSubject } from "@/lib/store/sign_ins.ts";
import { addUser, rowsOf, storeTest, storeTestOnBoth } from "@/lib/store/test_store.ts";

const HOUR_MS = 3_600_000;
const ADA = accountSubject("ada@example.com");

storeTestOnBoth("tries slow down after five, by one account alone", async (store) => {
  for (let tries = 0; tries < 5; tries++) assert.equal(await store.signIns.take([ADA]), 0);
  const waits: number[] = [];
  for (let tries = 0; tries < 10; tries++) {
    const waitMs = await store.signIns.take([ADA]);
    waits.push(waitMs / 1000);
    store.clock.advance(waitMs - 1);
    assert.equal(await store.signIns.take([ADA]), 1);
    store.clock.advance(1);
    assert.equal(await store.signIns.take([ADA]), 0);
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
  assert.equal(await store.signIns.take([accountSubject("bob@example.com")]), 0);
  store.clock.advance(HOUR_MS + 1);
  for (let tries = 0; tries < 5; tries++) assert.equal(await store.signIns.take([ADA]), 0);
});

storeTestOnBoth("of a crowd at once, five get their try", async (store) => {
  const waits = await Promise.all(Array.from({ length: 20 }, () => store.signIns.take([ADA])));
  assert.equal(waits.filter((wait) => wait === 0).length, 5);
});

storeTest("an account is one in any case, and no subject stands in clear", async (store) => {
  for (let tries = 0; tries < 5; tries++) await store.signIns.take([ADA]);
  assert.ok(await store.signIns.take([accountSubject("ADA@example.com")]) > 0);
  await store.signIns.take([addressSubject("192.0.2.1"), deviceSubject("secret of a cookie")]);
  const rows = JSON.stringify(await rowsOf(store.db, "SELECT * FROM sign_in_failures"));
  assert.doesNotMatch(rows, /ada|192\.0|cookie/);
});

storeTest("a right try forgets the failures, or gives back itself alone", async (store) => {
  for (let tries = 0; tries < 5; tries++) await store.signIns.take([ADA]);
  await store.signIns.giveBack(ADA);
  assert.equal(await store.signIns.take([ADA]), 0);
  assert.ok(await store.signIns.take([ADA]) > 0);
  await store.signIns.forget(ADA);
  assert.equal(await store.signIns.take([ADA]), 0);
});

storeTestOnBoth("a browser is known to its own user, for half a year", async (store) => {
  const id = await addUser(store);
  await addUser(store, "bob@example.com");
  const token = await store.signIns.rememberDevice(id);
  const knows = (email: string, cookie = token) => store.signIns.knowsDevice(email, cookie);
  assert.equal(await knows("ADA@example.com"), true);
  assert.equal(await knows("bob@example.com"), false);
  assert.equal(await knows("ada@example.com", token.slice(1)), false);
  store.clock.advance(DEVICE_MS - 1);
  assert.equal(await knows("ada@example.com"), true);
  store.clock.advance(1);
  assert.equal(await knows("ada@example.com"), false);
});

storeTest(
  "removeOld() removes failures that no longer count, and devices no longer known",
  async (store) => {
    await store.signIns.take([ADA]);
    await store.signIns.rememberDevice(await addUser(store));
    store.clock.advance(DEVICE_MS);
    await store.signIns.take([addressSubject("192.0.2.1")]);
    await store.signIns.removeOld();
    assert.equal((await rowsOf(store.db, "SELECT * FROM sign_in_failures")).length, 1);
    assert.deepEqual(await rowsOf(store.db, "SELECT * FROM known_devices"), []);
  },
);

storeTest("an IPv6 network counts as one, and other networks as others", async (store) => {
  const tries = async (address: string) => await store.signIns.take([addressSubject(address)]);
  for (let i = 0; i < 20; i++) await tries(`2001:db8::${i}`);
  assert.ok(await tries("2001:db8::ffff") > 0);
  assert.equal(await tries("2001:db8:0:1::1"), 0);
  assert.equal(await tries("192.0.2.1"), 0);
  for (let i = 0; i < 20; i++) await tries("192.0.2.7");
  assert.ok(await tries("::ffff:192.0.2.7") > 0, "an IPv4 address in IPv6 form is the same");
});
