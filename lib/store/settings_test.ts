import assert from "node:assert/strict";
import { storeTestOnBoth } from "@/lib/store/test_store.ts";

storeTestOnBoth("a setting is absent, saved, replaced and removed", async ({ settings }) => {
  assert.equal(await settings.find("key_id"), null);
  await settings.save("key_id", "one");
  await settings.save("key_id", "two");
  assert.equal(await settings.find("key_id"), "two");
  assert.equal(await settings.find("setup_token_hash"), null);
  await settings.remove("key_id");
  assert.equal(await settings.find("key_id"), null);
});
