import assert from "node:assert/strict";
import { storeTestOnBoth } from "@/lib/store/test_store.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

storeTestOnBoth("a key is new, under way, answered, and after a day new again", async (store) => {
  const { idempotency, clock } = store;
  assert.deepEqual(await idempotency.begin("k", "b"), { kind: "new" });
  assert.deepEqual(await idempotency.begin("k", "b"), { kind: "under_way" });
  await idempotency.finish("k", 201, "{}");
  assert.deepEqual(await idempotency.begin("k", "b"), {
    kind: "answered",
    status: 201,
    answer: "{}",
  });
  assert.deepEqual(await idempotency.begin("k", "other"), { kind: "other_body" });
  clock.advance(DAY_MS);
  assert.deepEqual(await idempotency.begin("k", "other"), { kind: "new" });
});

storeTestOnBoth("of twenty callers with one key one goes on", async ({ idempotency }) => {
  const kinds = await Promise.all(
    Array.from({ length: 20 }, () => idempotency.begin("k", "b").then(({ kind }) => kind)),
  );
  assert.equal(kinds.filter((kind) => kind === "new").length, 1);
  assert.equal(kinds.filter((kind) => kind === "under_way").length, 19);
});

storeTestOnBoth("a key is free after forget(), and when its process died", async (store) => {
  await store.idempotency.begin("k", "b");
  await store.idempotency.forget("k");
  assert.deepEqual(await store.idempotency.begin("k", "b"), { kind: "new" });
  store.clock.advance(5 * 60_000);
  assert.deepEqual(await store.idempotency.begin("k", "b"), { kind: "new" });
});
