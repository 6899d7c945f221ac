import assert from "node:assert/strict";
import { basicAuth } from "@/lib/http.ts";
import { refusal } from "@/lib/http_refusal.ts";

const SECRET = ["attc", "made", "up"].join("_");

function refused(body: unknown, authorization = basicAuth("u", SECRET)) {
  return refusal({
    host: "api.example.test",
    status: 403,
    headers: new Headers(),
    body: typeof body === "string" ? body : JSON.stringify(body),
    sent: new Headers({ authorization }),
    reasons: {},
    nowMs: 0,
  });
}

Deno.test("no right that a refusal asks for is the credential, nor anything but a right", () => {
  const required = [
    SECRET,
    `read:${SECRET}`,
    btoa(`u:${SECRET}`),
    "write:repository",
    "Read me",
    7,
    "x".repeat(65),
    "x".repeat(64),
  ];
  const { details } = refused({ error: { message: "no", detail: { required } } });
  assert.deepEqual(details.requiredScopes, ["write:repository", "x".repeat(64)]);
  const bearer = refused({ error: { detail: { required: [SECRET] } } }, `Bearer ${SECRET}`);
  assert.equal(bearer.details.requiredScopes, undefined);
});

Deno.test("a refusal names no more rights than a person can read", () => {
  const asked = (count: number) =>
    refused({ error: { detail: { required: Array.from({ length: count }, () => "read:user") } } })
      .details.requiredScopes?.length;
  assert.deepEqual([asked(20), asked(21)], [20, 20]);
});

Deno.test("a refusal repeats the credential in no form", () => {
  for (const echo of [SECRET, encodeURIComponent(`u:${SECRET}`), btoa(`u:${SECRET}`)]) {
    for (const body of [{ error: { message: `no ${echo} here` } }, `no ${echo} here`]) {
      assert.match(refused(body).message, /^api\.example\.test answered 403: no …=* here$/);
    }
  }
  const address = `fatal: unable to access 'https://u:${SECRET}@git.test/'`;
  assert.match(refused(address).message, /'https:\/\/…@git\.test\/'$/);
});
