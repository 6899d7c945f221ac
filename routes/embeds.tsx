/** `/embed`: states and counts for other portals, by an embed key; its own headers, no session. */

import { type Context, Hono } from "hono";
import { serveStatic } from "hono/deno";
import { HTTPException } from "hono/http-exception";
import { type BadgeView, EmbedBadge } from "@/components/embed_badge.tsx";
import {
  EmbedFragment,
  EmbedPage,
  EmbedRefusal,
  EmbedRefusalPage,
  type EmbedView,
} from "@/components/embed_status.tsx";
import { formatCount, isoTime } from "@/lib/format.ts";
import { sha256Hex } from "@/lib/seal.ts";
import { SEVERITY_ORDER, SEVERITY_WORDS } from "@/lib/status.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { createEmbedFacts, type Embedded, type EmbedKind, REFUSALS } from "./embed_facts.ts";

type Form = "page" | "fragment" | "badge" | "json";

const TYPES: Record<Form, string> = {
  page: "text/html; charset=UTF-8",
  fragment: "text/html; charset=UTF-8",
  badge: "image/svg+xml",
  json: "application/json",
};

/**
 * A badge is shown by thousands, so caches may answer for a minute; after that, and for the rest
 * at once, an unchanged answer is a 304.
 */
const CACHE: Record<Form, string> = {
  page: "private, no-cache",
  fragment: "private, no-cache",
  badge: "public, max-age=60, s-maxage=60",
  json: "public, max-age=5, s-maxage=5",
};

/** Beside the tags what htmx 2 looks for: the browser complains of each that it may not see. */
const EXPOSED_HEADERS = [
  "ETag",
  "HX-PTag",
  "HX-Location",
  "HX-Push",
  "HX-Push-Url",
  "HX-Redirect",
  "HX-Refresh",
  "HX-Replace-Url",
  "HX-Reselect",
  "HX-Reswap",
  "HX-Retarget",
  "HX-Trigger",
  "HX-Trigger-After-Settle",
  "HX-Trigger-After-Swap",
].join(", ");

/** What other portals show: pages for frames, fragments, badges and JSON. */
export function embedRoutes(deps: RouteDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>().basePath("/embed");
  const facts = createEmbedFacts(deps);
  const ownOrigin = new URL(deps.publicUrl).origin;

  app.use(async (c, next) => {
    await next();
    c.header("Cross-Origin-Resource-Policy", "cross-origin");
    c.header("X-Content-Type-Options", "nosniff");
    // The address carries the key: it is not to be told to where links lead.
    c.header("Referrer-Policy", "no-referrer");
    if (deps.publicUrl.startsWith("https:")) {
      c.header("Strict-Transport-Security", "max-age=31536000");
    }
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
  app.all("*", () => {
    throw new HTTPException(404, { message: "There is nothing to embed at this address." });
  });

  async function show(c: Context<AppEnv>, kind: EmbedKind, form: Form): Promise<Response> {
    const id = c.req.param("id")!;
    const key = c.req.query("key") ?? "";
    const found = await facts(key, kind, id);
    framing(c, form, found);
    const origin = c.req.header("Origin");
    if (form === "fragment" || form === "json") c.header("Vary", "Origin");
    if (origin !== undefined && origin !== ownOrigin && form !== "badge") {
      if (!allows(found, origin)) {
        return refuse(c, form, 403, "This embed key is not for the page that asks.");
      }
      c.header("Access-Control-Allow-Origin", origin);
      c.header("Access-Control-Expose-Headers", EXPOSED_HEADERS);
    }
    if ("refusal" in found.result) {
      const { status, sentence } = REFUSALS[found.result.refusal];
      return refuse(c, form, status, sentence);
    }
    const { view } = found.result;
    if (!found.made.has(form)) {
      const path = kind === "server" ? "servers" : "repositories";
      const src = `${deps.publicUrl}/embed/${path}/${id}/fragment?key=${encodeURIComponent(key)}`;
      found.made.set(form, make(form, { ...view, src }));
    }
    const { body, tag } = await found.made.get(form)!;
    c.header("ETag", tag);
    c.header("Cache-Control", CACHE[form]);
    if (form === "fragment") c.header("HX-PTag", tag);
    const known = [c.req.header("If-None-Match")?.replace(/^W\//, ""), c.req.header("HX-PTag")];
    if (known.includes(tag)) return c.body(null, 304);
    return c.body(body, 200, { "Content-Type": TYPES[form] });
  }

  async function preflight(c: Context<AppEnv>, kind: EmbedKind): Promise<Response> {
    const origin = c.req.header("Origin") ?? "";
    const found = await facts(c.req.query("key") ?? "", kind, c.req.param("id")!);
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

  /** Framed by the key's origins and our own preview; an address without a key tells nothing. */
  function framing(c: Context<AppEnv>, form: Form, found: Embedded): void {
    const ancestors = form !== "page"
      ? "'none'"
      : found.key === null
      ? "*"
      : ["'self'", ...found.key.origins].join(" ");
    c.header(
      "Content-Security-Policy",
      form === "page"
        ? `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; ` +
          `base-uri 'none'; form-action 'none'; frame-ancestors ${ancestors}`
        // Opened by itself an SVG is a document: it may run and load nothing.
        : `default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors ${ancestors}`,
    );
  }

  return app as Hono<AppEnv>;
}

function allows(found: Embedded, origin: string): boolean {
  return found.key !== null && found.key.origins.includes(origin);
}

async function make(form: Form, view: EmbedView): Promise<{ body: string; tag: string }> {
  const body = await render(form, view);
  return { body, tag: `"${(await sha256Hex(body)).slice(0, 20)}"` };
}

async function render(form: Form, view: EmbedView): Promise<string> {
  switch (form) {
    case "page":
      return String(await EmbedPage({ view }));
    case "fragment":
      return String(await EmbedFragment({ view }));
    case "badge":
      return await badge(badgeOf(view));
    case "json":
      return JSON.stringify({
        kind: view.kind,
        id: view.id,
        name: view.name,
        state: view.words.word,
        sentence: view.words.sentence,
        detail: view.detail,
        progress: view.progress,
        findings: view.counts,
        repositories: view.states &&
          Object.fromEntries(view.states.map(({ word, count }) => [word, count])),
        lastScan: view.lastScanAt === null ? null : isoTime(view.lastScanAt),
        url: view.href,
      });
  }
}

/** What is worst comes first: a badge that is green beside critical findings would be a lie. */
function badgeOf({ counts, words }: EmbedView): BadgeView {
  const worst = SEVERITY_ORDER.filter((severity) => (counts?.[severity] ?? 0) > 0);
  if (counts === null || worst[0] === undefined) {
    return { label: "Sluice", message: words.word, tone: words.tone };
  }
  const found = worst.slice(0, 2)
    .map((severity) => `${formatCount(counts[severity])} ${severity}`).join(", ");
  const settled = ["active", "findings"].includes(words.word);
  return {
    label: "Sluice",
    message: settled ? found : `${words.word}: ${found}`,
    tone: settled ? SEVERITY_WORDS[worst[0]].tone : words.tone,
  };
}

async function badge(view: BadgeView): Promise<string> {
  return String(await EmbedBadge({ badge: view }));
}

/** Says why in the form that was asked for; kept by no cache, so that a mended key works at once. */
async function refuse(
  c: Context<AppEnv>,
  form: Form,
  status: 401 | 403 | 404,
  sentence: string,
): Promise<Response> {
  c.header("Cache-Control", "no-store");
  const body = form === "json"
    ? JSON.stringify({ error: sentence })
    : form === "badge"
    ? await badge({ label: "Sluice", message: sentence.replace(/\.$/, ""), tone: "muted" })
    : form === "page"
    ? String(await EmbedRefusalPage({ sentence }))
    : String(await EmbedRefusal({ sentence }));
  return c.body(body, status, { "Content-Type": TYPES[form] });
}
