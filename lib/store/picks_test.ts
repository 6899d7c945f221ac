import assert from "node:assert/strict";
import {
  addRepositories,
  addServer,
  discover,
  idsBySlug,
  remote,
  storeTestOnBoth,
} from "@/lib/store/test_store.ts";

storeTestOnBoth("what was picked before the first discovery is scanned by it", async (store) => {
  const selection = { mode: "custom", include: [], exclude: [] } as const;
  const serverId = await addServer(store, "acme", { selection });
  await store.picks.add(serverId, [remote("app")]);
  await store.picks.add(serverId, [remote("app")]);
  const unselected = { selected: false };
  await discover(store, serverId, [
    { ...remote("app"), ...unselected },
    { ...remote("web"), ...unselected },
  ]);
  const ids = await idsBySlug(store, serverId);
  const states = await Promise.all(
    [ids.app!, ids.web!].map(async (id) => {
      const row = await store.repositories.find(id);
      return [row!.picked, row!.state, row!.scan?.state ?? null];
    }),
  );
  assert.deepEqual(states, [[true, "queued", "queued"], [false, "not_selected", null]]);
  assert.deepEqual(await store.picks.listUuids(serverId), ["{app}"]);
});

storeTestOnBoth("findIds() knows the repositories of its own server only", async (store) => {
  const { serverId, ids } = await addRepositories(store, ["app", "web"]);
  await addRepositories(store, ["app"], "other");
  const found = await store.picks.findIds(serverId, ["{app}", "{none}"]);
  assert.deepEqual([...found], [["{app}", ids.app]]);
});
