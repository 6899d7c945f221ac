/** Small repositories are read beside large ones. */

import assert from "node:assert/strict";
import { LIGHT_BYTES } from "@/lib/store/job_moves.ts";
import { addServer, discover, remote, storeTest } from "@/lib/store/test_store.ts";

storeTest(
  "claim() for light scans passes over large repositories, and says which it gave",
  async (store) => {
    const serverId = await addServer(store);
    await discover(store, serverId, [
      remote("big", { sizeBytes: LIGHT_BYTES + 1 }),
      remote("small", { sizeBytes: LIGHT_BYTES }),
      remote("unknown", { sizeBytes: null }),
    ]);
    const light = [
      await store.jobs.claim("scan", "test", { light: true }),
      await store.jobs.claim("scan", "test", { light: true }),
    ];
    assert.deepEqual(light.map((job) => job?.light), [true, true]);
    assert.equal(await store.jobs.claim("scan", "test", { light: true }), null);
    const heavy = await store.jobs.claim("scan", "test");
    assert.equal(heavy?.light, false);
  },
);
