import assert from "node:assert/strict";
import { pathKindOf } from "@/lib/detect/path_kind.ts";

Deno.test("pathKindOf() tells eight kinds of path", () => {
  const expected = {
    "src/server.ts": "source",
    "cmd/latest/main.go": "source",
    "src/contest/entry.py": "source",
    "config/production.yml": "config",
    ".env.production": "config",
    "deploy/Dockerfile": "config",
    "config/default.json": "config",
    "charts/app/templates/secret.yaml": "config",
    "pkg/auth/auth_test.go": "test",
    "src/test/java/LoginTest.java": "test",
    "tests/fixtures/app.env": "test",
    "test_login.py": "test",
    "examples/basic/main.py": "example",
    ".env.example": "example",
    "config/database.yml.sample": "example",
    "README.md": "documentation",
    "docs/guide/index.html": "documentation",
    "vendor/github.com/x/y.go": "vendored",
    "node_modules/a/b.js": "vendored",
    "public/app.min.js": "generated",
    "api/v1/service.pb.go": "generated",
    "web/package-lock.json": "lock_file",
    "go.sum": "lock_file",
  };
  for (const [path, kind] of Object.entries(expected)) assert.equal(pathKindOf(path), kind, path);
});
