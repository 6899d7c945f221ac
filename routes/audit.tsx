/** `/settings/audit`: the log by page and filter, and whole as CSV. */

import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { z } from "zod";
import { AuditPage } from "@/components/audit_page.tsx";
import { plural } from "@/lib/format.ts";
import type { AuditFilter } from "@/lib/store/audit.ts";
import { addressOf } from "./address.ts";
import { csvLine, streamed } from "./api/exports.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { frameOf } from "./middleware.ts";

const PAGE_ROWS = 100;
const EXPORT_ROWS = 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The query of the list's address; what cannot be read is left out, never an error. */
const auditQuery = z.object({
  q: z.string().trim().max(200).catch(""),
  action: z.string().max(100).catch(""),
  from: z.iso.date().catch(""),
  until: z.iso.date().catch(""),
  key: z.string().max(100).catch(""),
});
type AuditQuery = z.infer<typeof auditQuery>;

/** The audit log as a page and as CSV. */
export function auditRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store } = deps;
  const app = new Hono<AppEnv>();

  app.get("/settings/audit", zValidator("query", auditQuery), async (c) => {
    const query = c.req.valid("query");
    const [page, actions] = await Promise.all([
      store.audit.list(toFilter(query), { key: query.key || undefined, limit: PAGE_ROWS }),
      store.audit.listActions(),
    ]);
    return c.html(
      <AuditPage
        frame={frameOf(c, deps)}
        view={{
          rows: page.rows,
          actions: actions.map((action) => ({ value: action, word: action })),
          filters: query,
          pager: {
            range: plural(page.rows.length, "entry", "entries"),
            firstHref: query.key === "" ? null : href("/settings/audit", { ...query, key: "" }),
            previousHref: null,
            nextHref: page.next && href("/settings/audit", { ...query, key: page.next }),
          },
          csvHref: href("/settings/audit.csv", { ...query, key: "" }),
        }}
      />,
    );
  });

  app.get("/settings/audit.csv", zValidator("query", auditQuery), async (c) => {
    const { key: _, ...asked } = c.req.valid("query");
    await store.audit.add({
      who: c.get("user").email,
      action: "audit_log.exported",
      target: "audit.csv",
      detail: JSON.stringify(asked),
      address: addressOf(c),
    });
    const pieces = csvPieces(toFilter(c.req.valid("query")));
    return streamed(c, pieces, "text/csv; charset=utf-8", "audit.csv");
  });

  async function* csvPieces(filter: AuditFilter): AsyncGenerator<string> {
    yield csvLine(["at", "who", "action", "target", "detail", "address"]);
    let key: string | undefined;
    do {
      const page = await store.audit.list(filter, { key, limit: EXPORT_ROWS });
      yield page.rows.map((row) =>
        csvLine([
          new Date(row.at).toISOString(),
          row.who,
          row.action,
          row.target,
          row.detail,
          row.address,
        ])
      ).join("");
      key = page.next ?? undefined;
    } while (key !== undefined);
  }

  return app;
}

function toFilter(query: AuditQuery): AuditFilter {
  return {
    search: query.q || undefined,
    action: query.action || undefined,
    from: query.from === "" ? undefined : Date.parse(`${query.from}T00:00:00Z`),
    until: query.until === "" ? undefined : Date.parse(`${query.until}T00:00:00Z`) + DAY_MS,
  };
}

function href(path: string, query: AuditQuery): string {
  const text = new URLSearchParams(
    Object.entries(query).filter(([, value]) => value !== ""),
  ).toString();
  return text === "" ? path : `${path}?${text}`;
}
