import assert from "node:assert/strict";
import { isInRanges, isPrivateAddress, parseAddress, parseRange } from "@/lib/network.ts";

const PRIVATE = [
  "127.0.0.1",
  "10.1.2.3",
  "172.31.255.255",
  "192.168.0.1",
  "169.254.169.254",
  "100.64.0.1",
  "0.0.0.0",
  "255.255.255.255",
  "::1",
  "::",
  "[::1]",
  "fe80::1%eth0",
  "fd00::1",
  "::ffff:127.0.0.1",
  "::ffff:a9fe:a9fe",
  "64:ff9b::10.0.0.1",
];
const PUBLIC = ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"];
const NONE = ["", "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1::2::3", "12345::"];

for (const address of PRIVATE) {
  Deno.test(`isPrivateAddress() knows ${address}`, () => assert.ok(isPrivateAddress(address)));
}
for (const address of PUBLIC) {
  Deno.test(`isPrivateAddress() lets ${address} pass`, () => {
    assert.ok(parseAddress(address));
    assert.ok(!isPrivateAddress(address));
  });
}
for (const text of NONE) {
  Deno.test(`parseAddress() gives null for "${text}"`, () =>
    assert.equal(parseAddress(text), null));
}

Deno.test("a range covers what shares its first bits, and nothing of the other family", () => {
  const ranges = [parseRange("10.0.0.0/9")!, parseRange("fd00::/12")!, parseRange("192.0.2.7")!];
  for (const inside of ["10.127.255.255", "fd0f::1", "192.0.2.7", "::ffff:10.0.0.1"]) {
    assert.ok(isInRanges(inside, ranges), inside);
  }
  for (const outside of ["10.128.0.0", "fd10::1", "192.0.2.8", "no address"]) {
    assert.ok(!isInRanges(outside, ranges), outside);
  }
  for (const bad of ["10.0.0.0/33", "10.0.0.0/8/8", "10.0.0.0/x", "proxy.example.com", "::/129"]) {
    assert.equal(parseRange(bad), null);
  }
});
