/** The main flow in a real browser: set-up, wizard, live status to the end, a finding; also without scripts. */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { type App, startApp } from "@/e2e/harness/app.ts";
import { accessibilityProblems, overflow, withBrowser } from "@/e2e/harness/browser.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { createGate } from "@/e2e/harness/gate.ts";
import { plant } from "@/e2e/harness/plant.ts";
import { git } from "@/e2e/harness/repositories.ts";
import { password, searchText } from "@/e2e/harness/secrets.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { openWorkspace, WORKSPACE, type Workspace } from "@/e2e/harness/workspace.ts";

const COUNT = 5;

/** The pages that run scripts. */
const scripts = new WeakSet<Page>();

for (const javaScript of [true, false]) {
  const how = javaScript ? "without reloading" : "without JavaScript";
  Deno.test(`a workspace is connected, watched to the end and a finding opened ${how}`, () =>
    withFolder(async (folder) => {
      const planted = await plant(folder, COUNT);
      await using workspace = openWorkspace({
        repositories: [...planted.repositories, { name: "empty" }],
      });
      const { ADMIN_EMAIL: _, ADMIN_PASSWORD: __, ...env } = workspace.env;
      const app = await startApp({ dataDir: `${folder}/data`, env });
      const gate = createGate();
      try {
        await withBrowser(async ({ page, complaints }) => {
          if (javaScript) scripts.add(page);
          await setUp(page, app);
          // The packs wait, so that the page can be seen while it is moving.
          workspace.onRequest = ({ method, path }) =>
            method === "POST" && path.endsWith("upload-pack") && workspace.fetches().length > 4
              ? gate.pass()
              : undefined;
          await goThroughWizard(page, workspace);
          assert.match(page.url(), /\/repositories\?server=/);
          if (javaScript) await page.evaluate("window.stillHere = true");
          await page.locator("tbody").getByText("scanning", { exact: true }).first().waitFor();
          gate.open();
          await watchToTheEnd(page, javaScript);
          const html = await openFinding(page, `${folder}/r-000.git`);
          assert.deepEqual(searchText(html, [...planted.secrets, workspace.token]), []);
          assert.deepEqual(complaints.filter((one) => !/status of 422/.test(one)), []);
        }, { javaScript });
      } catch (error) {
        throw new Error(`${error}\n${app.log()}`, { cause: error });
      } finally {
        gate.open();
        await app.stop();
      }
      assert.deepEqual(searchText(app.log(), [...planted.secrets, workspace.token]), []);
    }));
}

async function setUp(page: Page, app: App): Promise<void> {
  const secret = password();
  await page.goto(app.setupUrl!);
  await inspect(page);
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Password", { exact: true }).fill(secret);
  await page.getByLabel("Password again").fill(secret + "x");
  await page.getByRole("button", { name: "Create the admin" }).click();
  await errorBeside(page, "repeat", /differ/);
  await page.getByLabel("Password", { exact: true }).fill(secret);
  await page.getByLabel("Password again").fill(secret);
  await page.getByRole("button", { name: "Create the admin" }).click();
  await page.waitForURL(/\/servers$/);
  await inspect(page);

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(/\/sign-in/);
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Password").fill("wrong-" + secret);
  await page.getByRole("button", { name: "Sign in" }).click();
  await errorBeside(page, "password", /do not belong together/);
  await inspect(page);
  await page.getByLabel("Password").fill(secret);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1, name: "Code servers" }).waitFor();
}

async function goThroughWizard(page: Page, workspace: Workspace): Promise<void> {
  await page.getByRole("main").getByRole("link", { name: /Connect|Add/ }).first().click();
  await atStep(page, "What do you want to connect?");
  await inspect(page);
  await page.getByLabel("Bitbucket Cloud").check();
  await page.getByRole("button", { name: "Next: workspace" }).click();

  await atStep(page, "Which workspace?");
  await page.getByLabel("Workspace ID").fill("not a workspace!");
  await page.getByRole("button", { name: "Next: token" }).click();
  await errorBeside(page, "workspaces", /workspace/i);
  await inspect(page);
  await page.getByLabel("Workspace ID").fill(`https://bitbucket.org/${WORKSPACE}/r-001/src/main/`);
  await page.getByRole("button", { name: "Next: token" }).click();

  await atStep(page, "How may Sluice read it?");
  await inspect(page);
  const box = page.getByLabel("username:token");
  const check = page.getByRole("button", { name: "Next: check the token" });
  await box.fill("ada@example.com:" + "ATB" + "B" + "x".repeat(32));
  await check.click();
  await errorBeside(page, "token", /app password/i);
  await box.fill("ada:" + workspace.token);
  await check.click();
  await errorBeside(page, "token", /e-mail/i);
  await inspect(page);
  assert.equal(await box.inputValue(), "", "a refused token is not sent back");

  await box.fill("ada@example.com:" + "ATA" + "TT3x" + "y".repeat(180));
  await check.click();
  await page.locator(".checks").getByText(/refuses this e-mail and token/).waitFor();
  await page.getByRole("button", { name: "Check again" }).waitFor();
  await inspect(page);

  await box.fill(workspace.pasted);
  await page.getByRole("button", { name: "Check again" }).click();
  await page.getByText("All checks passed").waitFor();
  await inspect(page);
  await page.reload();
  await page.getByText("All checks passed").waitFor();
  await page.getByRole("button", { name: "Next: repositories" }).click();

  await atStep(page, "Which repositories?");
  await page.getByText(`${WORKSPACE}/r-003`).first().waitFor();
  await inspect(page);
  await page.getByLabel("All repositories, including ones added later").check();
  await page.getByRole("button", { name: "Next: save" }).click();
  await atStep(page, "Ready to start");
  await inspect(page);
  await page.getByRole("button", { name: "Save and start scanning" }).click();
  await page.waitForURL(/\/repositories/);
}

/** Every row comes to its end by itself; with scripts, by one poll for the page and no reload. */
async function watchToTheEnd(page: Page, javaScript: boolean): Promise<void> {
  await waitFor(`${COUNT} rows with findings`, async () => {
    // Without scripts the page reloads itself, perhaps just now.
    const rows = await page.locator("tbody tr").allInnerTexts().catch(() => []);
    return rows.filter((text) => /findings/i.test(text)).length >= COUNT &&
      rows.some((text) => /skipped/i.test(text));
  });
  if (!javaScript) return;
  assert.equal(await page.evaluate("window.stillHere"), true, "the page was not reloaded");
  let polls = 0;
  await page.waitForTimeout(3_000);
  page.on("request", (request) => request.url().includes("/refresh") && polls++);
  await page.waitForTimeout(5_000);
  assert.equal(polls, 0, "polling ends with the work");
}

async function openFinding(page: Page, dir: string): Promise<string> {
  await inspect(page);
  await page.getByRole("link", { name: /r-000/ }).first().click();
  await page.getByRole("heading", { level: 1, name: /r-000/ }).waitFor();
  await inspect(page);
  await page.goto(new URL("/findings?q=r-000", page.url()).href);
  await inspect(page);
  await page.goto(new URL("/findings", page.url()).href);
  const row = page.getByRole("row").filter({ hasText: "r-000" }).filter({ hasText: "src/app.ts" });
  await row.getByRole("link").first().click();
  await page.getByRole("heading", { level: 1, name: /GitHub/ }).waitFor();
  await inspect(page);
  const html = await page.content();
  const commit = (await git(["-C", dir, "rev-parse", "main"])).trim();
  const link = await page.locator(`a[href*="${commit}"][href*="lines-2"]`).first().getAttribute(
    "href",
  );
  assert.match(link!, new RegExp(`/${WORKSPACE}/r-000/src/${commit}/src/app\\.ts#lines-2$`));
  return html;
}

async function atStep(page: Page, heading: string): Promise<void> {
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
}

/** The message stands beside its field, and the field says that it is wrong and by what words. */
async function errorBeside(page: Page, id: string, sentence: RegExp): Promise<void> {
  await page.locator(`#${id}-error`).waitFor();
  assert.match(await page.locator(`#${id}-error`).innerText(), sentence);
  const field = page.locator(`#${id}`);
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  assert.match(await field.getAttribute("aria-describedby") ?? "", new RegExp(`${id}-error`));
}

/** No accessibility problem in light and dark, and nothing wider than a phone. */
async function inspect(page: Page): Promise<void> {
  // Without scripts axe cannot run; the other test has shown it the same pages.
  if (!scripts.has(page)) return;
  assert.deepEqual(await accessibilityProblems(page), []);
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: 360, height: 800 });
  const tooWide = await overflow(page);
  await page.setViewportSize(size);
  assert.ok(tooWide <= 0, `${page.url()} is ${tooWide} px wider than 360`);
}
