/** A viewer in a real browser: no page shows a control that they may not use, and using it all the same is refused. */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { withSignedIn } from "@/e2e/harness/signed_in.ts";
import { addRepositories, claimed, COMPLETE, rowsOf, secret } from "@/lib/store/test_store.ts";
import { accessOf } from "@/routes/permissions.ts";
import { appTest, type TestApp } from "@/routes/test_app.ts";

/** Pages with something in them, of everything that can be looked at; what a viewer may not is told. */
async function pagesOf(app: TestApp): Promise<string[]> {
  const { serverId, ids } = await addRepositories(app.store, ["a", "b", "c"]);
  const job = await claimed(app.store, "scan");
  await app.store.scans.record(job, [secret("one"), secret("two")], "history");
  await app.store.scans.finish(job, COMPLETE);
  const failed = await claimed(app.store, "scan");
  await app.store.jobs.fail(failed, "not_found", "gone");
  const { rows } = await app.store.findings.list({}, { limit: 2 });
  const admin = (await app.store.users.findByEmail("admin@example.com"))!;
  await app.store.apiKeys.create({
    name: "ci",
    role: "viewer",
    createdBy: admin.email,
    ownerId: admin.id,
    expiresAt: null,
  });
  const embed = await app.store.embedKeys.create({
    name: "portal",
    serverIds: [],
    repositoryIds: [],
    origins: [],
    showCounts: true,
    createdBy: admin.email,
    expiresAt: null,
  });
  const real: Record<string, readonly string[]> = {
    "/servers/": [serverId],
    "/repositories/": Object.values(ids),
    "/findings/": rows.map(({ id }) => id),
    "/settings/embed-keys/": [embed.id],
  };
  const paths = new Set<string>();
  for (const { method, path } of app.routes) {
    if (method !== "GET" || path.includes("*") || /^\/(api|embed|static|sso)\b/.test(path)) {
      continue;
    }
    const [before, after] = path.split(/:\w+(?:\{[^}]*\})?/);
    for (const id of after === undefined ? [""] : real[before!] ?? []) {
      paths.add(before! + id + (after ?? ""));
    }
  }
  for (const path of ["/health", "/metrics"]) paths.delete(path);
  return [...paths].filter((path) => !/\.csv$|healthz|readyz|livez|^\/(ready|live)$/.test(path));
}

/** Every change that something on the page sends: by form, by one of its buttons, or by htmx. */
async function controlsOf(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const found: string[] = [];
    const pathOf = (address: string) => new URL(address, location.href).pathname;
    for (const form of document.querySelectorAll("form")) {
      if (form.getAttribute("method")?.toLowerCase() !== "post") continue;
      found.push(`POST ${pathOf(form.getAttribute("action") ?? location.href)}`);
    }
    for (const button of document.querySelectorAll("[formaction]")) {
      found.push(`POST ${pathOf(button.getAttribute("formaction")!)}`);
    }
    for (const method of ["post", "put", "patch", "delete"]) {
      for (const element of document.querySelectorAll(`[hx-${method}]`)) {
        found.push(`${method.toUpperCase()} ${pathOf(element.getAttribute(`hx-${method}`)!)}`);
      }
    }
    // What leads to a page of forms is a control too.
    for (const link of document.querySelectorAll("main a[href], header a[href]")) {
      const { origin, pathname } = new URL(link.getAttribute("href")!, location.href);
      if (origin === location.origin) found.push(`GET ${pathname}`);
    }
    return found;
  });
}

/** Without their token they open nothing to anybody. */
const isLink = (path: string) => ["/invitation", "/reset"].includes(path);

const isAdmins = (control: string) => {
  const [method, path] = control.split(" ");
  return accessOf(method!, path!) === "admin";
};

/** Every row of every table, but the count of API calls. */
async function everything({ store }: TestApp): Promise<Record<string, unknown[]>> {
  const tables = await rowsOf(
    store.db,
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'api_calls'",
  );
  const found: Record<string, unknown[]> = {};
  for (const { name } of tables) {
    found[String(name)] = await rowsOf(store.db, `SELECT * FROM "${name}"`);
  }
  return found;
}

appTest("no page shows a viewer what only an admin may do", async (app) => {
  const paths = await pagesOf(app);
  assert.ok(paths.length > 20, paths.join(" "));
  const seen = { admin: new Set<string>(), viewer: new Set<string>() };
  for (const role of ["admin", "viewer"] as const) {
    await withSignedIn(app, async ({ page, url }) => {
      const wrong: string[] = [];
      for (const path of paths) {
        const answer = await page.goto(url + path);
        const refused = role === "viewer" && accessOf("GET", path) === "admin";
        assert.equal(answer!.status() === 403, refused || path === "/setup" || isLink(path), path);
        for (const control of await controlsOf(page)) {
          seen[role].add(control);
          if (role === "viewer" && isAdmins(control)) wrong.push(`${path}: ${control}`);
        }
      }
      assert.deepEqual(wrong, []);
    }, { role });
  }
  // The admin's pages are full of them, so that the search finds what is there.
  const admins = [...seen.admin].filter(isAdmins);
  assert.ok(admins.length > 25, admins.join("\n"));
  assert.ok([...seen.viewer].includes("POST /account/password"));
});

appTest(
  "a viewer's browser is refused every change, by form, htmx and script alike",
  async (app) => {
    const routes = app.routes.filter(({ method, path }) =>
      ["POST", "PUT", "PATCH", "DELETE"].includes(method) && !path.includes("*")
    ).map(({ method, path }) => ({ method, path: path.replaceAll(/:\w+(\{[^}]*\})?/g, "none") }));
    const admins = routes.filter(({ method, path }) => accessOf(method, path) === "admin");
    assert.ok(admins.length > 25, `${admins.length}`);
    await withSignedIn(app, async ({ page, url }) => {
      await page.goto(`${url}/repositories`);
      const before = await everything(app);
      const wrong: string[] = [];
      const note = (way: string, { method, path }: typeof admins[number], status: number) => {
        if (status !== 403) wrong.push(`${method} ${path} by ${way}: ${status}`);
      };
      for (const route of admins) {
        const { method, path } = route;
        note(
          "script",
          route,
          await page.evaluate(async ({ method, path }) => {
            const headers = { "content-type": "application/json" };
            return (await fetch(path, { method, headers, body: "{}" })).status;
          }, route),
        );
        if (path.startsWith("/api/")) continue;
        const answered = page.waitForResponse((one) =>
          one.url() === url + path && one.request().method() === method
        );
        await page.evaluate(({ method, path }) => {
          const button = document.createElement("button");
          button.setAttribute(`hx-${method.toLowerCase()}`, path);
          document.querySelector("main")!.append(button);
          // deno-lint-ignore no-explicit-any
          (globalThis as any).htmx.process(button);
          button.click();
        }, route);
        const answer = await answered;
        assert.ok(answer.request().headers()["hx-request"], path);
        note("htmx", route, answer.status());
      }
      for (
        const route of admins.filter(({ method, path }) =>
          method === "POST" && !/^\/api/.test(path)
        )
      ) {
        const sent = page.waitForResponse((one) =>
          one.url() === url + route.path && one.request().method() === "POST"
        );
        await page.goto(`${url}/account`);
        await page.evaluate((path) => {
          const form = document.createElement("form");
          [form.method, form.action] = ["post", path];
          document.body.append(form);
          form.submit();
        }, route.path);
        const answer = await sent;
        await page.waitForURL(url + route.path);
        note("form", route, answer.status());
      }
      assert.deepEqual(wrong, []);
      assert.deepEqual(await everything(app), before);
    }, { role: "viewer" });
  },
);
