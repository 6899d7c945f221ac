import assert from "node:assert/strict";
import { SealError } from "@/lib/seal.ts";
import {
  addUser,
  rowsOf,
  storeTest,
  storeTestOnBoth,
  type TestStore,
} from "@/lib/store/test_store.ts";
import { totpCode, totpStep } from "@/lib/totp.ts";

const now = (store: TestStore, secret: string) => totpCode(secret, totpStep(store.clock.now()));

async function turnedOn(store: TestStore, userId: string) {
  const secret = await store.secondFactors.begin(userId);
  assert.ok(secret);
  const codes = await store.secondFactors.confirm(userId, now(store, secret));
  assert.ok(codes);
  return { secret, codes };
}

storeTestOnBoth("a second factor is off, begun, on with its first code, and off", async (store) => {
  const ada = await addUser(store);
  const { secondFactors } = store;
  assert.equal(await secondFactors.isOn(ada), false);
  const first = await secondFactors.begin(ada);
  const secret = await secondFactors.begin(ada);
  assert.notEqual(first, secret);
  assert.equal(await secondFactors.findPending(ada), secret);
  assert.equal(await secondFactors.isOn(ada), false);
  assert.equal(await secondFactors.take(ada, now(store, secret!)), null);
  assert.equal(await secondFactors.confirm(ada, now(store, first!)), null);
  const codes = await secondFactors.confirm(ada, now(store, secret!));
  assert.equal(codes?.length, 10);
  assert.equal(await secondFactors.isOn(ada), true);
  assert.deepEqual([...await secondFactors.listUsers()], [ada]);
  assert.equal(await secondFactors.begin(ada), null);
  assert.equal(await secondFactors.findPending(ada), null);
  assert.equal(await secondFactors.remove(ada), true);
  assert.equal(await secondFactors.remove(ada), false);
  assert.equal(await secondFactors.isOn(ada), false);
  assert.equal(await secondFactors.countCodes(ada), 0);
});

storeTestOnBoth("a code is taken once, whoever of ten comes first", async (store) => {
  const ada = await addUser(store);
  const { secret } = await turnedOn(store, ada);
  assert.equal(await store.secondFactors.take(ada, now(store, secret)), null);
  store.clock.advance(30_000);
  const code = now(store, secret);
  const taken = await Promise.all(
    Array.from({ length: 10 }, () => store.secondFactors.take(ada, code)),
  );
  assert.deepEqual(taken.filter((one) => one !== null), ["code"]);
});

storeTestOnBoth("a recovery code works once, however typed, for its owner alone", async (store) => {
  const [ada, bob] = [await addUser(store), await addUser(store, "bob@example.com")];
  const { codes } = await turnedOn(store, ada);
  await turnedOn(store, bob);
  assert.equal(new Set(codes).size, 10);
  assert.equal(await store.secondFactors.take(bob, codes[0]!), null);
  const typed = codes[0]!.toUpperCase().replaceAll("-", " ");
  assert.equal(await store.secondFactors.take(ada, typed), "recovery code");
  assert.equal(await store.secondFactors.take(ada, typed), null);
  assert.equal(await store.secondFactors.countCodes(ada), 9);
  const renewed = await store.secondFactors.renewCodes(ada);
  assert.equal(await store.secondFactors.take(ada, codes[1]!), null);
  assert.equal(await store.secondFactors.take(ada, renewed[1]!), "recovery code");
});

storeTest(
  "neither secret nor recovery codes stand in clear, and a secret opens in its own row only",
  async (store) => {
    const [ada, bob] = [await addUser(store), await addUser(store, "bob@example.com")];
    const { secret, codes } = await turnedOn(store, ada);
    await turnedOn(store, bob);
    const rows = JSON.stringify([
      await rowsOf(store.db, "SELECT * FROM second_factors"),
      await rowsOf(store.db, "SELECT * FROM recovery_codes"),
    ]).toUpperCase();
    for (const hidden of [secret, ...codes, ...codes.map((code) => code.replaceAll("-", ""))]) {
      assert.ok(!rows.includes(hidden.toUpperCase()));
    }
    await store.db.execute(
      `UPDATE second_factors SET sealed_secret =
         (SELECT sealed_secret FROM second_factors WHERE user_id = ?) WHERE user_id = ?`,
      [ada, bob],
    );
    await assert.rejects(store.secondFactors.take(bob, "123456"), SealError);
  },
);
