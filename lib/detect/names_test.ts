import assert from "node:assert/strict";
import { nameKind } from "@/lib/detect/names.ts";

Deno.test("nameKind() tells names of passwords and of secrets", () => {
  for (
    const name of [
      "password",
      "DB_PASSWORD",
      "smtp.pass",
      "userPass",
      "spring.datasource.password",
      "PGPASSWORD",
      "passphrase",
      "wifi-pwd",
    ]
  ) assert.equal(nameKind(name), "password", name);
  for (
    const name of [
      "apiKey",
      "ACME_API_KEY",
      "client.secretKey",
      "access_token",
      "SECRET_KEY_BASE",
      "jwtSecret",
      "encryptionKey",
      "auth",
      "api.key",
    ]
  ) assert.equal(nameKind(name), "secret", name);
});

Deno.test("nameKind() is null for names that speak about a secret or of another key", () => {
  for (
    const name of [
      "passwordField",
      "password_hash",
      "tokenType",
      "secretName",
      "publicKey",
      "primary_key",
      "cacheKey",
      "csrfToken",
      "max_tokens",
      "bypass",
      "keyboard",
      "LABEL_PASSWORD",
      "resetPassword",
      "key",
      "nextPageToken",
      "publicResourceKey",
      "reblog_key",
      "lock_token",
      "password_expires_at",
    ]
  ) assert.equal(nameKind(name), null, name);
});
