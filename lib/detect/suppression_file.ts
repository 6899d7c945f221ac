/** The files in a repository that name what to pass over: `.sluice.yml` and `.gitleaksignore`. */

import { globTest } from "@/lib/glob.ts";

/** What a finding must say of itself to be recognised. */
export interface Suppressible {
  ruleId: string;
  fingerprint: string;
  path: string;
  line: number;
  commit?: string | null;
}

/** What the files of one repository say; `null` where nothing applies. */
export interface Suppressions {
  /** Names the entry that suppresses a finding, such as `.sluice.yml: path tests/**`, or null. */
  reasonFor(finding: Suppressible): string | null;
  /** Plain sentences on lines that say nothing we understand. */
  problems: readonly string[];
}

/** Whoever writes to a repository writes this file too, and each path is tried on each finding. */
const MAX_GLOBS = 100;
const MAX_GLOB_CHARS = 200;

/** Reads both files; either may be absent. Never throws: what cannot be read is a problem. */
export function readSuppressions(
  files: { sluiceYml?: string; gitleaksIgnore?: string },
): Suppressions {
  const problems: string[] = [];
  const { paths, rules, fingerprints } = readSluiceYml(files.sluiceYml ?? "", problems);
  if (paths.length > MAX_GLOBS) problems.push(`.sluice.yml: more than ${MAX_GLOBS} paths`);
  const globs = paths.slice(0, MAX_GLOBS).flatMap((glob) => {
    if (glob.length <= MAX_GLOB_CHARS) {
      return [{ glob, matches: globTest([glob], { paths: true, cased: true }) }];
    }
    problems.push(`.sluice.yml: a path of more than ${MAX_GLOB_CHARS} characters`);
    return [];
  });
  const ignored = readGitleaksIgnore(files.gitleaksIgnore ?? "", problems);
  return {
    problems,
    reasonFor({ ruleId, fingerprint, path, line, commit }) {
      const glob = globs.find((one) => one.matches(path));
      if (glob !== undefined) return `.sluice.yml: path ${glob.glob}`;
      if (rules.has(ruleId)) return `.sluice.yml: rule ${ruleId}`;
      if (fingerprints.has(fingerprint)) return ".sluice.yml: fingerprint";
      // Other scanners name their rules in their own way, so place and line decide.
      const places = commit
        ? [`${commit}:${path}:${line}`, `${path}:${line}`]
        : [`${path}:${line}`];
      return places.some((place) => ignored.has(place)) ? ".gitleaksignore" : null;
    },
  };
}

/** `[commit:]path:rule:line` on each line; the rule is left out of what is kept. */
function readGitleaksIgnore(text: string, problems: string[]): Set<string> {
  const places = new Set<string>();
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/\s+#.*$/, "").trim();
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
    const line = raw.replace(/(?:^|\s)#.*$/, "").trimEnd();
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
      if (!inIgnore) problem(`unknown key ${entry[2]}`);
    } else {
      const known = LISTS.find((name) => name === entry[2]);
      list = inIgnore && known !== undefined ? lists[known] : null;
      if (list === null) problem(`unknown key ${entry[2]}`);
      else if (entry[3] !== "") list.push(...flowList(entry[3]!));
    }
  }
  return {
    paths: lists.paths,
    rules: new Set(lists.rules),
    fingerprints: new Set(lists.fingerprints),
  };
}

function flowList(text: string): string[] {
  const inner = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  return inner.split(",").map((part) => unquoted(part.trim())).filter((part) => part !== "");
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/.exec(text.trim())?.[2] ?? text.trim();
}
