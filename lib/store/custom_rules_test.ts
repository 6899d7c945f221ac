import assert from "node:assert/strict";
import { storeTestOnBoth } from "@/lib/store/test_store.ts";

const RULE = {
  name: "Acme token",
  pattern: "acme_[a-z]{20}",
  keywords: ["acme_"],
  severity: "high",
  help: "Revoke it.",
} as const;

storeTestOnBoth("a rule is absent, made, changed, switched off, and removed", async (store) => {
  const { customRules, clock } = store;
  assert.equal(await customRules.find("acme"), null);
  assert.equal(await customRules.create("acme", RULE, "ada"), true);
  assert.equal(await customRules.create("acme", RULE, "bob"), false);
  const made = {
    ...RULE,
    id: "acme",
    enabled: true,
    createdBy: "ada",
    createdAt: clock.now(),
    updatedBy: "ada",
    updatedAt: clock.now(),
  };
  assert.deepEqual(await customRules.find("acme"), made);
  await clock.advance(1000);
  await customRules.update("acme", { ...RULE, severity: "low" }, "bob");
  assert.deepEqual(await customRules.list(), [
    { ...made, severity: "low", updatedBy: "bob", updatedAt: clock.now() },
  ]);
  await customRules.switch("acme", false, "eve");
  assert.deepEqual(await customRules.listEnabled(), []);
  assert.equal((await customRules.find("acme"))!.updatedBy, "eve");
  await customRules.remove("acme");
  assert.deepEqual(await customRules.list(), []);
});

storeTestOnBoth(
  "version() changes with what scans follow, and comes back with it",
  async (store) => {
    const { customRules } = store;
    assert.equal(await customRules.version("v1"), "v1");
    await customRules.create("acme", RULE, "ada");
    const version = await customRules.version("v1");
    assert.notEqual(version, "v1");
    await customRules.update("acme", { ...RULE, name: "Other", help: "" }, "ada");
    assert.equal(await customRules.version("v1"), version);
    await customRules.switch("acme", false, "ada");
    assert.equal(await customRules.version("v1"), "v1");
  },
);
