/** `/embed`: states and counts for other portals, by an embed key; its own headers, no session. */

import { type Context, Hono } from "hono";
import { serveStatic } from "hono/deno";
import { EmbedRefusal, EmbedRefusalPage } from "@/components/embed_status.tsx";
import type { AppEnv, RouteDeps } from "./deps.ts";
import {
  answerWith,
  badge,
  embedHeaders,
  type Form,
  framing,
  makeForm,
  readByPortals,
  TYPES,
} from "./embed_answers.tsx";
import { type Embedded, type EmbedFacts, type EmbedKind, REFUSALS } from "./embed_facts.ts";
import { pathStart, type QuickAnswer } from "./quiet_polls.ts";

/** Every form of an embed, each opened by its key alone. */
export function embedRoutes(deps: RouteDeps, facts: EmbedFacts): Hono<AppEnv> {
  const app = new Hono<AppEnv>().basePath("/embed");
  const ownOrigin = new URL(deps.publicUrl).origin;
  const overTls = deps.publicUrl.startsWith("https:");
  const headers = embedHeaders(overTls);

  app.use(async (c, next) => {
    await next();
    for (const [name, value] of headers) c.header(name, value);
  });

  app.on(
    "GET",
    ["/embed.css", "/embed.js"],
    serveStatic({
      root: new URL("..", import.meta.url).pathname,
      rewriteRequestPath: (path) => path.replace("/embed/", "/static/"),
      onFound: (_path, c) => {
        c.header("Cache-Control", "public, max-age=600");
        c.header("Access-Control-Allow-Origin", "*");
      },
    }),
  );

  for (
    const [kind, path] of [["server", "/servers/:id"], ["repository", "/repositories/:id"]] as const
  ) {
    app.get(path, (c) => show(c, kind, "page"));
    app.get(`${path}/fragment`, (c) => show(c, kind, "fragment"));
    app.get(`${path}/badge.svg`, (c) => show(c, kind, "badge"));
    app.get(`${path}/status.json`, (c) => show(c, kind, "json"));
    for (const form of ["fragment", "status.json"]) {
      app.options(`${path}/${form}`, (c) => preflight(c, kind));
    }
  }
  app.all("*", (c) => {
    c.header(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'",
    );
    return refuse(c, "page", 404, "There is nothing to embed at this address.");
  });

  async function show(c: Context<AppEnv>, kind: EmbedKind, form: Form): Promise<Response> {
    const id = c.req.param("id")!;
    const key = c.req.query("key") ?? "";
    const found = await facts.find(key, kind, id);
    c.header("Content-Security-Policy", framing(form, found));
    if (readByPortals(form)) c.header("Vary", "Origin");
    const origin = portalOf(c.req.raw.headers, form, ownOrigin);
    if (origin !== null) {
      if (!allows(found, origin)) {
        return refuse(c, form, 403, "This embed key is not for the page that asks.");
      }
      c.header("Access-Control-Allow-Origin", origin);
    }
    if ("refusal" in found.result) {
      const { status, sentence } = REFUSALS[found.result.refusal];
      return refuse(c, form, status, sentence);
    }
    const { view } = found.result;
    const path = kind === "server" ? "servers" : "repositories";
    const src = `${deps.publicUrl}/embed/${path}/${id}/fragment?key=${encodeURIComponent(key)}`;
    const made = await found.made(
      madeName(form, origin),
      () => makeForm(form, { ...view, src }, found, origin, overTls),
    );
    return answerWith(made, c.req.raw.headers);
  }

  async function preflight(c: Context<AppEnv>, kind: EmbedKind): Promise<Response> {
    const origin = c.req.header("Origin") ?? "";
    const found = await facts.find(c.req.query("key") ?? "", kind, c.req.param("id")!);
    c.header("Vary", "Origin");
    if (origin !== ownOrigin && !allows(found, origin)) return c.body(null, 403);
    c.header("Access-Control-Allow-Origin", origin);
    c.header("Access-Control-Allow-Methods", "GET");
    // htmx 2, htmx 4 and its extensions each send headers of their own.
    c.header("Access-Control-Allow-Headers", "*");
    // After it a revoked origin is asked for again; each request is judged by itself in any case.
    c.header("Access-Control-Max-Age", "600");
    return c.body(null, 204);
  }

  return app as Hono<AppEnv>;
}

/** The addresses as our snippets write them; any other way to write one goes to the router. */
const ADDRESS =
  /^\/embed\/(servers|repositories)\/([0-9a-z]+)(?:\/(fragment|badge\.svg|status\.json))?\?key=([\w-]+)$/;

const FORMS: Record<string, Form> = {
  "fragment": "fragment",
  "badge.svg": "badge",
  "status.json": "json",
};

/** An embed that was made for others already, and whose key is as good as then. */
export function quietEmbeds(deps: RouteDeps, facts: EmbedFacts): QuickAnswer {
  const ownOrigin = new URL(deps.publicUrl).origin;
  return (request) => {
    const { url } = request;
    const start = pathStart(url);
    if (!url.startsWith("/embed/", start)) return null;
    const read = ADDRESS.exec(url.slice(start));
    if (read === null) return null;
    const [, path, id, name, key] = read as unknown as [string, string, string, string?, string?];
    const found = facts.recall(key!, path === "servers" ? "server" : "repository", id);
    if (found === null) return null;
    const form = name === undefined ? "page" : FORMS[name]!;
    const origin = portalOf(request.headers, form, ownOrigin);
    if (origin !== null && !allows(found, origin)) return null;
    const made = found.recall(madeName(form, origin));
    return made === null ? null : answerWith(made, request.headers);
  };
}

/** The origin of another site's script; null where our own page or no script asks. */
function portalOf(headers: Headers, form: Form, ownOrigin: string): string | null {
  if (form === "badge") return null;
  const origin = headers.get("Origin");
  return origin === ownOrigin ? null : origin;
}

function madeName(form: Form, origin: string | null): string {
  return origin === null ? form : `${form} ${origin}`;
}

function allows(found: Embedded, origin: string): boolean {
  return found.key !== null && found.key.origins.includes(origin);
}

/** Says why in the form that was asked for; kept by no cache, so that a mended key works at once. */
function refuse(
  c: Context<AppEnv>,
  form: Form,
  status: 401 | 403 | 404,
  sentence: string,
): Response {
  c.header("Cache-Control", "no-store");
  const body = form === "json"
    ? JSON.stringify({ error: sentence })
    : form === "badge"
    ? badge({ label: "Sluice", message: sentence.replace(/\.$/, ""), tone: "muted" })
    : form === "page"
    ? (<EmbedRefusalPage sentence={sentence} />).toString()
    : (<EmbedRefusal sentence={sentence} />).toString();
  return c.body(body, status, { "Content-Type": TYPES[form] });
}
