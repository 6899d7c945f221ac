import assert from "node:assert/strict";
import { addUser, storeTestOnBoth } from "@/lib/store/test_store.ts";

storeTestOnBoth(
  "a user is absent, created, refused twice, found in any case, listed",
  async (store) => {
    assert.equal(await store.users.count(), 0);
    assert.equal(await store.users.findByEmail("ada@example.com"), null);
    const id = await addUser(store, "Ada@example.com");
    const input = { email: "ADA@example.com", passwordHash: "x", role: "viewer" } as const;
    assert.equal(await store.users.create(input), null);
    assert.equal((await store.users.findByEmail("aDa@Example.com"))?.id, id);
    assert.equal((await store.users.find(id))?.email, "Ada@example.com");
    assert.equal(await store.users.find("nobody"), null);
    await addUser(store, "aaron@example.com");
    assert.equal((await store.users.list()).length, 2);
    assert.equal(await store.users.count(), 2);
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

storeTestOnBoth(
  "a new password ends the user's sessions and devices, a new hash none",
  async (store) => {
    const [ada, bob] = [await addUser(store), await addUser(store, "bob@example.com")];
    const [hers, his] = [await store.sessions.start(ada), await store.sessions.start(bob)];
    const device = await store.signIns.rememberDevice(ada);
    await store.users.rehash(ada, "scrypt$rehashed");
    assert.equal((await store.sessions.findUser(hers))!.passwordHash, "scrypt$rehashed");
    await store.users.setPassword(ada, "scrypt$new");
    assert.equal((await store.users.find(ada))!.passwordHash, "scrypt$new");
    assert.equal(await store.sessions.findUser(hers), null);
    assert.equal(await store.signIns.knowsDevice("ada@example.com", device), false);
    assert.equal((await store.sessions.findUser(his))!.id, bob);
  },
);

storeTestOnBoth(
  "one admin is left at least, even when two remove each other at once",
  async (store) => {
    const [ada, bob] = [await addUser(store), await addUser(store, "bob@example.com")];
    const gone = await Promise.all([store.users.remove(ada), store.users.setRole(bob, "viewer")]);
    assert.deepEqual(gone.toSorted(), [false, true]);
    const left = (await store.users.list()).filter((user) => user.role === "admin");
    assert.equal(left.length, 1);
    assert.equal(await store.users.setRole(left[0]!.id, "viewer"), false);
    assert.equal(await store.users.remove(left[0]!.id), false);
    assert.equal(await store.users.setRole(left[0]!.id, "admin"), true);
    assert.equal(await store.users.setRole("nobody", "admin"), false);
  },
);

storeTestOnBoth("an account is tied to one subject of an OpenID provider", async (store) => {
  const id = await addUser(store);
  assert.equal(await store.users.findByOidc("https://id.example.com", "s1"), null);
  assert.equal(await store.users.linkOidc(id, "https://id.example.com", "s1"), true);
  assert.equal(await store.users.linkOidc(id, "https://id.example.com", "s2"), false);
  assert.equal((await store.users.findByOidc("https://id.example.com", "s1"))!.id, id);
  assert.equal(await store.users.findByOidc("https://other.example.com", "s1"), null);
});
