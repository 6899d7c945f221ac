/** Values for labelled cases: secrets as machines and people make them, and what merely looks so. */

import { ALNUM, type Dice, DIGITS, HEX, LOWER, UPPER } from "./case.ts";

const SPECIAL = "!@#%^*-_=+?";

/** Keys and tokens of vendors that nobody knows. */
export const MACHINE_MADE: readonly ((dice: Dice) => string)[] = [
  (dice) => dice.text(HEX, 32),
  (dice) => dice.text(HEX, 40),
  (dice) => dice.text(HEX, 64),
  (dice) => dice.text(ALNUM, dice.between(20, 48)),
  (dice) => dice.text(ALNUM, dice.between(20, 48)),
  (dice) => dice.text(ALNUM, dice.between(16, 24)),
  (dice) => dice.text(LOWER + DIGITS, dice.between(24, 40)),
  (dice) => dice.text(UPPER + DIGITS, dice.between(20, 32)),
  (dice) => dice.text(ALNUM + "+/", dice.pick([43, 86])) + "=",
  (dice) => dice.text(ALNUM + "-_", dice.between(32, 64)).replace(/^[-_]|[-_]$/g, "x"),
  (dice) => `${dice.text(ALNUM, 8)}.${dice.text(ALNUM, 24)}`,
  (dice) => `${dice.pick(["acme", "prod", "svc", "qx", "zt"])}_${dice.text(ALNUM, 32)}`,
];

const NOUNS =
  "Winter Summer Falcon River Copper Tiger Orange Monday Maple Rocket Thunder Silver Harbor Pepper Dragon Coffee Velvet Marble Cactus Walrus"
    .split(" ");

/** Passwords as people make them up, without the words that stand-ins use. */
export const CHOSEN: readonly ((dice: Dice) => string)[] = [
  (dice) => `${dice.pick(NOUNS)}${dice.between(1950, 2025)}${dice.pick([..."!$#?*"])}`,
  (dice) => `${dice.pick(NOUNS)}${dice.pick(NOUNS)}${dice.between(10, 99)}`,
  (dice) => `${dice.pick(NOUNS).toLowerCase()}-${dice.text(DIGITS, 4)}-${dice.pick(NOUNS)}`,
  (dice) => leet(dice.pick(NOUNS)) + dice.pick([..."!@#"]) + dice.between(100, 999),
  (dice) => dice.text(LOWER + DIGITS, dice.between(8, 12)),
  (dice) => dice.text(ALNUM, dice.between(8, 14)),
  (dice) => dice.text(ALNUM + SPECIAL, dice.between(10, 18)).replace(/^[^A-Za-z0-9]/, "k"),
  (dice) =>
    `${dice.text(LOWER, 3)}${dice.text(DIGITS, 3)}${dice.text(UPPER, 2)}${dice.text(SPECIAL, 1)}q`,
  (dice) => `${dice.text(ALNUM, 5)}-${dice.text(ALNUM, 5)}-${dice.text(ALNUM, 5)}`,
];

function leet(word: string): string {
  return word.replace(/a/g, "4").replace(/e/g, "3").replace(/o/g, "0").replace(/i/g, "1");
}

/** What people write where a secret will stand. */
export const STAND_INS: readonly string[] = [
  "changeme",
  "change-me-please",
  "your-api-key",
  "YOUR_API_KEY_HERE",
  "<your-token>",
  "xxxxxxxxxxxxxxxx",
  "XXXX-XXXX-XXXX",
  "****************",
  "example-secret",
  "placeholder",
  "TODO",
  "insert-token-here",
  "my-secret-token",
  "mysecretpassword",
  "secret",
  "password",
  "passw0rd",
  "P@ssw0rd",
  "password123",
  "test1234",
  "dummy-key",
  "fake_token_for_tests",
  "foobarbaz",
  "0000000000000000",
  "1234567890abcdef",
  "abcdefghijklmnop",
  "replace_with_real_key",
  "[REDACTED]",
  "none",
  "undefined",
  "null",
  "not-a-real-secret",
  "sample_access_token",
  "s3cr3t",
  "supersecret",
  "super_secret_key",
  "letmein",
  "qwerty123",
  "admin",
  "root",
  "postgres",
  "hunter2",
  "<PASSWORD>",
  "...",
  "{{ .Values.auth.password }}",
  "enter your password",
  "at least 8 characters",
];

/** Where a value comes from elsewhere. */
export const REFERENCES: readonly string[] = [
  "${DB_PASSWORD}",
  "${env:API_TOKEN}",
  "{{ vault_db_password }}",
  "$(pass show db)",
  "%DB_PASSWORD%",
  "#{ENV['TOKEN']}",
  "${{ secrets.DEPLOY_TOKEN }}",
  "<%= ENV['SECRET'] %>",
  "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/s)",
  "vault:secret/data/app#password",
  "ENC(k3Jd8sLq0PzX7vB2nM4w==)",
  "{cipher}a8d9f0e1b2c3d4e5f60718293a4b5c6d",
  "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-a1b2c3",
  "projects/42/secrets/api/versions/latest",
  "op://vault/item/field",
  "__API_KEY__",
  "%s",
  "{0}",
  ":token",
  "$1",
  "/run/secrets/db_password",
  "file:///etc/token",
];

/** Values that are nothing but names. */
export const NAMES: readonly string[] = [
  "access_token",
  "client-secret",
  "apiKeyHeader",
  "X-Api-Key",
  "user.password.reset",
  "auth/token/refresh",
  "passwordField",
  "database-credentials",
  "kubernetes.io/service-account-token",
  "application/json",
  "ServiceAccountTokenProvider",
  "token_endpoint_auth_method",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  "PASSWORD_TOO_SHORT",
  "errors.password.mismatch",
  "btn-password-toggle",
  "input[type=password]",
  "aws_secretsmanager_secret",
  "secret-volume",
  "X-CSRF-Token",
  "bearerFormat",
  "com.acme.security.TokenFilter",
  "./keys/service.json",
  "https://auth.acme.net/oauth/token",
  "id_rsa.pub",
  "HS256",
  "AES-256-GCM",
  "primary-key-column",
  "keyboard-shortcut",
  "session_token_v2",
  "PBKDF2WithHmacSHA256",
  "refresh-token-rotation-enabled",
];
