/** Findings and their occurrences: pages by key, one with its places, triage. */

import type { InValue } from "@libsql/client";
import type { Clock } from "@/lib/clock.ts";
import type { Db } from "./db.ts";

/** The states that a person may give; `suppressed` comes of the repository's own files, or of an admin's rule. */
export const TRIAGE_STATES = ["open", "to_fix", "revoked", "false_positive", "accepted"] as const;
export type TriageState = typeof TRIAGE_STATES[number];

export interface FindingRow {
  id: string;
  serverId: string;
  repositoryId: string;
  repositoryFullName: string;
  ruleId: string;
  fingerprint: string;
  preview: string;
  severity: "critical" | "high" | "medium" | "low";
  confidence: "high" | "medium" | "low";
  state: string;
  reasons: string[];
  pathKind: string;
  suppressedBy: string | null;
  atTip: boolean;
  missingAt: number | null;
  firstCommit: string;
  firstPath: string;
  firstLine: number;
  firstAuthor: string | null;
  firstDate: number | null;
  occurrenceCount: number;
  createdAt: number;
  triagedBy: string | null;
  triagedAt: number | null;
  triageReason: string | null;
  /** Repositories in which the same secret stands, this one included. */
  repositoriesWithSecret: number;
}

export interface OccurrenceRow {
  id: number;
  commit: string;
  path: string;
  line: number;
  column: number;
  blob: string;
  author: string | null;
  email: string | null;
  date: number | null;
  atTip: boolean;
}

export interface FindingFilter {
  state?: string | undefined;
  /** True for those that are open or to fix, as the triggers of `migrations` count them. */
  unresolved?: boolean | undefined;
  severity?: string | undefined;
  ruleId?: string | undefined;
  serverId?: string | undefined;
  repositoryId?: string | undefined;
  fingerprint?: string | undefined;
  atTip?: boolean | undefined;
  /** Part of the path or of the repository's full name. */
  search?: string | undefined;
}

const SELECT = `SELECT f.*, r.full_name,
    (SELECT count(DISTINCT g.repository_id) FROM findings g WHERE g.fingerprint = f.fingerprint)
      AS with_secret
  FROM findings f CROSS JOIN repositories r ON r.id = f.repository_id`;

/** As the column `rank` computes it. */
const RANK = { critical: 4, high: 3, medium: 2, low: 1 } as const;

/** Findings and their occurrences: pages by key, counts, exports and triage. */
export function findingStore(db: Db, clock: Clock) {
  return {
    async find(id: string): Promise<FindingRow | null> {
      const { rows } = await db.execute(`${SELECT} WHERE f.id = ?`, [id]);
      return rows[0] ? toRow(rows[0] as Record<string, unknown>) : null;
    },

    /** A page, the worst first and of these the newest, with the keys of its neighbours. Limit at most 500. */
    async list(
      filter: FindingFilter,
      page: { key?: string | undefined; limit: number },
    ): Promise<{ rows: FindingRow[]; next: string | null; previous: string | null }> {
      const { where, args } = findingConditions(filter);
      const key = /^(-?)(\d)_(\d{1,15})_(\w+)$/.exec(page.key ?? "");
      const backwards = key?.[1] === "-";
      if (key) {
        // With one severity the rank is given, and only the rest of the key is sought in the index.
        const [rank, rest] = [Number(key[2]), [Number(key[3]), key[4]!]];
        const beyond = backwards ? ">" : "<";
        where.push(
          filter.severity
            ? `(f.created_at, f.id) ${beyond} (?, ?)`
            : `(f.rank, f.created_at, f.id) ${beyond} (?, ?, ?)`,
        );
        args.push(...(filter.severity ? rest : [rank, ...rest]));
      }
      const limit = Math.max(1, Math.min(page.limit, 500));
      const order = backwards ? "ASC" : "DESC";
      const { rows } = await db.execute(
        `${SELECT} ${where.length ? `WHERE ${where.join(" AND ")}` : ""}
         ORDER BY f.rank ${order}, f.created_at ${order}, f.id ${order} LIMIT ?`,
        [...args, limit + 1],
      );
      const found = rows.slice(0, limit).map((row) => toRow(row as Record<string, unknown>));
      if (backwards) found.reverse();
      const more = rows.length > limit;
      const keyOf = (row: FindingRow | undefined) =>
        row === undefined ? null : `${RANK[row.severity]}_${row.createdAt}_${row.id}`;
      const first = keyOf(found[0]);
      return {
        rows: found,
        next: more || backwards ? keyOf(found.at(-1)) : null,
        previous: first !== null && (backwards ? more : key !== null) ? `-${first}` : null,
      };
    },

    /** Places of a finding, oldest first, at most `limit`. */
    async listOccurrences(findingId: string, limit: number): Promise<OccurrenceRow[]> {
      const { rows } = await db.execute(
        `SELECT * FROM occurrences WHERE finding_id = ?
         ORDER BY date IS NULL, date, id LIMIT ?`,
        [findingId, limit],
      );
      return rows.map((row) => ({
        id: Number(row.id),
        commit: String(row.commit),
        path: String(row.path),
        line: Number(row.line),
        column: Number(row.column),
        blob: String(row.blob),
        author: row.author === null ? null : String(row.author),
        email: row.email === null ? null : String(row.email),
        date: row.date === null ? null : Number(row.date),
        atTip: row.at_tip === 1,
      }));
    },

    /** Counts by state and severity, of one server or of all, without counting rows. */
    async counts(
      serverId?: string,
    ): Promise<{ state: string; severity: string; count: number }[]> {
      const { rows } = await db.execute(
        `SELECT state, severity, sum(count) AS n FROM finding_counts
         ${serverId ? "WHERE server_id = ?" : ""} GROUP BY state, severity`,
        serverId ? [serverId] : [],
      );
      return rows.filter((row) => Number(row.n) > 0).map((row) => ({
        state: String(row.state),
        severity: String(row.severity),
        count: Number(row.n),
      }));
    },

    /** The rules that have findings, for the filter. */
    async listRuleIds(): Promise<string[]> {
      // One step in the index per rule; DISTINCT would read every finding.
      const { rows } = await db.execute(
        `WITH RECURSIVE rules (id) AS (SELECT min(rule_id) FROM findings UNION ALL
           SELECT (SELECT min(rule_id) FROM findings WHERE rule_id > rules.id) FROM rules
           WHERE rules.id IS NOT NULL)
         SELECT id FROM rules WHERE id IS NOT NULL`,
      );
      return rows.map((row) => String(row.id));
    },

    /** A person's judgement on findings; gives how many it moved. */
    async triage(
      ids: readonly string[],
      state: TriageState,
      by: { who: string; reason: string },
    ): Promise<number> {
      const { rows } = await db.execute(
        `UPDATE findings SET state = ?, triaged_by = ?, triaged_at = ?, triage_reason = ?,
           suppressed_by = NULL
         WHERE id IN (SELECT value FROM json_each(?)) RETURNING id`,
        [state, by.who, clock.now(), by.reason, JSON.stringify(ids)],
      );
      return rows.length;
    },
  };
}

/** A filter as conditions on `f` (findings) and `r` (repositories). */
export function findingConditions(filter: FindingFilter): { where: string[]; args: InValue[] } {
  const where: string[] = [];
  const args: InValue[] = [];
  const add = (sql: string, ...values: InValue[]) => {
    where.push(sql);
    args.push(...values);
  };
  if (filter.state) add("f.state = ?", filter.state);
  // The plus leaves the order to the index: two states would be sorted, all of them for each page.
  if (filter.unresolved) add("+f.state IN ('open', 'to_fix')");
  // By the column that lists are ordered by, so that one index serves both.
  if (filter.severity) add("f.rank = ?", RANK[filter.severity as keyof typeof RANK] ?? 0);
  if (filter.ruleId) add("f.rule_id = ?", filter.ruleId);
  if (filter.serverId) add("f.server_id = ?", filter.serverId);
  if (filter.repositoryId) add("f.repository_id = ?", filter.repositoryId);
  if (filter.fingerprint) add("f.fingerprint = ?", filter.fingerprint);
  if (filter.atTip !== undefined) add("f.at_tip = ?", filter.atTip ? 1 : 0);
  if (filter.search) {
    const like = `%${filter.search.replace(/[\\%_]/g, "\\$&")}%`;
    add("(f.first_path LIKE ? ESCAPE '\\' OR r.full_name LIKE ? ESCAPE '\\')", like, like);
  }
  return { where, args };
}

function toRow(row: Record<string, unknown>): FindingRow {
  const text = (name: string) => row[name] === null ? null : String(row[name]);
  const time = (name: string) => row[name] === null ? null : Number(row[name]);
  return {
    id: String(row.id),
    serverId: String(row.server_id),
    repositoryId: String(row.repository_id),
    repositoryFullName: String(row.full_name),
    ruleId: String(row.rule_id),
    fingerprint: String(row.fingerprint),
    preview: String(row.preview),
    severity: row.severity as FindingRow["severity"],
    confidence: row.confidence as FindingRow["confidence"],
    state: String(row.state),
    reasons: JSON.parse(String(row.reasons)),
    pathKind: String(row.path_kind),
    suppressedBy: text("suppressed_by"),
    atTip: row.at_tip === 1,
    missingAt: time("missing_at"),
    firstCommit: String(row.first_commit),
    firstPath: String(row.first_path),
    firstLine: Number(row.first_line),
    firstAuthor: text("first_author"),
    firstDate: time("first_date"),
    occurrenceCount: Number(row.occurrence_count),
    createdAt: Number(row.created_at),
    triagedBy: text("triaged_by"),
    triagedAt: time("triaged_at"),
    triageReason: text("triage_reason"),
    repositoriesWithSecret: Number(row.with_secret),
  };
}
