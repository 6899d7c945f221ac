import assert from "node:assert/strict";
import { LIFETIME_MS, type TokenKind } from "@/lib/store/one_time_tokens.ts";
import { addUser, rowsOf, storeTest, storeTestOnBoth } from "@/lib/store/test_store.ts";

const INVITED = { email: "new@example.com", role: "viewer", createdBy: "ada@example.com" } as const;

storeTestOnBoth("a token is found, taken by one of ten, and then unknown", async (store) => {
  const { oneTimeTokens } = store;
  const token = await oneTimeTokens.create("invitation", INVITED);
  assert.deepEqual(await oneTimeTokens.find("invitation", token), {
    ...INVITED,
    userId: null,
    next: null,
  });
  assert.equal(await oneTimeTokens.find("reset", token), null);
  assert.equal(await oneTimeTokens.take("sso", token), null);
  const taken = await Promise.all(
    Array.from({ length: 10 }, () => oneTimeTokens.take("invitation", token)),
  );
  assert.equal(taken.filter((one) => one !== null).length, 1);
  assert.equal(await oneTimeTokens.find("invitation", token), null);
});

for (const [name, ms] of Object.entries(LIFETIME_MS)) {
  const kind = name as TokenKind;
  storeTest(
    `a token for ${kind} ends after ${ms / 60_000} minutes, kept as a hash`,
    async (store) => {
      const token = await store.oneTimeTokens.create(kind, INVITED);
      const rows = JSON.stringify(await rowsOf(store.db, "SELECT * FROM one_time_tokens"));
      assert.ok(!rows.includes(token));
      store.clock.advance(ms - 1);
      assert.ok(await store.oneTimeTokens.find(kind, token));
      store.clock.advance(1);
      assert.equal(await store.oneTimeTokens.take(kind, token), null);
      await store.oneTimeTokens.removeOld();
      assert.deepEqual(await rowsOf(store.db, "SELECT * FROM one_time_tokens"), []);
    },
  );
}

storeTestOnBoth(
  "open links are listed and revoked, and a newer one ends the older",
  async (store) => {
    const { oneTimeTokens } = store;
    const ada = await addUser(store);
    const older = await oneTimeTokens.create("invitation", {
      ...INVITED,
      email: "NEW@example.com",
    });
    const newer = await oneTimeTokens.create("invitation", INVITED);
    assert.equal(await oneTimeTokens.find("invitation", older), null);
    store.clock.advance(1);
    const reset = await oneTimeTokens.create("reset", {
      userId: ada,
      createdBy: "bob@example.com",
    });
    await oneTimeTokens.create("sso", {});
    const links = await oneTimeTokens.listLinks();
    assert.deepEqual(
      links.map(({ kind, email, role }) => [kind, email, role]),
      [["reset", "ada@example.com", null], ["invitation", "new@example.com", "viewer"]],
    );
    assert.equal(await oneTimeTokens.revoke(links[0]!.id), "ada@example.com");
    assert.equal(await oneTimeTokens.revoke(links[0]!.id), null);
    assert.equal(await oneTimeTokens.find("reset", reset), null);
    assert.ok(await oneTimeTokens.find("invitation", newer));
  },
);
