import assert from "node:assert/strict";
import { FILTERS, likenessOf, rejectedBy } from "@/lib/detect/values.ts";

const reject = (value: string, name = "api_key", quoted = true) =>
  rejectedBy({ name, value, quoted });

Deno.test("rejectedBy() names the filter that knows a value for harmless", () => {
  const expected: Record<string, string> = {
    "${API_KEY}": "template",
    "{{ vault.key }}": "template",
    "your-api-key": "stand-in",
    "P@ssw0rd": "stand-in",
    "1234567890": "regular",
    "ENC(k3Jd8sLq0PzX7vB2nM4w)": "encrypted",
    "ssh-rsa AAAAB3NzaC1yc2E": "public",
    "eyJhbGciOiJIUzI1NiJ9": "web-token",
    "https://auth.acme.net/oauth": "address",
    "./certs/server.key": "path",
    "4096": "number",
    "process.env.API_KEY": "code",
    "HS256": "algorithm",
    "^qk[a-z0-9]{32,64}x": "pattern",
    "qk7</zx>9": "markup",
    "Hasło": "other-letters",
    "choose it well": "sentence",
    "\\u30d1\\u30b9\\u30ef\\u30fc": "other-letters",
    "sorted|confirmed|unique:users": "demand",
    "min:16": "demand",
    ".eyJ1c2VybmFtZSI6IlRvbSJ9": "web-token",
    "keystone.plugins.access:Access": "code",
  };
  for (const [value, filter] of Object.entries(expected)) {
    const bytes = String.fromCharCode(...new TextEncoder().encode(value));
    assert.equal(reject(bytes), filter, value);
  }
  assert.equal(reject("acmeKey", "my.acme_key"), "name-again");
  assert.equal(reject("0b7d8c1e-52f6-4c3a-9d0e-6a1f2b3c4d5e", "tenant_key"), "uuid-of-a-thing");
  assert.equal(reject("q8Zt3LmW0pRv7XsYb2Nc", "token_hash"), "hash-of-a-thing");
});

Deno.test("rejectedBy() lets secrets pass, and filters can be left out", () => {
  for (
    const value of [
      "q8Zt3LmW0pRv7XsYb2Nc",
      "k3#Gd!vT9q",
      "w7Tz$QRK9pb",
      "0b7d8c1e-52f6-4c3a-9d0e-6a1f2b3c4d5e",
    ]
  ) {
    assert.equal(reject(value), null, value);
  }
  assert.equal(
    rejectedBy({ name: "k", value: "$XKQZTRVB", quoted: true }, new Set(["template"])),
    null,
  );
  assert.equal(new Set(FILTERS.map((filter) => filter.id)).size, FILTERS.length);
});

Deno.test("likenessOf() tells generated values, chosen and weak passwords, phrases and words", () => {
  const expected: Record<string, string> = {
    "q8Zt3LmW0pRv7XsYb2Nc": "random",
    "0b7d8c1e-52f6-4c3a-9d0e-6a1f2b3c4d5e": "random",
    "Falcon1987!": "chosen",
    "k3#Gd!": "chosen",
    "server12": "weak",
    "91827364": "weak",
    "secure_key_for_the_guardupi_app": "phrase",
    "server": "words",
    "application-server": "words",
  };
  for (const [value, likeness] of Object.entries(expected)) {
    assert.equal(likenessOf(value), likeness, value);
  }
});
