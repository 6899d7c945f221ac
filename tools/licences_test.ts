import assert from "node:assert/strict";
import { isTaken, listPackages, parsePackage } from "@/tools/licences.ts";

const CASES: [licence: unknown, taken: boolean][] = [
  ["MIT", true],
  ["(MIT OR GPL-3.0)", true],
  ["(MIT AND GPL-3.0)", false],
  ["GPL-3.0", false],
  ["SEE LICENSE IN LICENSE", false],
  ["UNLICENSED", false],
  [undefined, false],
  [{ type: "ISC", url: "x" }, true],
  [[{ type: "AGPL-3.0" }, { type: "BSD-3-Clause" }], true],
];

for (const [license, taken] of CASES) {
  Deno.test(`isTaken() says ${taken} of ${JSON.stringify(license)}`, () => {
    const one = parsePackage(JSON.stringify({ name: "x", version: "1.0.0", license }));
    assert.equal(isTaken(one), taken);
  });
}

Deno.test("every installed package is under terms that somebody looked at", async () => {
  const packages = await listPackages();
  assert.ok(packages.some(({ name }) => name === "hono"));
  assert.deepEqual(packages.filter((one) => !isTaken(one)), []);
});
