/**
 * What a restore must not bring back: whoever was shut out since the copy was made stays out, as far
 * as the database that was set aside can tell.
 */

import { DatabaseSync } from "node:sqlite";
import { describeError } from "@/lib/error_facts.ts";
import { plural } from "@/lib/format.ts";
import type { Asked } from "@/tools/admin_store.ts";

/** Ways in that are given out anew in a moment; the copy's may have been ended since. */
const SHORT_LIVED = ["sessions", "one_time_tokens", "known_devices"] as const;

const KEYS = ["api_keys", "embed_keys"] as const;

/** Ends what the copy in `file` let in by sessions and links. */
export function endShortLived(file: string, tell: Asked["tell"]): void {
  using database = new DatabaseSync(file, { timeout: 5_000 });
  for (const table of SHORT_LIVED) database.exec(`DELETE FROM ${table}`);
  tell("All sessions, links and known browsers of the copy have ended: everybody signs in again.");
}

/** Carries what was revoked over from the database set aside; says what, for the audit log too. */
export function keepRevoked(file: string, aside: string, tell: Asked["tell"]): string {
  try {
    using before = new DatabaseSync(aside);
    before.exec("PRAGMA query_only = ON");
    using database = new DatabaseSync(file, { timeout: 5_000 });
    // Closed without its end, as where a table cannot be read, it leaves nothing half done.
    database.exec("BEGIN IMMEDIATE");
    const keys = keepKeys(before, database);
    database.exec("SAVEPOINT people");
    let people = keepPeople(before, database);
    if (people.removed + people.demoted > 0 && !hasAdmin(database)) {
      database.exec("ROLLBACK TO people");
      people = { removed: 0, demoted: 0 };
      tell(
        "Accounts are as in the copy: without those removed or demoted since, no admin is left.",
      );
    }
    const acts = keepActs(before, database);
    database.exec("COMMIT");
    const carried = [
      plural(keys, "revoked key", "revoked keys"),
      plural(people.removed, "removed account", "removed accounts"),
      plural(people.demoted, "admin who became a viewer", "admins who became viewers"),
      plural(acts, "line of the audit log", "lines of the audit log"),
    ].join(", ");
    tell(`Carried over from what was there before: ${carried}. Passwords are those of the copy.`);
    return `carried over: ${carried}`;
  } catch (error) {
    tell(
      `What was there before cannot be read (${describeError(error).error}): keys and accounts ` +
        "that were revoked since the copy was made work again. Look through them.",
    );
    return "nothing carried over: the database before it cannot be read";
  }
}

function keepKeys(before: DatabaseSync, database: DatabaseSync): number {
  let kept = 0;
  for (const table of KEYS) {
    const revoke = database.prepare(
      `UPDATE ${table} SET revoked_at = ?1 WHERE id = ?2 AND revoked_at IS NULL`,
    );
    const revoked = before.prepare(
      `SELECT id, revoked_at AS at FROM ${table} WHERE revoked_at IS NOT NULL`,
    );
    for (const { id, at } of revoked.iterate()) kept += Number(revoke.run(at!, id!).changes);
  }
  return kept;
}

function keepPeople(before: DatabaseSync, database: DatabaseSync) {
  const people = { removed: 0, demoted: 0 };
  const demote = database.prepare(
    "UPDATE users SET role = 'viewer' WHERE id = ? AND role = 'admin'",
  );
  for (const { id } of before.prepare("SELECT id FROM users WHERE role = 'viewer'").iterate()) {
    people.demoted += Number(demote.run(id!).changes);
  }
  // An account that is only absent may be one that the other database never had.
  const stays = before.prepare("SELECT 1 FROM users WHERE id = ?");
  const wasRemoved = before.prepare(
    "SELECT 1 FROM audit_log WHERE action = 'user.removed' AND target = ? AND at >= ? LIMIT 1",
  );
  const remove = database.prepare("DELETE FROM users WHERE id = ?");
  for (const { id, email, created_at: at } of database.prepare("SELECT * FROM users").all()) {
    if (stays.get(id!) !== undefined || wasRemoved.get(email!, at!) === undefined) continue;
    people.removed += Number(remove.run(id!).changes);
  }
  return people;
}

function hasAdmin(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM users WHERE role = 'admin' LIMIT 1").get() !== undefined;
}

function keepActs(before: DatabaseSync, database: DatabaseSync): number {
  let kept = 0;
  const add = database.prepare(
    `INSERT OR IGNORE INTO audit_log (id, at, who, action, target, detail, address)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const acts = before.prepare(
    "SELECT id, at, who, action, target, detail, address FROM audit_log ORDER BY at, id",
  );
  for (const { id, at, who, action, target, detail, address } of acts.iterate()) {
    kept += Number(add.run(id!, at!, who!, action!, target!, detail!, address!).changes);
  }
  return kept;
}
