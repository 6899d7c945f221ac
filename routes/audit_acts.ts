/** What people do on the pages, written to the audit log in one place: a table from forms to acts. */

import type { Context, MiddlewareHandler } from "hono";
import { plural } from "@/lib/format.ts";
import { addressOf } from "./address.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";

type Fields = Record<string, unknown>;

/** One kind of act. What it is done to is looked up before it is done: a removal leaves no name. */
interface Act {
  method: RegExp;
  path: RegExp;
  action: string | ((form: Fields) => string);
  /** What the first group of the path, or a field of the form, is the id of. */
  target: "server" | "repository" | "scan" | "finding" | "draft" | "none";
  field?: string;
  /** Facts of the form that belong to the act; never a token. */
  detail?: (form: Fields) => string | null;
  /** False where the answer shows that the form was only looked at. */
  counts?: (location: string | null) => boolean;
}

const judged = (form: Fields) =>
  [form.state, form.reason].filter((one) => typeof one === "string" && one !== "").join(": ");

const ACTS: readonly Act[] = [
  act("/servers/new/([^/]+)/save", "server.created", "draft"),
  act("/servers/([^/]+)/discoveries", "discovery.requested", "server"),
  act("/servers/([^/]+)/scans", "scan.requested", "server", { detail: () => "all repositories" }),
  {
    ...act("/servers/([^/]+)/pause", "", "server"),
    action: (form) => form.paused === "yes" ? "server.paused" : "server.resumed",
  },
  act("/servers/([^/]+)/selection", "server.selection_changed", "server", {
    detail: (form) => [form.mode, form.patterns].filter(Boolean).join(": "),
    // Paging and searching send the same form, and lead back to it.
    counts: (location) => location !== null && !location.includes("/selection"),
  }),
  act("/servers/([^/]+)/token", "server.token_replaced", "server"),
  act("/servers/([^/]+)/webhook", "server.webhook_changed", "server"),
  act("/servers/([^/]+)/removal", "server.removed", "server"),
  act("/scans", "scan.requested", "repository", { field: "repository" }),
  act("/scans/retries", "scan.retried", "none", {
    detail: (form) => form.server ? `server ${form.server}` : "all servers",
  }),
  act("/scans/([^/]+)/cancellation", "scan.cancelled", "scan"),
  { ...act("/scans/([^/]+)", "scan.cancelled", "scan"), method: /^DELETE$/ },
  act("/findings/triage", "finding.triaged", "none", {
    detail: (form) => `${plural([form.finding].flat().length, "finding")}, ${judged(form)}`,
  }),
  {
    ...act("/findings/([^/]+)/triage", "finding.triaged", "finding", { detail: judged }),
    method: /^(PUT|POST)$/,
  },
];

/** Behind `signedIn`: writes down every act of the table that was carried out. */
export function auditActs(deps: RouteDeps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (["GET", "HEAD"].includes(c.req.method)) return await next();
    const found = ACTS.find((one) => one.method.test(c.req.method) && one.path.test(c.req.path));
    if (found === undefined) return await next();
    const form = await readFields(c);
    const id = found.field ? String(form[found.field] ?? "") : found.path.exec(c.req.path)?.[1];
    const target = id ? await nameOf(deps, found.target, id, c.get("user").id) : null;
    await next();
    if (c.res.status >= 400) return;
    if (found.counts && !found.counts(c.res.headers.get("Location"))) return;
    await deps.store.audit.add({
      who: c.get("user").email,
      action: typeof found.action === "string" ? found.action : found.action(form),
      target,
      detail: found.detail?.(form) ?? null,
      address: addressOf(c),
    });
  };
}

function act(
  path: string,
  action: string,
  target: Act["target"],
  more: Partial<Act> = {},
): Act {
  return { method: /^POST$/, path: new RegExp(`^${path}$`), action, target, ...more };
}

/** The form's fields; Hono keeps what was parsed, so that the handler reads the same. */
async function readFields(c: Context<AppEnv>): Promise<Fields> {
  const type = c.req.header("Content-Type") ?? "";
  return /form/i.test(type) ? await c.req.parseBody({ all: true }) : {};
}

async function nameOf(
  { store }: RouteDeps,
  kind: Act["target"],
  id: string,
  userId: string,
): Promise<string> {
  const named = (name: string | undefined) => name === undefined ? id : `${name} (${id})`;
  switch (kind) {
    case "server":
      return named((await store.servers.find(id))?.workspace);
    case "repository":
      return named((await store.repositories.find(id))?.fullName);
    case "scan": {
      const scan = await store.jobs.findScan(id);
      return named(scan ? (await store.repositories.find(scan.repositoryId))?.fullName : undefined);
    }
    case "finding": {
      const row = await store.findings.find(id);
      return named(row ? `${row.ruleId} in ${row.repositoryFullName}` : undefined);
    }
    case "draft":
      return (await store.drafts.find(id, userId))?.workspaces.join(", ") ?? id;
    case "none":
      return id;
  }
}
