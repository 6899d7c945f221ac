/** `/findings`: the list, one finding, and what people decide about them. */

import { zValidator } from "@hono/zod-validator";
import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import type { FormView } from "@/components/forms.tsx";
import { RepositoryNames } from "@/components/finding_filters.tsx";
import { FindingPage, type FindingView } from "@/components/finding_page.tsx";
import { FindingsPage } from "@/components/findings_page.tsx";
import { isSensitiveFileRule } from "@/lib/detect/mod.ts";
import { plural } from "@/lib/format.ts";
import { FINDING_WORDS, SEVERITY_WORDS, TRIAGE_STATES } from "@/lib/status.ts";
import { WHY_SENTENCES } from "@/lib/triage.ts";
import { urgencyFacts } from "@/lib/urgency.ts";
import type { FindingRow, OccurrenceRow } from "@/lib/store/findings.ts";
import { leaveFlash } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { findingQuery, loadFindings } from "./finding_list.ts";
import { listRepositoryNames, repositoryNameQuery } from "./finding_repository.ts";
import { findingWords, loadRuleWords } from "./finding_views.ts";
import { backTo, listed, readForm } from "./forms.ts";
import { frameOf } from "./middleware.ts";

/** The oldest places; all on demand, which is at most what a scan keeps. */
const SHOWN_PLACES = 20;
const ALL_PLACES = 500;
const SHOWN_ELSEWHERE = 50;

const judgement = z.object({
  state: z.enum(TRIAGE_STATES, { error: "Choose a state." }),
  reason: z.string().trim().max(1000, "Use at most 1,000 characters.").default(""),
}).check((context) => {
  const message = WHY_SENTENCES[context.value.state];
  if (message !== undefined && context.value.reason === "") {
    context.issues.push({
      code: "custom",
      path: ["reason"],
      message,
      input: context.value.reason,
    });
  }
});

const bulk = judgement.safeExtend({
  finding: listed.pipe(z.array(z.string()).min(1, "Tick at least one finding.").max(500)),
  back: z.string().optional(),
});

/** The list of findings, one finding, triage, and exports. */
export function findingRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store } = deps;
  const app = new Hono<AppEnv>();

  app.get("/findings", zValidator("query", findingQuery), async (c) => {
    const view = await loadFindings(deps, c.req.valid("query"));
    return c.html(<FindingsPage frame={frameOf(c, deps)} view={view} />);
  });

  app.post("/findings/triage", async (c) => {
    const read = await readForm(c, bulk);
    if (!read.ok) {
      const { values } = read.form;
      const back = new URL(backTo(values.back, "/findings"), deps.publicUrl);
      const query = findingQuery.parse(Object.fromEntries(back.searchParams));
      const ticked = listed.catch([]).parse((await c.req.parseBody({ all: true })).finding);
      const view = await loadFindings(deps, query, { form: read.form, ticked });
      return c.html(<FindingsPage frame={frameOf(c, deps)} view={view} />, 422);
    }
    const { finding, state, reason } = read.data;
    const count = await store.findings.triage(finding, state, {
      who: c.get("user").email,
      reason,
    });
    leaveFlash(c, "good", `${plural(count, "finding")} set to “${FINDING_WORDS[state].word}”.`);
    return c.redirect(backTo(read.data.back, "/findings"), 303);
  });

  // Before `/findings/:id`, of which it would be one.
  app.get("/findings/repositories", zValidator("query", repositoryNameQuery), async (c) => {
    return c.html(
      <RepositoryNames names={await listRepositoryNames(deps, c.req.valid("query"))} />,
    );
  });

  // Where a form that was sent is opened again, after signing in or by hand.
  app.get("/findings/triage", (c) => c.redirect("/findings", 303));
  app.get("/findings/:id/triage", async (c) => {
    const { id } = await found(c.req.param("id"));
    return c.redirect(`/findings/${id}`, 303);
  });

  app.get("/findings/:id", async (c) => {
    const row = await found(c.req.param("id"));
    const places = c.req.query("places") === "all" ? ALL_PLACES : SHOWN_PLACES;
    return c.html(<FindingPage frame={frameOf(c, deps)} view={await load(row, null, places)} />);
  });

  app.on(["PUT", "POST"], "/findings/:id/triage", async (c: Context<AppEnv>) => {
    const row = await found(c.req.param("id")!);
    const read = await readForm(c, judgement);
    if (!read.ok) {
      const view = await load(row, read.form);
      return c.html(<FindingPage frame={frameOf(c, deps)} view={view} />, 422);
    }
    const { state, reason } = read.data;
    await store.findings.triage([row.id], state, { who: c.get("user").email, reason });
    leaveFlash(c, "good", `Set to “${FINDING_WORDS[state].word}”.`);
    return c.redirect(`/findings/${row.id}`, 303);
  });

  async function found(id: string): Promise<FindingRow> {
    const row = await store.findings.find(id);
    if (row !== null) return row;
    throw new HTTPException(404, {
      message: "There is no such finding, or it was removed with its code server.",
    });
  }

  async function load(
    row: FindingRow,
    form: FormView<"state" | "reason"> | null,
    placeLimit = SHOWN_PLACES,
  ): Promise<FindingView> {
    const [words, server, places, same] = await Promise.all([
      loadRuleWords(deps),
      store.servers.find(row.serverId),
      store.findings.listOccurrences(row.id, placeLimit),
      store.findings.list({ fingerprint: row.fingerprint }, { limit: SHOWN_ELSEWHERE + 1 }),
    ]);
    if (server === null) throw new HTTPException(404, { message: "Its code server was removed." });
    // Addresses need no credential, and are wanted also when the stored one cannot be opened.
    const links = deps.openWorkspace(server.type, server.workspace, {
      kind: "access_token",
      user: null,
      secret: "",
    });
    const fullName = row.repositoryFullName;
    const place = (one: Omit<OccurrenceRow, "id" | "column" | "blob" | "email">) => ({
      commit: one.commit,
      path: one.path,
      line: one.line,
      author: one.author,
      date: one.date,
      atTip: one.atTip,
      lineUrl: links.lineUrl({ fullName, commit: one.commit, path: one.path, line: one.line }),
    });
    const rule = words(row.ruleId);
    return {
      id: row.id,
      rule,
      revokeUrl: rule.revokeUrl,
      docsUrl: rule.docsUrl,
      preview: row.preview,
      fingerprint: row.fingerprint,
      severity: SEVERITY_WORDS[row.severity],
      confidence: row.confidence,
      reasons: row.reasons,
      state: findingWords(row.state),
      suppressedBy: row.state === "suppressed" ? row.suppressedBy : null,
      byName: isSensitiveFileRule(row.ruleId),
      urgency: urgencyFacts(row, deps.clock.now()),
      repository: { id: row.repositoryId, fullName },
      atTip: row.atTip,
      missingAt: row.missingAt,
      first: place({
        commit: row.firstCommit,
        path: row.firstPath,
        line: row.firstLine,
        author: row.firstAuthor,
        date: row.firstDate,
        atTip: row.atTip,
      }),
      commitUrl: links.commitUrl({ fullName, commit: row.firstCommit }),
      occurrences: places.map(place),
      occurrenceCount: row.occurrenceCount,
      elsewhere: same.rows.filter((one) => one.id !== row.id).slice(0, SHOWN_ELSEWHERE)
        .map((one) => ({
          findingId: one.id,
          fullName: one.repositoryFullName,
          state: findingWords(one.state),
        })),
      triage: {
        options: TRIAGE_STATES.map((state) => ({
          value: state,
          word: FINDING_WORDS[state].word,
          sentence: FINDING_WORDS[state].sentence,
        })),
        form: form ?? { values: { state: row.state }, errors: {} },
        by: row.triagedBy,
        at: row.triagedAt,
        reason: row.triageReason,
      },
      now: deps.clock.now(),
    };
  }

  return app;
}
