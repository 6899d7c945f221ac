import assert from "node:assert/strict";
import { rowsOf, storeTestOnBoth } from "@/lib/store/test_store.ts";

storeTestOnBoth("count() counts each caller by itself and forgets past minutes", async (store) => {
  const { apiCalls, clock, db } = store;
  const minute = Math.floor(clock.now() / 60_000);
  assert.deepEqual(await apiCalls.count("a"), { calls: 1, resetsAt: (minute + 1) * 60_000 });
  assert.equal((await apiCalls.count("a")).calls, 2);
  assert.equal((await apiCalls.count("b")).calls, 1);
  clock.advance(60_000);
  assert.equal((await apiCalls.count("a")).calls, 1);
  assert.deepEqual(await rowsOf(db, "SELECT * FROM api_calls WHERE key_id = 'a'"), [
    { key_id: "a", minute: minute + 1, calls: 1 },
  ]);
});
