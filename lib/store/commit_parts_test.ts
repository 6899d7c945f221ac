import assert from "node:assert/strict";
import { addServer, discover, remote, storeTestOnBoth } from "@/lib/store/test_store.ts";

storeTestOnBoth(
  "what a scan learned is kept in order, for its holder alone, until it ends",
  async (store) => {
    const serverId = await addServer(store);
    await discover(store, serverId, [remote("one")]);
    const { commitParts } = store.scans;
    const job = (await store.jobs.claim("scan", "test"))!;
    const parts = [new Uint8Array([0, 255, 10]), new Uint8Array([7])];
    for (const part of parts) assert.equal(await commitParts.add(job, part), true);
    assert.deepEqual(await commitParts.list(job.id), parts);
    assert.deepEqual(await commitParts.list("another"), []);
    assert.equal(await commitParts.add({ ...job, claim: job.claim + 1 }, parts[0]!), false);

    await store.jobs.advance(job, "history", 30, "{}");
    assert.deepEqual(await commitParts.list(job.id), parts, "a checkpoint is no end");
    assert.equal(await commitParts.add(job, parts[0]!), false, "the claim is over");
    await store.jobs.cancel(job.id);
    assert.deepEqual(await commitParts.list(job.id), []);
  },
);
