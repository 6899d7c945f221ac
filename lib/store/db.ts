/**
 * The one door to libSQL. On a file, after one SQLITE_BUSY the client loses writes in silence
 * (libsql-client-ts issues 350 and 352), so calls go one at a time, and a busy one reconnects,
 * sets the connection's settings again, and is repeated.
 */

import type { Client, InArgs, InStatement, ResultSet } from "@libsql/client";
import { drizzle, type LibSQLDatabase } from "drizzle-orm/libsql";
import { migrate as runMigrations } from "drizzle-orm/libsql/migrator";
import { systemClock } from "@/lib/clock.ts";
import { isDiskFull } from "@/lib/disk.ts";
import { keepStatements } from "./statements.ts";

/** What the tables' files build on. */
export interface Db {
  /** Typed reads and simple writes. */
  query: LibSQLDatabase;
  /** One statement. `rowsAffected` is 0 where it has RETURNING: count the rows. */
  execute(sql: string, args?: InArgs): Promise<ResultSet>;
  /** Several statements in one write transaction. */
  batch(statements: InStatement[]): Promise<ResultSet[]>;
  /** Whether the tables are as this code made them: another instance may have brought newer ones. */
  isCurrent(): Promise<boolean>;
  /** Brings the tables up to date. @throws when the database is newer than this code. */
  migrate(): Promise<void>;
  /** Raised by every write through this door; a poll compares it before it asks the database. */
  readonly writes: number;
  /** As `writes`, without those of the work itself: whoever was let in before may not be any more. */
  readonly accessWrites: number;
  /** True where other processes may write too, so that `writes` proves nothing. */
  readonly shared: boolean;
  /** Another number after each reconnection, since `data_version` begins anew with each. */
  readonly connection: number;
  close(): void;
}

const FILE_SETTINGS = [
  "PRAGMA journal_mode = WAL",
  "PRAGMA synchronous = NORMAL",
  "PRAGMA foreign_keys = ON",
  "PRAGMA cache_size = -65536",
];

/**
 * Writes that change nobody's rights: what scans and calls do all the time, and notes of a use. All
 * others count as such, so that a table that is yet to come does.
 */
const WORK = new RegExp(
  String.raw`^\s*(?:(?:insert into|update|delete from)\s+["\`]?(?:jobs|repositories|findings|` +
    String.raw`occurrences|ref_tips|commit_parts|credential_calls|api_calls|webhook_deliveries)\b` +
    String
      .raw`|update\s+["\`]?\w+["\`]?\s+set\s+["\`]?(?:seen_at|last_used_at)["\`]?\s*=\s*\?\s+where\b)`,
  "i",
);

const BUSY_TRIES = 20;
/** About 1.5 s in all. */
const HTTP_BUSY_TRIES = 10;

/**
 * Opens `file:` natively and `libsql:` or `http(s):` over HTTP; nothing is migrated yet. A native
 * call waits at most `busyMs` for another process, and blocks this one while it waits.
 */
export async function openDb(url: string, authToken?: string, busyMs = 5000): Promise<Db> {
  const isFile = url.startsWith("file:");
  const { createClient } = isFile
    ? await import("@libsql/client")
    : await import("@libsql/client/web");
  if (isFile) keepStatements((await import("libsql")).default);
  const client: Client = createClient({
    url,
    ...(authToken ? { authToken } : {}),
    ...(isFile ? { concurrency: 1, timeout: busyMs } : {}),
  });
  let writes = 0;
  let accessWrites = 0;
  let connection = 1;
  const renewed = () => void connection++;
  if (isFile) await repeatWhileBusy(client, () => applySettings(client), renewed);
  const note = (sql: string) => {
    writes++;
    if (!WORK.test(sql)) accessWrites++;
  };
  const door = isFile ? oneAtATime(client, renewed) : patient(client);

  const counted = new Proxy(door, {
    get(target, name) {
      if (name === "execute") {
        return (statement: InStatement | string, args?: InArgs) => {
          const text = typeof statement === "string" ? statement : statement.sql;
          if (!/^\s*select/i.test(text)) note(text);
          return args === undefined
            ? target.execute(statement as InStatement)
            : target.execute(text, args);
        };
      }
      if (name === "batch") {
        return (statements: InStatement[], mode?: "write" | "read" | "deferred") => {
          for (const one of statements) note(typeof one === "string" ? one : one.sql);
          return target.batch(statements, mode ?? "write");
        };
      }
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const query = drizzle(counted);

  return {
    query,
    execute: (sql, args = []) => counted.execute({ sql, args }),
    batch: (statements) => counted.batch(statements, "write"),
    isCurrent: async () => await newestApplied(counted) === await newestKnown(),
    async migrate() {
      await refuseNewer(await newestApplied(counted));
      try {
        // Not a URL's path, in which a space of the folder's name would read `%20`.
        await runMigrations(query, { migrationsFolder: `${import.meta.dirname}/../../migrations` });
      } catch (error) {
        // Of several that start at once, one makes the tables, and the others find them made.
        if (await newestApplied(counted) !== await newestKnown()) throw error;
      }
    },
    get writes() {
      return writes;
    },
    get accessWrites() {
      return accessWrites;
    },
    get connection() {
      return connection;
    },
    shared: !isFile,
    close: () => client.close(),
  };
}

async function applySettings(client: Client): Promise<void> {
  for (const setting of FILE_SETTINGS) await client.execute(setting);
}

type Run = <Result>(call: () => Promise<Result>) => Promise<Result>;

/** Wraps a file client: calls queue up, and a busy one is repeated on a fresh connection. */
function oneAtATime(client: Client, renewed: () => void): Client {
  let tail: Promise<unknown> = Promise.resolve();
  return intercept(client, (call) => {
    const result = tail.then(() => repeatWhileBusy(client, call, renewed));
    tail = result.catch(() => {});
    return result;
  });
}

/** Wraps a client over HTTP: a server that is busy with another's write is asked again. */
function patient(client: Client): Client {
  return intercept(client, async (call) => {
    for (let tries = 1;; tries++) {
      try {
        return await call();
      } catch (error) {
        if (!isBusy(error) || tries >= HTTP_BUSY_TRIES) throw error;
        await systemClock.sleep(Math.min(10 * 2 ** tries, 250));
      }
    }
  });
}

/** Lets `run` decide how the calls that reach the database are made. */
function intercept(client: Client, run: Run): Client {
  return new Proxy(client, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      const call = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
      if (!["execute", "batch", "migrate", "executeMultiple"].includes(String(name))) return call;
      return (...args: unknown[]) => run(() => call(...args));
    },
  });
}

async function repeatWhileBusy<Result>(
  client: Client,
  call: () => Promise<Result>,
  renewed: () => void,
): Promise<Result> {
  for (let tries = 1;; tries++) {
    try {
      return await call();
    } catch (error) {
      if (isDiskFull(error)) await connectAgain(client, renewed).catch(() => {});
      if (!isBusy(error)) throw error;
      // Also after the last try: the next caller's write would be lost on this connection.
      await connectAgain(client, renewed);
      if (tries >= BUSY_TRIES) throw error;
    }
  }
}

/** A fresh connection with its settings; a setting may find the file busy and spoil it too. */
async function connectAgain(client: Client, renewed: () => void): Promise<void> {
  renewed();
  for (let tries = 1; tries <= BUSY_TRIES; tries++) {
    await client.reconnect();
    try {
      return await applySettings(client);
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
  }
  await client.reconnect();
}

function isBusy(error: unknown): boolean {
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    const code = String((e as { code?: unknown }).code ?? "");
    if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) return true;
    if (/database is locked/i.test(e.message)) return true;
  }
  return false;
}

/** The newest migration that this code carries, in milliseconds since the epoch. */
async function newestKnown(): Promise<number> {
  const journal = await Deno.readTextFile(
    new URL("../../migrations/meta/_journal.json", import.meta.url),
  );
  const { entries } = JSON.parse(journal) as { entries: { when: number }[] };
  return Math.max(...entries.map((entry) => entry.when));
}

/** The newest migration that the database has seen; 0 where it has seen none. */
async function newestApplied(client: Client): Promise<number> {
  const table = await client.execute(
    "select 1 from sqlite_master where name = '__drizzle_migrations'",
  );
  if (table.rows.length === 0) return 0;
  const newest = await client.execute("select max(created_at) as at from __drizzle_migrations");
  return Number(newest.rows[0]?.at ?? 0);
}

/** Refuses a database whose newest migration, by its time in milliseconds, is not known here. */
export async function refuseNewer(newest: number): Promise<void> {
  const known = await newestKnown();
  if (newest > known) throw new NewerDatabaseError(newest, known);
}

/** A newer version of Sluice made the database; what to do stands in the message. */
export class NewerDatabaseError extends Error {
  override readonly name = "NewerDatabaseError";

  constructor(at: number, known: number) {
    const date = (ms: number) => new Date(ms).toISOString();
    super(
      `Cannot start on this database: a newer version of Sluice made it (schema of ${date(at)}, ` +
        `this version knows ${date(known)}). Start that version, or restore a backup`,
    );
  }
}
