/**
 * Keeps prepared statements of a file's connection: the libSQL client prepares each one anew, and
 * with a table's triggers SQLite compiles all of them along. Of a small repository's writes half of
 * the time was that.
 */

/** What the driver below the client offers; its own types say less. */
interface Statement {
  run(...args: unknown[]): unknown;
  all(...args: unknown[]): unknown;
}
interface Connection {
  prepare(sql: string): Statement;
  close(): void;
}

/** Statements kept of one connection; the texts are few, but those of lists and filters differ. */
const MOST = 300;
/** What is bound stays in memory until the statement is used again. */
const LARGEST_VALUE = 1 << 16;
/** All others are prepared as they come. */
const KEPT = /^\s*(?:select|insert|update|delete|with)\b/i;
/** Names of columns are asked for before SQLite sees that another process has changed a table. */
const ALL_COLUMNS = /(?:\b(?:select|distinct|all|returning)\s|[,.])\s*\*/i;

const connections = new WeakMap<Connection, Map<string, Statement>>();
const changed = new WeakSet<Connection>();

/**
 * Lets all connections of this class keep their statements; harmless when repeated. A statement that
 * failed is not used again, since the driver may not have reset it.
 */
export function keepStatements({ prototype }: { prototype: Connection }): void {
  if (changed.has(prototype)) return;
  changed.add(prototype);
  const { prepare, close } = prototype;

  prototype.prepare = function (this: Connection, sql) {
    if (ALL_COLUMNS.test(sql)) return prepare.call(this, sql);
    if (!KEPT.test(sql)) {
      // What is prepared may not fit any more.
      if (!/^\s*(?:begin|commit|rollback|pragma)\b/i.test(sql)) connections.delete(this);
      return prepare.call(this, sql);
    }
    const kept = connections.get(this) ?? new Map<string, Statement>();
    connections.set(this, kept);
    const known = kept.get(sql);
    if (known !== undefined) return known;
    const statement = prepare.call(this, sql);
    for (const name of ["run", "all"] as const) {
      const plain = statement[name].bind(statement);
      statement[name] = (...args) => {
        if (isLarge(args)) kept.delete(sql);
        try {
          return plain(...args);
        } catch (error) {
          kept.delete(sql);
          throw error;
        }
      };
    }
    if (kept.size >= MOST) kept.delete(kept.keys().next().value!);
    kept.set(sql, statement);
    return statement;
  };

  prototype.close = function (this: Connection) {
    connections.delete(this);
    close.call(this);
  };
}

function isLarge(args: readonly unknown[]): boolean {
  const values = args.flatMap((arg) =>
    typeof arg === "object" && arg !== null && !(arg instanceof Uint8Array)
      ? Object.values(arg)
      : [arg]
  );
  return values.some((value) =>
    (typeof value === "string" || value instanceof Uint8Array) && value.length > LARGEST_VALUE
  );
}
