/** Judges by language how unlike words and identifiers a value is. */

import { type LanguageModel, MODEL } from "@/lib/detect/language_model.ts";

/** Letters and the edge of a word, as the trigrams count them. */
export const LETTERS = "_abcdefghijklmnopqrstuvwxyz";
/** A cost in bits is stored as one of these characters, in half bits. */
export const COSTS = "0123456789abcdefghijklmnopqrstuvwxyz";

const SHORTEST_WORD = 4;
const LONGEST_WORD = 14;

/** A model unpacked for use; build it once. */
export interface Language {
  words: ReadonlySet<string>;
  /** Bits of the third character after the first two, by index of the trigram. */
  costs: Float32Array;
  weights: readonly number[];
}

/** Unpacks a model. */
export function loadLanguage(model: LanguageModel): Language {
  return {
    words: new Set(model.words.split(" ")),
    costs: Float32Array.from(model.trigrams, (char) => COSTS.indexOf(char) / 2),
    weights: model.weights,
  };
}

let loaded: Language | null = null;

/**
 * The chance, 0 to 1, that a value was made by a generator and not by a person naming something.
 * A logistic model over the features below; means little for values under 8 characters.
 */
export function randomness(value: string): number {
  loaded ??= loadLanguage(MODEL);
  const found = features(value, loaded);
  let sum = loaded.weights[0] ?? 0;
  for (const [i, feature] of found.entries()) sum += feature * (loaded.weights[i + 1] ?? 0);
  return 1 / (1 + Math.exp(-sum));
}

/** The share of a value's characters, 0 to 1, that dictionary words of 4 or more letters cover. */
export function wordShare(value: string): number {
  loaded ??= loadLanguage(MODEL);
  return coverage(value.toLowerCase(), loaded.words) / Math.max(1, value.length);
}

/** Whether a text is one word of the dictionary. */
export function isWord(text: string): boolean {
  loaded ??= loadLanguage(MODEL);
  return loaded.words.has(text.toLowerCase());
}

/** What the logistic model sees of a value; the order is that of its weights. */
export function features(value: string, language: Language): number[] {
  const length = Math.max(1, value.length);
  let digits = 0;
  let upper = 0;
  let separators = 0;
  let others = 0;
  let changes = 0;
  let digitRuns = 0;
  let previous = "";
  for (const char of value) {
    const kind = /[a-z]/.test(char)
      ? "a"
      : /[A-Z]/.test(char)
      ? "A"
      : /\d/.test(char)
      ? "0"
      : /[-_. :/]/.test(char)
      ? "-"
      : "#";
    if (kind === "0") digits++;
    if (kind === "A") upper++;
    if (kind === "-") separators++;
    if (kind === "#") others++;
    // One capital before small letters is how people write; it is not a change.
    if (previous !== "" && kind !== previous && !(previous === "A" && kind === "a")) changes++;
    if (kind === "0" && previous !== "0") digitRuns++;
    previous = kind;
  }
  const { bits, worst, letters } = cost(value, language.costs);
  return [
    bits / 5,
    worst / 8,
    coverage(value.toLowerCase(), language.words) / length,
    digits / length,
    upper / length,
    separators / length,
    others / length,
    changes / length,
    Math.min(digitRuns, 6) / 6,
    new Set(value).size / Math.min(length, 40),
    Math.log2(length) / 6,
    letters / length,
    (bits / 5) * (changes / length),
    /^[0-9a-fA-F]+$/.test(value) && digits > 0 && digits < length ? 1 : 0,
    digits === length ? 1 : 0,
  ];
}

/** Mean and worst cost in bits of a letter, given the two before it in its word. */
function cost(
  value: string,
  costs: Float32Array,
): { bits: number; worst: number; letters: number } {
  const runs = value.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().match(/[a-z]+/g) ?? [];
  let sum = 0;
  let letters = 0;
  let worst = 0;
  for (const run of runs) {
    let own = 0;
    let a = 0;
    let b = 0;
    for (let i = 0; i < run.length; i++) {
      const c = run.charCodeAt(i) - 96;
      own += costs[(a * 27 + b) * 27 + c]!;
      a = b;
      b = c;
    }
    sum += own;
    letters += run.length;
    if (run.length >= 3) worst = Math.max(worst, own / run.length);
  }
  return { bits: letters === 0 ? 5 : sum / letters, worst, letters };
}

/** How many characters the best choice of words that do not overlap covers. */
function coverage(text: string, words: ReadonlySet<string>): number {
  const best = new Int32Array(text.length + 1);
  for (let end = 1; end <= text.length; end++) {
    best[end] = best[end - 1]!;
    for (let size = SHORTEST_WORD; size <= LONGEST_WORD && size <= end; size++) {
      const reached = best[end - size]! + size;
      if (reached > best[end]! && words.has(text.slice(end - size, end))) best[end] = reached;
    }
  }
  return best[text.length]!;
}
