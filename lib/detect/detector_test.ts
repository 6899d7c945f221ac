import assert from "node:assert/strict";
import { createDetector } from "@/lib/detect/detector.ts";
import type { Rule } from "@/lib/detect/rule.ts";

const fingerprintKey = new Uint8Array(32).fill(1);
const encode = (text: string) => new TextEncoder().encode(text);

function rule(id: string, pattern: RegExp, more: Partial<Rule> = {}): Rule {
  return {
    id,
    name: id,
    vendor: "Acme",
    keywords: ["acme_"],
    pattern,
    severity: "high",
    confidence: "high",
    help: "A made-up token for tests.",
    version: 1,
    matches: () => [],
    ignores: () => [],
    ...more,
  };
}

const token = rule("acme-token", /acme_[a-z0-9]{12}(?![a-z0-9])/);
const secret = "acme_" + "q8zt3lmw0pr7";
const other = "acme_" + "k2vb9xnd4hs6";

function setup(...rules: Rule[]) {
  return createDetector({ fingerprintKey, rules });
}

Deno.test("detect() gives place, preview and fingerprint, and never the secret", () => {
  const { hits, binary } = setup(token).detect(encode(`a\n  "${secret}"\n`));
  assert.equal(binary, false);
  assert.equal(hits.length, 1);
  const hit = hits[0]!;
  assert.deepEqual([hit.line, hit.column, hit.start, hit.end], [2, 4, 5, 22]);
  assert.equal(hit.preview, "ac********7");
  assert.match(hit.fingerprint, /^[0-9a-f]{64}$/);
  assert.ok(!JSON.stringify(hits).includes(secret));
});

Deno.test("detect() finds a secret in UTF-16 and nothing in a binary", () => {
  const text = "\ufeffkey " + secret;
  const utf16 = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    new DataView(utf16.buffer).setUint16(i * 2, text.charCodeAt(i), true);
  }
  assert.equal(setup(token).detect(utf16).hits.length, 1);
  const nothing = setup(token).detect(encode(`\0${secret}`));
  assert.deepEqual([nothing.hits, nothing.binary, nothing.capped], [[], true, false]);
});

Deno.test("detect() takes the capture group for the secret, even where its text stands twice", () => {
  const pair = rule("acme-pair", /acme_(?:[a-z]+):([a-z]+)@/);
  const hit = setup(pair).detect(encode("acme_admin:admin@host")).hits[0];
  assert.equal(hit?.start, 11);
});

Deno.test("detect() drops placeholders and what a check refuses, and keeps a check's words", () => {
  const checked = rule("acme-checked", token.pattern, {
    check: (text) => text === other ? { keep: false } : { keep: true, reason: "fine" },
  });
  const { hits } = setup(checked).detect(encode(`${secret} ${other} acme_${"x".repeat(12)}`));
  assert.deepEqual(hits.map((hit) => hit.reasons), [["fine"]]);
});

Deno.test("detect() prefers the format where a generic rule sees the same text", () => {
  const generic = rule("generic", /acme_\w+/, { specificity: "generic" });
  const { hits } = setup(generic, token).detect(encode(`x = ${secret}`));
  assert.deepEqual(hits.map((hit) => hit.ruleId), ["acme-token"]);
});

Deno.test("detect() says which inline comment suppresses a hit", () => {
  const { hits } = setup(token).detect(encode(`${secret} # gitleaks:allow\n${other}\n`));
  assert.deepEqual(hits.map((hit) => hit.suppressedBy), ["inline comment gitleaks:allow", null]);
});

Deno.test("detect() sees a match only within its keyword's window", () => {
  const near = rule("near", /id=([a-z0-9]{12})/, { window: { before: 0, after: 40 } });
  const find = (gap: number) =>
    setup(near).detect(encode(`acme_${" ".repeat(gap)}id=q8zt3lmw0pr7 `)).hits.length;
  assert.equal(find(20), 1);
  assert.equal(find(30), 0);
});

Deno.test("detect() with ranges reports what they concern and leaves the far rest", () => {
  const far = "\n".repeat(5000);
  const bytes = encode(`${secret}${far}${other}${far}${secret}`);
  const start = secret.length + 5000;
  const { hits } = setup(token).detect(bytes, { ranges: [{ start: start + 3, end: start + 3 }] });
  assert.deepEqual(hits.map((hit) => [hit.start, hit.line]), [[start, 5001]]);
});

Deno.test("detect() with ranges finds a long shape that begins far before them", () => {
  const long = rule("long", /acme_\{[\s\S]{1,8000}?\}/, {
    window: { before: 0, after: 8192 },
    marker: "acme_{",
    keywords: ["acme_{"],
  });
  const body = Array.from({ length: 400 }, (_, i) => `line ${i * 7919 % 997}`).join("\n");
  const bytes = encode(`acme_{${body}}`);
  const at = bytes.length - 100;
  assert.equal(setup(long).detect(bytes, { ranges: [{ start: at, end: at + 1 }] }).hits.length, 1);
});

Deno.test("detect() finds a secret that lies across the pieces of a long text", () => {
  const bytes = new Uint8Array(17 * 1024 * 1024).fill(32);
  for (const at of [8 * 1024 * 1024 - 5, 16 * 1024 * 1024 - 17]) bytes.set(encode(secret), at);
  assert.deepEqual(
    setup(token).detect(bytes).hits.map((hit) => hit.start),
    [8 * 1024 * 1024 - 5, 16 * 1024 * 1024 - 17],
  );
});

Deno.test("detect() caps the hits of one text and says so", () => {
  const alphabet = "q8zt3lmw0pr7";
  let text = "";
  for (let i = 0; i < 1001; i++) {
    text += `acme_${[...String(i).padStart(4, "0")].map((d) => alphabet[+d]).join("")}${
      alphabet.slice(0, 8)
    }\n`;
  }
  const { hits, capped } = setup(token).detect(encode(text));
  assert.equal(hits.length, 1000);
  assert.equal(capped, true);
});
