/** The field that narrows findings to a repository: names while typing, and what is said beside it. */

import assert from "node:assert/strict";
import { accessibilityProblems, overflow, withBrowser } from "@/e2e/harness/browser.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { addRepositories, claimed, secret } from "@/lib/store/test_store.ts";
import { appTest } from "@/routes/test_app.ts";

appTest(
  "a repository is chosen by typing part of its name, also in a narrow window",
  async (app) => {
    const { ids } = await addRepositories(app.store, ["api", "api-docs", "web"]);
    for (const _ of Object.keys(ids)) {
      const scan = await claimed(app.store, "scan");
      const row = await app.store.repositories.find(scan.repositoryId!);
      await app.store.scans.record(scan, [secret(row!.slug)], "history");
    }
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.fetch);
    try {
      await withBrowser(async ({ context, page, complaints }) => {
        const url = `http://127.0.0.1:${server.addr.port}`;
        await context.addCookies([{ ...app.cookie, url }]);
        await page.goto(`${url}/findings`);
        await page.evaluate("window.stillHere = true");
        const field = page.getByLabel("Repository", { exact: true });
        const offered = () =>
          page.locator("#repository-names option").evaluateAll((all) =>
            all.map((one) => one.getAttribute("value"))
          );
        const rows = () => page.locator("input[name=finding]").count();
        assert.equal(await rows(), 3);

        await field.pressSequentially("ap");
        await waitFor("names", async () => (await offered()).length === 2);
        assert.deepEqual(await offered(), ["acme/api", "acme/api-docs"]);
        assert.equal(await rows(), 3, "nothing is narrowed while a name is typed");

        await field.press("Enter");
        await page.getByRole("heading", { name: "Which repository?" }).waitFor();
        const error = page.locator("#repository-error");
        assert.match(
          await error.innerText(),
          /^2 repositories fit; say more: acme\/api, acme\/api-docs$/,
        );
        assert.equal(await field.getAttribute("aria-invalid"), "true");
        assert.equal(await page.evaluate("document.activeElement.id"), "repository");
        assert.equal(await overflow(page), 0);
        assert.deepEqual(await accessibilityProblems(page), []);

        await field.fill("acme/api");
        await field.press("Enter");
        await waitFor("one row", async () => await rows() === 1);
        assert.equal(await error.count(), 0);
        assert.match(page.url(), /[?&]repository=acme%2Fapi$/);

        await field.fill("docs");
        await page.getByLabel("Severity").focus();
        await waitFor("its full name", async () => await field.inputValue() === "acme/api-docs");

        await page.getByLabel("Severity").selectOption("low");
        await page.getByText("No finding here").waitFor();
        assert.equal(await field.inputValue(), "acme/api-docs");
        assert.equal(await overflow(page), 0);
        assert.deepEqual(await accessibilityProblems(page), []);

        await page.getByLabel("Severity").selectOption("");
        await field.fill("");
        await page.getByLabel("Severity").focus();
        await waitFor("all rows", async () => await rows() === 3);
        assert.equal(new URL(page.url()).search, "");
        assert.equal(await page.evaluate("window.stillHere"), true, "the page reloaded");
        assert.deepEqual(complaints, []);
      }, { viewport: { width: 360, height: 900 } });
    } finally {
      await server.shutdown();
    }
  },
);

appTest(
  "without scripts a typed name is found on the server, and what fits is linked",
  async (app) => {
    const { ids } = await addRepositories(app.store, ["api", "api-docs"]);
    await app.store.scans.record(await claimed(app.store, "scan"), [secret("one")], "history");
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.fetch);
    try {
      await withBrowser(async ({ context, page, complaints }) => {
        const url = `http://127.0.0.1:${server.addr.port}`;
        await context.addCookies([{ ...app.cookie, url }]);
        await page.goto(`${url}/findings`);
        await page.getByLabel("Repository", { exact: true }).fill("api");
        await page.getByRole("button", { name: "Filter" }).click();
        await page.getByRole("link", { name: "acme/api-docs" }).click();
        await page.waitForURL((to) => to.searchParams.get("repository") === ids["api-docs"]);
        assert.equal(
          await page.getByLabel("Repository", { exact: true }).inputValue(),
          "acme/api-docs",
        );
        assert.deepEqual(complaints, []);
      }, { javaScript: false });
    } finally {
      await server.shutdown();
    }
  },
);
