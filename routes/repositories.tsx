/** `/repositories`: the live list, its one poll, one repository and its status. */

import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { raw } from "hono/html";
import { HTTPException } from "hono/http-exception";
import { RepositoriesRefresh } from "@/components/repositories_live.tsx";
import { RepositoriesPage } from "@/components/repositories_page.tsx";
import { RepositoryPage, ScanCard, type ScanView } from "@/components/repository_page.tsx";
import { RepositoryRow as RepositoryRowLine } from "@/components/repository_row.tsx";
import type { RepositoryRow } from "@/lib/store/repositories.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { findingRowView, loadRuleWords } from "./finding_views.ts";
import {
  type Changes,
  everySeconds,
  FAST_SECONDS,
  type Fragment,
  isPresent,
  type News,
  pack,
  shareAnswers,
  tagOf,
  takesPacked,
  unchanged,
} from "./live.ts";
import { frameOf } from "./middleware.ts";
import { type ListQuery, listQuery } from "./repository_filter.ts";
import { type LoadedList, loadList, ORDER_OF_NONE, parseSince } from "./repository_list.ts";
import { pastScanView, rowView, stepViews } from "./repository_views.ts";
import { showSigns } from "./visible_signs.ts";

const SHOWN_SCANS = 20;
const SHOWN_FINDINGS = 20;
const SHOWN_REFS = 100;

/** The repositories page, its poll, and one repository. */
export function repositoryRoutes(deps: RouteDeps, changes: Changes, news: News): Hono<AppEnv> {
  const { store, clock } = deps;
  const lists = shareAnswers<{ list: LoadedList; rows: ReturnType<typeof raw>[] }>();
  const answers = shareAnswers<Fragment>();
  const app = new Hono<AppEnv>();

  app.get("/repositories", zValidator("query", listQuery), async (c) => {
    const { view } = await loadList(deps, c.req.valid("query"), await changes.now());
    return c.html(<RepositoriesPage frame={frameOf(c, deps)} view={view} />);
  });

  app.get("/repositories/refresh", zValidator("query", listQuery), async (c) => {
    const change = await changes.now();
    const held = c.req.header("HX-PTag");
    if (held !== undefined && isPresent(held, change, clock.now())) return unchanged(c, held)!;
    const query = c.req.valid("query");
    const since = c.req.query("since");
    const admin = c.get("user").role === "admin";
    const mark = tagOf(change, FAST_SECONDS, clock.now());
    const told = await answers(
      mark,
      JSON.stringify([query, since, admin]),
      () => refresh(mark, query, since, change, admin),
    );
    news.keep(mark, new URL(c.req.url).search, admin, told);
    const { tag, html, packed } = told;
    const same = unchanged(c, tag);
    if (same) return same;
    if (!takesPacked(c.req.raw.headers)) return c.html(html);
    return c.body(packed, 200, {
      "Content-Type": "text/html; charset=UTF-8",
      "Content-Encoding": "gzip",
    });
  });

  app.get("/repositories/:id", async (c) => {
    const row = await found(c.req.param("id"));
    const [words, suppressions, scans, findings, refs] = await Promise.all([
      loadRuleWords(deps),
      store.suppressions.findFiles(row.id),
      store.repositories.listScans(row.id, SHOWN_SCANS),
      store.findings.list({ repositoryId: row.id, unresolved: true }, { limit: SHOWN_FINDINGS }),
      store.scans.refTips(row.id),
    ]);
    const now = clock.now();
    return c.html(
      <RepositoryPage
        frame={frameOf(c, deps)}
        view={{
          row: rowView(row, now),
          htmlUrl: row.htmlUrl,
          defaultBranch: row.defaultBranch,
          language: row.language,
          sizeBytes: row.sizeBytes,
          updatedAt: row.remoteUpdatedAt > 0 ? row.remoteUpdatedAt : null,
          scan: scanView(row, now),
          refs: { count: refs.length, shown: refs.slice(0, SHOWN_REFS) },
          scans: scans.map(pastScanView),
          findings: findings.rows.map((one) => findingRowView(one, words)),
          suppressions: suppressions && {
            files: suppressions.files.map(({ name }) => name),
            problems: suppressions.problems,
          },
          now,
        }}
      />,
    );
  });

  app.get("/repositories/:id/status", async (c) => {
    const row = await found(c.req.param("id"));
    const scan = scanView(row, clock.now());
    return unchanged(c, scan.tag) ??
      c.html(<ScanCard scan={scan} admin={c.get("user").role === "admin"} />);
  });

  /** What changed on one page of the list since a viewer's version; its rows are drawn once for all. */
  async function refresh(
    mark: string,
    query: ListQuery,
    sinceText: string | undefined,
    change: number,
    admin: boolean,
  ) {
    const { list: { view, page, order }, rows } = await lists(
      mark,
      JSON.stringify([query, admin]),
      () => draw(query, change, admin),
    );
    const since = parseSince(sinceText);
    const all = since === null || since.order !== order;
    const changed = view.rows.flatMap((row, index) =>
      all || page.rows[index]!.version > since.change || row.status.progress !== null
        ? [{ id: row.id, row: rows[index]! }]
        : []
    );
    const html = showSigns(String(
      <RepositoriesRefresh
        view={view}
        changed={changed}
        all={all || view.rows.length === 0}
        fromNothing={since?.order === ORDER_OF_NONE && view.rows.length > 0}
        admin={admin}
      />,
    ));
    return { tag: view.live.tag, html, packed: await pack(html) };
  }

  async function draw(query: ListQuery, change: number, admin: boolean) {
    const list = await loadList(deps, query, change);
    const { now, here } = list.view;
    const rows = list.view.rows.map((row) =>
      raw(String(<RepositoryRowLine row={row} now={now} admin={admin} back={here} />))
    );
    return { list, rows };
  }

  async function found(id: string): Promise<RepositoryRow> {
    const row = await store.repositories.find(id);
    if (row !== null) return row;
    throw new HTTPException(404, {
      message: "There is no such repository, or it was removed with its code server.",
    });
  }

  return app;
}

/** The live part of a repository's page; without an open scan nothing polls. */
export function scanView(row: RepositoryRow, now: number): ScanView {
  const view = rowView(row, now);
  const interval = everySeconds({ [row.state]: 1 }, false);
  return {
    repositoryId: row.id,
    fullName: row.fullName,
    status: view.status,
    steps: stepViews(row.scan),
    openScanId: view.openScanId,
    canScan: view.canScan,
    inLine: view.inLine,
    failed: view.failed,
    everySeconds: interval,
    tag: tagOf(row.version, interval, now),
    now,
  };
}
