/** Embeds in pages of a foreign site: allowed and refused origins, live to the end, and revoked. */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { type App, freePort, startApp } from "@/e2e/harness/app.ts";
import { accessibilityProblems, withBrowser } from "@/e2e/harness/browser.ts";
import { readRows } from "@/e2e/harness/database.ts";
import { signIn } from "@/e2e/harness/flow.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { createGate } from "@/e2e/harness/gate.ts";
import { plant } from "@/e2e/harness/plant.ts";
import { createVisitor } from "@/e2e/harness/visitor.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { connect, openWorkspace, type Workspace } from "@/e2e/harness/workspace.ts";
import { ROOT } from "@/tools/files.ts";

/** A portal on another site than the app's 127.0.0.1, with pages made of snippets, and htmx. */
function openPortal(): AsyncDisposable & { origin: string; pages: Map<string, string> } {
  const pages = new Map<string, string>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/htmx.min.js") {
        const script = await Deno.readFile(`${ROOT}static/htmx.min.js`);
        return new Response(script, { headers: { "content-type": "text/javascript" } });
      }
      return new Response(
        `<!doctype html><html lang="en"><head><title>Portal</title>
         <link rel="icon" href="data:,"></head><body>${pages.get(pathname) ?? ""}</body></html>`,
        { headers: { "content-type": "text/html; charset=utf-8" } },
      );
    },
  );
  return {
    origin: `http://localhost:${server.addr.port}`,
    pages,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

interface Scene {
  app: App;
  workspace: Workspace;
  /** The path of the repository's embed. */
  path: string;
  /** Lets the scan end. */
  finish(): void;
  /** Makes a key by the settings' form; gives it with the page that shows it. */
  makeKey(origins: string): Promise<{ key: string; html: string }>;
  revokeAll(): Promise<void>;
}

/** The app in the middle of its only scan. */
function withScene(use: (scene: Scene) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const dataDir = `${folder}/data`;
    await Deno.mkdir(dataDir);
    const planted = await plant(folder, 1);
    await using workspace = openWorkspace({ repositories: planted.repositories });
    const gate = createGate();
    workspace.onRequest = ({ method, path }) =>
      method === "POST" && path.endsWith("upload-pack") ? gate.pass() : undefined;
    await connect(dataDir, workspace);
    const port = String(freePort());
    const env = { ...workspace.env, PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` };
    const app = await startApp({ dataDir, env });
    try {
      await gate.arrived;
      const [row] = readRows(dataDir, "SELECT id FROM repositories");
      await use({
        app,
        workspace,
        path: `/embed/repositories/${row!.id}`,
        finish: gate.open,
        async makeKey(origins) {
          const admin = await signIn(app, workspace);
          await admin.open("/settings/embed-keys");
          const { html } = await admin.submit({ name: "portal", origins });
          return { key: /sluice_embed_[0-9A-Za-z]{38}/.exec(html)![0], html };
        },
        async revokeAll() {
          const admin = await signIn(app, workspace);
          await admin.open("/settings/embed-keys");
          await admin.submit({}, { button: "Revoke" });
        },
      });
    } catch (error) {
      throw new Error(`${error}\n${app.log()}`, { cause: error });
    } finally {
      gate.open();
      await app.stop();
    }
  });
}

/** The text to copy under a label of the key's page. */
function snippetOf(html: string, id: string): string {
  const text = new RegExp(`<textarea id="${id}"[^>]*>([^<]*)</textarea>`).exec(html)?.[1];
  assert.ok(text, `no snippet ${id}`);
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}

function frameText(page: Page): Promise<string> {
  return page.frameLocator("iframe").locator("body").innerText();
}

Deno.test("the snippets as copied show a scan to its end in a portal of an allowed origin", () =>
  withScene(async ({ app, workspace, finish, makeKey, path }) => {
    await using portal = openPortal();
    const { key } = await makeKey(portal.origin);
    const admin = await signIn(app, workspace);
    await admin.open("/settings/embed-keys");
    const made = await admin.submit({
      name: "one",
      origins: portal.origin,
      scope: "chosen",
      repositories: "acme/r-000",
    });
    const script = `<script src="/htmx.min.js"></script>`;
    portal.pages.set("/frame", snippetOf(made.html, "snippet-iframe"));
    portal.pages.set("/htmx", snippetOf(made.html, "snippet-htmx") + script);
    portal.pages.set("/fetch", snippetOf(made.html, "snippet-fetch"));
    portal.pages.set("/badge", snippetOf(made.html, "snippet-image"));
    portal.pages.set("/json", "");
    await withBrowser(async ({ page: frame, context, complaints }) => {
      await frame.goto(`${portal.origin}/frame`);
      await frame.frameLocator("iframe").getByText("scanning").waitFor();
      const htmx = await context.newPage();
      await htmx.goto(`${portal.origin}/htmx`);
      const fragment = htmx.locator(".sluice-embed");
      await fragment.getByText("scanning").waitFor();
      assert.equal(
        await fragment.evaluate((element) => getComputedStyle(element).borderRadius),
        "6px",
      );
      const polls: string[] = [];
      htmx.on("request", (request) => polls.push(request.method()));

      finish();
      // Pages in the background do not poll: each is brought to the front and seen to change.
      await fragment.getByText("findings").waitFor();
      assert.match(await fragment.innerText(), /r-000.*findings.*2 critical/s);
      assert.ok(polls.length > 0);
      await frame.bringToFront();
      await frame.frameLocator("iframe").getByText("findings").waitFor();
      assert.match(await frameText(frame), /2 critical/);
      // Over for now: it asks seldom, so that the next scan shows by itself.
      assert.equal(await fragment.getAttribute("hx-trigger"), "every 300s");

      const fetched = await context.newPage();
      await fetched.goto(`${portal.origin}/fetch`);
      await fetched.locator(".sluice-embed").getByText("findings").waitFor();

      const badge = await context.newPage();
      await badge.goto(`${portal.origin}/badge`);
      const width = await badge.locator("img").evaluate((image) =>
        (image as HTMLImageElement).decode().then(() => (image as HTMLImageElement).naturalWidth)
      );
      assert.ok(width > 60, String(width));

      await badge.goto(`${portal.origin}/json`);
      const status = await badge.evaluate(
        (address) => fetch(address).then((answer) => answer.json()),
        `${app.url}${path}/status.json?key=${key}`,
      );
      assert.equal(status.findings.critical, 2);

      // Nothing of it needs a cookie, so blocking those of third parties changes nothing.
      assert.deepEqual(await context.cookies(), []);
      assert.deepEqual(complaints, []);
    });
  }));

Deno.test("a portal of another origin gets a badge and no more", () =>
  withScene(async ({ app, finish, makeKey, path }) => {
    await using portal = openPortal();
    const { key } = await makeKey("https://portal.example.com");
    finish();
    const at = (form: string) => `${app.url}${path}${form}?key=${key}`;
    portal.pages.set("/frame", `<iframe src="${at("")}"></iframe>`);
    portal.pages.set(
      "/htmx",
      `<meta name="htmx-config" content='{"mode":"cors"}'>
       <div id="here" hx-get="${at("/fragment")}" hx-trigger="load">nothing</div>
       <script src="/htmx.min.js"></script>`,
    );
    portal.pages.set("/badge", `<img src="${at("/badge.svg")}" alt="">`);
    await withBrowser(async ({ page, complaints }) => {
      await page.goto(`${portal.origin}/frame`);
      await waitFor("the refusal", () => complaints.some((one) => /frame-ancestors/.test(one)));
      assert.ok(page.frames().every((frame) => !frame.url().startsWith(app.url)));
      complaints.length = 0;
      await page.goto(`${portal.origin}/htmx`);
      await waitFor("the refusal", () => complaints.some((one) => /CORS policy/.test(one)));
      assert.equal(await page.locator("#here").innerText(), "nothing");
      for (const form of ["/fragment", "/status.json", ""]) {
        const outcome = await page.evaluate(
          (address) => fetch(address).then((answer) => answer.text(), () => "refused"),
          at(form),
        );
        assert.equal(outcome, "refused");
      }
      await page.goto(`${portal.origin}/badge`);
      await page.locator("img").evaluate((image) => (image as HTMLImageElement).decode());
    });
  }));

Deno.test("a revoked key says so in the frame, in the fragment and in the badge", () =>
  withScene(async ({ app, makeKey, path, revokeAll, finish }) => {
    await using portal = openPortal();
    const { key } = await makeKey(portal.origin);
    const at = (form: string) => `${app.url}${path}${form}?key=${key}`;
    portal.pages.set("/frame", `<iframe src="${at("")}"></iframe>`);
    portal.pages.set(
      "/htmx",
      `<meta name="htmx-config" content='{"mode":"cors"}'>
       <div hx-get="${at("/fragment")}" hx-trigger="load" hx-swap="outerHTML"></div>
       <script src="/htmx.min.js"></script>`,
    );
    await withBrowser(async ({ page, context }) => {
      const other = await context.newPage();
      await other.goto(`${portal.origin}/htmx`);
      await other.locator(".sluice-embed").getByText("scanning").waitFor();
      await page.bringToFront();
      await page.goto(`${portal.origin}/frame`);
      await page.frameLocator("iframe").getByText("scanning").waitFor();
      await revokeAll();
      // Neither page is loaded again: the next poll of each learns it, and is the last.
      await page.frameLocator("iframe").getByText("was revoked").waitFor();
      await other.bringToFront();
      await other.getByText("was revoked").waitFor();
      assert.equal(await other.locator("[hx-get]").count(), 0);
      await page.goto(at("/badge.svg"));
      assert.match(await page.locator("svg").getAttribute("aria-label") ?? "", /was revoked/);
      finish();
    });
  }));

Deno.test("the frame's page, the key's page and the API's page hold to WCAG and their policy", () =>
  withScene(async ({ app, workspace, makeKey, path, finish }) => {
    const { key } = await makeKey("");
    await withBrowser(async ({ page, complaints }) => {
      for (const _ of ["scanning", "findings"]) {
        await page.goto(`${app.url}${path}?key=${key}`);
        assert.deepEqual(await accessibilityProblems(page), []);
        finish();
        await waitFor("the end", async () => {
          const answer = await fetch(`${app.url}${path}/status.json?key=${key}`);
          return (await answer.json()).state === "findings";
        });
      }
      await page.goto(`${app.url}/api/v1/docs`);
      assert.deepEqual(await accessibilityProblems(page), []);
      await page.goto(`${app.url}/sign-in`);
      await page.locator("[name=email]").fill(workspace.admin.email);
      await page.locator("[name=password]").fill(workspace.admin.password);
      await page.locator("[name=password]").press("Enter");
      await page.waitForURL(/repositories|servers/);
      for (const place of ["api-keys", "embed-keys", "audit"]) {
        await page.goto(`${app.url}/settings/${place}`);
        assert.deepEqual(await accessibilityProblems(page), []);
      }
      await page.goto(`${app.url}/settings/embed-keys`);
      await page.locator("#name").fill("preview");
      await page.getByRole("button", { name: "Make the key" }).click();
      await page.frameLocator("iframe").getByText("active").first().waitFor();
      assert.deepEqual(await accessibilityProblems(page), []);
      assert.deepEqual(complaints, []);
    });
    const stranger = createVisitor(app.url);
    assert.match((await stranger.open("/settings/embed-keys")).path, /^\/sign-in/);
  }));
