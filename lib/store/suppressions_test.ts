import assert from "node:assert/strict";
import {
  addRepositories,
  claimed,
  COMPLETE,
  secret,
  storeTest,
  storeTestOnBoth,
  type TestStore,
} from "@/lib/store/test_store.ts";

const RULE = {
  path: null,
  ruleId: null,
  fingerprint: null,
  repositories: null,
  reason: "made for tests",
};
const NO_ENTRIES = { paths: [], rules: [], fingerprints: [], places: [] };

/** Repositories with the same three secrets in each. */
async function setup(store: TestStore) {
  const { ids } = await addRepositories(store, ["api", "web"]);
  for (const _ of Object.keys(ids)) {
    const job = await claimed(store, "scan");
    const secrets = [
      secret("src", { place: { path: "src/app.ts" } }),
      secret("docs", { place: { path: "docs/a.md" }, ruleId: "json-web-token" }),
      secret("both", { place: { path: "docs/b.md" } }),
    ];
    const [both] = secrets.slice(2);
    const places = [...both!.occurrences, { ...both!.occurrences[0]!, path: "src/b.ts" }];
    secrets[2] = { ...both!, occurrences: places, occurrenceCount: 2 };
    assert.ok(await store.scans.record(job, secrets, "history"));
    assert.ok(await store.scans.finish(job, COMPLETE));
  }
  return ids;
}

async function suppressed(store: TestStore): Promise<string[]> {
  const { rows } = await store.findings.list({ state: "suppressed" }, { limit: 50 });
  return rows.map((row) => `${row.repositoryFullName} ${row.firstPath}: ${row.suppressedBy}`)
    .sort();
}

storeTestOnBoth("a rule is added, listed and removed once", async (store) => {
  const { suppressions, clock } = store;
  assert.deepEqual(await suppressions.listRules(), []);
  const rule = { ...RULE, path: "docs/**", repositories: "acme/*" };
  const id = await suppressions.addRule(rule, "ada@example.com");
  assert.deepEqual(await suppressions.listRules(), [
    { ...rule, id, createdBy: "ada@example.com", createdAt: clock.now() },
  ]);
  assert.equal(await suppressions.removeRule(id), true);
  assert.equal(await suppressions.removeRule(id), false);
});

storeTestOnBoth(
  "apply() follows a rule that was added, and one that was removed",
  async (store) => {
    const { suppressions } = store;
    await setup(store);
    const rule = { ...RULE, path: "docs/**", repositories: "acme/a*" };
    const id = await suppressions.addRule(rule, "ada@example.com");
    assert.equal(await suppressions.apply({ added: rule }), 1);
    assert.equal(await suppressions.apply({ added: rule }), 0);
    assert.deepEqual(await suppressed(store), [
      "acme/api docs/a.md: suppression rule: made for tests",
    ]);
    const { rows: [api] } = await store.repositories.list({ search: "api" }, {
      sort: "name",
      descending: false,
      limit: 1,
    });
    assert.equal(api!.high, 2);
    await suppressions.removeRule(id);
    assert.equal(await suppressions.apply({ removed: true }), 1);
    assert.deepEqual(await suppressed(store), []);
  },
);

storeTest("apply() narrows a rule by its rule and fingerprint", async (store) => {
  const { suppressions } = store;
  await setup(store);
  const byRule = { ...RULE, ruleId: "json-web-token" };
  await suppressions.addRule(byRule, "ada@example.com");
  assert.equal(await suppressions.apply({ added: byRule }), 2);
  const print = { ...RULE, fingerprint: "print of src" };
  await suppressions.addRule(print, "ada@example.com");
  assert.equal(await suppressions.apply({ added: print }), 2);
  assert.equal((await suppressed(store)).length, 4);
});

storeTest("what a person decided stays, whatever is suppressed", async (store) => {
  const { suppressions } = store;
  await setup(store);
  const { rows } = await store.findings.list({ ruleId: "json-web-token" }, { limit: 50 });
  await store.findings.triage(rows.map(({ id }) => id), "to_fix", { who: "ada", reason: "" });
  const rule = { ...RULE, ruleId: "json-web-token" };
  await suppressions.addRule(rule, "ada@example.com");
  assert.equal(await suppressions.apply({ added: rule }), 0);
});

storeTestOnBoth(
  "the files of a repository suppress there alone, until they change",
  async (store) => {
    const { suppressions } = store;
    const { api } = await setup(store);
    assert.equal(await suppressions.findFiles(api!), null);
    const found = {
      files: [{ name: ".sluice.yml", oid: "1".repeat(40) }],
      entries: { ...NO_ENTRIES, paths: ["docs/**"] },
      problems: [".sluice.yml, line 3: not understood"],
    };
    await suppressions.saveFiles(api!, found);
    assert.deepEqual(await suppressions.findFiles(api!), found);
    assert.equal(await suppressions.apply({ repositoryId: api! }), 1);
    assert.deepEqual(await suppressed(store), ["acme/api docs/a.md: .sluice.yml: path docs/**"]);

    const wider = { ...found, entries: { ...NO_ENTRIES, paths: ["docs/*", "src/*"] } };
    await suppressions.saveFiles(api!, wider);
    assert.equal(
      await suppressions.apply({ repositoryId: api! }),
      2,
      "one has another reason only",
    );
    assert.deepEqual(await suppressed(store), [
      "acme/api docs/a.md: .sluice.yml: path docs/*",
      "acme/api docs/b.md: .sluice.yml: path docs/*",
      "acme/api src/app.ts: .sluice.yml: path src/*",
    ]);
    await suppressions.saveFiles(api!, { files: [], entries: NO_ENTRIES, problems: [] });
    assert.equal(await suppressions.findFiles(api!), null);
    assert.equal(await suppressions.apply({ repositoryId: api! }), 3);
    assert.deepEqual(await suppressed(store), []);
  },
);

storeTest("what a removed rule suppressed stays so where the own file says so", async (store) => {
  const { suppressions } = store;
  const { api } = await setup(store);
  await suppressions.saveFiles(api!, {
    files: [{ name: ".sluice.yml", oid: "1".repeat(40) }],
    entries: { ...NO_ENTRIES, rules: ["json-web-token"] },
    problems: [],
  });
  const rule = { ...RULE, ruleId: "json-web-token" };
  const id = await suppressions.addRule(rule, "ada@example.com");
  assert.equal(await suppressions.apply({ added: rule }), 2);
  await suppressions.removeRule(id);
  assert.equal(await suppressions.apply({ removed: true }), 1);
  assert.deepEqual(await suppressed(store), [
    "acme/api docs/a.md: .sluice.yml: rule json-web-token",
  ]);
});

storeTest("a file that is a finding by name gives way to one of its content", async (store) => {
  const { ids } = await addRepositories(store, ["api"]);
  const job = await claimed(store, "scan");
  const named = (name: string) =>
    secret(name, { ruleId: "file-environment", place: { path: `${name}/.env`, line: 1 } });
  await store.scans.record(job, [
    named("a"),
    named("b"),
    secret("content", { place: { path: "a/.env" } }),
  ], "history");
  await store.suppressions.apply({ repositoryId: ids.api! });
  assert.deepEqual(await suppressed(store), [
    "acme/api a/.env: its content is a finding of its own",
  ]);
});

storeTest(
  "a file speaks for itself again where its content's rule is off or deleted",
  async (store) => {
    const rule = {
      pattern: "door-[0-9]+",
      keywords: ["door"],
      severity: "high",
      help: "",
    } as const;
    const { ids } = await addRepositories(store, ["api"]);
    await store.customRules.create("door", { ...rule, name: "Door" }, "ada@example.com");
    const job = await claimed(store, "scan");
    const place = { path: "a/.env" };
    await store.scans.record(job, [
      secret("named", { ruleId: "file-environment", place }),
      secret("content", { ruleId: "custom-door", place }),
    ], "history");
    await store.suppressions.apply({ repositoryId: ids.api! });
    const byContent = ["acme/api a/.env: its content is a finding of its own"];
    assert.deepEqual(await suppressed(store), byContent);

    await store.customRules.switch("door", false, "ada@example.com");
    assert.equal(await store.suppressions.apply({ filesBeside: "custom-door" }), 1);
    assert.deepEqual(await suppressed(store), []);
    await store.customRules.switch("door", true, "ada@example.com");
    assert.equal(await store.suppressions.apply({ filesBeside: "custom-door" }), 1);
    assert.deepEqual(await suppressed(store), byContent);
    await store.customRules.remove("door");
    await store.suppressions.apply({ repositoryId: ids.api! });
    assert.deepEqual(await suppressed(store), ["acme/api a/.env: its rule was deleted"]);
  },
);

storeTest("apply() goes through more findings than it looks at in one go", async (store) => {
  const { ids } = await addRepositories(store, ["api"]);
  const job = await claimed(store, "scan");
  const many = Array.from({ length: 450 }, (_, i) => secret(`s${i}`));
  await store.scans.record(job, many, "history");
  const rule = { ...RULE, path: "*.env" };
  await store.suppressions.addRule(rule, "ada@example.com");
  assert.equal(await store.suppressions.apply({ repositoryId: ids.api! }), 450);
});
