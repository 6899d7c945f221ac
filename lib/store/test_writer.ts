/**
 * A process for tests of contention, run with `deno run -A`: `write URL NAME COUNT` inserts rows
 * through the store's door and prints the number of each that was reported written; `raw` does the
 * same through the bare client; `hold URL COUNT MS` takes the write lock again and again, and
 * `keep URL` until standard input ends.
 */

import { DatabaseSync } from "node:sqlite";
import { createClient } from "@libsql/client";
import { openDb } from "@/lib/store/db.ts";

/** Shorter than a holder keeps the lock, so that SQLITE_BUSY really comes up. */
const BUSY_MS = 5;

const INSERT = "INSERT INTO written (writer, number) VALUES (?, ?)";
const [mode, url, third, fourth] = Deno.args as [string, string, string, string];

if (mode === "hold") await hold(Number(third), () => rest(Number(fourth)));
else if (mode === "keep") await hold(1, () => Array.fromAsync(Deno.stdin.readable));
else await write(await openWriter(), third, Number(fourth));

async function openWriter() {
  if (mode === "write") return await openDb(url, undefined, BUSY_MS);
  const client = createClient({ url, concurrency: 1, timeout: BUSY_MS });
  await client.execute("PRAGMA journal_mode = WAL");
  return {
    execute: (sql: string, args: (string | number)[]) => client.execute({ sql, args }),
    close: () => client.close(),
  };
}

/** Calls come in pairs, as pages do; one that fails was not reported written. */
async function write(db: Awaited<ReturnType<typeof openWriter>>, name: string, times: number) {
  for (let number = 0; number < times; number += 2) {
    const pair = [number, number + 1].map((one) =>
      db.execute(INSERT, [name, one]).then(() => console.log(one), () => {})
    );
    await Promise.all(pair);
    await rest(2);
  }
  db.close();
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function hold(times: number, held: () => Promise<unknown>) {
  // The bare client ends a transaction that `execute` began; this process has no other SQLite.
  const database = new DatabaseSync(url.replace(/^file:/, ""));
  database.exec("PRAGMA busy_timeout = 5000");
  for (let i = 0; i < times; i++) {
    database.exec("BEGIN IMMEDIATE");
    await held();
    database.exec("COMMIT");
    await rest(10);
  }
  database.close();
}
