/** Sluice: its own keys, which end in a CRC-32; the form is made in `lib/access_key.ts`. */
import { endsInBase62Crc32, withBase62Crc32 } from "../checks/base62.ts";
import { byChecksum } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { alnum } from "./samples.ts";
import { prefixed } from "./shapes.ts";

const vendor = "Sluice";
const body = "[A-Za-z0-9]{38}";

export const rules: readonly Rule[] = [
  prefixed({
    id: "sluice-api-key",
    name: "Sluice API key",
    vendor,
    severity: "critical",
    prefix: "sluice_api_",
    body,
    check: (secret) => byChecksum(endsInBase62Crc32(secret.slice("sluice_api_".length))),
    help:
      "Reads the list of leaked secrets, and with the admin role connects and removes code servers. Revoke it in Sluice under Settings, API keys.",
    samples: () => ["sluice_api_" + withBase62Crc32(alnum(32))],
    ignores: () => ["sluice_api_" + alnum(20), "the prefix sluice_api_ marks an API key"],
  }),
  prefixed({
    id: "sluice-embed-key",
    name: "Sluice embed key",
    vendor,
    severity: "low",
    prefix: "sluice_embed_",
    body,
    check: (secret) => byChecksum(endsInBase62Crc32(secret.slice("sluice_embed_".length))),
    help:
      "Shows scan states and counts, as badges in public places may do on purpose. Revoke it in Sluice under Settings, Embed keys, if this place is not meant to show them.",
    samples: () => ["sluice_embed_" + withBase62Crc32(alnum(32, 2))],
  }),
];
