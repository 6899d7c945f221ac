import assert from "node:assert/strict";
import { newAccessKey } from "@/lib/access_key.ts";
import { storeTestOnBoth } from "@/lib/store/test_store.ts";

const INPUT = {
  name: "portal",
  serverIds: ["s1"],
  repositoryIds: [],
  origins: ["https://portal.example.com"],
  showCounts: false,
  createdBy: "ada@example.com",
  expiresAt: 5,
};

storeTestOnBoth("an embed key keeps its scope, and says when it was revoked", async (store) => {
  const { embedKeys } = store;
  assert.equal(await embedKeys.findByKey(newAccessKey("embed")), null);
  const { id, key } = await embedKeys.create(INPUT);
  const found = await embedKeys.findByKey(key);
  assert.deepEqual(
    [found?.serverIds, found?.repositoryIds, found?.origins, found?.showCounts, found?.expiresAt],
    [["s1"], [], ["https://portal.example.com"], false, 5],
  );
  assert.equal(await embedKeys.revoke(id), true);
  assert.equal(await embedKeys.revoke(id), false);
  assert.equal((await embedKeys.findByKey(key))?.revokedAt, store.clock.now());
  assert.deepEqual((await embedKeys.list()).map((one) => one.id), [id]);
});

storeTestOnBoth("of many uses of one row at once noteUse() writes one", async (store) => {
  const { id } = await store.embedKeys.create(INPUT);
  const key = (await store.embedKeys.find(id))!;
  const before = store.writes;
  await Promise.all(Array.from({ length: 20 }, () => store.embedKeys.noteUse(key)));
  assert.equal(store.writes, before + 1);
});

storeTestOnBoth("noteUse() writes at most once a minute", async (store) => {
  const { id } = await store.embedKeys.create(INPUT);
  const note = async () => await store.embedKeys.noteUse((await store.embedKeys.find(id))!);
  await note();
  const before = store.writes;
  store.clock.advance(59_999);
  await note();
  assert.equal(store.writes, before);
  store.clock.advance(1);
  await note();
  assert.equal(store.writes, before + 1);
});
