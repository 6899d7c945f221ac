/** Findings grouped by secret: the same fingerprint in any number of repositories is one. */

import type { Db } from "./db.ts";
import { findingConditions, type FindingFilter } from "./findings.ts";

/** One secret wherever it stands, of the findings that fit the filter. */
export interface SecretRow {
  fingerprint: string;
  ruleId: string;
  preview: string;
  /** The worst of its findings. */
  severity: "critical" | "high" | "medium" | "low";
  repositories: number;
  findings: number;
  atTip: boolean;
  lastFoundAt: number;
}

const RANKS = ["critical", "high", "medium", "low"] as const;

/** Where one secret stands: every finding of the same fingerprint. */
export function secretStore(db: Db) {
  return {
    /** A page, the most widely spread first; reads every finding that fits. Limit at most 200. */
    async list(
      filter: FindingFilter,
      page: { offset: number; limit: number },
    ): Promise<{ rows: SecretRow[]; more: boolean }> {
      const { where, args } = findingConditions(filter);
      const limit = Math.min(page.limit, 200);
      const { rows } = await db.execute(
        `SELECT f.fingerprint, min(f.rule_id) AS rule_id, min(f.preview) AS preview,
           min(CASE f.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2
             ELSE 3 END) AS rank,
           count(DISTINCT f.repository_id) AS repositories, count(*) AS findings,
           max(f.at_tip) AS at_tip, max(f.created_at) AS last_found_at
         FROM findings f JOIN repositories r ON r.id = f.repository_id
         ${where.length ? `WHERE ${where.join(" AND ")}` : ""}
         GROUP BY f.fingerprint
         ORDER BY repositories DESC, rank, last_found_at DESC, f.fingerprint LIMIT ? OFFSET ?`,
        [...args, limit + 1, page.offset],
      );
      return {
        rows: rows.slice(0, limit).map((row) => ({
          fingerprint: String(row.fingerprint),
          ruleId: String(row.rule_id),
          preview: String(row.preview),
          severity: RANKS[Number(row.rank)] ?? "low",
          repositories: Number(row.repositories),
          findings: Number(row.findings),
          atTip: row.at_tip === 1,
          lastFoundAt: Number(row.last_found_at),
        })),
        more: rows.length > limit,
      };
    },
  };
}
