/** The live list in a real browser: what a poll changes, what it leaves alone, and when it rests. */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { type SignedIn, withSignedIn } from "@/e2e/harness/signed_in.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { addRepositories, claimed, COMPLETE } from "@/lib/store/test_store.ts";
import { appTest } from "@/routes/test_app.ts";

/** A page that saw the list of three repositories, of which one is scanned. */
function liveTest(
  name: string,
  run: (
    live: SignedIn & { job: Awaited<ReturnType<typeof claimed>> },
  ) => Promise<void>,
): void {
  appTest(name, async (app) => {
    await addRepositories(app.store, ["a", "b", "c"]);
    const job = await claimed(app.store, "scan");
    await withSignedIn(app, async (browser) => {
      await browser.page.goto(`${browser.url}/repositories`);
      await browser.page.evaluate("window.stillHere = true");
      await run({ ...browser, job });
      assert.equal(await browser.page.evaluate("window.stillHere"), true, "the page reloaded");
    });
  });
}

const row = (page: Page, repositoryId: string | null) =>
  page.locator(`#repository-${repositoryId}`);
const live = (page: Page) => page.locator("#live");

/** Counts the polls from now on. */
function countPolls(page: Page): () => number {
  let polls = 0;
  page.on("request", (request) => {
    if (request.url().includes("/repositories/refresh")) polls++;
  });
  return () => polls;
}

liveTest(
  "a poll changes the row that changed and keeps the focus in another",
  async ({ page, app, job, complaints }) => {
    const other = (await app.store.repositories.listSlugs(job.serverId))
      .find((one) => one.id !== job.repositoryId)!;
    await row(page, other.id).getByRole("button", { name: "Cancel" }).focus();
    app.clock.advance(1000);
    await app.store.jobs.beat(job, { phase: "reading", objectsDone: 40, objectsTotal: 80 });
    app.clock.advance(1000);
    const bar = row(page, job.repositoryId).getByRole("progressbar");
    await waitFor("the bar", async () => await bar.getAttribute("value") === "50");
    assert.equal(
      await row(page, other.id).getByRole("button", { name: "Cancel" }).evaluate((it) =>
        it === document.activeElement
      ),
      true,
    );
    assert.deepEqual(complaints, []);
  },
);

liveTest(
  "polling slows when all only wait, and ends when all is over",
  async ({ page, app, job }) => {
    await app.store.scans.finish(job, COMPLETE);
    app.clock.advance(1000);
    await waitFor(
      "the slow poll",
      async () => await live(page).getAttribute("hx-trigger") === "every 15s",
    );
    await row(page, job.repositoryId).getByText("clean").waitFor();
    for (const one of await app.store.repositories.listSlugs(job.serverId)) {
      if (one.id === job.repositoryId) continue;
      await row(page, one.id).getByRole("button", { name: /Cancel/ }).click();
      await row(page, one.id).getByText("cancelled").waitFor();
    }
    assert.equal(await live(page).getAttribute("hx-trigger"), null);
    assert.equal(
      await page.locator("#announcement").textContent(),
      "All scans are over: 3 repositories",
    );
    await page.locator("#repository-tabs").getByText("cancelled").waitFor();
  },
);

liveTest(
  "an error blanks nothing, says since when the page is not live, and passes",
  async ({ page }) => {
    for (const fail of [500, "abort"] as const) {
      await page.route(
        "**/repositories/refresh*",
        (route) =>
          fail === "abort" ? route.abort() : route.fulfill({ status: fail, body: "<p>broken</p>" }),
      );
      await live(page).getByText(/^Not live since \d\d:\d\d/).waitFor();
      assert.equal(await page.locator("#repository-rows tr").count(), 3);
      await page.unroute("**/repositories/refresh*");
      await live(page).getByText(/Not live/).waitFor({ state: "hidden" });
      await live(page).getByText("Live", { exact: true }).waitFor();
    }
  },
);

liveTest(
  "a hidden tab asks nothing, and asks when it is looked at again",
  async ({ page }) => {
    const hide = (hidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, "hidden", { configurable: true, value: ${hidden} });
      document.dispatchEvent(new Event("visibilitychange"))`,
      );
    await hide(true);
    await page.waitForTimeout(300);
    const polls = countPolls(page);
    await page.waitForTimeout(4500);
    assert.equal(polls(), 0);
    await hide(false);
    await waitFor("a poll", () => polls() > 0);
  },
);

liveTest(
  "typing in the search narrows the list, keeps the focus and the address",
  async ({ page }) => {
    await page.locator("#q").pressSequentially("acme/b");
    await waitFor(
      "one row",
      async () => await page.locator("#repository-rows tr").count() === 1,
      5000,
    );
    assert.match(page.url(), /\/repositories\?q=acme%2Fb$/);
    assert.equal(await page.evaluate("document.activeElement.id"), "q");
    const polls = countPolls(page);
    await waitFor("a poll of the narrowed list", () => polls() > 0, 5000);
  },
);

liveTest("a click that is refused says so at the top and leaves the row", async ({ page, job }) => {
  await page.route(
    "**/scans/*/cancellation",
    (route) =>
      route.fulfill({
        status: 404,
        contentType: "text/html",
        body: "<p>There is no such scan.</p>",
      }),
  );
  await row(page, job.repositoryId).getByRole("button", { name: /Cancel/ }).click();
  await page.getByRole("alert").getByText("There is no such scan.").waitFor();
  await row(page, job.repositoryId).getByText("scanning").waitFor();
});
