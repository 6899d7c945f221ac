/** The wizard's way for tests: its forms one after the other, and a list that arrives. */

import assert from "node:assert/strict";
import { claimed, remote } from "@/lib/store/test_store.ts";
import type { TestApp } from "./test_app.ts";

/** Composed, so that no scanner takes it for a real one. */
export const TOKEN = `ada@example.com:${"ATA" + "TT3x"}${"Q".repeat(40)}`;

/** Follows the form of one step; gives the address of the next. */
export async function send(
  app: TestApp,
  path: string,
  form: Record<string, string | string[]>,
): Promise<string> {
  const response = await app.ask(path, { form });
  assert.equal(response.status, 303, await response.text());
  return response.headers.get("Location")!;
}

/** A page that is there. */
export async function page(app: TestApp, path: string): Promise<string> {
  const response = await app.ask(path);
  assert.equal(response.status, 200);
  return await response.text();
}

/** Waits for the pre-flight, which goes on beside the requests. */
export async function settled(app: TestApp, path: string): Promise<string> {
  return await shows(app, path, (html) => !html.includes("Checking the token"));
}

/** Asks for a page until it shows what is awaited. */
export async function shows(
  app: TestApp,
  path: string,
  awaited: (html: string) => boolean,
): Promise<string> {
  for (let i = 0; i < 20_000; i++) {
    const html = await page(app, path);
    if (awaited(html)) return html;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("the page did not come to show what was awaited");
}

/** Through the steps up to the token's form; gives its address. */
export async function toTokenForm(app: TestApp, workspaces: string): Promise<string> {
  const workspace = await send(app, "/servers/new", { type: "bitbucket_cloud" });
  return await send(app, workspace, { workspaces });
}

/** Through the steps up to the token, whose checks are over; gives the draft's address. */
export async function toToken(app: TestApp, workspaces = "acme"): Promise<string> {
  const token = await toTokenForm(app, workspaces);
  assert.equal(await send(app, token, { token: TOKEN, expires: "" }), token);
  await settled(app, token);
  return token.replace(/\/token$/, "");
}

/** One page of the draft's discovery arrives. */
export async function discovered(app: TestApp, slugs: string[], end = true): Promise<void> {
  const job = await claimed(app.store, "discovery");
  await app.store.discoveries.savePage(job, {
    repositories: slugs.map((slug) => ({ ...remote(slug), selected: true })),
    cursor: "next",
    total: slugs.length,
  });
  if (end) await app.store.discoveries.finish(job, { found: slugs.length, reported: slugs.length });
}
