/** Whose address counts: the other end's, or what trusted proxies forwarded, and nobody else's word. */

import assert from "node:assert/strict";
import { parseRange } from "@/lib/network.ts";
import { appTest } from "./test_app.ts";
import { createGuest } from "./test_guest.ts";

const PROXIES = ["192.0.2.0/28", "fd00::/8"].map((text) => parseRange(text)!);

const CASES: [address: string, forwarded: string | null, found: string][] = [
  ["198.51.100.9", null, "198.51.100.9"],
  ["198.51.100.9", "203.0.113.5", "198.51.100.9"],
  ["192.0.2.1", "203.0.113.5", "203.0.113.5"],
  ["192.0.2.1", "10.9.9.9, 203.0.113.5", "203.0.113.5"],
  ["192.0.2.1", "10.9.9.9, 203.0.113.5, 192.0.2.2", "203.0.113.5"],
  ["192.0.2.1", "203.0.113.5, not an address", "192.0.2.1"],
  ["fd00::1", "2001:db8::7", "2001:db8::7"],
  ["192.0.2.1", null, "192.0.2.1"],
];

for (const [address, forwarded, found] of CASES) {
  appTest(`${address} that forwards ${forwarded} is logged as ${found}`, async (app) => {
    const guest = createGuest(app, { address });
    const headers = forwarded === null ? {} : { "x-forwarded-for": forwarded };
    await guest.post("/sign-in", { email: "x", password: "x" }, headers);
    const { rows } = await app.store.audit.list({ action: "sign_in.failed" }, { limit: 1 });
    assert.equal(rows[0]!.address, found);
  }, { trustedProxies: PROXIES });
}

appTest("without a trusted proxy nothing that is forwarded counts", async (app) => {
  const guest = createGuest(app, { address: "192.0.2.1" });
  await guest.post("/sign-in", { email: "x", password: "x" }, {
    "x-forwarded-for": "203.0.113.5",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "forwarded": "for=203.0.113.5;host=evil.example",
  });
  const { rows } = await app.store.audit.list({ action: "sign_in.failed" }, { limit: 1 });
  assert.equal(rows[0]!.address, "192.0.2.1");
});

appTest("a chosen Host leads nowhere: links are made of the configured address", async (app) => {
  const form = { email: "new@example.com", role: "viewer" };
  const answer = await app.ask("/settings/invitations", {
    form,
    headers: { host: "evil.example" },
  });
  const html = await answer.text();
  assert.match(html, /http:\/\/sluice\.test\/invitation\?token=/);
  assert.doesNotMatch(html, /evil\.example/);
});
