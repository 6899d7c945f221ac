/** The audit log: who did what to which thing, from where and when. Rows are only ever added. */

import type { InValue } from "@libsql/client";
import type { Clock } from "@/lib/clock.ts";
import { newId } from "@/lib/id.ts";
import type { Db } from "./db.ts";

/** What is told of one act; never a secret. */
export interface AuditEntry {
  /** An e-mail, `API key NAME`, or `system`. */
  who: string;
  /** `noun.verb`, such as `server.created`, `finding.triaged`, `sign_in.failed`. */
  action: string;
  /** The thing by name and id, as people know it. */
  target?: string | null;
  /** One sentence or a few facts. */
  detail?: string | null;
  /** The client's network address. */
  address?: string | null;
}

export interface AuditRow extends Required<AuditEntry> {
  id: string;
  at: number;
}

export interface AuditFilter {
  action?: string | undefined;
  /** Part of who, target or detail. */
  search?: string | undefined;
  /** Moments, the first included and the last not. */
  from?: number | undefined;
  until?: number | undefined;
}

/** Longer texts are cut: a log is no place for what somebody pasted. */
const LONGEST = 500;

/** The audit log: entries are appended and read, newest first, and never changed. */
export function auditStore(db: Db, clock: Clock) {
  return {
    async add(entry: AuditEntry): Promise<void> {
      const now = clock.now();
      const cut = (text: string | null | undefined) => text?.slice(0, LONGEST) ?? null;
      await db.execute(
        `INSERT INTO audit_log (id, at, who, action, target, detail, address)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        [
          newId(now),
          now,
          cut(entry.who)!,
          entry.action,
          cut(entry.target),
          cut(entry.detail),
          cut(entry.address),
        ],
      );
    },

    /** A page, newest first; `next` is the key of the page after it. Limit at most 1,000. */
    async list(
      filter: AuditFilter,
      page: { key?: string | undefined; limit: number },
    ): Promise<{ rows: AuditRow[]; next: string | null }> {
      const { where, args } = conditions(filter);
      const [, at, id] = page.key?.match(/^(\d{1,15})_(\w+)$/) ?? [];
      if (at && id) {
        where.push("(at, id) < (?, ?)");
        args.push(Number(at), id);
      }
      const limit = Math.min(page.limit, 1000);
      const { rows } = await db.execute(
        `SELECT id, at, who, action, target, detail, address FROM audit_log
         ${where.length ? `WHERE ${where.join(" AND ")}` : ""}
         ORDER BY at DESC, id DESC LIMIT ?`,
        [...args, limit + 1],
      );
      const found = rows.slice(0, limit).map(toRow);
      const last = found.at(-1);
      return { rows: found, next: rows.length > limit && last ? `${last.at}_${last.id}` : null };
    },

    /** The actions that were logged, for the filter. */
    async listActions(): Promise<string[]> {
      // One step in the index per action; DISTINCT would read the whole log.
      const { rows } = await db.execute(
        `WITH RECURSIVE actions (name) AS (SELECT min(action) FROM audit_log UNION ALL
           SELECT (SELECT min(action) FROM audit_log WHERE action > actions.name) FROM actions
           WHERE actions.name IS NOT NULL)
         SELECT name FROM actions WHERE name IS NOT NULL`,
      );
      return rows.map((row) => String(row.name));
    },
  };
}

function conditions(filter: AuditFilter): { where: string[]; args: InValue[] } {
  const where: string[] = [];
  const args: InValue[] = [];
  if (filter.action) {
    where.push("action = ?");
    args.push(filter.action);
  }
  if (filter.search) {
    const like = `%${filter.search.replace(/[\\%_]/g, "\\$&")}%`;
    where.push(
      `(who LIKE ? ESCAPE '\\' OR target LIKE ? ESCAPE '\\' OR detail LIKE ? ESCAPE '\\')`,
    );
    args.push(like, like, like);
  }
  if (filter.from !== undefined) {
    where.push("at >= ?");
    args.push(filter.from);
  }
  if (filter.until !== undefined) {
    where.push("at < ?");
    args.push(filter.until);
  }
  return { where, args };
}

function toRow(row: Record<string, unknown>): AuditRow {
  const text = (name: string) => row[name] === null ? null : String(row[name]);
  return {
    id: String(row.id),
    at: Number(row.at),
    who: String(row.who),
    action: String(row.action),
    target: text("target"),
    detail: text("detail"),
    address: text("address"),
  };
}
