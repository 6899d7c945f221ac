import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createDecipheriv, hkdfSync } from "node:crypto";
import { createSeal, keyFromFile, SealError, sha256Hex } from "@/lib/seal.ts";

const KEY = new Uint8Array(32).fill(7);

Deno.test("a sealed value opens at its place, and differs at each sealing", async () => {
  const seal = await createSeal(KEY);
  const sealed = await seal.close("pässword", "servers:1");
  assert.equal(await seal.open(sealed, "servers:1"), "pässword");
  assert.notEqual(sealed, await seal.close("pässword", "servers:1"));
});

Deno.test("a sealed value is AES-256-GCM under a key by HKDF, as node:crypto reads it", async () => {
  const sealed = await (await createSeal(KEY)).close("secret", "servers:1");
  const [, , iv, data] = sealed.split(".");
  const key = Buffer.from(hkdfSync("sha256", KEY, new Uint8Array(), "sluice seal v1", 32));
  const bytes = Buffer.from(data!, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(iv!, "base64url"));
  decipher.setAAD(Buffer.from("servers:1"));
  decipher.setAuthTag(bytes.subarray(-16));
  assert.equal(
    decipher.update(bytes.subarray(0, -16), undefined, "utf8") + decipher.final("utf8"),
    "secret",
  );
});

Deno.test("a sealed value opens nowhere else, with no other key, and not once changed", async () => {
  const seal = await createSeal(KEY);
  const other = await createSeal(new Uint8Array(32).fill(8));
  const sealed = await seal.close("secret", "servers:1");
  const changed = sealed.slice(0, -5) + (sealed.at(-5) === "A" ? "B" : "A") + sealed.slice(-4);
  await assert.rejects(seal.open(sealed, "servers:2"), SealError);
  await assert.rejects(seal.open(changed, "servers:1"), SealError);
  await assert.rejects(seal.open("v0.x", "servers:1"), SealError);
  await assert.rejects(other.open(sealed, "servers:1"), new RegExp(`SECRET_KEY is ${other.keyId}`));
});

Deno.test("the keys for each use differ from each other and from the instance's key", async () => {
  const { fingerprintKey, keyId } = await createSeal(KEY);
  assert.equal(fingerprintKey.length, 32);
  assert.notDeepEqual(fingerprintKey, KEY);
  assert.match(keyId, /^[0-9a-f]{8}$/);
  assert.deepEqual((await createSeal(KEY)).fingerprintKey, fingerprintKey);
});

Deno.test("keyFromFile() makes the key once, for its owner's eyes only", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const key = await keyFromFile(`${dir}/key`);
    assert.equal(key.length, 32);
    assert.deepEqual(await keyFromFile(`${dir}/key`), key);
    assert.equal((await Deno.stat(`${dir}/key`)).mode! & 0o777, 0o600);
    await Deno.writeTextFile(`${dir}/short`, "AAAA\n");
    await assert.rejects(keyFromFile(`${dir}/short`), /it is not 32 bytes/);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("keyFromFile() called several times at once makes one key and leaves nothing else", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const keys = await Promise.all(Array.from({ length: 8 }, () => keyFromFile(`${dir}/key`)));
    for (const key of keys) assert.deepEqual(key, keys[0]);
    const names = (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name);
    assert.deepEqual(names, ["key"]);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("sha256Hex() gives the digest of FIPS 180-2's example", async () => {
  assert.equal(
    await sha256Hex("abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
