/** Values of the second set: written without a look at the rules, from what vendors and people use. */

import { ALNUM, type Dice, DIGITS, HEX, LOWER, UPPER } from "../case.ts";

export const B64 = ALNUM + "+/";
export const URLSAFE = ALNUM + "-_";
export const B32 = UPPER + "234567";

/** A place for one secret: the path of the file, and the text around it. */
export type Place = readonly [path: string, text: (secret: string, dice: Dice) => string];

const WORDS =
  "harbour violet nomad pixel gravel lantern tundra saffron anchor meadow quartz bishop cobalt ember juniper kestrel lagoon mango nectar otter"
    .split(" ");
const TITLE = (word: string) => word[0]!.toUpperCase() + word.slice(1);

/** Passwords in the ways in which people choose them or have them made. */
const PASSWORDS: readonly ((d: Dice) => string)[] = [
  (d) => d.pick(WORDS) + d.text(DIGITS, 3),
  (d) => TITLE(d.pick(WORDS)) + "@" + d.text(DIGITS, 4),
  (d) => `${TITLE(d.pick(WORDS))}_${TITLE(d.pick(WORDS))}${d.text(DIGITS, 1)}`,
  (d) =>
    d.pick(WORDS).replace("o", "0").replace("e", "3").replace("a", "4") + "!" + d.text(DIGITS, 2),
  (d) =>
    d.text(LOWER, 2) + d.text(UPPER, 2) + d.text(DIGITS, 3) + d.pick([..."!#%&*"]) +
    d.text(LOWER, 2),
  (d) => d.text(ALNUM, 10),
  (d) => d.text(ALNUM, 16),
  (d) => d.text(LOWER + DIGITS, 9),
  (d) => `${d.pick(WORDS)}-${d.pick(WORDS)}-${d.pick(WORDS)}`,
  (d) => d.text(ALNUM, 6) + "$" + d.text(ALNUM, 5),
  (d) => d.text(UPPER, 1) + d.text(LOWER, 5) + d.text(DIGITS, 2) + "#" + d.text(LOWER, 2),
];

/** Keys as services make them that no rule can know by their look. */
const KEYS: readonly ((d: Dice) => string)[] = [
  (d) => d.text(HEX, 32),
  (d) => d.text(HEX, 40),
  (d) => d.text(HEX, 64),
  (d) => d.text(ALNUM, d.between(20, 44)),
  (d) => d.text(URLSAFE, d.between(30, 50)).replace(/^[-_]|[-_]$/g, "k"),
  (d) => d.text(B64, 43) + "=",
  (d) => d.text(UPPER + DIGITS, 24),
  (d) => d.text(LOWER + DIGITS, 28),
  (d) => d.text(LOWER, 3) + "_" + d.text(ALNUM, 30),
];

export const password = (d: Dice): string => d.pick(PASSWORDS)(d);
export const key = (d: Dice): string => d.pick(KEYS)(d);
