/** The pages of the stand-in's site: a line of a file at a commit, and a commit. */

import type { Context, Hono } from "hono";
import type { FakeState } from "@/lib/codeserver/bitbucket_cloud/fake_state.ts";

/** A longer file is cut, so that a page stays a page. */
const MOST_BYTES = 1024 * 1024;

/** Mounts pages at the addresses that permalinks lead to; nobody has to sign in, as on loopback. */
export function siteRoutes(app: Hono, state: FakeState): void {
  app.get("/:workspace/:repository/src/:commit{[0-9a-f]{7,64}}/:path{.+}", async (c) => {
    const { commit, path } = c.req.param();
    const text = await show(c, state, ["cat-file", "blob", `${commit}:${path}`]);
    if (text === null) return c.notFound();
    const lines = text.split("\n").map((line, index) =>
      `<li id="lines-${index + 1}"><code>${escaped(line)}</code></li>`
    );
    return c.html(page(`${path} at ${commit.slice(0, 12)}`, `<ol>${lines.join("")}</ol>`));
  });

  app.get("/:workspace/:repository/commits/:commit{[0-9a-f]{7,64}}", async (c) => {
    const { commit } = c.req.param();
    const text = await show(c, state, ["show", "--stat", "--format=fuller", commit, "--"]);
    if (text === null) return c.notFound();
    return c.html(page(`Commit ${commit.slice(0, 12)}`, `<pre>${escaped(text)}</pre>`));
  });

  app.get("/:workspace/:repository", async (c) => {
    const text = await show(c, state, ["log", "--oneline", "-50"]);
    if (text === null) return c.notFound();
    return c.html(page(c.req.param("repository"), `<pre>${escaped(text)}</pre>`));
  });
}

async function show(c: Context, state: FakeState, args: string[]): Promise<string | null> {
  const found = state.repository(c.req.param("workspace") ?? "", c.req.param("repository") ?? "");
  if (!found?.repository.git) return null;
  const { success, stdout } = await new Deno.Command("git", {
    args: ["-c", "safe.directory=*", "-C", found.repository.git, ...args],
    stdin: "null",
    stderr: "null",
  }).output();
  return success ? new TextDecoder().decode(stdout.subarray(0, MOST_BYTES)) : null;
}

function page(title: string, body: string): string {
  const style =
    "body{font:14px system-ui;margin:2rem}li:target{background:#ff9}code{white-space:pre}";
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${
    escaped(title)
  }</title>` +
    `<style>${style}</style></head><body><h1>${escaped(title)}</h1>${body}</body></html>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
