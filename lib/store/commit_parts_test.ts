import assert from "node:assert/strict";
import { commitPartStore } from "@/lib/store/commit_parts.ts";
import type { Db } from "@/lib/store/db.ts";
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

storeTestOnBoth("no answer holds much more than half a megabyte and one part", async (store) => {
  const serverId = await addServer(store);
  await discover(store, serverId, [remote("one"), remote("two")]);
  const job = (await store.jobs.claim("scan", "test"))!;
  const other = (await store.jobs.claim("scan", "test"))!;
  const sizes = [300_000, 300_000, 1_000_000, 10, 900_000, ...Array.from({ length: 40 }, () => 50)];
  const parts = sizes.map((size, i) => new Uint8Array(size).fill(i));
  for (const part of parts) {
    assert.ok(await store.scans.commitParts.add(job, part));
    assert.ok(await store.scans.commitParts.add(other, new Uint8Array(10)));
  }
  const answers: number[] = [];
  const counting: Db = {
    ...store.db,
    async execute(sql, args) {
      const answer = await store.db.execute(sql, args);
      const bytes = answer.rows.map((row) => (row.part as ArrayBuffer).byteLength);
      answers.push(bytes.reduce((sum, size) => sum + size, 0));
      return answer;
    },
  };
  assert.deepEqual(await commitPartStore(counting).list(job.id), parts);
  assert.ok(Math.max(...answers) <= 1_500_000, `${answers} bytes`);
  assert.deepEqual(answers, [600_000, 1_000_000, 900_010, 2_000, 0], "small ones come together");
});
