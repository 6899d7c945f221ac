/** `deno task licences`: what every installed package is licensed under; fails on one nobody looked at. */

import { ROOT } from "@/tools/files.ts";

/** Licences that let us use and pass on a package in any way, with notice at most. */
const TAKEN = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "Python-2.0",
  "Unlicense",
]);

/** Packages under other terms, and why they may be used all the same. */
const LOOKED_AT: Readonly<Record<string, string>> = {
  "axe-core": "MPL-2.0; used unchanged, in tests only",
  "htmx.org": "0BSD, misspelt in its package.json",
};

/** One installed package. */
export interface Licensed {
  name: string;
  version: string;
  /** As its own package.json says; empty when it does not. */
  licence: string;
}

/** Everything below `node_modules`, sorted by name. Asks no network. */
export async function listPackages(root = ROOT): Promise<Licensed[]> {
  const found = new Map<string, Licensed>();
  const store = `${root}node_modules/.deno`;
  for await (const entry of Deno.readDir(store)) {
    if (!entry.isDirectory || !entry.name.includes("@")) continue;
    const folder = `${store}/${entry.name}/node_modules`;
    for await (const name of packageNames(folder)) {
      const info = await Deno.lstat(`${folder}/${name}`);
      // A link leads to a package that has a folder of its own.
      if (info.isSymlink) continue;
      const one = parsePackage(await Deno.readTextFile(`${folder}/${name}/package.json`));
      found.set(`${one.name}@${one.version}`, one);
    }
  }
  return [...found.values()].sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

/** Reads a package.json, also of the old forms with an object or a list. */
export function parsePackage(text: string): Licensed {
  const { name, version, license, licenses } = JSON.parse(text);
  const given = license ?? licenses;
  const words = [given].flat().map((one) => typeof one === "string" ? one : one?.type ?? "");
  return { name, version, licence: words.join(" OR ") };
}

/** Whether a package may be used: of a choice (`OR`) one will do, of a sum (`AND`) all must. */
export function isTaken({ name, licence }: Licensed): boolean {
  if (Object.hasOwn(LOOKED_AT, name)) return true;
  return licence.replaceAll(/[()]/g, "").split(" OR ").some((choice) =>
    choice.split(" AND ").every((one) => TAKEN.has(one.trim()))
  );
}

async function* packageNames(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    if (!entry.name.startsWith("@")) yield entry.name;
    else {for await (const { name } of Deno.readDir(`${folder}/${entry.name}`)) {
        yield `${entry.name}/${name}`;
      }}
  }
}

if (import.meta.main) {
  const packages = await listPackages();
  for (const { name, version, licence } of packages) {
    console.log(`${name}@${version}: ${LOOKED_AT[name] ?? (licence || "none named")}`);
  }
  const unknown = packages.filter((one) => !isTaken(one));
  console.log(`${packages.length} packages, ${unknown.length} under terms that nobody looked at`);
  for (const { name, licence } of unknown) console.log(`  ${name}: ${licence || "none named"}`);
  if (unknown.length > 0) Deno.exit(1);
}
