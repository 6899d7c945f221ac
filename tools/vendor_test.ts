/** The vendored files are what the package holds, and a changed file is refused. */

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { sha256Hex, vendor, VENDORED } from "./vendor.ts";

Deno.test("the committed files have the hashes that are written down", async () => {
  for (const file of VENDORED) {
    const bytes = await Deno.readFile(new URL(`../static/${file.to}`, import.meta.url));
    assert.equal(await sha256Hex(bytes), file.sha256);
  }
});

Deno.test("vendor() refuses a file that is not the one whose hash is known", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const from = pathToFileURL(`${folder}/from/`);
    const to = pathToFileURL(`${folder}/to/`);
    await Deno.mkdir(from);
    await Deno.writeTextFile(new URL("a.js", from), "other");
    const files = [{ from: "a.js", to: "a.js", sha256: "00" }];
    await assert.rejects(vendor(from, to, files), /Cannot copy a\.js: its SHA-256 is/);
    await assert.rejects(Deno.stat(new URL("a.js", to)), Deno.errors.NotFound);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
