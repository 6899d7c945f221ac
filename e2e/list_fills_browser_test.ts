/** A live list that is empty when it is opened, and filters that change what stands beside it. */

import assert from "node:assert/strict";
import { withBrowser } from "@/e2e/harness/browser.ts";
import { startApp } from "@/e2e/harness/app.ts";
import { signIn } from "@/e2e/harness/flow.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { plant } from "@/e2e/harness/plant.ts";
import { type SignedIn, withSignedIn } from "@/e2e/harness/signed_in.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { openWorkspace, WORKSPACE } from "@/e2e/harness/workspace.ts";
import { addRepositories, addServer, claimed } from "@/lib/store/test_store.ts";
import { appTest } from "@/routes/test_app.ts";

Deno.test("after Save the list fills by itself, also from no row at all", () =>
  withFolder(async (folder) => {
    const { repositories } = await plant(folder, 3);
    await using workspace = openWorkspace({ repositories });
    const { promise: open, resolve: letGo } = Promise.withResolvers<void>();
    workspace.onRequest = async ({ path, search }) => {
      const isList = path === `/2.0/repositories/${WORKSPACE}` && search.includes("pagelen=100");
      if (isList) await open;
    };
    const app = await startApp({ dataDir: `${folder}/data`, env: workspace.env });
    try {
      const ada = await signIn(app, workspace);
      await ada.open("/servers/new");
      await ada.submit({ type: "bitbucket_cloud" });
      await ada.submit({ workspaces: WORKSPACE }, { button: /Next/ });
      await ada.submit({ token: workspace.pasted }, { action: /\/token$/ });
      await waitFor(
        "the checks",
        async () => /All checks passed/.test((await ada.open(ada.page().path)).html),
      );
      await ada.submit({}, { button: /Next: repositories/ });
      await ada.submit({ mode: "all", patterns: "" }, { button: /Next: save/ });
      await withBrowser(async ({ page, complaints }) => {
        await page.goto(`${app.url}/sign-in`);
        await page.getByLabel("E-mail").fill(workspace.admin.email);
        await page.getByLabel("Password").fill(workspace.admin.password);
        await page.getByRole("button", { name: "Sign in" }).click();
        await page.getByRole("heading", { level: 1 }).waitFor();
        await page.goto(app.url + ada.page().path);
        await page.getByRole("button", { name: "Save and start scanning" }).click();
        await page.getByText("Looking for repositories").waitFor();
        await page.getByText(/found so far/).waitFor();
        await page.evaluate("window.stillHere = true");
        letGo();
        await waitFor(
          "all rows",
          async () => await page.locator("#repository-rows tr").count() === 3,
        );
        await page.locator("#project").waitFor();
        assert.match(await page.locator(".pager").innerText(), /1–3 of 3/);
        assert.equal(await page.evaluate("window.stillHere"), true, "the page reloaded");
        assert.deepEqual(complaints, []);
      });
    } finally {
      letGo();
      await app.stop();
    }
  }));

/** The app over a store that the test moves, in a browser that is signed in. */
function listTest(
  name: string,
  run: (list: SignedIn) => Promise<void>,
): void {
  appTest(name, async (app) => {
    await withSignedIn(app, async (browser) => {
      await run(browser);
      assert.deepEqual(browser.complaints, []);
    });
  });
}

listTest("an empty tab fills when a scan comes to its state", async ({ app, page, url }) => {
  await addRepositories(app.store, ["a", "b"]);
  const job = await claimed(app.store, "scan");
  await page.goto(`${url}/repositories?state=failed`);
  await page.getByText("Nothing fits").waitFor();
  await app.store.jobs.fail(job, "not_found", "");
  app.clock.advance(2000);
  await page.locator(`#repository-${job.repositoryId}`).waitFor();
  await page.getByRole("button", { name: "Retry all failed (1)" }).waitFor();
  await page.getByText("Nothing fits").waitFor({ state: "detached" });
});

listTest(
  "choosing a server brings its projects, and what would be tried again",
  async ({ app, page, url }) => {
    const { serverId } = await addRepositories(app.store, ["a"]);
    await app.store.jobs.fail(await claimed(app.store, "scan"), "not_found", "");
    const empty = await addServer(app.store, "other");
    await page.goto(`${url}/repositories`);
    const retry = page.getByRole("button", { name: /Retry all failed/ });
    await retry.waitFor();
    assert.equal(await page.locator("#project").count(), 0);
    await page.locator("#server").selectOption(empty);
    await retry.waitFor({ state: "detached" });
    await page.locator("#server").selectOption(serverId);
    await page.locator("#project").selectOption("PAY");
    await waitFor("the address", () => page.url().includes("project=PAY"));
    const address = page.url();
    await retry.click();
    await page.getByText("1 failed scan tried again.").waitFor();
    assert.deepEqual(
      [...new URL(page.url()).searchParams].sort(),
      [...new URL(address).searchParams].sort(),
    );
    await page.locator("#server").selectOption("");
    await page.locator("#project").waitFor({ state: "detached" });
  },
);
