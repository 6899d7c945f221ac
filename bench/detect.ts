/**
 * Measures the detector: recall and precision on our own labelled set, what each filter does, and
 * speed on a source tree, against running every expression over every text.
 *
 * Usage: deno task bench:detect [--misses] [--rules] [--no-speed] [FOLDER]
 *
 * `--misses` prints each wrong answer on the labelled set, `--rules` the time of every rule instead
 * of the slowest. Without a folder the speed is measured on this project's own sources, and on a
 * tree of nothing but look-alikes, which is far denser than any real one.
 */

import process from "node:process";
import { createDetector, judge, RULES } from "@/lib/detect/mod.ts";
import { assignmentRules } from "@/lib/detect/rules/assignments.ts";
import type { Rule } from "@/lib/detect/rule.ts";
import { FILTERS } from "@/lib/detect/values.ts";
import { ROOT } from "@/tools/files.ts";
import { createDice, type LabelledCase } from "./labelled/case.ts";
import { negatives } from "./labelled/negatives.ts";
import { positives } from "./labelled/positives.ts";
import { secondSet } from "./labelled/second/mod.ts";

const FINGERPRINT_KEY = new Uint8Array(32);
const encode = (text: string) => new TextEncoder().encode(text);

interface Score {
  secrets: number;
  found: number;
  hits: number;
  rightHits: number;
  cleanCases: number;
  noisyCases: number;
}

/** Runs the labelled set. `misses` is told each wrong answer. */
function judgeSet(
  cases: readonly LabelledCase[],
  rules: readonly Rule[],
  onWrong: (kind: "missed" | "false", one: LabelledCase, what: string) => void = () => {},
): Map<string, Score> {
  const detector = createDetector({ fingerprintKey: FINGERPRINT_KEY, rules });
  const scores = new Map<string, Score>();
  for (const one of cases) {
    const score = scores.get(one.family) ??
      { secrets: 0, found: 0, hits: 0, rightHits: 0, cleanCases: 0, noisyCases: 0 };
    scores.set(one.family, score);
    const hits = detector.detect(encode(one.text)).hits.filter((hit) => judge(hit, one.path));
    if (one.secrets.length === 0) {
      score.cleanCases++;
      if (hits.length > 0) score.noisyCases++;
    }
    // `*` stands for one secret wherever it is: where it is encoded or built into the text.
    const spans = one.secrets.map((secret) =>
      secret === "*"
        ? { start: 0, end: one.text.length }
        : { start: one.text.indexOf(secret), end: one.text.indexOf(secret) + secret.length }
    );
    const meets = (hit: { start: number; end: number }, span: { start: number; end: number }) =>
      hit.start < span.end && hit.end > span.start;
    for (const span of spans) {
      score.secrets++;
      if (hits.some((hit) => meets(hit, span))) score.found++;
      else onWrong("missed", one, one.text.slice(span.start, span.end));
    }
    for (const hit of hits) {
      score.hits++;
      if (spans.some((span) => meets(hit, span))) score.rightHits++;
      else onWrong("false", one, `${hit.ruleId} ${one.text.slice(hit.start, hit.end)}`);
    }
  }
  return scores;
}

function total(scores: Iterable<Score>): Score {
  const sum = { secrets: 0, found: 0, hits: 0, rightHits: 0, cleanCases: 0, noisyCases: 0 };
  for (const score of scores) {
    for (const key of Object.keys(sum) as (keyof Score)[]) sum[key] += score[key];
  }
  return sum;
}

const percent = (part: number, whole: number) =>
  whole === 0 ? "-" : `${(100 * part / whole).toFixed(1)} %`;

function row(name: string, score: Score): string {
  return `${name.padEnd(36)} ${String(score.secrets).padStart(7)} ${
    percent(score.found, score.secrets).padStart(9)
  } ${percent(score.rightHits, score.hits).padStart(10)} ${
    percent(score.noisyCases, score.cleanCases).padStart(11)
  }`;
}

function labelled(showMisses: boolean): void {
  const cases = [
    ...positives(createDice(20261124)),
    ...negatives(createDice(7)),
    ...secondSet(createDice(31)),
  ];
  say(`Labelled set: ${cases.length} texts\n`);
  say(`${"family".padEnd(36)} secrets    recall  precision  false texts`);
  const wrong: string[] = [];
  const scores = judgeSet(cases, RULES, (kind, one, what) => {
    wrong.push(`${kind} [${one.family}] ${one.path}: ${what.slice(0, 80)}`);
  });
  for (const [family, score] of scores) say(row(family, score));
  const all = total(scores.values());
  say(row("all", all));
  if (showMisses) say("\n" + wrong.join("\n"));

  say("\nWhat each filter removes on the labelled set: wrongly (secrets), rightly (false hits)");
  const others = RULES.filter((rule) =>
    !/^(?:password|secret)-(?:assignment|setting)$/.test(rule.id)
  );
  for (const id of [...FILTERS.map((filter) => filter.id), "wrapped"]) {
    const without = total(
      judgeSet(cases, [...others, ...assignmentRules(new Set([id]))]).values(),
    );
    const falseHits = (score: Score) => score.hits - score.rightHits;
    say(
      `${id.padEnd(20)} ${String(without.found - all.found).padStart(5)} ${
        String(falseHits(without) - falseHits(all)).padStart(6)
      }`,
    );
  }
}

/** Milliseconds of processor time so far: what other processes do beside this one does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function speed(name: string, texts: readonly Uint8Array[], everyRule: boolean): void {
  const bytes = texts.reduce((sum, text) => sum + text.length, 0);
  const mb = bytes / 1e6;
  say(`\nSpeed on ${name}: ${texts.length} texts, ${mb.toFixed(1)} MB`);
  const detector = createDetector({ fingerprintKey: FINGERPRINT_KEY });
  const run = () => {
    const start = cpuMs();
    let hits = 0;
    for (const text of texts) hits += detector.detect(text).hits.length;
    return { ms: cpuMs() - start, hits };
  };
  run();
  const runs = [run(), run(), run()];
  const best = Math.min(...runs.map((one) => one.ms));
  say(
    `full rule set (${RULES.length} rules): ${
      (mb / best * 1000).toFixed(0)
    } MB a second of processor time, ${runs[0]!.hits} hits`,
  );

  const nothing = createDetector({
    fingerprintKey: FINGERPRINT_KEY,
    rules: RULES.map((rule) => ({
      ...rule,
      pattern: /(?!)/,
      anchor: "keyword" as const,
      window: { before: 0, after: 1 },
    })),
  });
  let start = cpuMs();
  for (const text of texts) nothing.detect(text);
  say(
    `keywords alone: ${(mb / (cpuMs() - start) * 1000).toFixed(0)} MB a second of processor time`,
  );

  filtersOn(sampleOf(texts, 20e6));

  say(
    `\n${everyRule ? "All" : "Slowest"} rules, milliseconds a megabyte on their own beside the ` +
      "pass for keywords",
  );
  const some = sampleOf(texts, 2e6);
  const size = some.reduce((sum, text) => sum + text.length, 0) / 1e6;
  const costs = RULES.map((rule) => {
    const alone = createDetector({ fingerprintKey: FINGERPRINT_KEY, rules: [rule] });
    const bare = createDetector({
      fingerprintKey: FINGERPRINT_KEY,
      rules: [{ ...rule, pattern: /(?!)/, anchor: "keyword", window: { before: 0, after: 1 } }],
    });
    const time = (one: typeof alone) => {
      const begun = cpuMs();
      for (const text of some) one.detect(text);
      return cpuMs() - begun;
    };
    const least = (one: typeof alone) => Math.min(time(one), time(one), time(one));
    return { id: rule.id, ms: Math.max(0, least(alone) - least(bare)) / size };
  }).sort((a, b) => b.ms - a.ms);
  for (const { id, ms } of everyRule ? costs : costs.slice(0, 12)) {
    say(`${id.padEnd(36)} ${ms.toFixed(3)}`);
  }
  const slow = costs.filter(({ ms }) => ms > 0.1).length;
  say(
    `${slow} of ${costs.length} rules take more than 0.1 ms; all together ` +
      `${costs.reduce((sum, { ms }) => sum + ms, 0).toFixed(1)} ms`,
  );

  const sample = sampleOf(texts, 2e6);
  const patterns = RULES.map((rule) => new RegExp(rule.pattern.source, rule.pattern.flags + "g"));
  start = cpuMs();
  for (const text of sample) {
    const plain = new TextDecoder("latin1").decode(text);
    for (const pattern of patterns) {
      pattern.lastIndex = 0;
      while (pattern.exec(plain) !== null);
    }
  }
  const sampleMb = sample.reduce((sum, text) => sum + text.length, 0) / 1e6;
  const naive = sampleMb / (cpuMs() - start) * 1000;
  say(
    `\nevery expression over every text: ${naive.toFixed(2)} MB a second (on ${
      sampleMb.toFixed(1)
    } MB); the detector is ${(mb / best * 1000 / naive).toFixed(0)} times as fast`,
  );
}

/** What each filter keeps out of a tree that nobody has labelled; hits there are mostly noise. */
function filtersOn(texts: readonly Uint8Array[]): void {
  const count = (without: ReadonlySet<string>) => {
    const detector = createDetector({
      fingerprintKey: FINGERPRINT_KEY,
      rules: assignmentRules(without),
    });
    return texts.reduce((sum, text) => sum + detector.detect(text).hits.length, 0);
  };
  const all = count(new Set());
  const mb = texts.reduce((sum, text) => sum + text.length, 0) / 1e6;
  say(`\nAssignments in ${mb.toFixed(0)} MB of it: ${all} hits. More without one filter:`);
  const more = [...FILTERS.map((filter) => filter.id), "wrapped"]
    .map((id) => `${id} ${count(new Set([id])) - all}`);
  say(more.join(", "));
}

/** Texts from all over the tree, of so many bytes in all. */
function sampleOf(texts: readonly Uint8Array[], bytes: number): Uint8Array[] {
  const sample: Uint8Array[] = [];
  let size = 0;
  for (let offset = 0; offset < 97 && size < bytes; offset++) {
    for (let i = offset; i < texts.length && size < bytes; i += 97) {
      sample.push(texts[i]!);
      size += texts[i]!.length;
    }
  }
  return sample;
}

/** What is neither written by people nor part of a tree. */
const NO_SOURCES = new Set([".git", "node_modules"]);

async function readTree(folder: string): Promise<Uint8Array[]> {
  const texts: Uint8Array[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory && !NO_SOURCES.has(entry.name)) {
      for (const text of await readTree(path)) texts.push(text);
    } else if (entry.isFile && (await Deno.stat(path)).size < 5e6) {
      const bytes = await Deno.readFile(path);
      if (!bytes.subarray(0, 8192).includes(0)) texts.push(bytes);
    }
  }
  return texts;
}

/** A tree as large as a small project, of the look-alikes of the labelled set. */
function madeTree(): Uint8Array[] {
  const texts: Uint8Array[] = [];
  for (let seed = 1; texts.length < 1500; seed++) {
    const cases = negatives(createDice(seed));
    for (let i = 0; i < cases.length; i += 40) {
      texts.push(encode(cases.slice(i, i + 40).map((one) => one.text).join("\n")));
    }
  }
  return texts;
}

function say(line: string): void {
  Deno.stdout.writeSync(encode(line + "\n"));
}

if (import.meta.main) {
  const folder = Deno.args.find((arg) => !arg.startsWith("--"));
  labelled(Deno.args.includes("--misses"));
  if (!Deno.args.includes("--no-speed")) {
    const everyRule = Deno.args.includes("--rules");
    if (folder !== undefined) speed(folder, await readTree(folder), everyRule);
    else {
      speed("this project's sources", await readTree(ROOT), everyRule);
      speed("a made tree of look-alikes", madeTree(), everyRule);
    }
  }
}
