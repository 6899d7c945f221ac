import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { accessKeyHint, isAccessKey, newAccessKey } from "@/lib/access_key.ts";
import { createDetector } from "@/lib/detect/mod.ts";

Deno.test("newAccessKey() gives keys of its kind that differ and end in zlib's CRC-32", () => {
  const seen = new Set<string>();
  for (let i = 0; i < 200; i++) {
    const key = newAccessKey("api");
    seen.add(key);
    const body = key.slice("sluice_api_".length);
    assert.match(body, /^[0-9A-Za-z]{38}$/);
    const sum = [...body.slice(32)].reduce((value, digit) => value * 62 + digitOf(digit), 0);
    assert.equal(sum, crc32(body.slice(0, 32)));
  }
  assert.equal(seen.size, 200);
});

Deno.test("isAccessKey() refuses another kind, a mistyped character and a cut key", () => {
  const key = newAccessKey("embed");
  assert.ok(isAccessKey(key, "embed"));
  assert.ok(!isAccessKey(key, "api"));
  assert.ok(!isAccessKey(key.slice(0, -1), "embed"));
  assert.ok(!isAccessKey(key + "0", "embed"));
  const at = key.length - 20;
  const other = key[at] === "a" ? "b" : "a";
  assert.ok(!isAccessKey(key.slice(0, at) + other + key.slice(at + 1), "embed"));
});

Deno.test("accessKeyHint() shows the kind and four characters of many", () => {
  const key = newAccessKey("api");
  assert.equal(accessKeyHint(key), key.slice(0, 15));
});

Deno.test("our own scanner knows a new key of either kind, with high confidence", () => {
  const detector = createDetector({ fingerprintKey: new Uint8Array(32) });
  for (const kind of ["api", "embed"] as const) {
    const text = new TextEncoder().encode(`token: ${newAccessKey(kind)}\n`);
    const { hits } = detector.detect(text);
    assert.deepEqual(hits.map((hit) => [hit.ruleId, hit.confidence]), [
      [`sluice-${kind}-key`, "high"],
    ]);
  }
});

function digitOf(sign: string): number {
  return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".indexOf(sign);
}
