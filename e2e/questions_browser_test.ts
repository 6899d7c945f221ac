/** What asks before it acts, by keyboard alone and without any script. */

import assert from "node:assert/strict";
import { withSignedIn } from "@/e2e/harness/signed_in.ts";
import { addRepositories, claimed, COMPLETE, secret } from "@/lib/store/test_store.ts";
import { appTest } from "@/routes/test_app.ts";

appTest(
  "a rule is switched off and a key revoked by keyboard, each after a question",
  async (app) => {
    const { store } = app;
    await store.customRules.create("acme", {
      name: "Acme token",
      pattern: "acme_([a-z0-9]{24})",
      keywords: ["acme_"],
      severity: "high",
      help: "",
    }, "admin@example.com");
    const owner = { createdBy: "admin@example.com", expiresAt: null };
    await store.apiKeys.create({ name: "nightly", role: "viewer", ...owner });
    await addRepositories(store, ["api"]);
    const job = await claimed(store, "scan");
    await store.scans.record(job, [secret("a", { ruleId: "custom-acme" })], "history");
    await store.scans.finish(job, COMPLETE);
    await withSignedIn(app, async ({ page, complaints, url }) => {
      /** Unfolds the question, and gives its answer. */
      const answer = async (word: string) => {
        await page.locator("summary", { hasText: `${word}…` }).press("Enter");
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
      };
      await page.goto(`${url}/settings/rules`);
      assert.equal(await page.getByRole("button", { name: "Switch off Acme token" }).count(), 0);
      await answer("Switch off");
      await page.getByText("Acme token is off; 1 finding suppressed.").waitFor();
      await page.getByText("its findings are suppressed until it is on").waitFor();
      await page.getByRole("button", { name: "Switch on Acme token" }).press("Enter");
      await page.getByText("Acme token is on; 1 finding open again.").waitFor();
      await page.goto(`${url}/settings/api-keys`);
      assert.equal(await page.getByRole("button", { name: "Revoke nightly" }).count(), 0);
      await answer("Revoke");
      await page.getByText("nightly opens nothing any more.").waitFor();
      assert.equal(await page.locator("summary").count(), 0);
      assert.deepEqual(complaints, []);
    }, { javaScript: false });
  },
);
