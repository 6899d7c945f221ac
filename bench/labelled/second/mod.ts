/** The second labelled set: other places, other vendors and other look-alikes than the first. */

import type { Dice, LabelledCase } from "../case.ts";
import { key, password, type Place } from "./chance.ts";
import { HARMLESS_CODE, HARMLESS_LEARNT } from "./harmless_code.ts";
import { HARMLESS_TEXT } from "./harmless_text.ts";
import { HARMLESS_VALUES } from "./harmless_values.ts";
import { KEYS_IN_CODE, PASSWORDS_IN_CODE } from "./places_code.ts";
import { ADDRESSES, BLOCKS, COMMANDS } from "./places_commands.ts";
import { KEYS_IN_CONFIG, PASSWORDS_IN_CONFIG } from "./places_config.ts";
import { TOKENS } from "./vendor_tokens.ts";

/** How often each place of a secret and each look-alike is written, each time with other values. */
const ROLLS = 3;
const HARMLESS_ROLLS = 6;

/** Where a vendor's token stands under its usual name. */
const TOKEN_PLACES: readonly ((name: string, token: string) => { path: string; text: string })[] = [
  (n, s) => ({ path: ".env", text: `LOG_LEVEL=info\n${n}=${s}\n` }),
  (n, s) => ({ path: "config.py", text: `import os\n\n${n} = "${s}"\n` }),
  (n, s) => ({ path: "app.yml", text: `env:\n  ${n}: "${s}"\n` }),
  (n, s) => ({
    path: "src/config.js",
    text: `module.exports = {\n  ${n.toLowerCase()}: '${s}',\n};\n`,
  }),
  (n, s) => ({ path: "deploy.sh", text: `export ${n}="${s}"\n./deploy\n` }),
  (n, s) => ({ path: "Conf.java", text: `  static final String ${n} = "${s}";\n` }),
];

/** Every text of the set, the same at each run with the same dice. */
export function secondSet(dice: Dice): LabelledCase[] {
  const places = (family: string, list: readonly Place[], make: (d: Dice) => string) =>
    list.flatMap(([path, write]) =>
      Array.from({ length: ROLLS }, () => {
        const secret = make(dice);
        const text = write(secret, dice);
        const alone = text.split(secret).length === 2;
        return { family, path, text, secrets: [alone ? secret : "*"] };
      })
    );
  const tokens = TOKENS.flatMap(([name, make]) =>
    Array.from({ length: ROLLS }, () => {
      const secret = make(dice);
      return {
        family: "second set: vendor tokens",
        ...dice.pick(TOKEN_PLACES)(name, secret),
        secrets: [secret],
      };
    })
  );
  const blocks = BLOCKS.flatMap((make) =>
    Array.from(
      { length: ROLLS },
      () => ({ family: "second set: blocks of keys", ...make(dice), secrets: ["*"] }),
    )
  );
  const harmless = [
    ...HARMLESS_VALUES,
    ...HARMLESS_TEXT,
    ...HARMLESS_CODE,
    ...HARMLESS_LEARNT,
  ].flatMap(([path, write]) =>
    Array.from(
      { length: HARMLESS_ROLLS },
      () => ({ family: "second set: look-alikes", path, text: write(dice), secrets: [] }),
    )
  );
  return [
    ...tokens,
    ...places("second set: passwords in code", PASSWORDS_IN_CODE, password),
    ...places("second set: keys in code", KEYS_IN_CODE, key),
    ...places("second set: passwords in configuration", PASSWORDS_IN_CONFIG, password),
    ...places("second set: keys in configuration", KEYS_IN_CONFIG, key),
    ...places("second set: command lines", COMMANDS, password),
    ...places("second set: addresses", ADDRESSES, password),
    ...blocks,
    ...harmless,
  ];
}
