import assert from "node:assert/strict";
import { formatKey, type PageKey, parseKey } from "@/lib/store/page_key.ts";

const KEYS: PageKey[] = [
  { sort: "name", value: "acme/ünïcode 💥+/=", id: "1", backwards: false },
  { sort: "name", value: "", id: "", backwards: true },
  { sort: "updated", value: 1_700_000_000_000, id: "2", backwards: false },
];

for (const key of KEYS) {
  Deno.test(`parseKey() reads what formatKey() wrote of ${JSON.stringify(key.value)}`, () => {
    const text = formatKey(key);
    assert.match(text, /^[\w-]+$/);
    const type = typeof key.value as "string" | "number";
    assert.deepEqual(parseKey(text, { sort: key.sort, type }), key);
  });
}

Deno.test("parseKey() refuses another sort, another kind of value, and what is no key", () => {
  const text = formatKey(KEYS[2]!);
  assert.equal(parseKey(text, { sort: "scanned", type: "number" }), null);
  assert.equal(parseKey(text, { sort: "updated", type: "string" }), null);
  for (const junk of ["", "a", "%", text.slice(1), btoa("[]"), btoa('["updated",1,2,0]')]) {
    assert.equal(parseKey(junk, { sort: "updated", type: "number" }), null, junk);
  }
});
