import assert from "node:assert/strict";
import { toBase64Url } from "./base64.ts";
import { jwtExpiry, jwtParts } from "./jwt.ts";

const token = (header: unknown, payload: unknown) =>
  `${toBase64Url(JSON.stringify(header))}.${toBase64Url(JSON.stringify(payload))}.c2ln`;

Deno.test("jwtParts() reads the example of RFC 7519", () => {
  const example = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9" +
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  const parts = jwtParts(example + ".c2ln");
  assert.equal(parts?.header["alg"], "HS256");
  assert.equal(parts?.payload["iss"], "joe");
  assert.equal(jwtExpiry(parts!.payload), "2011-03-22");
});

Deno.test("jwtParts() gives null without an algorithm, without JSON, without a payload", () => {
  assert.equal(jwtParts(token({ a: 1 }, { b: 2 })), null);
  assert.equal(jwtParts("eyJhbGciOiJIUzI1NiJ9.bm8.c2ln"), null);
  assert.equal(jwtParts("eyJhbGciOiJIUzI1NiJ9"), null);
});

Deno.test("jwtExpiry() gives null for an end that is missing or no time", () => {
  for (const exp of [undefined, "soon", -1, 0, 1e15]) assert.equal(jwtExpiry({ exp }), null);
});
