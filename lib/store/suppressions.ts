/** What suppresses findings: rules of the installation, files of repositories, and what they come to. */

import type { InValue, Row } from "@libsql/client";
import type { Clock } from "@/lib/clock.ts";
import { newId } from "@/lib/id.ts";
import {
  createSuppression,
  RULE_DELETED,
  RULE_SWITCHED_OFF,
  rulesFor,
  type Suppression,
  type SuppressionEntries,
  type SuppressionRule,
} from "@/lib/suppression.ts";
import type { Db } from "./db.ts";
import { fileContents } from "./suppressions_content.ts";

/** A rule as it is kept. */
export interface SuppressionRuleRow extends SuppressionRule {
  id: string;
  createdBy: string;
  createdAt: number;
}

/** What a repository's own files say, as they were read last. */
export interface RepositorySuppressions {
  files: readonly { name: string; oid: string }[];
  entries: SuppressionEntries;
  problems: readonly string[];
}

/** Which findings are judged anew. */
export type SuppressionScope =
  /** Those of one repository, after a scan. */
  | { repositoryId: string }
  /** Those that a new rule may fit. */
  | { added: SuppressionRule }
  /** Those that are suppressed, after a rule was removed. */
  | { removed: true }
  /** Those of one rule of an admin's, after it was made, switched off or on, or deleted. */
  | { ruleId: string }
  /** Sensitive files by name in the repositories of that rule: its findings may speak for them. */
  | { filesBeside: string };

/** Findings judged at once; each may have 500 places. */
const PAGE = 200;

/** A sensitive file by name, of which the content is a finding as well. */
export const SAID_BY_CONTENT = "its content is a finding of its own";

/** What admins and files suppress, and the findings that are suppressed by it. */
export function suppressionStore(db: Db, clock: Clock) {
  async function listRules(): Promise<SuppressionRuleRow[]> {
    const { rows } = await db.execute(
      `SELECT id, path, rule_id, fingerprint, repositories, reason, created_by, created_at
       FROM suppression_rules ORDER BY created_at, id`,
    );
    const text = (value: unknown) => value === null ? null : String(value);
    return rows.map((row) => ({
      id: String(row.id),
      path: text(row.path),
      ruleId: text(row.rule_id),
      fingerprint: text(row.fingerprint),
      repositories: text(row.repositories),
      reason: String(row.reason),
      createdBy: String(row.created_by),
      createdAt: Number(row.created_at),
    }));
  }

  async function findFiles(repositoryId: string): Promise<RepositorySuppressions | null> {
    const { rows: [row] } = await db.execute(
      "SELECT files, entries, problems FROM repository_suppressions WHERE repository_id = ?",
      [repositoryId],
    );
    if (row === undefined) return null;
    const read = (name: string) => JSON.parse(String(row[name]));
    return { files: read("files"), entries: read("entries"), problems: read("problems") };
  }

  async function forRepository(id: string, fullName: string): Promise<Suppression> {
    const [rules, files] = await Promise.all([listRules(), findFiles(id)]);
    return createSuppression(files?.entries ?? null, rulesFor(rules, fullName));
  }

  return {
    listRules,
    findFiles,

    /** Everything that suppresses in one repository. */
    forRepository,

    async addRule(rule: SuppressionRule, createdBy: string): Promise<string> {
      const now = clock.now();
      const id = newId(now);
      await db.execute(
        `INSERT INTO suppression_rules (id, path, rule_id, fingerprint, repositories, reason,
           created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          id,
          rule.path,
          rule.ruleId,
          rule.fingerprint,
          rule.repositories,
          rule.reason,
          createdBy,
          now,
        ],
      );
      return id;
    },

    /** False when it is gone already. */
    async removeRule(id: string): Promise<boolean> {
      const { rows } = await db.execute(
        "DELETE FROM suppression_rules WHERE id = ? RETURNING id",
        [id],
      );
      return rows.length === 1;
    },

    /** Replaces what is known of a repository's files; without any the row goes. */
    async saveFiles(repositoryId: string, found: RepositorySuppressions): Promise<void> {
      if (found.files.length === 0) {
        await db.execute("DELETE FROM repository_suppressions WHERE repository_id = ?", [
          repositoryId,
        ]);
        return;
      }
      const { files, entries, problems } = found;
      await db.execute(
        `INSERT INTO repository_suppressions (repository_id, files, entries, problems)
         SELECT id, ?, ?, ? FROM repositories WHERE id = ?
         ON CONFLICT (repository_id) DO UPDATE SET files = excluded.files,
           entries = excluded.entries, problems = excluded.problems`,
        [JSON.stringify(files), JSON.stringify(entries), JSON.stringify(problems), repositoryId],
      );
    },

    /**
     * Judges findings anew by today's files and rules: what is open may become suppressed and the
     * other way round; what a person decided stays. Gives of how many the state changed, not the
     * reason alone. Safe to repeat; the statements are as many for one repository as for many.
     */
    async apply(scope: SuppressionScope): Promise<number> {
      const { where, args } = conditions(scope);
      // The ids first: paging by a key would sort what is left once a page.
      const { rows: found } = await db.execute(
        `SELECT f.id FROM findings f WHERE ${where}`,
        args,
      );
      const judgesOf = judgeCache();
      const contents = fileContents(db);
      const settledReason = (row: Row): string | null => {
        if (row.rule_switch === "deleted") return RULE_DELETED;
        if (row.rule_switch === "off") return RULE_SWITCHED_OFF;
        const isSaid = row.is_file === 1 &&
          contents.has(String(row.repository_id), String(row.first_path));
        return isSaid ? SAID_BY_CONTENT : null;
      };
      let changed = 0;

      for (let at = 0; at < found.length; at += PAGE) {
        const ids = JSON.stringify(found.slice(at, at + PAGE).map(({ id }) => id));
        const { rows } = await db.execute(JUDGED, [ids]);
        const files = rows.filter((row) => row.is_file === 1);
        await contents.look(files.map((row) => String(row.repository_id)));
        const places = await placesOf(ids);
        const judges = await judgesOf(rows.filter((row) => settledReason(row) === null));
        /** Ids by what becomes of them: few reasons speak for many findings. */
        const moves = new Map<string | null, string[]>();
        const turned = new Set<string>();
        for (const row of rows) {
          const id = String(row.id);
          const finding = {
            ruleId: String(row.rule_id),
            fingerprint: String(row.fingerprint),
            places: places.get(id) ?? [],
          };
          const reason = settledReason(row) ??
            judges.get(String(row.repository_id))!.reasonFor(finding);
          const state = reason === null ? "open" : "suppressed";
          if (state !== row.state) turned.add(id);
          if (state !== row.state || reason !== row.suppressed_by) {
            moves.set(reason, [...moves.get(reason) ?? [], id]);
          }
        }
        for (const [reason, moved] of moves) {
          const state = reason === null ? "open" : "suppressed";
          const { rows } = await db.execute(MOVE, [state, reason, JSON.stringify(moved)]);
          changed += rows.filter(({ id }) => turned.has(String(id))).length;
        }
      }
      return changed;
    },
  };

  /** Judges by repository; each is made once, as it may only work so long over the globs of its own. */
  function judgeCache() {
    const judges = new Map<string, Suppression>();
    let rules: SuppressionRuleRow[] | undefined;
    return async (rows: readonly Row[]): Promise<ReadonlyMap<string, Suppression>> => {
      const unknown = new Map(
        rows.map((row) => [String(row.repository_id), String(row.full_name)] as const)
          .filter(([id]) => !judges.has(id)),
      );
      // What is settled at once needs none.
      if (unknown.size === 0) return judges;
      rules ??= await listRules();
      const { rows: files } = await db.execute(
        `SELECT repository_id, entries FROM repository_suppressions
         WHERE repository_id IN (SELECT value FROM json_each(?))`,
        [JSON.stringify([...unknown.keys()])],
      );
      const entries = new Map(
        files.map((row) => [String(row.repository_id), JSON.parse(String(row.entries))]),
      );
      for (const [id, fullName] of unknown) {
        judges.set(id, createSuppression(entries.get(id) ?? null, rulesFor(rules, fullName)));
      }
      return judges;
    };
  }

  async function placesOf(ids: string) {
    const { rows } = await db.execute(
      `SELECT finding_id, path, line, "commit", suppressed_by, at_tip FROM occurrences
       WHERE finding_id IN (SELECT value FROM json_each(?)) ORDER BY id`,
      [ids],
    );
    const places = Map.groupBy(rows, (row) => String(row.finding_id));
    return new Map(
      [...places].map(([id, found]) => [
        id,
        found.map((row) => ({
          path: String(row.path),
          line: Number(row.line),
          commit: String(row.commit),
          suppressedBy: row.suppressed_by === null ? null : String(row.suppressed_by),
          atTip: row.at_tip === 1,
        })),
      ]),
    );
  }
}

/** What a finding is judged by beside its places; a rule is `off` or `deleted` for all of them. */
const JUDGED = `SELECT f.id, f.repository_id, r.full_name, f.rule_id, f.fingerprint, f.state,
    f.suppressed_by, f.first_path, f.rule_id LIKE 'file-%' AS is_file,
    CASE WHEN f.rule_id LIKE 'custom-%' THEN coalesce((SELECT iif(u.enabled, 'on', 'off')
      FROM custom_rules u WHERE u.id = substr(f.rule_id, 8)), 'deleted') END AS rule_switch
  FROM json_each(?) v CROSS JOIN findings f ON f.id = v.value
  CROSS JOIN repositories r ON r.id = f.repository_id`;

// The sign keeps the index of states out of it: rows are found by their ids.
const MOVE = `UPDATE findings SET state = ?, suppressed_by = ?
  WHERE id IN (SELECT value FROM json_each(?)) AND +state IN ('open', 'suppressed') RETURNING id`;

function conditions(scope: SuppressionScope): { where: string; args: InValue[] } {
  if ("repositoryId" in scope) {
    return {
      where: "f.repository_id = ? AND f.state IN ('open', 'suppressed')",
      args: [scope.repositoryId],
    };
  }
  if ("removed" in scope) return { where: "f.state = 'suppressed'", args: [] };
  if ("ruleId" in scope) {
    return {
      where: "f.rule_id = ? AND +f.state IN ('open', 'suppressed')",
      args: [scope.ruleId],
    };
  }
  if ("filesBeside" in scope) {
    return {
      where: `f.id IN (SELECT g.id
        FROM (SELECT DISTINCT repository_id FROM findings WHERE rule_id = ?) c
        CROSS JOIN findings g ON g.repository_id = c.repository_id
          AND g.rule_id >= 'file-' AND g.rule_id < 'file.') AND +f.state IN ('open', 'suppressed')`,
      args: [scope.filesBeside],
    };
  }
  const { ruleId, fingerprint } = scope.added;
  const where = ["f.state = 'open'"];
  const args: InValue[] = [];
  if (ruleId !== null) {
    where.push("f.rule_id = ?");
    args.push(ruleId);
  }
  if (fingerprint !== null) {
    // Digits of the hexadecimal system all come before `g`.
    where.push("f.fingerprint >= ? AND f.fingerprint < ?");
    args.push(fingerprint, `${fingerprint}g`);
  }
  return { where: where.join(" AND "), args };
}
