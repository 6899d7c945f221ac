import assert from "node:assert/strict";
import { sensitiveFile } from "@/lib/detect/sensitive_file.ts";

Deno.test("sensitiveFile() knows files that should stay out of repositories", () => {
  const expected = {
    "deploy/id_rsa": "file-private-key",
    "android/release.keystore": "file-keystore",
    "team.kdbx": "file-password-database",
    ".env.production": "file-environment",
    "infra/terraform.tfstate": "file-terraform-state",
    "home/.pgpass": "file-credentials",
    ".bash_history": "file-shell-history",
  };
  for (const [path, ruleId] of Object.entries(expected)) {
    assert.equal(sensitiveFile(path)?.ruleId, ruleId, path);
    assert.equal(sensitiveFile(path)?.severity, "low");
  }
});

Deno.test("sensitiveFile() passes over templates, public keys and vendored files", () => {
  for (const path of [".env.example", "id_rsa.pub", "src/env.ts", "node_modules/x/.env"]) {
    assert.equal(sensitiveFile(path), null, path);
  }
});
