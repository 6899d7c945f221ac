/** Pages in the order of servers' names; that each reads as the whole list is in `repositories_test.ts`. */

import assert from "node:assert/strict";
import { addServer, discover, remote, storeTest, type TestStore } from "@/lib/store/test_store.ts";

/** Servers whose names are in another order than they were connected, one without a repository. */
async function setup(store: TestStore): Promise<void> {
  for (const [name, slugs] of [["zoo", ["b", "a"]], ["ant", ["d", "c"]], ["fox", []]] as const) {
    const serverId = await addServer(store, name);
    await discover(
      store,
      serverId,
      slugs.map((slug) => remote(slug, { uuid: `{${slug}}`, fullName: `x/${slug}` })),
    );
  }
}

async function page(store: TestStore, key?: string, limit = 3) {
  const found = await store.repositories.list({}, {
    sort: "server",
    descending: false,
    key,
    limit,
  });
  return { ...found, slugs: found.rows.map((row) => row.slug).join("") };
}

storeTest("a page goes from one server to the next, by name and not by age", async (store) => {
  await setup(store);
  const first = await page(store);
  assert.deepEqual([first.slugs, first.previous], ["cda", null]);
  const second = await page(store, first.next!);
  assert.deepEqual([second.slugs, second.next], ["b", null]);
  assert.equal((await page(store, second.previous!)).slugs, "cda");
  // Full to the last row of a server: what comes is the next one's, and nothing is behind the last.
  assert.equal((await page(store, (await page(store, undefined, 2)).next!, 2)).slugs, "ab");
  assert.equal((await page(store, undefined, 4)).next, null);
});

storeTest("a key of a server that was removed, or of none, gives the first page", async (store) => {
  await setup(store);
  const { rows, next } = await page(store);
  await store.servers.remove(rows.at(-1)!.serverId);
  const left = await page(store);
  assert.equal(left.slugs, "cd");
  const forged = (value: unknown) => btoa(encodeURIComponent(JSON.stringify(value)));
  for (
    const key of [next!, forged(["server", "x", "id", 0]), forged(["server", "[1,2]", "id", 0])]
  ) {
    assert.equal((await page(store, key)).slugs, "cd");
  }
});
