import assert from "node:assert/strict";
import { webhookUrl } from "@/lib/webhook_url.ts";

Deno.test("webhookUrl() names the server below the public address", () => {
  assert.equal(
    webhookUrl("https://sluice.example.com/tools", "abc"),
    "https://sluice.example.com/tools/webhooks/bitbucket-cloud/abc",
  );
});
