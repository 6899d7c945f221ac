/** Brokers of messages between programs. */
import { fromBase64, toBase64 } from "../checks/base64.ts";
import { crc32Bytes } from "../checks/crc32.ts";
import { isNkey, toNkey } from "../checks/nkey.ts";
import { byChecksum, byObservedChecksum } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { base32, base64, bytes } from "./samples.ts";
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

/** Prefix bytes of accounts, operators, users, clusters, servers and curve keys. */
const LEVELS = [0, 14 << 3, 20 << 3, 2 << 3, 13 << 3, 23 << 3];

/** NATS seeds start with S and the kind of what they are for. */
function natsSeed(kind: string, letter: string, name: string, help: string): Rule {
  const prefix = "S" + letter;
  const second = "AOUCNX".indexOf(letter);
  return {
    id: `nats-${kind}-seed`,
    name: `NATS ${name} seed`,
    vendor: "NATS",
    severity: kind === "user" ? "high" : "critical",
    confidence: "high",
    keywords: [(prefix + "A").toLowerCase()],
    anchor: "keyword",
    pattern: new RegExp(`(?<![A-Za-z0-9])${prefix}A[A-Z2-7]{55}(?![A-Za-z0-9])`),
    check: (secret) => isNkey(secret) ? byChecksum(true) : { keep: false },
    help,
    docsUrl:
      "https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth",
    version: 1,
    matches: () => {
      const first = (18 << 3) | (LEVELS[second]! >> 5);
      const seed = toNkey(
        Uint8Array.of(first, (LEVELS[second]! & 31) << 3, ...bytes(32, second + 1)),
      );
      return [`seed: ${seed}`, `-----BEGIN NKEY SEED-----\n${seed}\n------END NKEY SEED------`];
    },
    ignores: () => [`seed: ${prefix}A${base32(55)}`, `seed: ${prefix}A${base32(30)}`],
  };
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
  natsSeed(
    "account",
    "A",
    "account",
    "Signs users of the account. Make a new account key and push its token.",
  ),
  natsSeed(
    "operator",
    "O",
    "operator",
    "Signs all accounts of the system. Make a new operator key and sign the accounts again.",
  ),
  natsSeed(
    "user",
    "U",
    "user",
    "Signs in as the user. Revoke the user's public key in its account.",
  ),
  natsSeed("cluster", "C", "cluster", "Poses as the cluster. Make a new cluster key."),
  natsSeed(
    "server",
    "N",
    "server",
    "Poses as the server, or opens encrypted configuration. Make a new server key.",
  ),
  natsSeed("curve", "X", "curve", "Opens what was encrypted for it. Make a new curve key."),
];
