/** What suppresses a finding: what a repository's own files name, and the rules of the installation. */

import { globTest, type Steps } from "@/lib/glob.ts";

/** What the files of one repository name. */
export interface SuppressionEntries {
  /** Globs over paths. */
  paths: string[];
  rules: string[];
  /** Whole, or at least their first 16 digits. */
  fingerprints: string[];
  /** `path:line` or `commit:path:line`. */
  places: string[];
}

/** A rule that an admin made; each criterion that is not null must fit. */
export interface SuppressionRule {
  path: string | null;
  ruleId: string | null;
  fingerprint: string | null;
  /** A glob over full names of repositories; null: every one. */
  repositories: string | null;
  reason: string;
}

/** One place of a finding. */
export interface SuppressiblePlace {
  path: string;
  line: number;
  commit: string | null;
  /** The inline comment that suppresses it here, or null. */
  suppressedBy: string | null;
  /** Whether the newest commit has it here. */
  atTip?: boolean;
}

/** What a finding must say of itself to be recognised. */
export interface SuppressibleFinding {
  ruleId: string;
  fingerprint: string;
  places: readonly SuppressiblePlace[];
}

/** Judges findings of one repository. */
export interface Suppression {
  /** What suppresses each place, such as `.sluice.yml: path tests/**`, or null. */
  reasonsFor(finding: SuppressibleFinding): (string | null)[];
  /** The same for the finding: suppressed only if it is so at every place. */
  reasonFor(finding: SuppressibleFinding): string | null;
}

/** Of a finding by a deleted rule: no scan looks any more, so that none could say whether it is still there. */
export const RULE_DELETED = "its rule was deleted";

/** The same of a rule that is switched off, until it is on again. */
export const RULE_SWITCHED_OFF = "its rule is switched off";

/** How a fingerprint begins on pages and in files. */
export const FINGERPRINT_START = 16;

/**
 * Who writes a repository writes both its globs and its paths, and a hundred globs may take minutes
 * over one path of theirs (measured). So the globs of its file have so much work, some 0.4 s, and for
 * each path what an honest file takes; once that is used up they suppress nothing more. Those of
 * admins have as much: their paths are no less a stranger's.
 */
const GLOB_STEPS = 10_000_000;
const GLOB_STEPS_A_CHARACTER = 600;
/** There may be twice as many rules as a file has globs. */
const RULE_STEPS_A_CHARACTER = 1_200;
const COUNTED_CHARACTERS = 150;
/** Paths whose answer is kept: many findings stand in one file. */
const KEPT_PATHS = 10_000;

/** The rules that speak of a repository, by its full name. */
export function rulesFor<Rule extends SuppressionRule>(
  rules: readonly Rule[],
  fullName: string,
): Rule[] {
  const steps: Steps = { left: GLOB_STEPS };
  return rules.filter(({ repositories }) =>
    repositories === null || globTest([repositories], { paths: true, steps })(fullName)
  );
}

/** What files and rules come to together. `rules` are those of this repository. */
export function createSuppression(
  entries: SuppressionEntries | null,
  rules: readonly SuppressionRule[],
): Suppression {
  const ofFiles = entries === null ? () => null : fileTest(entries);
  const ofRules = rulesTest(rules);
  const listed = new Set(entries?.places);

  function reasonsFor(finding: SuppressibleFinding): (string | null)[] {
    const ignored = ignoredPaths(listed, finding.places);
    const atTip = inlineAtTip(finding.places);
    return finding.places.map((place) => {
      const inline = place.suppressedBy ?? atTip.get(place.path) ?? null;
      if (inline !== null) return inline;
      if (ignored.has(place.path)) return ".gitleaksignore";
      return ofFiles(finding, place.path) ?? ofRules(finding, place.path);
    });
  }

  return {
    reasonsFor,
    reasonFor(finding) {
      const reasons = reasonsFor(finding);
      return reasons.includes(null) ? null : reasons[0] ?? null;
    },
  };
}

type Test = (finding: SuppressibleFinding, path: string) => string | null;

function fileTest(entries: SuppressionEntries): Test {
  const globOf = globFinder(entries.paths);
  const rules = new Set(entries.rules);
  const isListed = fingerprintTest(entries.fingerprints);
  return ({ ruleId, fingerprint }, path) => {
    const glob = globOf(path);
    if (glob !== null) return `.sluice.yml: path ${glob}`;
    if (rules.has(ruleId)) return `.sluice.yml: rule ${ruleId}`;
    return isListed(fingerprint) ? ".sluice.yml: fingerprint" : null;
  };
}

/** The first of the globs that fits a path, within the work that they have. */
function globFinder(listed: readonly string[]): (path: string) => string | null {
  const steps: Steps = { left: GLOB_STEPS };
  const globs = listed.map((glob) => ({ glob, matches: pathTest(glob, steps) }));
  return onceAPath(
    steps,
    GLOB_STEPS_A_CHARACTER,
    (path) => globs.find(({ matches }) => matches(path))?.glob ?? null,
  );
}

/** The first of the rules that fits, their globs together within the work that they have. */
function rulesTest(rules: readonly SuppressionRule[]): Test {
  const steps: Steps = { left: GLOB_STEPS };
  const tests = rules.map(({ path, fingerprint }) => ({
    fitsPath: path === null ? () => true : pathTest(path, steps),
    isListed: fingerprint === null ? () => true : fingerprintTest([fingerprint]),
  }));
  /** Of each rule whether it fits the path, as far as that was asked. */
  const fittingOf = onceAPath(steps, RULE_STEPS_A_CHARACTER, (): boolean[] => []);
  return ({ ruleId, fingerprint }, path) => {
    const fitting = fittingOf(path);
    const rule = rules.find((one, index) => {
      const { fitsPath, isListed } = tests[index]!;
      return (one.ruleId === null || one.ruleId === ruleId) && isListed(fingerprint) &&
        (fitting[index] ??= fitsPath(path));
    });
    return rule === undefined ? null : `suppression rule: ${rule.reason}`;
  };
}

/** Keeps what is found of a path, and gives the globs their work when they meet it first. */
function onceAPath<Found extends object | string | null>(
  steps: Steps,
  stepsACharacter: number,
  find: (path: string) => Found,
): (path: string) => Found {
  const known = new Map<string, Found>();
  return (path) => {
    const kept = known.get(path);
    if (kept !== undefined) return kept;
    steps.left += Math.min(path.length, COUNTED_CHARACTERS) * stepsACharacter;
    const found = find(path);
    if (known.size >= KEPT_PATHS) known.clear();
    known.set(path, found);
    return found;
  };
}

function pathTest(glob: string, steps: Steps): (path: string) => boolean {
  return globTest([glob], { paths: true, cased: true, steps });
}

function fingerprintTest(listed: readonly string[]): (fingerprint: string) => boolean {
  const byStart = new Map<string, string[]>();
  for (const one of listed) {
    const start = one.slice(0, FINGERPRINT_START);
    byStart.set(start, [...byStart.get(start) ?? [], one]);
  }
  return (fingerprint) =>
    byStart.get(fingerprint.slice(0, FINGERPRINT_START))?.some((one) =>
      one === fingerprint || (one.length >= FINGERPRINT_START && fingerprint.startsWith(one))
    ) ?? false;
}

/**
 * Comments in the newest version of a file, by path. History cannot be commented on afterwards: who
 * marks the line as it stands today means the secret in this file.
 */
function inlineAtTip(places: readonly SuppressiblePlace[]): Map<string, string> {
  const comments = new Map<string, string>();
  const bare = new Set<string>();
  for (const { path, atTip, suppressedBy } of places) {
    if (!atTip) continue;
    if (suppressedBy === null) bare.add(path);
    else comments.set(path, suppressedBy);
  }
  for (const path of bare) comments.delete(path);
  return comments;
}

/**
 * Paths at which a place of the finding is listed. Who lists a secret by its line means the secret
 * in this file: the lines of its later versions are the same decision.
 */
function ignoredPaths(
  listed: ReadonlySet<string>,
  places: readonly SuppressiblePlace[],
): Set<string> {
  const paths = new Set<string>();
  if (listed.size === 0) return paths;
  for (const { path, line, commit } of places) {
    if (
      listed.has(`${path}:${line}`) || (commit !== null && listed.has(`${commit}:${path}:${line}`))
    ) paths.add(path);
  }
  return paths;
}
