/** The list of findings: its address and its view. */

import { z } from "zod";
import type { BulkView, FindingsView } from "@/components/findings_page.tsx";
import type { SeverityCounts } from "@/components/scan_status.tsx";
import { formatCount, plural } from "@/lib/format.ts";
import {
  FINDING_STATES,
  FINDING_WORDS,
  SEVERITY_ORDER,
  SEVERITY_WORDS,
  TRIAGE_STATES,
} from "@/lib/status.ts";
import { isUnresolved } from "@/lib/triage.ts";
import type { FindingFilter } from "@/lib/store/findings.ts";
import type { RouteDeps } from "./deps.ts";
import { findAskedRepository, repositoryText } from "./finding_repository.ts";
import { findingRowView, loadRuleWords, secretRowView } from "./finding_views.ts";

const PAGE_ROWS = 50;

/** The query of the list's address; what cannot be read is left out, never an error. */
export const findingQuery = z.object({
  state: z.enum(["", "all", ...FINDING_STATES]).catch(""),
  severity: z.enum(["", ...SEVERITY_ORDER]).catch(""),
  rule: z.string().max(100).catch(""),
  server: z.string().max(40).catch(""),
  repository: repositoryText,
  fingerprint: z.string().max(100).catch(""),
  tip: z.enum(["", "yes", "no"]).catch(""),
  group: z.enum(["", "secret"]).catch(""),
  key: z.string().max(200).catch(""),
});
export type FindingQuery = z.infer<typeof findingQuery>;

/** The list's address with some of its query changed; empty values are left out. */
function findingsHref(query: FindingQuery, change: Partial<FindingQuery> = {}): string {
  const text = new URLSearchParams(
    Object.entries({ ...query, ...change }).filter(([, value]) => value !== ""),
  ).toString();
  return text === "" ? "/findings" : `/findings?${text}`;
}

/** Reads one page of the list and what stands around it. */
export async function loadFindings(
  deps: RouteDeps,
  asked: FindingQuery,
  bulk: BulkView = { form: { values: {}, errors: {} }, ticked: [] },
): Promise<FindingsView> {
  const { store } = deps;
  const repository = await findAskedRepository(deps, asked);
  // By its id from here on: a name may fit another one too while somebody turns the pages.
  const query = repository.kind === "one" ? { ...asked, repository: repository.id } : asked;
  const filter = toFilter(query);
  const unclear = repository.kind === "unclear";
  const offset = query.group === "secret" && /^\d{1,7}$/.test(query.key) ? Number(query.key) : 0;
  const [words, servers, ruleIds, counts, states, page, secrets] = await Promise.all([
    loadRuleWords(deps),
    store.servers.list(),
    store.findings.listRuleIds(),
    store.findings.counts(query.server || undefined),
    store.repositories.countByState(),
    query.group === "secret" || unclear
      ? { rows: [], next: null, previous: null }
      : store.findings.list(filter, { key: query.key || undefined, limit: PAGE_ROWS }),
    query.group === "secret" && !unclear
      ? store.secrets.list(filter, { offset, limit: PAGE_ROWS })
      : null,
  ]);
  const next = secrets === null ? page.next : secrets.more ? String(offset + PAGE_ROWS) : null;
  const earlier = offset > PAGE_ROWS ? String(offset - PAGE_ROWS) : "";
  const previous = secrets === null ? page.previous : offset > 0 ? earlier : null;
  const shown = secrets?.rows.length ?? page.rows.length;
  const shownTabs = tabs(query, counts);
  const { queued: _, not_selected: __, ...scanned } = states;
  return {
    rows: page.rows.map((row) => findingRowView(row, words)),
    secrets: secrets && secrets.rows.map((row) => secretRowView(row, words)),
    tabs: shownTabs,
    unresolvedCounts: unresolvedCounts(counts),
    pager: {
      range: secrets === null
        ? findingsRange(shown, {
          total: shownTabs.find((tab) => tab.current)?.count ?? null,
          first: query.key === "",
          last: next === null,
        })
        : secretsRange(shown, offset, next === null),
      firstHref: query.key === "" ? null : findingsHref(query, { key: "" }),
      previousHref: previous === null ? null : findingsHref(query, { key: previous }),
      nextHref: next && findingsHref(query, { key: next }),
    },
    filters: {
      severity: query.severity,
      rule: query.rule,
      server: query.server,
      tip: query.tip,
      state: query.state,
      group: query.group,
      repository: {
        text: repository.kind === "one" ? repository.fullName : query.repository,
        error: unclear ? repository.error : undefined,
        names: unclear ? repository.fits.map((fit) => fit.fullName) : [],
      },
      fingerprint: query.fingerprint,
      severities: SEVERITY_ORDER.map((one) => ({ value: one, word: SEVERITY_WORDS[one].word })),
      rules: ruleIds.map((id) => ({ value: id, word: words(id).name }))
        .sort((a, b) => a.word < b.word ? -1 : 1),
      servers: servers.map((server) => ({ value: server.id, word: server.name })),
    },
    unclear: unclear
      ? {
        title: repository.fits.length > 0 ? "Which repository?" : "No such repository",
        sentence: repository.advice,
        fits: repository.fits.map((fit) => ({
          word: fit.fullName,
          href: findingsHref(query, { repository: fit.id, key: "" }),
        })),
      }
      : null,
    triageOptions: TRIAGE_STATES.map((state) => ({
      value: state,
      word: FINDING_WORDS[state].word,
    })),
    bulk,
    scannedAny: Object.keys(scanned).length > 0,
    here: findingsHref(query),
    now: deps.clock.now(),
  };
}

/** Pages go by key, so that only the first knows where it stands. */
function findingsRange(
  shown: number,
  page: { total: number | null; first: boolean; last: boolean },
): string {
  const { total, first, last } = page;
  if (first && last) return plural(shown, "finding");
  if (total === null) return `${formatCount(shown)} shown`;
  return first
    ? `1–${formatCount(shown)} of ${formatCount(total)}`
    : `${formatCount(shown)} shown of ${formatCount(total)}`;
}

function secretsRange(shown: number, offset: number, last: boolean): string {
  if (last && offset === 0) return plural(shown, "secret");
  const end = formatCount(offset + shown);
  return `${formatCount(offset + 1)}–${end}${last ? ` of ${end}` : ""}`;
}

function toFilter(query: FindingQuery): FindingFilter {
  // One secret is looked at whole, whatever became of each of its findings.
  const state = query.state === "" && query.fingerprint === "" ? "open" : query.state;
  return {
    state: state === "all" ? undefined : state || undefined,
    severity: query.severity || undefined,
    ruleId: query.rule || undefined,
    // A repository was looked for in its server, and its own index serves best.
    serverId: query.repository === "" ? query.server || undefined : undefined,
    repositoryId: query.repository || undefined,
    fingerprint: query.fingerprint || undefined,
    atTip: query.tip === "" ? undefined : query.tip === "yes",
  };
}

type Counts = readonly { state: string; severity: string; count: number }[];

function tabs(query: FindingQuery, counts: Counts): FindingsView["tabs"] {
  // Counted by state and server alone: under a narrower filter no number is better than a wrong one.
  const narrowed = [query.severity, query.rule, query.repository, query.fingerprint, query.tip]
    .some((value) => value !== "") || query.group !== "";
  const count = (state: string) =>
    narrowed ? null : counts.filter((one) => state === "all" || one.state === state)
      .reduce((sum, one) => sum + one.count, 0);
  const current = query.state === "" ? (query.fingerprint === "" ? "open" : "all") : query.state;
  return [
    ...FINDING_STATES.map((state) => ({
      href: findingsHref(query, { state, key: "" }),
      word: FINDING_WORDS[state].word,
      icon: FINDING_WORDS[state].icon,
      count: count(state),
      current: current === state,
    })),
    {
      href: findingsHref(query, { state: "all", key: "" }),
      word: "all",
      icon: null,
      count: count("all"),
      current: current === "all",
    },
  ];
}

/** Unresolved findings by severity, as repositories count their own. */
export function unresolvedCounts(counts: Counts): SeverityCounts {
  const of = (severity: string) =>
    counts.filter((one) => isUnresolved(one.state) && one.severity === severity)
      .reduce((sum, one) => sum + one.count, 0);
  return { critical: of("critical"), high: of("high"), medium: of("medium"), low: of("low") };
}
