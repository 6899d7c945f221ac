/** What a labelled case is, and the dice by which cases are made the same at every run. */

/** One text with the secrets that stand in it; none in a look-alike. */
export interface LabelledCase {
  family: string;
  path: string;
  text: string;
  secrets: readonly string[];
}

/** Repeatable chance. */
export interface Dice {
  /** 0 to below 1. */
  roll(): number;
  pick<T>(list: readonly T[]): T;
  /** Inclusive. */
  between(low: number, high: number): number;
  /** So many characters of an alphabet. */
  text(alphabet: string, length: number): string;
}

/** Dice whose rolls depend on the seed alone (mulberry32, public domain). */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const dice: Dice = {
    roll() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
    pick: (list) => list[Math.floor(dice.roll() * list.length)]!,
    between: (low, high) => low + Math.floor(dice.roll() * (high - low + 1)),
    text(alphabet, length) {
      let made = "";
      for (let i = 0; i < length; i++) made += dice.pick([...alphabet]);
      return made;
    },
  };
  return dice;
}

export const LOWER = "abcdefghijklmnopqrstuvwxyz";
export const UPPER = LOWER.toUpperCase();
export const DIGITS = "0123456789";
export const HEX = "0123456789abcdef";
export const ALNUM = LOWER + UPPER + DIGITS;
