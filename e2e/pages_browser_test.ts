/** Every page of the app itself, with something in it: nothing that axe finds, nothing too wide. */

import assert from "node:assert/strict";
import { accessibilityProblems, overflow } from "@/e2e/harness/browser.ts";
import { withSignedIn } from "@/e2e/harness/signed_in.ts";
import { addRepositories, claimed, COMPLETE, secret } from "@/lib/store/test_store.ts";
import { appTest } from "@/routes/test_app.ts";

const SHOTS = Deno.env.get("SHOTS");

for (const width of [360, 1440]) {
  appTest(`every page of the app is accessible and fits at ${width} pixels`, async (app) => {
    const { serverId, ids } = await addRepositories(app.store, ["a", "b"]);
    const job = await claimed(app.store, "scan");
    await app.store.scans.record(
      job,
      [secret("one"), secret("two", { severity: "low" })],
      "history",
    );
    await app.store.scans.finish(job, COMPLETE);
    const { rows } = await app.store.findings.list({}, { limit: 1 });
    await app.store.customRules.create("acme-token", {
      name: "Acme token",
      pattern: "acme_([a-z0-9]{24})",
      keywords: ["acme_"],
      severity: "high",
      help: "Revoke it at the porter's.",
    }, "admin@example.com");
    await app.store.suppressions.addRule({
      path: "tests/**/a-folder-with-a-long-name/**",
      ruleId: "json-web-token",
      fingerprint: "0123456789abcdef",
      repositories: "acme/demo-*",
      reason: "These were made for tests, and open nothing.",
    }, "admin@example.com");
    await app.store.suppressions.saveFiles(ids.a!, {
      files: [{ name: ".sluice.yml", oid: "1".repeat(40) }],
      entries: { paths: [], rules: [], fingerprints: [], places: [] },
      problems: [".sluice.yml, line 2: unknown key allow"],
    });
    const draft = await app.ask("/servers/new", { form: { type: "bitbucket_cloud" } });
    const paths = [
      "/sign-in",
      "/setup",
      "/repositories",
      `/repositories/${ids.a}`,
      "/findings",
      `/findings/${rows[0]!.id}`,
      "/servers",
      `/servers/${serverId}`,
      `/servers/${serverId}/selection`,
      `/servers/${serverId}/token`,
      `/servers/${serverId}/removal`,
      "/servers/new",
      draft.headers.get("Location")!,
      "/settings",
      "/settings/api-keys",
      "/settings/embed-keys",
      "/settings/rules",
      "/settings/rules/new",
      "/settings/rules/acme-token",
      "/settings/suppressions",
      `/settings/suppressions?finding=${rows[0]!.id}`,
      "/settings/audit",
      "/settings/operations",
      "/settings/invitations",
      "/account",
      "/account/second-factor",
      "/api/v1/docs",
      "/nothing",
    ];
    await withSignedIn(app, async ({ page, complaints, url }) => {
      const problems: string[] = [];
      for (const path of paths) {
        await page.goto(`${url}${path}`);
        const wider = await overflow(page);
        if (wider > 0) problems.push(`${path} is ${wider} px too wide`);
        problems.push(...await accessibilityProblems(page));
        if (SHOTS) {
          const name = path.replaceAll(/\W+/g, "-").slice(1, 40);
          await page.screenshot({ path: `${SHOTS}/app-${name}-${width}.png`, fullPage: true });
        }
      }
      // Addresses without a page, and the closed set-up, answer as they should.
      const expected = /status of 40[34]/;
      assert.deepEqual([...problems, ...complaints.filter((one) => !expected.test(one))], []);
    }, { viewport: { width, height: 900 } });
  });
}
