import assert from "node:assert/strict";
import { maybeSensitiveName, sensitiveFile } from "@/lib/detect/sensitive_file.ts";

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

Deno.test("maybeSensitiveName() passes every name that sensitiveFile() knows, and few others", () => {
  const may = (name: string) => {
    const bytes = new TextEncoder().encode(`/${name}/`);
    return maybeSensitiveName(bytes, 1, bytes.length - 1);
  };
  const known =
    ("id_rsa id_dsa id_ecdsa id_ed25519 id_ecdsa_sk id_ed25519_sk a.ppk a.pkcs8 a.p12 a.pfx " +
      "a.jks a.keystore a.bks a.pkcs12 a.kdb a.mobileprovision a.kdbx a.psafe3 a.agilekeychain " +
      "a.opvault a.keychain a.keychain-db a.enpassdb .env .env.local .env.prod .env.production " +
      ".env.live .env.staging .env.stage .env.dev .env.development.local a.tfstate " +
      "a.tfstate.backup .netrc _netrc .pgpass .git-credentials .htpasswd .my.cnf .s3cfg .boto " +
      ".dockercfg .docker/config.json .aws/credentials .kube/config kubeconfig .vault-token " +
      ".pypirc credentials.tfrc.json .bash_history .zsh_history .sh_history .fish_history " +
      ".mysql_history .psql_history .python_history .node_repl_history .irb_history " +
      ".rediscli_history .sqlite_history .dbshell_history ID_RSA Team.KDBX").split(" ");
  for (const path of known) {
    assert.notEqual(sensitiveFile(path), null, path);
    assert.equal(may(path.split("/").at(-1)!), true, path);
  }
  for (const name of ["", "a", "env", "main.go", "package.json", "notes.txt", "server.ts"]) {
    assert.equal(may(name), false, name);
  }
});
