/** The wizard in a real browser: where the focus goes, what Back and Forward keep, what a poll leaves alone. */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { accessibilityProblems, overflow } from "@/e2e/harness/browser.ts";
import { type SignedIn, withSignedIn } from "@/e2e/harness/signed_in.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { appTest, type TestApp } from "@/routes/test_app.ts";
import { TOKEN } from "@/routes/test_wizard.ts";

/** A page at the wizard's first step. */
function wizardTest(
  name: string,
  run: (wizard: SignedIn) => Promise<void>,
): void {
  appTest(name, async (app) => {
    await withSignedIn(app, async (browser) => {
      await browser.page.goto(`${browser.url}/servers/new`);
      await run(browser);
    });
  });
}

/** The words that have the focus. */
const focused = (page: Page) =>
  page.evaluate<string>("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')");

/** The heading is there and has the focus. */
async function atStep(page: Page, heading: string, step: string): Promise<void> {
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
  await waitFor(`the focus at “${heading}”`, async () => await focused(page) === heading);
  assert.match(page.url(), new RegExp(`/${step}$`));
}

async function toToken(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Next: workspace" }).click();
  await atStep(page, "Which workspace?", "workspace");
  await page.getByLabel("Workspace ID").fill("acme");
  await page.getByRole("button", { name: "Next: token" }).click();
  await atStep(page, "How may Sluice read it?", "token");
}

/** Starts checks that wait until what it gives is called. */
async function startChecks(page: Page, app: TestApp): Promise<() => void> {
  const open = app.hold();
  await page.getByLabel("username:token").fill(TOKEN);
  await page.getByRole("button", { name: "Next: check the token" }).click();
  await page.getByText("Checking the token").waitFor();
  return open;
}

/** Waits for as many polls as are told, from now on. */
async function polls(page: Page, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const answer = await page.waitForResponse((one) => one.url().endsWith("/token/status"));
    await answer.finished();
  }
}

wizardTest(
  "each step's heading takes the focus, and Back and Forward keep what was entered",
  async ({ page, complaints }) => {
    await page.evaluate("window.stillHere = true");
    await toToken(page);
    assert.equal(await page.evaluate("window.stillHere"), true, "only the step was replaced");
    await page.getByLabel("Expires on").fill("2027-01-31");
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Which workspace?" }).waitFor();
    assert.equal(await page.getByLabel("Workspace ID").inputValue(), "acme");
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "What do you want" }).waitFor();
    assert.equal(await page.getByLabel("Bitbucket Cloud").isChecked(), true);
    await page.goForward();
    await page.getByRole("heading", { level: 1, name: "Which workspace?" }).waitFor();
    assert.equal(await page.getByLabel("Workspace ID").inputValue(), "acme");
    await page.goForward();
    await page.getByRole("heading", { level: 1, name: "How may Sluice" }).waitFor();
    assert.deepEqual(complaints, []);
  },
);

wizardTest(
  "polls of the running checks leave the focus on a link, and so does their end",
  async ({ page, app, complaints }) => {
    await toToken(page);
    const open = await startChecks(page, app);
    assert.equal(await focused(page), "How may Sluice read it?");
    for (const name of ["Findings", "Cancel"]) {
      await page.getByRole("link", { name, exact: true }).focus();
      await polls(page, 3);
      assert.equal(await focused(page), name);
    }
    open();
    await page.getByText("All checks passed").waitFor();
    await page.getByRole("button", { name: "Next: repositories" }).waitFor();
    assert.equal(await focused(page), "Cancel");
    assert.deepEqual(complaints, []);
  },
);

wizardTest(
  "checks that fail leave the focus where it is, too",
  async ({ page, app, complaints }) => {
    app.access.set("acme", {
      ok: false,
      checks: [{ id: "credential", state: "failed", sentence: "Bitbucket refuses this token." }],
    });
    await toToken(page);
    const open = await startChecks(page, app);
    await page.getByRole("link", { name: "Findings" }).focus();
    open();
    await page.locator("#token-error").waitFor();
    assert.equal(await focused(page), "Findings");
    assert.deepEqual(complaints, []);
  },
);

wizardTest(
  "running and passed checks show Back and Cancel, and are accessible on a phone, too",
  async ({ page, app }) => {
    await page.setViewportSize({ width: 360, height: 800 });
    await toToken(page);
    const open = await startChecks(page, app);
    const inspect = async () => {
      for (const name of ["Back", "Cancel"]) {
        assert.equal(await page.getByRole("link", { name, exact: true }).isVisible(), true, name);
      }
      assert.deepEqual(await accessibilityProblems(page), []);
      assert.ok(await overflow(page) <= 0);
    };
    await inspect();
    open();
    await page.getByText("All checks passed").waitFor();
    await inspect();
    await page.getByRole("link", { name: "Cancel" }).click();
    await page.getByRole("heading", { level: 1, name: /Leave/ }).waitFor();
  },
);

wizardTest(
  "a draft that another tab threw away while its checks ran sends the page to the list",
  async ({ page, app }) => {
    await toToken(page);
    const open = await startChecks(page, app);
    await app.ask(new URL(page.url()).pathname.replace(/token$/, "removal"), { form: {} });
    await page.getByText("This draft is over").waitFor();
    assert.match(page.url(), /\/servers$/);
    open();
  },
);
