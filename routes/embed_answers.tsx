/** What an embed answers, made and packed once for all who ask between two writes. */

import { type BadgeView, EmbedBadge } from "@/components/embed_badge.tsx";
import { EmbedFragment, EmbedPage, type EmbedView } from "@/components/embed_status.tsx";
import { formatCount, isoTime } from "@/lib/format.ts";
import { sha256Hex } from "@/lib/seal.ts";
import { SEVERITY_ORDER, SEVERITY_WORDS } from "@/lib/status.ts";
import type { Embedded } from "./embed_facts.ts";
import { pack, takesPacked } from "./live.ts";
import { showSigns } from "./visible_signs.ts";

export type Form = "page" | "fragment" | "badge" | "json";

export const TYPES: Record<Form, string> = {
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

/** One form for those of one origin, complete but for which of its three answers fits the request. */
export interface Made {
  tag: string;
  plain: string;
  packed: Uint8Array<ArrayBuffer>;
  headers: [string, string][];
  packedHeaders: [string, string][];
  /** Without a body it can be given again and again. */
  unchanged: Response;
}

/** Makes a form; `origin` is that of a portal that may read it, or null where none asks. */
export async function makeForm(
  form: Form,
  view: EmbedView,
  found: Embedded,
  origin: string | null,
  overTls: boolean,
): Promise<Made> {
  const text = render(form, view);
  const plain = form === "json" ? text : showSigns(text);
  // Weak, since packed and plain are told by the same tag (RFC 9110, 8.8.1).
  const tag = `W/"${sha256Hex(plain).slice(0, 20)}"`;
  const headers: [string, string][] = [
    ...embedHeaders(overTls),
    ["Content-Security-Policy", framing(form, found)],
    ["ETag", tag],
    ["Cache-Control", CACHE[form]],
    ["Vary", readByPortals(form) ? "Origin, Accept-Encoding" : "Accept-Encoding"],
  ];
  if (form === "fragment") headers.push(["HX-PTag", tag]);
  if (origin !== null) {
    headers.push(["Access-Control-Allow-Origin", origin]);
    headers.push(["Access-Control-Expose-Headers", EXPOSED_HEADERS]);
  }
  const typed: [string, string][] = [...headers, ["Content-Type", TYPES[form]]];
  return {
    tag,
    plain,
    packed: await pack(plain),
    headers: typed,
    packedHeaders: [...typed, ["Content-Encoding", "gzip"]],
    unchanged: new Response(null, { status: 304, headers }),
  };
}

/** The answer to one request: nothing new, packed, or plain. */
export function answerWith(made: Made, request: Headers): Response {
  if (request.get("HX-PTag") === made.tag || knows(request.get("If-None-Match"), made.tag)) {
    return made.unchanged;
  }
  return takesPacked(request)
    ? new Response(made.packed, { headers: made.packedHeaders })
    : new Response(made.plain, { headers: made.headers });
}

/** Tags are compared weakly: with or without the mark of a weak one (RFC 9110, 8.8.3.2). */
function knows(held: string | null, tag: string): boolean {
  return held !== null && (held === tag || held === tag.slice(2));
}

/** What every embed's answer has besides what its form asks for. */
export function embedHeaders(overTls: boolean): [string, string][] {
  const headers: [string, string][] = [
    ["Cross-Origin-Resource-Policy", "cross-origin"],
    ["X-Content-Type-Options", "nosniff"],
    // The address carries the key: it is not to be told to where links lead.
    ["Referrer-Policy", "no-referrer"],
  ];
  if (overTls) headers.push(["Strict-Transport-Security", "max-age=31536000"]);
  return headers;
}

/** Forms whose answer depends on the origin that asks. */
export function readByPortals(form: Form): boolean {
  return form === "fragment" || form === "json";
}

/** Framed by the key's origins and our own preview; an address without a key tells nothing. */
export function framing(form: Form, found: Embedded): string {
  if (form !== "page") {
    // Opened by itself an SVG is a document: it may run and load nothing.
    return "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";
  }
  const ancestors = found.key === null ? "*" : ["'self'", ...found.key.origins].join(" ");
  return `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; ` +
    `base-uri 'none'; form-action 'none'; frame-ancestors ${ancestors}`;
}

function render(form: Form, view: EmbedView): string {
  switch (form) {
    case "page":
      return (<EmbedPage view={view} />).toString();
    case "fragment":
      return (<EmbedFragment view={view} />).toString();
    case "badge":
      return badge(badgeOf(view));
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

/** The picture alone. */
export function badge(view: BadgeView): string {
  return (<EmbedBadge badge={view} />).toString();
}
