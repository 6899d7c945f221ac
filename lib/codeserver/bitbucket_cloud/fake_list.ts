/** Lists as Bitbucket gives them: `q`, `sort`, `fields`, pages by number. */

/** What the query of a list asks for is wrong; Bitbucket answers 400. */
export class BadQuery extends Error {}

/** How far this stand-in obeys `sort` and `q`. */
export interface ListHabits {
  q?: "obeyed" | "ignored" | "refused";
  sort?: "obeyed" | "ignored" | "refused";
  /** False leaves `size` out of every page. */
  size?: boolean;
  /** The longest page given, whatever was asked for. */
  longestPage?: number;
}

type Row = Record<string, unknown>;

const OPERATORS: Record<string, (a: string, b: string) => boolean> = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "~": (a, b) => a.toLowerCase().includes(b.toLowerCase()),
  "!~": (a, b) => !a.toLowerCase().includes(b.toLowerCase()),
  ">": (a, b) => compare(a, b) > 0,
  ">=": (a, b) => compare(a, b) >= 0,
  "<": (a, b) => compare(a, b) < 0,
  "<=": (a, b) => compare(a, b) <= 0,
};

/**
 * One page; `url` is the address as asked, from which `next` is made. `toBody` makes the full item of
 * a row, so that a long list is searched by short rows.
 */
export function pageOf<R extends object>(
  rows: readonly R[],
  url: URL,
  habits: ListHabits = {},
  toBody: (row: R) => object = (row) => row,
): Row {
  const pagelen = Math.min(number(url, "pagelen", 10, 100), habits.longestPage ?? 100);
  const page = number(url, "page", 1, Number.MAX_SAFE_INTEGER);
  const found = sorted(filtered(rows, url, habits), url, habits);
  const values = found.slice((page - 1) * pagelen, page * pagelen).map(toBody);
  const body: Row = { values, pagelen };
  if (habits.size !== false) body.size = found.length;
  body.page = page;
  if (page * pagelen < found.length) {
    const next = new URL(url);
    next.searchParams.set("page", String(page + 1));
    body.next = next.href;
  }
  if (page > 1) {
    const previous = new URL(url);
    previous.searchParams.set("page", String(page - 1));
    body.previous = previous.href;
  }
  return selected(body, url.searchParams.get("fields"));
}

/** Keeps what `fields` names, or drops what it names with a minus. */
export function selected(body: Row, fields: string | null): Row {
  const names = (fields ?? "").split(",").map((name) => name.trim()).filter((name) => name !== "");
  const kept = names.filter((name) => !/^[+-]/.test(name)).map((name) => name.split("."));
  const dropped = names.filter((name) => name.startsWith("-")).map((name) =>
    name.slice(1).split(".")
  );
  const chosen = kept.length === 0 ? structuredClone(body) : pick(body, kept) as Row;
  for (const path of dropped) drop(chosen, path);
  return chosen;
}

function pick(value: unknown, paths: readonly string[][]): unknown {
  if (paths.some((path) => path.length === 0 || path[0] === "*")) return value;
  if (Array.isArray(value)) return value.map((item) => pick(item, paths));
  if (!isRow(value)) return value;
  const found: Row = {};
  for (const name of new Set(paths.map((path) => path[0]!))) {
    if (!Object.hasOwn(value, name)) continue;
    found[name] = pick(
      value[name],
      paths.filter((path) => path[0] === name).map((p) => p.slice(1)),
    );
  }
  return found;
}

function drop(value: unknown, path: readonly string[]): void {
  if (Array.isArray(value)) return value.forEach((item) => drop(item, path));
  if (!isRow(value)) return;
  if (path.length === 1) delete value[path[0]!];
  else drop(value[path[0]!], path.slice(1));
}

function filtered<R extends object>(
  rows: readonly R[],
  url: URL,
  habits: ListHabits,
): readonly R[] {
  const q = url.searchParams.get("q");
  if (q === null || habits.q === "ignored") return rows;
  if (habits.q === "refused") throw new BadQuery("q is not supported here");
  const terms = q.split(/\s+AND\s+/).map((term) => {
    const match = term.match(
      /^\s*([a-z_.]+)\s*(!=|!~|>=|<=|=|~|>|<)\s*("(?:[^"\\]|\\.)*"|\S+)\s*$/,
    );
    if (!match) throw new BadQuery(`Unparseable query near '${term.trim()}'`);
    const [, field, operator, value] = match;
    const wanted = value!.startsWith('"') ? value!.slice(1, -1).replace(/\\(.)/g, "$1") : value!;
    return (row: R) => OPERATORS[operator!]!(text(at(row, field!)), wanted);
  });
  return rows.filter((row) => terms.every((term) => term(row)));
}

function sorted<R extends object>(rows: readonly R[], url: URL, habits: ListHabits): readonly R[] {
  const sort = url.searchParams.get("sort");
  if (sort === null || habits.sort === "ignored") return rows;
  if (habits.sort === "refused") throw new BadQuery("Invalid field name");
  const field = sort.replace(/^-/, "");
  const sign = sort.startsWith("-") ? -1 : 1;
  return rows.toSorted((a, b) => sign * compare(text(at(a, field)), text(at(b, field))));
}

function number(url: URL, name: string, absent: number, most: number): number {
  const given = url.searchParams.get(name);
  if (given === null) return absent;
  const value = Number(given);
  if (!Number.isInteger(value) || value < 1 || value > most) throw new BadQuery(`Invalid ${name}`);
  return value;
}

function at(row: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => isRow(value) ? value[name] : null, row);
}

function text(value: unknown): string {
  return typeof value === "number" ? String(value).padStart(16, "0") : String(value ?? "");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
