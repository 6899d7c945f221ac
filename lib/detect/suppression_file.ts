/** The files in a repository that name what to pass over: `.sluice.yml` and `.gitleaksignore`. */

import type { SuppressionEntries } from "@/lib/suppression.ts";

/** What the files of one repository say. */
export interface ReadSuppressions {
  entries: SuppressionEntries;
  /** Plain sentences on lines that say nothing we understand. */
  problems: string[];
}

/** Read no further than this: a list that people keep is much shorter. */
export const MAX_FILE_BYTES = 64 * 1024;
/** Whoever writes to a repository writes this file too, and each path is tried on each finding. */
const MAX_GLOBS = 100;
const MAX_GLOB_CHARS = 200;
const MAX_ENTRIES = 2_000;
const MAX_LINE_CHARS = 2_000;
/** More say no more to a person who mends the file. */
const MAX_PROBLEMS = 10;

/** Reads both files; either may be absent. Never throws: what cannot be read is a problem. */
export function readSuppressions(
  files: { sluiceYml?: string; gitleaksIgnore?: string },
): ReadSuppressions {
  const problems: string[] = [];
  const { paths, rules, fingerprints } = readSluiceYml(files.sluiceYml ?? "", problems);
  if (paths.length > MAX_GLOBS) problems.push(`.sluice.yml: more than ${MAX_GLOBS} paths`);
  const globs = paths.slice(0, MAX_GLOBS).filter((glob) => glob.length <= MAX_GLOB_CHARS);
  if (globs.length < Math.min(paths.length, MAX_GLOBS)) {
    problems.push(`.sluice.yml: a path of more than ${MAX_GLOB_CHARS} characters`);
  }
  const places = [...readGitleaksIgnore(files.gitleaksIgnore ?? "", problems)];
  const lists = { rules, fingerprints, places };
  for (const [name, list] of Object.entries(lists)) {
    if (list.length > MAX_ENTRIES) problems.push(`More than ${MAX_ENTRIES} ${name} are listed`);
  }
  return {
    entries: {
      paths: globs,
      rules: rules.slice(0, MAX_ENTRIES),
      fingerprints: fingerprints.slice(0, MAX_ENTRIES),
      places: places.slice(0, MAX_ENTRIES),
    },
    problems: problems.slice(0, MAX_PROBLEMS),
  };
}

/** `[commit:]path:rule:line` on each line; the rule is left out of what is kept. */
function readGitleaksIgnore(text: string, problems: string[]): Set<string> {
  const places = new Set<string>();
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.slice(0, MAX_LINE_CHARS).replace(/\s+#.*$/, "").trim();
    if (line === "" || line.startsWith("#")) continue;
    const parts = /^(?:([0-9a-f]{7,64}):)?(.+):[\w-]+:(\d+)$/.exec(line);
    if (parts === null) problems.push(`.gitleaksignore, line ${index + 1}: not path:rule:line`);
    else places.add([parts[1], parts[2], parts[3]].filter((part) => part !== undefined).join(":"));
  }
  return places;
}

const LISTS = ["paths", "rules", "fingerprints"] as const;

/**
 * The part of YAML that this file needs: `ignore:` with lists of plain or quoted scalars, in block
 * or flow style, and comments.
 */
function readSluiceYml(text: string, problems: string[]) {
  const lists: Record<typeof LISTS[number], string[]> = { paths: [], rules: [], fingerprints: [] };
  let inIgnore = false;
  let list: string[] | null = null;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = withoutComment(raw.slice(0, MAX_LINE_CHARS)).trimEnd();
    if (line.trim() === "" || line === "---") continue;
    const problem = (what: string) => problems.push(`.sluice.yml, line ${index + 1}: ${what}`);
    const entry = /^(\s*)([\w-]+):\s*(.*)$/.exec(line);
    const item = /^\s*-\s+(.+)$/.exec(line);
    if (item !== null) {
      if (list === null) problem("an item of no list");
      else list.push(unquoted(item[1]!));
    } else if (entry === null) problem("not understood");
    else if (entry[1] === "") {
      inIgnore = entry[2] === "ignore";
      list = null;
      if (!inIgnore) problem(unknownKey(entry[2]!));
    } else {
      const known = LISTS.find((name) => name === entry[2]);
      list = inIgnore && known !== undefined ? lists[known] : null;
      if (list === null) problem(unknownKey(entry[2]!));
      else if (entry[3] !== "") {
        const items = flowList(entry[3]!);
        if (items === null) problem("a list in brackets must end on its line");
        else list.push(...items);
      }
    }
  }
  return lists;
}

/**
 * A `#` after a space begins a comment, but not in quotes, which open where a scalar begins only:
 * the one in `it's` is a letter. Quotes that do not end on their line are none.
 */
function withoutComment(line: string): string {
  for (let at = 0; at < line.length; at++) {
    const sign = line[at]!;
    if (sign === "#" && /^$|\s$/.test(line.slice(0, at).slice(-1))) return line.slice(0, at);
    if (sign !== '"' && sign !== "'") continue;
    const opens = /(?:^|(?:^|\s)-\s+|:\s+|[[,])\s*$/.test(line.slice(Math.max(0, at - 20), at));
    const end = opens ? line.indexOf(sign, at + 1) : -1;
    if (end > 0) at = end;
  }
  return line;
}

/** Only what looks like a key is quoted: what people paste by mistake stays out of notices. */
function unknownKey(key: string): string {
  return /^[a-z][a-z_-]{0,19}$/.test(key) ? `unknown key ${key}` : "unknown key";
}

/** The items, of which commas in quotes or braces are a part; null when the list goes on. */
function flowList(text: string): string[] | null {
  const inner = /^\[(.*)\]$/.exec(text)?.[1] ?? (text.startsWith("[") ? null : text);
  const parts = inner?.match(/\s*(?:"[^"]*"|'[^']*'|(?:\{[^}]*\}|[^,])+)/g) ?? [];
  return inner === null ? null : parts.map(unquoted).filter((part) => part !== "");
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/.exec(text.trim())?.[2] ?? text.trim();
}
