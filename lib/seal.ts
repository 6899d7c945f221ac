/**
 * Credentials at rest and keys derived from the instance's one key: AES-256-GCM with the row's
 * name as associated data, so that a sealed value copied to another row does not open; keys by
 * HKDF-SHA256 (RFC 5869), one per use.
 */

import { createHmac, hash } from "node:crypto";

/** A sealed value did not open: wrong key, wrong row, or changed bytes. */
export class SealError extends Error {
  override readonly name = "SealError";
}

export interface Seal {
  /** Seals `secret` to the place `table:id`; gives `v1.keyId.nonce.ciphertext` in base64url. */
  close(secret: string, place: string): Promise<string>;
  /** Opens what `close` gave for the same place. @throws `SealError`. */
  open(sealed: string, place: string): Promise<string>;
  /** Hex of a keyed hash, for telling equal values apart from others without knowing them. */
  nameOf(secret: string): string;
  /** Keys the fingerprints of secrets, 32 bytes. */
  readonly fingerprintKey: Uint8Array<ArrayBuffer>;
  /** Eight hex digits that name the key without telling it. */
  readonly keyId: string;
}

/** Derives everything from the instance's key of 32 bytes. */
export async function createSeal(key: Uint8Array<ArrayBuffer>): Promise<Seal> {
  const master = await crypto.subtle.importKey("raw", key, "HKDF", false, [
    "deriveKey",
    "deriveBits",
  ]);
  const hkdf = (info: string) => ({
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: new TextEncoder().encode(info),
  });
  const sealKey = await crypto.subtle.deriveKey(
    hkdf("sluice seal v1"),
    master,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
  const bits = async (info: string, length: number) =>
    new Uint8Array(await crypto.subtle.deriveBits(hkdf(info), master, length));
  const fingerprintKey = await bits("sluice fingerprint v1", 256);
  const keyId = hex(await bits("sluice key id v1", 32));
  const nameKey = await bits("sluice name v1", 256);

  return {
    fingerprintKey,
    keyId,
    nameOf: (secret) => createHmac("sha256", nameKey).update(secret).digest("hex"),
    async close(secret, place) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const sealed = await crypto.subtle.encrypt(
        { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) },
        sealKey,
        new TextEncoder().encode(secret),
      );
      return ["v1", keyId, encode(iv), encode(new Uint8Array(sealed))].join(".");
    },
    async open(sealed, place) {
      const [version, sealedWith, iv, data] = sealed.split(".");
      if (version !== "v1" || !iv || !data) {
        throw new SealError("Cannot open a sealed value: bad form");
      }
      if (sealedWith !== keyId) {
        throw new SealError(
          `Cannot open a sealed value: it was sealed with key ${sealedWith}, SECRET_KEY is ${keyId}`,
        );
      }
      try {
        const open = await crypto.subtle.decrypt(
          { name: "AES-GCM", iv: decode(iv), additionalData: new TextEncoder().encode(place) },
          sealKey,
          decode(data),
        );
        return new TextDecoder().decode(open);
      } catch {
        throw new SealError(
          "Cannot open a sealed value: it was changed, or belongs to another row",
        );
      }
    },
  };
}

/** Reads the key file of an instance, or makes it with mode 0600 at the first start. */
export async function keyFromFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  if (!(await exists(path))) await makeKeyFile(path);
  return (await readKeyFile(path))[0]!;
}

/**
 * Under its name stands a whole key or none, a full disk or a kill notwithstanding; and of two that
 * make it at once both go on with the first one's.
 */
async function makeKeyFile(path: string): Promise<void> {
  const made = `${path}.${encode(crypto.getRandomValues(new Uint8Array(6)))}`;
  try {
    const key = encode(crypto.getRandomValues(new Uint8Array(32)));
    await writeDurably(made, key + "\n");
    await Deno.link(made, path).catch(async (error) => {
      // Some file systems know no second name; there the two that make it at once are let go.
      if (error instanceof Deno.errors.AlreadyExists || await exists(path)) return;
      await Deno.rename(made, path);
    });
  } finally {
    await Deno.remove(made).catch(() => {});
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The keys of a key file: the present one, and while it is being rotated the one before. */
export async function readKeyFile(path: string): Promise<Uint8Array<ArrayBuffer>[]> {
  const lines = (await Deno.readTextFile(path)).split("\n").filter((line) => line.trim() !== "");
  const keys = lines.map((line) => decode(line.trim()));
  if (keys.length === 0 || keys.some((key) => key.length !== 32)) {
    throw new SealError(`Cannot read the key file ${path}: it is not 32 bytes`);
  }
  return keys;
}

/** Puts keys in the place of a key file's, at once or not at all. */
export async function writeKeyFile(
  path: string,
  keys: readonly Uint8Array[],
): Promise<void> {
  const text = keys.map((key) => encode(key) + "\n").join("");
  await writeDurably(`${path}.next`, text);
  await Deno.rename(`${path}.next`, path);
}

/** On the disk when it returns: a name may not be given to a file that a power cut empties. */
async function writeDurably(path: string, text: string): Promise<void> {
  await Deno.writeTextFile(path, text, { mode: 0o600 });
  using file = await Deno.open(path, { write: true });
  await file.sync();
}

/** The key that sealed a value, as `keyId` names it. */
export function keyIdOf(sealed: string): string {
  return sealed.split(".")[1] ?? "";
}

/** SHA-256 in hex: how links, sessions and keys stand in the database. */
export function sha256Hex(text: string): string {
  // Web Crypto answers by way of a thread: twenty times as long for texts as short as these.
  return hash("sha256", text, "hex");
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function encode(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decode(text: string): Uint8Array<ArrayBuffer> {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(plain), (char) => char.charCodeAt(0));
}
