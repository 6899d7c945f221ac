/** What becomes of a rule's findings when it is switched off, switched on again, or deleted. */

import assert from "node:assert/strict";
import { addRepositories, claimed, COMPLETE, rowsOf, secret } from "@/lib/store/test_store.ts";
import { appTest, countQueries, type TestApp } from "./test_app.ts";

const FORM = {
  name: "Acme door code",
  pattern: "ACME-DOOR-([A-Z0-9]{12})",
  keywords: "ACME-DOOR-",
  severity: "high",
  help: "Ask the porter.",
  sample: "",
  act: "save",
};
const RULE_ID = "custom-acme-door-code";
const PATH = "/settings/rules/acme-door-code";
const [OURS, JUDGED, FIXTURE] = ["1", "2", "3"].map((digit) => digit.repeat(64)) as [
  string,
  string,
  string,
];
const SECRETS = [
  secret("a", { ruleId: RULE_ID, fingerprint: OURS }),
  secret("b", { ruleId: RULE_ID, fingerprint: JUDGED }),
  secret("c", { ruleId: `${RULE_ID}-2`, fingerprint: OURS }),
  secret("d", { ruleId: "json-web-token", fingerprint: OURS }),
  secret("e", { ruleId: RULE_ID, fingerprint: FIXTURE, place: { path: "tests/e.env" } }),
];

/** Two rules of nearly one name, and a repository with findings of each and of a built-in one. */
async function setup(app: TestApp) {
  const { store } = app;
  const { ids } = await addRepositories(store, ["api"]);
  for (let i = 0; i < 2; i++) await app.ask("/settings/rules", { form: FORM });
  const rule = { path: "tests/**", ruleId: null, fingerprint: null, repositories: null };
  await store.suppressions.addRule({ ...rule, reason: "made for tests" }, "ada");
  await scan(app, SECRETS);
  const list = async () => (await store.findings.list({}, { limit: 10 })).rows;
  const triage = async (state: "accepted" | "revoked") => {
    const one = (await list()).find(({ fingerprint }) => fingerprint === JUDGED)!;
    await store.findings.triage([one.id], state, { who: "ada", reason: "a door" });
  };
  const states = async () =>
    (await list()).map(({ ruleId, state, suppressedBy }) => [ruleId, state, suppressedBy]).sort();
  const openCount = async () => {
    const sum = "SELECT critical + high + medium + low AS n FROM repositories";
    return (await rowsOf(store.db, sum))[0]!.n;
  };
  /** As after a scan, and after the removal of a suppression. */
  const judgeAnew = async () => {
    await store.suppressions.apply({ repositoryId: ids.api! });
    await store.suppressions.apply({ removed: true });
  };
  return { triage, states, openCount, judgeAnew };
}

/** A whole scan of the repository whose turn it is. */
async function scan({ store }: TestApp, secrets: Parameters<typeof store.scans.record>[1]) {
  const job = await claimed(store, "scan");
  await store.scans.record(job, secrets, "history");
  await store.suppressions.apply({ repositoryId: job.repositoryId! });
  await store.scans.finish(job, COMPLETE);
}

/** What the next page says of the act. */
async function told(app: TestApp, act: Promise<Response>): Promise<string> {
  const [flash] = (await act).headers.get("set-cookie")!.split(";");
  const cookie = `sluice=${app.sessions.admin}; ${flash}`;
  return await (await app.ask("/settings/rules", { headers: { cookie } })).text();
}

const switchTo = (app: TestApp, enabled: "yes" | "no") =>
  app.ask(`${PATH}/state`, { form: { enabled } });

const OTHERS = [[`${RULE_ID}-2`, "open", null], ["json-web-token", "open", null]];
const BY_PATH = "suppression rule: made for tests";

appTest(
  "deleting a rule asks, and suppresses what is open of it at once and for good",
  async (app) => {
    const { triage, states, openCount, judgeAnew } = await setup(app);
    await triage("accepted");
    const page = await (await app.ask("/settings/rules")).text();
    assert.match(
      page,
      /<summary aria-label="Delete… Acme door code">Delete…<\/summary>[^]*Its open findings become suppressed/,
    );
    const deleted = await told(app, app.ask(`${PATH}/removal`, { form: {} }));
    assert.match(deleted, /Acme door code is deleted; 1 finding suppressed\./);
    const expected = [
      [RULE_ID, "accepted", null],
      [RULE_ID, "suppressed", "its rule was deleted"],
      [RULE_ID, "suppressed", "its rule was deleted"],
      ...OTHERS,
    ];
    assert.deepEqual(await states(), expected);
    assert.equal(await openCount(), 2);
    await judgeAnew();
    assert.deepEqual(await states(), expected);
    await app.ask("/settings/rules", { form: FORM });
    assert.equal(await openCount(), 3, "a rule of this id is there again");
  },
);

appTest(
  "a rule that is switched off has what is open of it suppressed, until it is on again",
  async (app) => {
    const { triage, states, openCount, judgeAnew } = await setup(app);
    await triage("accepted");
    const before = await states();
    assert.deepEqual(before.filter(([, state]) => state === "open").length, 3);
    const page = await (await app.ask("/settings/rules")).text();
    assert.match(
      page,
      /<summary aria-label="Switch off… Acme door code">Switch off…<\/summary>[^]*suppressed at once, until it is on/,
    );

    const off = await told(app, switchTo(app, "no"));
    assert.match(off, /Acme door code is off; 1 finding suppressed\./);
    const expected = [
      [RULE_ID, "accepted", null],
      [RULE_ID, "suppressed", "its rule is switched off"],
      [RULE_ID, "suppressed", "its rule is switched off"],
      ...OTHERS,
    ];
    assert.deepEqual(await states(), expected);
    assert.equal(await openCount(), 2);
    await judgeAnew();
    assert.deepEqual(await states(), expected);
    assert.match(await told(app, switchTo(app, "no")), /is off; 0 findings suppressed/);
    assert.match(
      await (await app.ask("/settings/rules", { role: "viewer" })).text(),
      /off<span[^>]*>its findings are suppressed until it is on/,
    );

    const on = await told(app, switchTo(app, "yes"));
    assert.match(on, /Acme door code is on; 1 finding open again\./);
    assert.deepEqual(await states(), before);
    assert.deepEqual(before.find(([, , by]) => by !== null), [RULE_ID, "suppressed", BY_PATH]);
    const { rows } = await app.store.audit.list({ action: "custom_rule.switched_off" }, {
      limit: 5,
    });
    assert.equal(rows[0]!.target, `Acme door code (${RULE_ID})`);
  },
);

appTest(
  "a sensitive file is open by its name while the rule of its content is off",
  async (app) => {
    const { ids } = await addRepositories(app.store, ["api"]);
    await app.ask("/settings/rules", { form: FORM });
    const place = { path: "deploy/.env" };
    await scan(app, [
      secret("name", { ruleId: "file-environment", place }),
      secret("content", { ruleId: RULE_ID, place }),
    ]);
    const open = async () => {
      const filter = { state: "open", repositoryId: ids.api! } as const;
      return (await app.store.findings.list(filter, { limit: 5 })).rows.map(({ ruleId }) => ruleId);
    };
    assert.deepEqual(await open(), [RULE_ID]);
    const off = await told(app, switchTo(app, "no"));
    assert.match(off, /is off; 1 finding suppressed\./);
    assert.deepEqual(await open(), ["file-environment"]);
    await switchTo(app, "yes");
    assert.deepEqual(await open(), [RULE_ID]);
  },
);

appTest("deleting a rule that is off suppresses nothing more", async (app) => {
  const { openCount } = await setup(app);
  await switchTo(app, "no");
  const deleted = await told(app, app.ask(`${PATH}/removal`, { form: {} }));
  assert.match(deleted, /is deleted; 0 findings suppressed/);
  await app.ask("/settings/rules", { form: FORM });
  assert.equal(await openCount(), 4);
});

for (const when of ["after", "during"]) {
  appTest(
    `what a person revoked stays so when its rule is on again ${when} a scan`,
    async (app) => {
      const { triage, states } = await setup(app);
      await triage("revoked");
      const before = await states();
      await switchTo(app, "no");
      app.clock.advance(1000);
      const job = await claimed(app.store, "scan");
      app.clock.advance(1000);
      if (when === "during") await switchTo(app, "yes");
      // By the rules of its start: this one was off.
      await app.store.scans.record(
        job,
        SECRETS.filter(({ ruleId }) => ruleId !== RULE_ID),
        "history",
      );
      await app.store.scans.finish(job, COMPLETE);
      app.clock.advance(1000);
      await switchTo(app, "yes");
      const { rows } = await app.store.findings.list({}, { limit: 50 });
      for (const { ruleId, atTip, missingAt } of rows) {
        if (ruleId === RULE_ID) assert.deepEqual([atTip, missingAt], [true, null]);
      }
      await scan(app, SECRETS);
      assert.deepEqual(await states(), before);
    },
  );
}

appTest(
  "switching and deleting a rule asks no more of the database for more repositories",
  async (app) => {
    const { store } = app;
    const few = await spread(app, "few", 2);
    const many = await spread(app, "many", 40);
    for (
      const [path, form] of [["state", { enabled: "no" }], ["state", { enabled: "yes" }], [
        "removal",
        {},
      ]] as const
    ) {
      const asked = [];
      for (const rule of [few, many]) {
        asked.push(
          await countQueries(app, () => app.ask(`/settings/rules/${rule}/${path}`, { form })),
        );
      }
      assert.equal(asked[1], asked[0], `${path} ${JSON.stringify(form)}`);
    }
    assert.equal(
      (await store.findings.list({ state: "suppressed" }, { limit: 50 })).rows.length,
      42,
    );
  },
);

/** A rule with one finding in each of so many repositories, all of which have suppressions of their own. */
async function spread(app: TestApp, name: string, count: number): Promise<string> {
  const { store } = app;
  await app.ask("/settings/rules", { form: { ...FORM, name } });
  const slugs = Array.from({ length: count }, (_, i) => `${name}-${i}`);
  const { ids } = await addRepositories(store, slugs, name);
  for (const id of Object.values(ids)) {
    await store.suppressions.saveFiles(id, {
      files: [{ name: ".sluice.yml", oid: "1".repeat(40) }],
      entries: { paths: ["docs/**"], rules: [], fingerprints: [], places: [] },
      problems: [],
    });
    await scan(app, [secret("a", { ruleId: `custom-${name}` })]);
  }
  return name;
}
