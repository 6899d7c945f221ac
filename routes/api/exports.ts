/** All findings as CSV and SARIF, page by page from the store to the socket, never whole in memory. */

import type { Context } from "hono";
import { RULES, SENSITIVE_FILE_RULES } from "@/lib/detect/mod.ts";
import { sarifHead, sarifResult, sarifTail } from "@/lib/sarif.ts";
import { FINDING_WORDS } from "@/lib/status.ts";
import type { FindingFilter, FindingRow } from "@/lib/store/findings.ts";
import { RULE_DELETED, RULE_SWITCHED_OFF } from "@/lib/suppression.ts";
import { urgencyFacts } from "@/lib/urgency.ts";
import type { RouteDeps } from "../deps.ts";
import type { LineUrl } from "./views.ts";

/** Rows read at once: the store's own limit. */
const PAGE_ROWS = 500;

const COLUMNS: readonly [name: string, value: (row: FindingRow, lineUrl: LineUrl) => Cell][] = [
  ["id", (row) => row.id],
  ["repository", (row) => row.repositoryFullName],
  ["rule", (row) => row.ruleId],
  ["severity", (row) => row.severity],
  ["confidence", (row) => row.confidence],
  ["state", (row) => row.state],
  ["at_tip", (row) => row.atTip ? "yes" : "no"],
  ["path", (row) => row.firstPath],
  ["line", (row) => row.firstLine],
  ["commit", (row) => row.firstCommit],
  ["author", (row) => row.firstAuthor],
  ["date", (row) => time(row.firstDate)],
  ["occurrences", (row) => row.occurrenceCount],
  ["preview", (row) => row.preview],
  ["fingerprint", (row) => row.fingerprint],
  ["found_at", (row) => time(row.createdAt)],
  ["triaged_by", (row) => row.triagedBy],
  ["triaged_at", (row) => time(row.triagedAt)],
  ["triage_reason", (row) => row.triageReason],
  ["url", (row, lineUrl) =>
    lineUrl({
      fullName: row.repositoryFullName,
      commit: row.firstCommit,
      path: row.firstPath,
      line: row.firstLine,
    })],
];

type Cell = string | number | null;

/** CSV by RFC 4180, head included. */
export async function* csvPieces(
  deps: RouteDeps,
  filter: FindingFilter,
  urls: (serverId: string) => LineUrl,
): AsyncGenerator<string> {
  yield csvLine(COLUMNS.map(([name]) => name));
  for await (const rows of pages(deps, filter)) {
    yield rows.map((row) => csvLine(COLUMNS.map(([, value]) => value(row, urls(row.serverId)))))
      .join("");
  }
}

/** One run of SARIF 2.1.0; paths begin with the repository, as one report has many of them. */
export async function* sarifPieces(
  deps: RouteDeps,
  filter: FindingFilter,
): AsyncGenerator<string> {
  yield sarifHead(
    [
      ...RULES.map(({ id, name, help, docsUrl, severity }) => ({
        id,
        name,
        help,
        severity,
        ...(docsUrl === undefined ? {} : { helpUri: docsUrl }),
      })),
      ...SENSITIVE_FILE_RULES.map((rule) => ({ ...rule, severity: "low" as const })),
      ...(await deps.store.customRules.list()).map(({ id, name, help, severity }) => ({
        id: `custom-${id}`,
        name,
        help: help || "A rule of this installation.",
        severity,
      })),
    ],
    `0.1.0+rules.${await deps.store.customRules.version(deps.rulesVersion)}`,
  );
  let separator = "";
  for await (const rows of pages(deps, filter)) {
    if (rows.length === 0) continue;
    yield separator + rows.map((row) =>
      sarifResult({
        rule: row.ruleId,
        severity: row.severity,
        path: `${row.repositoryFullName}/${row.firstPath}`,
        line: row.firstLine,
        preview: row.preview,
        fingerprint: row.fingerprint,
        commit: row.firstCommit,
        author: row.firstAuthor,
        date: row.firstDate === null ? null : time(row.firstDate),
        reasons: [...row.reasons, ...urgencyFacts(row, deps.clock.now())],
        ...decided(row),
      })
    ).join(",");
    separator = ",";
  }
  yield sarifTail;
}

/** Whether a comment or file in the repository leaves it out, a rule of ours, or a person. */
function decided(row: FindingRow): { suppressedBy?: string | null; accepted?: string } {
  if (row.state === "false_positive" || row.state === "accepted") {
    return {
      accepted: [FINDING_WORDS[row.state].word, row.triageReason].filter(Boolean).join(": "),
    };
  }
  if (row.state !== "suppressed" || row.suppressedBy === null) return {};
  const isOurs = row.suppressedBy.startsWith("suppression rule") ||
    [RULE_DELETED, RULE_SWITCHED_OFF].includes(row.suppressedBy);
  return isOurs ? { accepted: row.suppressedBy } : { suppressedBy: row.suppressedBy };
}

/** A download that is made while it is sent; an error in the middle breaks it off visibly. */
export function streamed(
  c: Context,
  pieces: AsyncGenerator<string>,
  contentType: string,
  fileName: string,
): Response {
  const body = ReadableStream.from(pieces).pipeThrough(new TextEncoderStream());
  return c.body(body, 200, {
    "Content-Type": contentType,
    "Content-Disposition": `attachment; filename="${fileName}"`,
    "Cache-Control": "no-store",
  });
}

/**
 * One line. A cell that a spreadsheet would run as a formula gets an apostrophe in front
 * (OWASP, CSV Injection), and every cell is quoted, so that no separator of another locale splits it.
 */
export function csvLine(cells: readonly Cell[]): string {
  return cells.map((cell) => {
    const text = cell === null ? "" : String(cell);
    const safe = typeof cell === "string" && /^\s*[=+\-@\t\r\n＝＋－＠|%]/.test(text)
      ? `'${text}`
      : text;
    return `"${safe.replaceAll('"', '""')}"`;
  }).join(",") + "\r\n";
}

async function* pages(deps: RouteDeps, filter: FindingFilter): AsyncGenerator<FindingRow[]> {
  let key: string | undefined;
  do {
    const page = await deps.store.findings.list(filter, { key, limit: PAGE_ROWS });
    yield page.rows;
    key = page.next ?? undefined;
  } while (key !== undefined);
}

function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
