import assert from "node:assert/strict";
import { sealFromFile } from "@/lib/key_file.ts";
import { createSeal, keyIdOf, readKeyFile, SealError, writeKeyFile } from "@/lib/seal.ts";

async function withKeyFile(run: (path: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "sluice-key-" });
  try {
    await run(`${dir}/key`);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("sealFromFile() makes the file for its owner alone, and finds it again", () =>
  withKeyFile(async (path) => {
    const sealed = await (await sealFromFile(path)).close("x", "a:1");
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
    assert.equal(await (await sealFromFile(path)).open(sealed, "a:1"), "x");
  }));

Deno.test("a running process seals with a new key and still opens what the old one sealed", () =>
  withKeyFile(async (path) => {
    const running = await sealFromFile(path);
    const old = await running.close("old", "a:1");
    const fresh = new Uint8Array(32).fill(9);
    await writeKeyFile(path, [fresh, ...await readKeyFile(path)]);
    const elsewhere = await (await createSeal(fresh)).close("elsewhere", "a:2");
    assert.equal(await running.open(elsewhere, "a:2"), "elsewhere");
    const now = await running.close("now", "a:3");
    assert.equal(keyIdOf(now), keyIdOf(elsewhere));
    await writeKeyFile(path, [fresh]);
    assert.equal(await running.open(old, "a:1"), "old");
    await assert.rejects((await sealFromFile(path)).open(old, "a:1"), SealError);
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  }));

Deno.test("a key file that holds no key is refused by its name", () =>
  withKeyFile(async (path) => {
    await Deno.writeTextFile(path, "c2hvcnQ\n");
    await assert.rejects(sealFromFile(path), /Cannot read the key file .*key: it is not 32 bytes/);
  }));
