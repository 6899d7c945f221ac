/**
 * A libSQL server for tests: Hrana 2 over HTTP (libsql/docs, HRANA_2_SPEC.md) above `node:sqlite`.
 * It answers the pipeline requests that the client sends; cursors and WebSockets are left out.
 */

import { DatabaseSync, type SQLInputValue } from "node:sqlite";

/** A running server; `url` is for `TURSO_DATABASE_URL`. */
export interface FakeHranaServer {
  url: string;
  /** Pipelines answered so far: the round trips. */
  readonly pipelines: number;
  /** Refuses so many of the next statements and batches, as when another client writes. */
  beBusy(times: number): void;
  close(): Promise<void>;
}

/** Serves the database at `path` on loopback; with `authToken`, refuses calls without it. */
export function fakeHranaServer(
  path: string,
  options: { authToken?: string; port?: number } = {},
): FakeHranaServer {
  const streams = new Map<string, Stream>();
  const idle: Stream[] = [];
  let pipelines = 0;
  let busy = 0;
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: options.port ?? 0,
    onListen: () => {},
  }, async (request) => {
    if (
      options.authToken && request.headers.get("authorization") !== `Bearer ${options.authToken}`
    ) {
      return Response.json({ message: "Unauthorized" }, { status: 401 });
    }
    // The client asks which versions there are: of all but /v2 it hears that there is none.
    if (new URL(request.url).pathname !== "/v2/pipeline") {
      return new Response(null, { status: 404 });
    }
    pipelines++;
    const { baton, requests } = await request.json() as { baton?: string; requests: Asked[] };
    const known = baton ? streams.get(baton) : idle.pop() ?? new Stream(path);
    if (!known) return Response.json({ message: "The stream has expired" }, { status: 400 });
    if (baton) streams.delete(baton);
    const results = requests.map((one) => {
      if (busy === 0 || !["execute", "batch"].includes(one.type)) return known.answer(one);
      busy--;
      return { type: "error", error: { message: "database is locked", code: "SQLITE_BUSY" } };
    });
    let next: string | null = null;
    if (!requests.some((one) => one.type === "close")) {
      next = crypto.randomUUID();
      streams.set(next, known);
    } else if (known.database.isTransaction) known.database.close();
    else idle.push(known);
    return Response.json({ baton: next, base_url: null, results });
  });

  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    get pipelines() {
      return pipelines;
    },
    beBusy(times) {
      busy = times;
    },
    async close() {
      await server.shutdown();
      for (const { database } of [...idle, ...streams.values()]) database.close();
    },
  };
}

type Value =
  | { type: "null" }
  | { type: "integer" | "text"; value: string }
  | { type: "float"; value: number }
  | { type: "blob"; base64: string };

interface Statement {
  sql?: string;
  sql_id?: number;
  args?: Value[];
  named_args?: { name: string; value: Value }[];
  want_rows?: boolean;
}

type Condition =
  | { type: "ok" | "error"; step: number }
  | { type: "not"; cond: Condition }
  | { type: "and" | "or"; conds: Condition[] };

/** What the client sends within a pipeline. */
type Asked =
  | { type: "close" | "get_autocommit" }
  | { type: "execute"; stmt: Statement }
  | { type: "batch"; batch: { steps: { stmt: Statement; condition?: Condition | null }[] } }
  | { type: "sequence"; sql?: string; sql_id?: number }
  | { type: "store_sql"; sql_id: number; sql: string }
  | { type: "close_sql"; sql_id: number };

/** One connection, as a stream of the protocol sees it. */
class Stream {
  readonly database: DatabaseSync;
  readonly #stored = new Map<number, string>();

  constructor(path: string) {
    this.database = new DatabaseSync(path);
    this.database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000",
    );
  }

  answer(request: Asked) {
    try {
      return { type: "ok", response: { type: request.type, ...this.#run(request) } };
    } catch (error) {
      return { type: "error", error: toError(error) };
    }
  }

  #run(request: Asked): object {
    switch (request.type) {
      case "execute":
        return { result: this.#execute(request.stmt) };
      case "batch":
        return { result: this.#batch(request.batch.steps) };
      case "sequence":
        this.database.exec(this.#sql(request));
        return {};
      case "store_sql":
        this.#stored.set(request.sql_id, request.sql);
        return {};
      case "close_sql":
        this.#stored.delete(request.sql_id);
        return {};
      case "get_autocommit":
        return { is_autocommit: !this.database.isTransaction };
      case "close":
        this.#stored.clear();
        return {};
    }
  }

  #sql({ sql, sql_id }: { sql?: string; sql_id?: number }): string {
    const text = sql ?? this.#stored.get(sql_id ?? -1);
    if (text === undefined) throw new Error(`Cannot run SQL ${sql_id}: it was not stored`);
    return text;
  }

  #execute(stmt: Statement) {
    const prepared = this.database.prepare(this.#sql(stmt));
    prepared.setReadBigInts(true);
    // Not yet in the types. Objects would drop all but the last of two columns of one name.
    (prepared as unknown as { setReturnArrays(on: boolean): void }).setReturnArrays(true);
    const named = (stmt.named_args ?? []).map(({ name, value }) => [name, fromWire(value)]);
    const args = (stmt.args ?? []).map(fromWire);
    const before = this.#total();
    const rows =
      (named.length > 0
        ? prepared.all(Object.fromEntries(named), ...args)
        : prepared.all(...args)) as unknown as SQLInputValue[][];
    const { changed, last } = this.database.prepare(
      "SELECT changes() AS changed, last_insert_rowid() AS last",
    ).get() as { changed: number; last: number };
    return {
      cols: prepared.columns().map(({ name, type }) => ({ name, decltype: type })),
      rows: stmt.want_rows === false ? [] : rows.map((row) => row.map(toWire)),
      affected_row_count: this.#total() === before ? 0 : changed,
      last_insert_rowid: String(last),
    };
  }

  /** Changes since the connection opened: `changes()` alone keeps the figure of an older write. */
  #total(): number {
    const row = this.database.prepare("SELECT total_changes() AS total").get();
    return Number(row!.total);
  }

  #batch(steps: { stmt: Statement; condition?: Condition | null }[]) {
    const results: (object | null)[] = [];
    const errors: (object | null)[] = [];
    const holds = (condition: Condition): boolean => {
      switch (condition.type) {
        case "ok":
          return results[condition.step] != null;
        case "error":
          return errors[condition.step] != null;
        case "not":
          return !holds(condition.cond);
        case "and":
          return condition.conds.every(holds);
        case "or":
          return condition.conds.some(holds);
      }
    };
    for (const { stmt, condition } of steps) {
      let result: object | null = null;
      let error: object | null = null;
      if (!condition || holds(condition)) {
        try {
          result = this.#execute(stmt);
        } catch (thrown) {
          error = toError(thrown);
        }
      }
      results.push(result);
      errors.push(error);
    }
    return { step_results: results, step_errors: errors };
  }
}

function fromWire(value: Value): SQLInputValue {
  switch (value.type) {
    case "null":
      return null;
    case "integer":
      return BigInt(value.value);
    case "text":
    case "float":
      return value.value;
    case "blob":
      return Uint8Array.from(atob(value.base64), (char) => char.charCodeAt(0));
  }
}

function toWire(value: SQLInputValue): Value {
  if (value === null) return { type: "null" };
  if (typeof value === "bigint") return { type: "integer", value: String(value) };
  if (typeof value === "number") return { type: "float", value };
  if (typeof value === "string") return { type: "text", value };
  return { type: "blob", base64: (value as Uint8Array).toBase64() };
}

/** The name of the SQLite result code, which the client looks at. */
function toError(error: unknown): { message: string; code: string } {
  const { errcode, message } = error as { errcode?: number; message: string };
  const names: Record<number, string> = { 5: "SQLITE_BUSY", 19: "SQLITE_CONSTRAINT" };
  return { message, code: names[(errcode ?? 1) & 255] ?? "SQLITE_ERROR" };
}
