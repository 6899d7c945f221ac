/** The fault matrix as data: every call to Bitbucket, and every way in which it can go wrong. */

/** What is being done when a call goes wrong. */
export type Scene = "preflight" | "discovery" | "webhook" | "scan" | "removal";

/** One call, known among all others by its method, address and body. */
export interface MatrixCall {
  id: string;
  scene: Scene;
  /** As a person would say it. */
  name: string;
  fits(request: { method: string; url: URL; body: string }): boolean;
  /** How the stand-in is set up for it. */
  setup?: "pages" | "large" | "scanned";
}

const rest = (method: string, path: RegExp, query = /^/) => (asked: { method: string; url: URL }) =>
  asked.method === method && path.test(asked.url.pathname) && query.test(asked.url.search);
const post = (body: RegExp) => (asked: { method: string; url: URL; body: string }) =>
  asked.method === "POST" && asked.url.pathname.endsWith("/git-upload-pack") &&
  body.test(asked.body);
const list = /^\/2\.0\/repositories\/demo$/;
const infoRefs = /\/info\/refs$/;

/** In the order in which they are made. */
export const CALLS: readonly MatrixCall[] = [
  {
    id: "preflight workspace",
    scene: "preflight",
    name: "the workspace",
    fits: rest("GET", /^\/2\.0\/workspaces\/demo$/),
  },
  {
    id: "preflight user",
    scene: "preflight",
    name: "the token's owner",
    fits: rest("GET", /^\/2\.0\/user$/),
  },
  {
    id: "preflight count",
    scene: "preflight",
    name: "the number of repositories",
    fits: rest("GET", list, /pagelen=1&/),
  },
  {
    id: "preflight git",
    scene: "preflight",
    name: "git: service and refs of one repository",
    fits: rest("GET", infoRefs),
  },
  {
    id: "preflight workspaces",
    scene: "preflight",
    name: "the owner's other workspaces",
    fits: rest("GET", /^\/2\.0\/user\/workspaces$/),
  },
  {
    id: "discovery first page",
    scene: "discovery",
    name: "the first page of the list",
    setup: "pages",
    fits: rest("GET", list, /^(?!.*q=uuid)/),
  },
  {
    id: "discovery later page",
    scene: "discovery",
    name: "a later page of the list",
    setup: "pages",
    fits: rest("GET", list, /q=uuid/),
  },
  {
    id: "webhook create",
    scene: "webhook",
    name: "subscribing the webhook",
    fits: rest("POST", /\/hooks$/),
  },
  {
    id: "scan service",
    scene: "scan",
    name: "git: what the service can do",
    fits: rest("GET", infoRefs),
  },
  {
    id: "scan refs",
    scene: "scan",
    name: "git: the refs",
    fits: post(/command=ls-refs/),
  },
  {
    id: "scan tip",
    scene: "scan",
    name: "git: the newest commit of a large repository",
    setup: "large",
    fits: post(/command=fetch[^]*deepen 1/),
  },
  {
    id: "scan history",
    scene: "scan",
    name: "git: the whole history",
    fits: post(/command=fetch/),
  },
  {
    id: "scan new",
    scene: "scan",
    name: "git: what is new since the last scan",
    setup: "scanned",
    fits: post(/command=fetch[^]*have /),
  },
  {
    id: "webhook remove",
    scene: "removal",
    name: "ending the webhook with its server",
    fits: rest("DELETE", /\/hooks\//),
  },
];

/** One way to go wrong; how it is done stands in `e2e/harness/faulty_fetch.ts`. */
export interface MatrixFault {
  id: string;
  name: string;
  /** The only scenes that know it; all unless told. */
  only?: readonly string[];
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}

const HTML = "<!DOCTYPE html><html><body>Bad gateway</body></html>";
const LISTS = ["discovery first page", "discovery later page"];

export const FAULTS: readonly MatrixFault[] = [
  { id: "refused", name: "connection refused" },
  { id: "reset", name: "connection reset" },
  { id: "hang", name: "no answer at all" },
  { id: "stall", name: "half of the answer, then silence" },
  { id: "drip", name: "a slow drip" },
  { id: "401", name: "401", status: 401 },
  { id: "403", name: "403", status: 403 },
  { id: "404", name: "404", status: 404 },
  { id: "410", name: "410", status: 410 },
  { id: "429", name: "429", status: 429 },
  {
    id: "429 after",
    name: "429 with Retry-After: 90",
    status: 429,
    headers: { "retry-after": "90" },
  },
  { id: "500", name: "500", status: 500 },
  { id: "502", name: "502 with HTML", status: 502, body: HTML },
  { id: "malformed", name: "malformed JSON or packets", body: '{"values": [' },
  { id: "truncated", name: "truncated, and ended in good order" },
  { id: "corrupt", name: "corrupt: a byte changed" },
  { id: "length", name: "shorter than its Content-Length" },
  {
    id: "sign-in",
    name: "redirect to a sign-in page",
    status: 302,
    headers: { location: "https://id.example.test/login" },
  },
  { id: "sign-in page", name: "a sign-in page with 200" },
  { id: "revoked", name: "the token revoked in between" },
  { id: "clock on", name: "the clock jumps a day on" },
  { id: "clock back", name: "the clock jumps a day back" },
  { id: "page again", name: "a page that names itself as next", only: LISTS },
  { id: "twice", name: "each repository twice on a page", only: LISTS },
  {
    id: "changing",
    name: "repositories renamed, deleted, made while the list is read",
    only: LISTS,
  },
];

/** What a cell comes to. */
export interface Outcome {
  /** The word of the state, of server or repository; of the pre-flight what its check says. */
  state: string;
  /** What is shown for it. */
  sentence: string;
  /** What happens while the fault lasts. */
  next: string;
  /** How it ends once the fault is gone. */
  afterwards: string;
}

/** Every cell that makes sense, as `call × fault`. */
export function cells(): { call: MatrixCall; fault: MatrixFault }[] {
  return CALLS.flatMap((call) =>
    FAULTS.filter(({ only }) => only === undefined || only.includes(call.id))
      .map((fault) => ({ call, fault }))
  );
}
