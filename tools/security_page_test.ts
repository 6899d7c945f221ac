/** SECURITY.md against the requirements of ASVS 5.0 and against the tree. */

import assert from "node:assert/strict";
import { ROOT } from "@/tools/files.ts";

/** The numbers of all requirements of the levels 1 and 2, by section (OWASP ASVS 5.0.0). */
const REQUIREMENTS: Readonly<Record<string, string>> = {
  "1.1": "1 2",
  "1.2": "1 2 3 4 5 6 7 8 9",
  "1.3": "1 2 3 4 5 6 7 8 9 10 11",
  "1.4": "1 2 3",
  "1.5": "1 2",
  "2.1": "1 2 3",
  "2.2": "1 2 3",
  "2.3": "1 2 3 4",
  "2.4": "1",
  "3.2": "1 2",
  "3.3": "1 2 3 4",
  "3.4": "1 2 3 4 5 6",
  "3.5": "1 2 3 4 5",
  "3.7": "1 2",
  "4.1": "1 2 3",
  "4.2": "1",
  "4.3": "1 2",
  "4.4": "1 2 3 4",
  "5.1": "1",
  "5.2": "1 2 3",
  "5.3": "1 2",
  "5.4": "1 2 3",
  "6.1": "1 2 3",
  "6.2": "1 2 3 4 5 6 7 8 9 10 11 12",
  "6.3": "1 2 3 4",
  "6.4": "1 2 3 4",
  "6.5": "1 2 3 4 5",
  "6.6": "1 2 3",
  "6.8": "1 2 3 4",
  "7.1": "1 2 3",
  "7.2": "1 2 3 4",
  "7.3": "1 2",
  "7.4": "1 2 3 4 5",
  "7.5": "1 2",
  "7.6": "1 2",
  "8.1": "1 2",
  "8.2": "1 2 3",
  "8.3": "1",
  "8.4": "1",
  "9.1": "1 2 3",
  "9.2": "1 2 3 4",
  "10.1": "1 2",
  "10.2": "1 2",
  "10.3": "1 2 3 4",
  "10.4": "1 2 3 4 5 6 7 8 9 10 11",
  "10.5": "1 2 3 4 5",
  "10.6": "1 2",
  "10.7": "1 2 3",
  "11.1": "1 2",
  "11.2": "1 2 3",
  "11.3": "1 2 3",
  "11.4": "1 2 3 4",
  "11.5": "1",
  "11.6": "1",
  "12.1": "1 2 3",
  "12.2": "1 2",
  "12.3": "1 2 3 4",
  "13.1": "1",
  "13.2": "1 2 3 4 5",
  "13.3": "1 2",
  "13.4": "1 2 3 4 5",
  "14.1": "1 2",
  "14.2": "1 2 3 4",
  "14.3": "1 2 3",
  "15.1": "1 2 3",
  "15.2": "1 2 3",
  "15.3": "1 2 3 4 5 6 7",
  "16.1": "1",
  "16.2": "1 2 3 4 5",
  "16.3": "1 2 3 4",
  "16.4": "1 2 3",
  "16.5": "1 2 3",
  "17.1": "1",
  "17.2": "1 2 3 4",
  "17.3": "1 2",
};

/** Whole chapters that the page says do not apply, but for what it lists. */
const APART = ["5", "9", "17"];

const page = await Deno.readTextFile(`${ROOT}SECURITY.md`);
const rows = [...page.matchAll(/^\| (\d[\d.,– ]*?) +\| (.+?) +\|$/gm)]
  .map(([, ids, how]) => ({ ids: ids!.split(/, */), how: how! }));
const all = Object.entries(REQUIREMENTS)
  .flatMap(([section, numbers]) => numbers.split(" ").map((one) => `${section}.${one}`));

const order = (id: string) => id.split(".").reduce((sum, one) => sum * 100 + Number(one), 0);

/** The requirements that one entry of the first column stands for: one, a section, or a range. */
function named(entry: string): string[] {
  const [from, to] = entry.split("–");
  if (to === undefined) return all.filter((id) => id === from || id.startsWith(`${from}.`));
  return all.filter((id) => order(id) >= order(from!) && order(id) <= order(to));
}

Deno.test("every requirement of the levels 1 and 2 has one row", () => {
  assert.equal(all.length, 253);
  const times = new Map(all.map((id) => [id, 0]));
  for (const entry of rows.flatMap(({ ids }) => ids)) {
    for (const id of named(entry)) times.set(id, times.get(id)! + 1);
  }
  const wrong = [...times].filter(([id, count]) =>
    count > 1 || (count === 0 && !APART.includes(id.split(".")[0]!))
  );
  assert.deepEqual(wrong, []);
});

Deno.test("every file that the page names is there", async () => {
  const names = [...page.matchAll(/`((?:[\w.]+\/)+[\w.]*(?:\.\w+)?)`/g)].map(([, name]) => name!)
    .filter((name) => !name.startsWith("data/"));
  assert.ok(names.length > 40, `${names.length}`);
  const missing: string[] = [];
  for (const name of new Set(names)) {
    await Deno.stat(ROOT + name).catch(() => missing.push(name));
  }
  assert.deepEqual(missing, []);
});
