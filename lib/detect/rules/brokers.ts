/** Brokers of messages between programs. */
import { fromBase64, toBase64 } from "../checks/base64.ts";
import { crc32Bytes } from "../checks/crc32.ts";
import { byObservedChecksum } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { base64 } from "./samples.ts";
import { named, prefixed } from "./shapes.ts";

/** The last six characters are the base64 CRC-32 of the 54 between them and the prefix. */
function isConfluentSecret(secret: string): boolean {
  const end = fromBase64(secret.slice(58) + "==")?.subarray(0, 4);
  if (end === undefined) return false;
  return [secret.slice(4, 58), secret.slice(0, 58)].some((body) => {
    const sum = crc32Bytes(body);
    return sum.every((byte, at) => byte === end[at]) ||
      sum.every((byte, at) => byte === end[3 - at]);
  });
}

function confluentSecret(): string {
  const body = base64(54);
  return "cflt" + body + toBase64(crc32Bytes(body).reverse()).slice(0, 6);
}

export const rules: readonly Rule[] = [
  prefixed({
    id: "confluent-api-secret",
    name: "Confluent Cloud API secret",
    vendor: "Confluent",
    severity: "critical",
    prefix: "cflt",
    body: "[A-Za-z0-9+/]{60}",
    edge: "A-Za-z0-9+/=",
    check: (secret) => byObservedChecksum(isConfluentSecret(secret)),
    help: "With its key id it reads and writes clusters and topics. Delete the key under API keys.",
    revokeUrl: "https://confluent.cloud/settings/api-keys",
    docsUrl:
      "https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html",
    samples: () => [confluentSecret()],
  }),
  named({
    id: "confluent-legacy-api-secret",
    name: "Confluent Cloud API secret (before July 2025)",
    vendor: "Confluent",
    severity: "critical",
    word: "confluent|ccloud|kafka|sasl|schema_?registry",
    noun: "secret|passw",
    variable: "CONFLUENT_CLOUD_API_SECRET",
    value: "[A-Za-z0-9+/]{64}",
    keywords: ["confluent", "ccloud", "kafka", "sasl"],
    help: "With its key id it reads and writes clusters and topics. Delete the key under API keys.",
    revokeUrl: "https://confluent.cloud/settings/api-keys",
    check: (secret) => ({ keep: /[A-Z]/.test(secret) && /[a-z]/.test(secret) }),
    docsUrl:
      "https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html",
    samples: () => [base64(64)],
  }),
];
