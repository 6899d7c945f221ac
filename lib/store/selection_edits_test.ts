/** Unsaved changes to a selection: seen by who makes them, watched by nobody before they are applied. */

import assert from "node:assert/strict";
import { addRepositories, addServer, rowsOf, storeTestOnBoth } from "@/lib/store/test_store.ts";

const PAGE = { offset: 0, limit: 10 };

storeTestOnBoth("an edit's ticks are its own until it is applied", async (store) => {
  const { serverId, ids } = await addRepositories(store, ["a", "b", "c"]);
  const edits = store.selectionEdits;
  const [mine, other] = [await edits.begin(serverId), await edits.begin(serverId)];
  const filter = { serverIds: [serverId] };
  const ticked = async (editId: string | null) => {
    const { rows } = await store.choices.list(filter, PAGE, editId);
    const names = rows.filter((row) => row.picked).map((row) => row.fullName);
    const slugs = (await store.repositories.listSlugs(serverId, editId)).filter((one) =>
      one.picked
    );
    assert.equal(slugs.length, names.length);
    return names.join();
  };
  const edit = { id: mine, mode: "custom", patterns: "x-*" } as const;
  await edits.keep(edit, [ids.a!, ids.b!], [ids.b!]);
  assert.deepEqual(await edits.find(mine, serverId), edit);
  assert.deepEqual(await Promise.all([mine, other, null].map(ticked)), ["acme/b", "", ""]);
  await edits.pickAll(mine, { ...filter, search: "/c" }, true);
  await edits.pickAll(other, filter, true);
  await edits.keep(edit, [ids.b!], []);
  assert.deepEqual(await Promise.all([mine, other, null].map(ticked)), [
    "acme/c",
    "acme/a,acme/b,acme/c",
    "",
  ]);
  await edits.apply(mine);
  assert.equal(await ticked(null), "acme/c");
  assert.equal(await edits.find(mine, serverId), null);
  assert.equal((await rowsOf(store.db, "SELECT * FROM selection_edit_picks")).length, 3);
});

storeTestOnBoth("an edit is of one server, and forgotten after a day", async (store) => {
  const { serverId, ids } = await addRepositories(store, ["a"]);
  const other = await addServer(store, "other");
  const id = await store.selectionEdits.begin(other);
  const edit = { id, mode: "custom", patterns: "" } as const;
  await store.selectionEdits.keep(edit, [ids.a!], [ids.a!]);
  await store.selectionEdits.pickAll(id, { serverIds: [other] }, true);
  assert.deepEqual(await rowsOf(store.db, "SELECT * FROM selection_edit_picks"), []);
  assert.equal(await store.selectionEdits.find(id, serverId), null);
  store.clock.advance(24 * 60 * 60 * 1000);
  assert.equal(await store.selectionEdits.find(id, other), null);
  await store.selectionEdits.begin(other);
  assert.equal((await rowsOf(store.db, "SELECT id FROM selection_edits")).length, 1);
});
