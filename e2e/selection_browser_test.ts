/** Choosing repositories in a real browser while their list comes in: what is typed, ticked and focused stays. */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { type SignedIn, withSignedIn } from "@/e2e/harness/signed_in.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { addServer, claimed, remote } from "@/lib/store/test_store.ts";
import { appTest } from "@/routes/test_app.ts";

interface Choosing extends SignedIn {
  /** A page of the list arrives: so many repositories of a project; the last page ends it. */
  arrive(prefix: string, count: number, end?: "end"): Promise<void>;
}

/** The page of a connected server's selection, whose list is just being read. */
function choosingTest(name: string, run: (choosing: Choosing) => Promise<void>): void {
  appTest(name, async (app) => {
    const id = await addServer(app.store, "acme");
    await app.store.jobs.requestDiscovery(id, "person");
    const job = await claimed(app.store, "discovery");
    let found = 0;
    const arrive = async (prefix: string, count: number, end?: "end") => {
      found += count;
      const repositories = Array.from({ length: count }, (_, at) => ({
        ...remote(`${prefix}-${String(at).padStart(3, "0")}`, {
          projectKey: prefix.toUpperCase(),
          projectName: `Project ${prefix}`,
        }),
        selected: true,
      }));
      await app.store.discoveries.savePage(job, { repositories, cursor: "x", total: 150 });
      if (end) await app.store.discoveries.finish(job, { found, reported: found });
      app.clock.advance(2000);
    };
    await withSignedIn(app, async (browser) => {
      await browser.page.goto(`${browser.url}/servers/${id}/selection`);
      await browser.page.evaluate("window.stillHere = true");
      await run({ ...browser, arrive });
      assert.equal(await browser.page.evaluate("window.stillHere"), true, "the page reloaded");
      assert.deepEqual(browser.complaints.filter((one) => !/status of 422/.test(one)), []);
    });
  });
}

const matches = (page: Page) => page.locator("#matches");
const shows = (page: Page, text: string) => page.getByText(text, { exact: true }).first().waitFor();
const focused = (page: Page) => page.evaluate<string>("document.activeElement.id");
const boxes = (page: Page) => page.locator("#rows input[name=picked]");

/** The list is complete and the page has stopped asking. */
const atRest = (page: Page) =>
  waitFor(
    "the end of the poll",
    async () => await page.locator("#selection-live").getAttribute("hx-trigger") === null,
  );

choosingTest(
  "the preview follows what is typed, also when more repositories arrive",
  async ({ page, arrive }) => {
    await arrive("r", 100);
    await shows(page, "acme/r-000");
    await page.getByLabel("Custom: select").check();
    await page.locator("#patterns").fill("r-00*");
    await matches(page).getByText("matches 10 of 100").waitFor();
    await page.locator("#patterns").fill("r-00* s-*");
    await arrive("s", 50, "end");
    await atRest(page);
    await matches(page).getByText("matches 60 of 150").waitFor();
    assert.equal(await page.locator("#patterns").inputValue(), "r-00* s-*");
    assert.equal(await page.getByLabel("Custom: select").isChecked(), true);
  },
);

choosingTest(
  "range, next page and project filter come with the list and leave words, choice and focus alone",
  async ({ page, arrive }) => {
    await arrive("m", 3);
    await shows(page, "acme/m-000");
    await shows(page, "1–3 of 3");
    assert.equal(await page.getByRole("button", { name: "Next page" }).count(), 0);
    await page.locator("#project").selectOption({ label: "Project m" });
    await page.locator("#choose-q").pressSequentially("half");
    await arrive("a", 100);
    await shows(page, "1–100 of 103");
    await page.getByRole("button", { name: "Next page" }).waitFor();
    assert.deepEqual(await page.locator("#project option").allInnerTexts(), [
      "All projects",
      "Project a",
      "Project m",
    ]);
    assert.equal(await page.locator("#project").inputValue(), "M");
    assert.equal(await page.locator("#choose-q").inputValue(), "half");
    assert.equal(await focused(page), "choose-q");
    await arrive("b", 47, "end");
    await atRest(page);
    await shows(page, "1–100 of 150");
  },
);

choosingTest(
  "a box that is ticked or focused stays so when rows arrive",
  async ({ page, arrive }) => {
    await arrive("m", 3);
    await shows(page, "acme/m-000");
    await boxes(page).nth(1).check();
    await boxes(page).nth(2).focus();
    const [ticked, other] = [
      await boxes(page).nth(1).getAttribute("id"),
      await boxes(page).nth(2).getAttribute("id"),
    ];
    await arrive("a", 20, "end");
    await shows(page, "acme/a-000");
    await atRest(page);
    assert.equal(await page.locator(`#${ticked}`).isChecked(), true);
    assert.equal(await boxes(page).first().isChecked(), false);
    assert.equal(await focused(page), other);
  },
);

choosingTest(
  "paging and searching by keyboard keep the focus where it is",
  async ({ page, arrive }) => {
    await arrive("r", 150, "end");
    await atRest(page);
    await page.locator("#patterns").fill("s-*");
    await page.getByRole("button", { name: "Next page" }).press("Enter");
    await shows(page, "101–150 of 150");
    // The last page has no next one.
    await waitFor("the focus", async () => await focused(page) === "previous-page");
    await page.keyboard.press("Enter");
    await shows(page, "1–100 of 150");
    await waitFor("the focus", async () => await focused(page) === "next-page");
    await page.locator("#choose-q").fill("r-14");
    await page.locator("#choose-q").press("Enter");
    await shows(page, "1–10 of 10");
    assert.equal(await focused(page), "choose-q");
    await page.getByRole("button", { name: "Tick all that fit", exact: true }).press("Enter");
    await page.getByText("10 repositories ticked").waitFor();
    assert.equal(await boxes(page).first().isChecked(), true);
    assert.equal(await focused(page), "tick-all");
    await page.getByRole("button", { name: "Untick all that fit" }).press("Enter");
    await waitFor("no ticks", async () => !await boxes(page).first().isChecked());
    assert.equal(await page.locator("#patterns").inputValue(), "s-*");
  },
);
