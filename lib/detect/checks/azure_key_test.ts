import assert from "node:assert/strict";
import { fromBase64 } from "./base64.ts";
import { isAzureKey, seedOf, toAzureKey } from "./azure_key.ts";

Deno.test("seedOf() gives the seeds that Microsoft publishes as numbers", () => {
  assert.equal(seedOf("Default0"), 0x44656661756c7430n);
  assert.equal(seedOf("MastRW00"), 0x4d61737452573030n);
  assert.equal(seedOf("IoTHub00"), 0x496f544875623030n);
});

Deno.test("isAzureKey() accepts a key under its own purpose and with its own bytes only", () => {
  const head = fromBase64("q".repeat(76) + "+AStAAAA")!.subarray(0, 60);
  const key = toAzureKey(head, "Default0");
  assert.equal(key.length, 88);
  assert.ok(key.slice(76).startsWith("+ASt"));
  assert.ok(isAzureKey(key, ["Send0000", "Default0"]));
  assert.ok(!isAzureKey(key, ["Send0000"]));
  assert.ok(!isAzureKey("r" + key.slice(1), ["Default0"]));
  assert.ok(!isAzureKey("????", ["Default0"]));
});
