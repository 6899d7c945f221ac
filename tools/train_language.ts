/**
 * Trains the model by which the detector tells random values from words and identifiers, and writes
 * `lib/detect/language_model.ts`.
 *
 * Usage: deno run -A tools/train_language.ts FOLDER…
 *
 * The folders hold source trees under permissive licences; what is taken from them are words,
 * counts of letters and weights, no text. Random values are made here. The model in the repository
 * was made from the trees of November 2026 of Flask, Express, Rails, awesome-compose, Deno's
 * standard library, Hono, the Kubernetes examples, Laravel, nats-server, Spring Boot, eShop,
 * JHipster, microservices-demo and Appwrite (MIT, BSD, Apache 2.0, CC0), in this order.
 */

import { COSTS, features, LETTERS, loadLanguage } from "@/lib/detect/language.ts";

const OUTPUT = new URL("../lib/detect/language_model.ts", import.meta.url);
const LARGEST_FILE = 300_000;
const WORDS = 7000;

interface Corpus {
  /** For each word in how many files and trees it stands. */
  files: Map<string, number>;
  trees: Map<string, Set<number>>;
  values: Set<string>;
}

async function train(folders: readonly string[]): Promise<void> {
  if (folders.length === 0) throw new Error("Cannot train: no folder given");
  const corpus: Corpus = { files: new Map(), trees: new Map(), values: new Set() };
  for (const [tree, folder] of folders.entries()) {
    for await (const text of texts(folder)) addText(corpus, text, tree);
  }
  const words = chooseWords(corpus);
  const trigrams = countTrigrams(words);
  const language = loadLanguage({ words: words.join(" "), trigrams, weights: [] });
  const random = seededRandom(20261124);
  const named = [...corpus.values].filter((value) => !isRandomByNature(value));
  const samples: { x: number[]; y: number }[] = [];
  for (const value of named) samples.push({ x: features(value, language), y: 0 });
  for (let i = 0; i < named.length; i++) {
    samples.push({ x: features(makeRandom(random), language), y: 1 });
  }
  shuffle(samples, random);
  const held = samples.splice(0, Math.floor(samples.length / 5));
  const weights = fit(samples);
  await Deno.writeTextFile(OUTPUT, render(words.join(" "), trigrams, weights));
  // deno-lint-ignore no-console
  console.log(report(held, weights), `words ${words.length}, named values ${named.length}`);
}

async function* texts(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) {
      if (!/^(?:\.git|node_modules|vendor|dist|locale|i18n)$/.test(entry.name)) yield* texts(path);
    } else if (entry.isFile && !/lock|\.min\.|\.map$|\.svg$|\.sum$|\.snap$/.test(entry.name)) {
      const { size } = await Deno.stat(path);
      if (size > LARGEST_FILE) continue;
      const bytes = await Deno.readFile(path);
      if (!bytes.subarray(0, 8192).includes(0)) yield new TextDecoder().decode(bytes);
    }
  }
}

function addText(corpus: Corpus, text: string, tree: number): void {
  const seen = new Set<string>();
  for (const [run] of text.matchAll(/[A-Za-z]{2,}/g)) {
    if (run.length > 40) continue;
    for (const part of run.split(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)) {
      if (part.length >= 3 && part.length <= 14) seen.add(part.toLowerCase());
    }
  }
  for (const word of seen) {
    corpus.files.set(word, (corpus.files.get(word) ?? 0) + 1);
    let trees = corpus.trees.get(word);
    if (trees === undefined) corpus.trees.set(word, trees = new Set());
    trees.add(tree);
  }
  for (const match of text.matchAll(/["']([!-~]{8,64}?)["']|=[ \t]?([\w./:@-]{8,64})$/gm)) {
    const value = match[1] ?? match[2]!;
    if (corpus.values.size < 400_000) corpus.values.add(value);
  }
}

function chooseWords({ files, trees }: Corpus): string[] {
  return [...files]
    .filter(([word, count]) =>
      word.length >= 4 && count >= 6 && trees.get(word)!.size >= 2 && /[aeiouy]/.test(word) &&
      !/(.)\1\1/.test(word)
    )
    .sort((a, b) => b[1] - a[1]).slice(0, WORDS).map(([word]) => word).sort();
}

function countTrigrams(words: readonly string[]): string {
  const size = LETTERS.length;
  const counts = new Float64Array(size ** 3).fill(0.05);
  for (const word of words) {
    let a = 0;
    let b = 0;
    for (const char of word) {
      const c = LETTERS.indexOf(char);
      counts[(a * size + b) * size + c]! += 1;
      a = b;
      b = c;
    }
  }
  let text = "";
  for (let row = 0; row < counts.length; row += size) {
    const total = counts.subarray(row, row + size).reduce((sum, count) => sum + count, 0);
    for (let c = 0; c < size; c++) {
      const bits = -Math.log2(counts[row + c]! / total);
      text += COSTS[Math.min(COSTS.length - 1, Math.round(bits * 2))];
    }
  }
  return text;
}

/** Hashes, ids and encoded data in the trees are random themselves and would mislead. */
function isRandomByNature(value: string): boolean {
  return /[0-9a-f]{16}|[0-9A-F]{16}|[0-9a-f]{8}-[0-9a-f]{4}/.test(value) ||
    /^(?=.*\d)(?=.*[A-Z])(?=.*[a-z])[\w+/=-]{16,}$/.test(value) ||
    /sha\d{3}-|base64|[%\\]/.test(value);
}

const ALPHABETS = [
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/",
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_",
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!@#$%^&*()_+",
  "abcdefghijklmnopqrstuvwxyz0123456789",
  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
  "abcdefghijklmnopqrstuvwxyz",
  "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
  "0123456789abcdef",
  "0123456789abcdef",
];

function makeRandom(random: () => number): string {
  const alphabet = ALPHABETS[Math.floor(random() * ALPHABETS.length)]!;
  const length = 8 + Math.floor(random() ** 1.5 * 56);
  let value = "";
  for (let i = 0; i < length; i++) value += alphabet[Math.floor(random() * alphabet.length)];
  return value;
}

function fit(samples: readonly { x: number[]; y: number }[]): number[] {
  const weights = new Array(samples[0]!.x.length + 1).fill(0);
  for (let epoch = 0; epoch < 12; epoch++) {
    const rate = 0.5 / (1 + epoch);
    for (const { x, y } of samples) {
      const error = y - probability(x, weights);
      weights[0] += rate * error;
      for (let i = 0; i < x.length; i++) weights[i + 1] += rate * error * x[i]!;
    }
  }
  return weights.map((weight) => Math.round(weight * 100) / 100);
}

function probability(x: readonly number[], weights: readonly number[]): number {
  let sum = weights[0]!;
  for (let i = 0; i < x.length; i++) sum += x[i]! * weights[i + 1]!;
  return 1 / (1 + Math.exp(-sum));
}

function report(held: readonly { x: number[]; y: number }[], weights: readonly number[]): string {
  return [0.5, 0.8, 0.9, 0.97].map((limit) => {
    const hit = (y: number) =>
      held.filter((one) => one.y === y && probability(one.x, weights) >= limit).length /
      held.filter((one) => one.y === y).length;
    return `limit ${limit}: random found ${hit(1).toFixed(3)}, names taken ${hit(0).toFixed(4)}\n`;
  }).join("");
}

function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
    mixed ^= mixed >>> 12;
    return (mixed >>> 0) / 2 ** 32;
  };
}

function shuffle<T>(list: T[], random: () => number): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
}

function render(words: string, trigrams: string, weights: readonly number[]): string {
  return `/** What tools/train_language.ts learned; made by it, not by hand. */

/** Words, costs of letter triples and weights; \`language.ts\` says what they mean. */
export interface LanguageModel {
  words: string;
  trigrams: string;
  weights: readonly number[];
}

export const MODEL: LanguageModel = {
  words:
    "${words}",
  trigrams:
    "${trigrams}",
  weights: [${weights.join(", ")}],
};
`;
}

if (import.meta.main) await train(Deno.args);
