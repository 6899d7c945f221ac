import assert from "node:assert/strict";
import { CODE_SERVER_TYPES, openCodeServer } from "@/lib/codeserver/open.ts";

Deno.test("openCodeServer() opens every type without asking anything", () => {
  for (const type of CODE_SERVER_TYPES) {
    const server = openCodeServer(type, {
      workspace: "demo",
      credential: { kind: "access_token", user: null, secret: "made-up" },
      apiUrl: "https://api.example.test/2.0",
      gitUrl: "https://example.test",
      fetch: () => Promise.reject(new Error("asked")),
    });
    assert.match(
      server.commitUrl({ fullName: "demo/pay", commit: "a1" }),
      /^https:\/\/example\.test\//,
    );
  }
});
