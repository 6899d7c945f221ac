/** Microsoft Azure: identifiable keys with signature and checksum, client secrets, SAS, DevOps. */
import { isAdoPat, toAdoPat } from "../checks/ado_pat.ts";
import { isAzureKey, toAzureKey } from "../checks/azure_key.ts";
import { fromBase64 } from "../checks/base64.ts";
import { looksMadeByChance } from "../checks/chance.ts";
import { byChecksum, byObservedChecksum, kept } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { alnum, base64, base64url, bytes, pick } from "./samples.ts";
import { named, prefixed } from "./shapes.ts";

const vendor = "Microsoft Azure";
const docsUrl = "https://github.com/microsoft/security-utilities";
const revokeUrl = "https://portal.azure.com/";

interface Identifiable {
  id: string;
  name: string;
  /** Four characters that stand in each key's text. */
  signature: string;
  /** Characters before the signature, and those of the checksum with the padding. */
  before: number;
  tail: string;
  letters?: string;
  /** Names of the checksum's seeds. */
  purposes: readonly string[];
  help: string;
}

/** A key whose text carries a signature, and its bytes a checksum. */
function identifiable(key: Identifiable): Rule {
  const letters = key.letters ?? "A-Za-z0-9+/";
  const signature = key.signature.replace("+", "\\+");
  const sample = () => sampleOf(key);
  return {
    id: key.id,
    name: key.name,
    vendor,
    keywords: [key.signature.toLowerCase()],
    pattern: new RegExp(
      `(?<![${letters}])([${letters}]{${key.before}}${signature}${key.tail})(?![${letters}=])`,
    ),
    severity: "critical",
    confidence: "high",
    check: (secret) =>
      looksMadeByChance(secret)
        ? byObservedChecksum(isAzureKey(secret, key.purposes))
        : { keep: false },
    help: key.help,
    revokeUrl,
    docsUrl,
    version: 1,
    matches: () => [`AccountKey=${sample()};`, `key: "${sample()}"`],
    ignores: () => [
      `key: "${sample().slice(1)}"`,
      `key: "${sample().replace(key.signature, "abcd")}"`,
      `key: "q${sample()}"`,
    ],
  };
}

/** Makes a key: random text, the signature, room for the checksum, then the right checksum. */
function sampleOf({ signature, before, tail, letters, purposes }: Identifiable): string {
  const padding = /=*$/.exec(tail)![0];
  const text = letters?.includes("+") === false ? alnum(before, 3) : base64(before, 3);
  const first = tail.startsWith("[A-P]") ? "B" : tail.startsWith("[A-D]") ? "B" : "w";
  for (let seed = 1;; seed++) {
    const draft = text.slice(0, -3) + alnum(3, seed) + signature + first + "AAAAA" + padding;
    const key = toAzureKey(fromBase64(draft)!.subarray(0, -4), purposes[0]!);
    if (new RegExp(`^[${letters ?? "A-Za-z0-9+/"}]+=*$`).test(key)) return key;
  }
}

const SHORT = "[A-P][A-Za-z0-9+/]{5}=";
const LONG = "[A-Za-z0-9+/]{5}[AQgw]==";

const keys: readonly Identifiable[] = [
  {
    id: "azure-storage-key",
    name: "Azure Storage account key",
    signature: "+ASt",
    before: 76,
    tail: LONG,
    purposes: ["Default0"],
    help:
      "Reads and writes everything in the storage account. Rotate it in the portal under Storage account, Access keys.",
  },
  {
    id: "azure-cosmos-db-key",
    name: "Azure Cosmos DB key",
    signature: "ACDb",
    before: 76,
    tail: LONG,
    purposes: ["MastRW00", "MastRO00"],
    help:
      "Reads, and as the primary key writes, every database of the account. Regenerate it under Cosmos DB account, Keys.",
  },
  {
    id: "azure-batch-key",
    name: "Azure Batch account key",
    signature: "+ABa",
    before: 76,
    tail: LONG,
    purposes: ["AbAcct00"],
    help: "Runs jobs on the Batch account's machines. Regenerate it under Batch account, Keys.",
  },
  {
    id: "azure-api-management-key",
    name: "Azure API Management key",
    signature: "APIM",
    before: 76,
    tail: LONG,
    purposes: ["Tenant00", "IoTHub00", "Gatewy00", "GitKey00"],
    help:
      "Calls or manages the APIs of an API Management service. Regenerate it under Subscriptions or Management API.",
  },
  {
    id: "azure-service-bus-key",
    name: "Azure Service Bus key",
    signature: "+ASb",
    before: 33,
    tail: SHORT,
    purposes: ["Send0000", "Manage00", "Listen00", "System00"],
    help:
      "Sends to and reads from queues and topics of the namespace. Regenerate it under Shared access policies.",
  },
  {
    id: "azure-event-hubs-key",
    name: "Azure Event Hubs key",
    signature: "+AEh",
    before: 33,
    tail: SHORT,
    purposes: ["Send0000", "Manage00", "Listen00", "System00"],
    help:
      "Sends to and reads from event hubs of the namespace. Regenerate it under Shared access policies.",
  },
  {
    id: "azure-relay-key",
    name: "Azure Relay key",
    signature: "+ARm",
    before: 33,
    tail: SHORT,
    purposes: ["Send0000", "Manage00", "Listen00"],
    help: "Opens relayed connections of the namespace. Regenerate it under Shared access policies.",
  },
  {
    id: "azure-iot-key",
    name: "Azure IoT Hub or device key",
    signature: "AIoT",
    before: 33,
    tail: SHORT,
    purposes: ["IoTHub00", "DpsKey00", "Device00"],
    help:
      "Acts as a device, or manages devices, of an IoT hub. Regenerate it under Shared access policies or the device.",
  },
  {
    id: "azure-redis-key",
    name: "Azure Cache for Redis key",
    signature: "AzCa",
    before: 33,
    tail: "[A-P][A-Za-z0-9]{5}=",
    letters: "A-Za-z0-9",
    purposes: ["Access00"],
    help: "Reads and writes the cache. Regenerate it under Azure Cache for Redis, Authentication.",
  },
  {
    id: "azure-search-key",
    name: "Azure AI Search key",
    signature: "AzSe",
    before: 42,
    tail: "[A-D][A-Za-z0-9]{5}",
    letters: "A-Za-z0-9",
    purposes: ["PAdmin00", "Query000"],
    help:
      "Queries, or as an admin key changes, search indexes. Regenerate it under Search service, Keys.",
  },
  {
    id: "azure-container-registry-key",
    name: "Azure Container Registry password",
    signature: "+ACR",
    before: 42,
    tail: "[A-D][A-Za-z0-9+/]{5}",
    purposes: ["ACRDflt0"],
    help:
      "Pulls, and often pushes, images of the registry. Regenerate it under Container registry, Access keys or Tokens.",
  },
];

/** What the signatures of the common annotated keys stand for. */
const PROVIDERS: Readonly<Record<string, string>> = {
  ACOG: "Azure AI services",
  AZDO: "Azure DevOps",
  AWPS: "Azure Web PubSub",
  ASIG: "Azure SignalR",
  AZMP: "Azure Maps",
};

/** Says by whom and when a common annotated key was made: both stand in its text. */
function readAnnotated(key: string) {
  const provider = PROVIDERS[key.slice(76, 80)] ?? "Azure";
  const year = 2024 + key.charCodeAt(58) - 65;
  const month = key.charCodeAt(59) - 64;
  if (year > 2049) return { keep: true };
  return kept(`made by ${provider} in ${year}-${String(month).padStart(2, "0")}`);
}

/** A shared access signature says in `se=` until when it holds. */
function readExpiry(around: string) {
  const end = /[?&;]se=(\d{4}-\d\d-\d\d)/.exec(around)?.[1];
  if (end === undefined) return { keep: true };
  return kept(`ends on ${end}`);
}

export const rules: readonly Rule[] = [
  ...keys.map(identifiable),
  {
    id: "azure-annotated-key",
    name: "Azure key with annotations (AI services, DevOps, Web PubSub and more)",
    vendor,
    keywords: ["jqqj9"],
    pattern: new RegExp(
      "(?<![A-Za-z0-9])([A-Za-z0-9]{52}JQQJ9[9DH][A-Za-z0-9][A-L][A-Za-z0-9]{16}[A-Za-z][A-Za-z0-9]{7})(?![A-Za-z0-9])",
    ),
    severity: "critical",
    confidence: "high",
    check: (secret) =>
      looksMadeByChance(secret.slice(0, 52)) ? readAnnotated(secret) : { keep: false },
    help:
      "Opens the Azure service that made it: its sixth group of letters says which. Regenerate it in the portal under Keys, or in Azure DevOps under Personal access tokens.",
    revokeUrl,
    docsUrl,
    version: 1,
    matches: () => {
      const key = `${alnum(52)}JQQJ99BFAC${alnum(10)}AAAB` + "ACOG" + alnum(4);
      return [`AZURE_OPENAI_API_KEY=${key}`, `new AzureKeyCredential("${key}")`];
    },
    ignores: () => [
      `"${alnum(51)}JQQJ99BFAC${alnum(10)}AAABACOG${alnum(4)}"`,
      `"${alnum(52)}JQQJ99BZAC${alnum(10)}AAABACOG${alnum(4)}"`,
      `"${"X".repeat(52)}JQQJ99BFAC${alnum(10)}AAABACOG${alnum(4)}"`,
    ],
  },
  {
    id: "azure-functions-key",
    name: "Azure Functions key",
    vendor,
    keywords: ["azfu"],
    pattern: new RegExp(
      "(?<![A-Za-z0-9_-])([A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{5}[AQgw](?:==|%3[Dd]%3[Dd]))",
    ),
    severity: "high",
    confidence: "high",
    check: (secret) => {
      const plain = secret.replaceAll(/%3d/gi, "=");
      if (!looksMadeByChance(plain)) return { keep: false };
      return byObservedChecksum(isAzureKey(plain, ["Functi00", "Master00", "System00"]));
    },
    help: "Calls functions of the app. Renew it in the portal under Function app, App keys.",
    revokeUrl,
    docsUrl: "https://learn.microsoft.com/azure/azure-functions/function-keys-how-to",
    version: 1,
    matches: () => [
      `https://app.azurewebsites.net/api/run?code=${base64url(44)}AzFu${alnum(5)}Q==`,
      `x-functions-key: ${base64url(44)}AzFu${alnum(5)}g==`,
    ],
    ignores:
      () => [`code=${base64url(40)}AzFu${alnum(5)}Q==`, `code=${base64url(44)}AzFu${alnum(5)}Q`],
  },
  {
    id: "azure-client-secret",
    name: "Microsoft Entra application secret",
    vendor,
    keywords: ["7q~", "8q~"],
    pattern: new RegExp(
      "(?<![A-Za-z0-9_~.-])([A-Za-z0-9_~.-]{3}(?:7Q~[A-Za-z0-9_~.-]{31}|8Q~[A-Za-z0-9_~.-]{34}))(?![A-Za-z0-9_~-])",
    ),
    severity: "critical",
    confidence: "high",
    check: (secret) => ({ keep: looksMadeByChance(secret) }),
    help:
      "Signs in as the application, with all its rights in the tenant. Delete it under App registrations, Certificates and secrets.",
    revokeUrl: "https://entra.microsoft.com/",
    docsUrl: "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
    version: 1,
    matches: () => [
      `AZURE_CLIENT_SECRET=${alnum(3)}8Q~${base64url(34)}`,
      `"clientSecret": "${alnum(3)}7Q~${base64url(31)}"`,
    ],
    ignores: () => [
      `"clientSecret": "${alnum(3)}8Q~${base64url(20)}"`,
      `"clientSecret": "${alnum(3)}8Q~${"x".repeat(34)}"`,
    ],
  },
  prefixed({
    id: "azure-storage-key-in-connection",
    name: "Azure Storage or Cosmos DB key in a connection string",
    vendor,
    severity: "critical",
    prefix: "AccountKey=",
    body: "[A-Za-z0-9+/]{86}==",
    keywords: ["accountkey="],
    help:
      "Reads and writes everything in the account. Rotate it in the portal under Access keys or Keys.",
    revokeUrl,
    docsUrl: "https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string",
    samples: () => [`AccountKey=${base64(85)}Q==`],
    ignores: () => [
      // The emulator's key is the same on every machine and published.
      "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/" +
      "K1SZFPTOtr/KBHBeksoGMGw==",
    ],
    check: (secret) => ({ keep: !secret.includes("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1") }),
  }),
  prefixed({
    id: "azure-shared-access-key",
    name: "Azure shared access key (Service Bus, Event Hubs, IoT Hub)",
    vendor,
    severity: "high",
    prefix: "SharedAccessKey=",
    body: "[A-Za-z0-9+/]{43}=",
    keywords: ["sharedaccesskey="],
    help: "Sends, reads or manages by its policy. Regenerate it under Shared access policies.",
    revokeUrl,
    docsUrl: "https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas",
    samples: () => [`SharedAccessKey=${base64(43)}=`],
  }),
  {
    id: "azure-shared-access-signature",
    name: "Azure shared access signature",
    vendor,
    keywords: ["sig="],
    anchor: "keyword",
    pattern:
      /(?<=[?&;])sig=([A-Za-z0-9%_-]{40,80}(?:%3[Dd]|=)|[A-Za-z0-9_-]{43})(?![A-Za-z0-9%_=-])/,
    severity: "high",
    confidence: "high",
    check: (secret, { before, after }) =>
      /[?&;](?:sv|sr|sp|se)=/.test(before + after) && looksMadeByChance(secret)
        ? readExpiry(before + after)
        : { keep: false },
    help:
      "Opens what its link names until its end date. Delete its stored access policy, or rotate the key that signed it.",
    revokeUrl,
    docsUrl: "https://learn.microsoft.com/azure/storage/common/storage-sas-overview",
    version: 1,
    matches: () => [
      `https://a.blob.core.windows.net/c?sv=2022-11-02&se=2099-01-01T00:00:00Z&sr=c&sp=rl&sig=${
        alnum(43)
      }%3D`,
      `SharedAccessSignature=sr=hub.azure-devices.net&sig=${alnum(43)}%3D&se=1999999999`,
      `https://prod-01.westeurope.logic.azure.com/invoke?api-version=2016-10-01&sp=run&sv=1.0&sig=${
        alnum(43)
      }`,
    ],
    ignores: () => [`https://x.test/?sig=${alnum(43)}%3D`, "https://x.test/?sv=1&sig=short%3D"],
  },
  named({
    id: "azure-devops-token",
    name: "Azure DevOps personal access token (52 characters)",
    vendor: "Azure DevOps",
    severity: "critical",
    word: "azure|vsts|devops|ado_|visualstudio|system_accesstoken",
    noun: "token|pat|passw|secret|auth|key|azure|devops",
    variable: "AZURE_DEVOPS_PAT",
    keywords: ["devops", "azure", "vsts", "ado_", "visualstudio", "system_accesstoken"],
    value: "[a-z2-7]{52}",
    check: (secret) => byChecksum(isAdoPat(secret)),
    help:
      "Acts as its owner in an Azure DevOps organisation. Revoke it under User settings, Personal access tokens.",
    revokeUrl: "https://aex.dev.azure.com/",
    docsUrl:
      "https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate",
    samples: () => [toAdoPat(bytes(28))],
  }),
  named({
    id: "azure-ai-key",
    name: "Azure AI services, Maps or other subscription key of 32 hexadecimal digits",
    vendor,
    severity: "high",
    word: "azure|cognitive|ocp-apim",
    noun:
      "api_?key|subscription[_-]?key|openai_?key|speech_?key|vision_?key|translator_?key|services?_?key",
    variable: "AZURE_OPENAI_API_KEY",
    keywords: ["azure_openai", "azureopenai", "cognitive", "ocp-apim", "azure_api", "azure_speech"],
    value: "[0-9a-f]{32}",
    help:
      "Calls the service on the subscription's bill. Regenerate it in the portal under Keys and endpoint.",
    revokeUrl,
    docsUrl: "https://learn.microsoft.com/azure/ai-services/rotate-keys",
    samples: () => [pick("0123456789abcdef", 32)],
  }),
];
