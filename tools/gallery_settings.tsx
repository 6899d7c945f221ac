/** The gallery's pages of accounts and keys, and what other portals embed. */

import type { JSX } from "hono/jsx/jsx-runtime";
import { AccountPage } from "@/components/account_page.tsx";
import { ApiKeysPage, type KeyRowView } from "@/components/api_keys_page.tsx";
import { EmbedKeyPage } from "@/components/embed_key_page.tsx";
import { EmbedKeysPage } from "@/components/embed_keys_page.tsx";
import { EmbedPage, EmbedRefusalPage, type EmbedView } from "@/components/embed_status.tsx";
import { ProofPage } from "@/components/proof_page.tsx";
import { FactorNeededPage, NewFactorPage } from "@/components/second_factor_pages.tsx";
import { SERVER_WORDS } from "@/lib/status.ts";
import { FRAME, NOW, VIEWER } from "./gallery_views.ts";

const NO_FORM = { values: {}, errors: {} };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SITE = "https://sluice.acme.example";
const instanceName = FRAME.instanceName;

const KEYS: readonly KeyRowView[] = [null, "expired", "revoked"].map((over, index) => ({
  id: `k${index}`,
  name: ["Nightly report to the data warehouse", "status page", "old portal"][index]!,
  hint: ["7f3a", "b91c", "04de"][index]!,
  opens: index === 0 ? "viewer" : "admin",
  createdBy: FRAME.user.email,
  createdAt: NOW - 90 * DAY,
  expiresAt: index === 1 ? NOW - DAY : index === 0 ? NOW + 275 * DAY : null,
  lastUsedAt: index === 2 ? null : NOW - index * 40 * DAY - 3 * 60_000,
  over,
}));

const EMBED: EmbedView = {
  kind: "server",
  id: "s1",
  name: "Acme Platform",
  words: SERVER_WORDS.discovering,
  detail: "300 of 1,266 repositories found",
  progress: { done: 214, total: 1266, unit: "repositories" },
  counts: { critical: 2, high: 31, medium: 108, low: 1204 },
  states: [{ word: "scanning", count: 3 }, { word: "queued", count: 1052 }, {
    word: "clean",
    count: 211,
  }],
  lastScanAt: null,
  href: `${SITE}/servers/s1`,
  src: `${SITE}/embed/servers/s1/fragment?key=k`,
  everySeconds: 600,
  instanceName,
};

const embedKey = {
  id: "k0",
  name: "Engineering portal",
  shows: "Acme Platform",
  origins: ["https://portal.acme.example", "https://backstage.acme.example"],
};

/** Page by name, as in `gallery.tsx`. */
export const SETTINGS_GALLERY: Record<string, () => JSX.Element> = {
  "account": () => (
    <AccountPage
      frame={FRAME}
      view={{
        hasPassword: true,
        secondFactor: { on: true, recoveryCodes: 2 },
        sessions: [true, false].map((isThis, index) => ({
          id: `session-${index}`,
          via: "password and code",
          device: isThis ? "Firefox on Linux" : null,
          address: isThis ? "2001:db8:85a3::8a2e:370:7334" : "192.0.2.17",
          createdAt: NOW - 3 * DAY,
          seenAt: NOW - index * HOUR,
          isThis,
        })),
        passwordForm: { values: {}, errors: { current: "This is not your password." } },
        factorForm: NO_FORM,
      }}
      now={NOW}
    />
  ),
  "account-bare": () => (
    <AccountPage
      frame={FRAME}
      view={{
        hasPassword: false,
        secondFactor: { on: false, recoveryCodes: 0 },
        sessions: [],
        passwordForm: NO_FORM,
        factorForm: NO_FORM,
      }}
      now={NOW}
    />
  ),
  "api-keys": () => (
    <ApiKeysPage
      frame={FRAME}
      keys={KEYS}
      form={NO_FORM}
      made={`slu_${"x".repeat(40)}`}
      apiUrl={`${SITE}/api/v1`}
      now={NOW}
    />
  ),
  "api-keys-empty": () => (
    <ApiKeysPage
      frame={FRAME}
      keys={[]}
      form={{ values: {}, errors: { name: "Give the key a name." } }}
      made={null}
      apiUrl={`${SITE}/api/v1`}
      now={NOW}
    />
  ),
  "embed-keys": () => (
    <EmbedKeysPage
      frame={FRAME}
      keys={KEYS.map((key) => ({ ...key, opens: "Acme Platform, payments-gateway" }))}
      servers={[{ id: "s1", name: "Acme Platform" }, { id: "s2", name: "Acme Labs" }]}
      form={{
        values: { origins: "portal.acme.example" },
        errors: { origins: "An origin begins with https://, as in https://portal.example.com." },
        serverIds: ["s1"],
        showCounts: true,
      }}
      now={NOW}
    />
  ),
  "embed-keys-empty": () => (
    <EmbedKeysPage
      frame={VIEWER}
      keys={[]}
      servers={[]}
      form={{ ...NO_FORM, serverIds: [], showCounts: true }}
      now={NOW}
    />
  ),
  "embed-key": () => (
    <EmbedKeyPage
      frame={FRAME}
      view={{
        ...embedKey,
        made: `sle_${"x".repeat(40)}`,
        target: { kind: "server", id: "s1", name: "Acme Platform" },
        others: [{ href: "#", name: "Acme Platform", current: true }, {
          href: "#2",
          name: "Acme Labs",
          current: false,
        }],
        snippets: [
          {
            id: "iframe",
            label: "A frame",
            hint: null,
            text: `<iframe src="${SITE}/embed/servers/s1?key=sle_xxx" width="420" height="220" ` +
              `title="Sluice"></iframe>`,
          },
          {
            id: "badge",
            label: "An image",
            hint: "For READMEs and wikis.",
            text: `![Sluice](${SITE}/embed/servers/s1/badge.svg?key=sle_xxx)`,
          },
        ],
        preview: { page: "/gallery/embed", badge: "/static/icon.svg" },
      }}
    />
  ),
  "embed-key-later": () => (
    <EmbedKeyPage
      frame={FRAME}
      view={{ ...embedKey, made: null, target: null, others: [], snippets: [], preview: null }}
    />
  ),
  "embed": () => <EmbedPage view={EMBED} />,
  "embed-bare": () => (
    <EmbedPage
      view={{
        ...EMBED,
        words: SERVER_WORDS.active,
        detail: null,
        progress: null,
        counts: null,
        states: null,
      }}
    />
  ),
  "embed-refused": () => <EmbedRefusalPage sentence="This embed key was revoked." />,
  "proof": () => (
    <ProofPage
      frame={FRAME}
      action="#"
      fields={[["role", "viewer"]]}
      hasPassword
      provider={{ name: "Acme", href: "#" }}
      form={{ values: {}, errors: { proof: "This is not your password." } }}
    />
  ),
  "second-factor": () => (
    <NewFactorPage
      frame={FRAME}
      secret="ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
      uri="otpauth://totp/x"
      code={{ size: 21, path: "M4 4h1v1h-1z" }}
      form={NO_FORM}
    />
  ),
  "second-factor-needed": () => (
    <FactorNeededPage
      instanceName="Acme Platform"
      email="vic@acme.example"
      asksPassword
      form={{ values: {}, errors: { current: "This is not your password." } }}
    />
  ),
};
