/** Files that should not be in a repository, told by their names. */

import { type PathKind, pathKindOf } from "@/lib/detect/path_kind.ts";
import type { Severity } from "@/lib/detect/rule.ts";

/** A finding that rests on a name alone. */
export interface SensitiveFile {
  ruleId: string;
  severity: Severity;
  pathKind: PathKind;
  reasons: string[];
}

interface Kind {
  ruleId: string;
  title: string;
  reason: string;
  help: string;
  name: RegExp;
}

const KINDS: readonly Kind[] = [
  {
    ruleId: "file-private-key",
    title: "private key",
    help: "Whoever has a private key can sign in or decrypt as its owner.",
    reason: "a private key by its name",
    name: /(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|[^/]+\.(?:ppk|pkcs8))$/,
  },
  {
    ruleId: "file-keystore",
    title: "store of keys",
    help: "A keystore holds private keys behind a password that can be guessed offline.",
    reason: "a store of keys by its name",
    name: /\.(?:p12|pfx|jks|keystore|bks|pkcs12|kdb|mobileprovision)$/,
  },
  {
    ruleId: "file-password-database",
    title: "password database",
    help: "A password database can be attacked offline for as long as it is known.",
    reason: "a password database by its name",
    name: /\.(?:kdbx|psafe3|agilekeychain|opvault|keychain(?:-db)?|enpassdb)$/,
  },
  {
    ruleId: "file-environment",
    title: "environment settings",
    help: "Settings of an environment mostly hold passwords and tokens.",
    reason: "settings of an environment by its name",
    name: /(?:^|\/)\.env(?:\.(?:local|prod|production|live|staging|stage|dev|development))*$/,
  },
  {
    ruleId: "file-terraform-state",
    title: "Terraform state",
    help: "Terraform writes passwords and keys into its state in clear.",
    reason: "Terraform state holds secrets in clear",
    name: /\.tfstate(?:\.backup)?$/,
  },
  {
    ruleId: "file-credentials",
    title: "credentials",
    help: "Tools keep sign-in data in this file, mostly in clear.",
    reason: "credentials by its name",
    name:
      /(?:^|\/)(?:\.netrc|_netrc|\.pgpass|\.git-credentials|\.htpasswd|\.my\.cnf|\.s3cfg|\.boto|\.dockercfg|\.docker\/config\.json|\.aws\/credentials|\.kube\/config|kubeconfig|\.vault-token|\.pypirc|credentials\.tfrc\.json)$/,
  },
  {
    ruleId: "file-shell-history",
    title: "history of commands",
    help: "Typed commands often hold passwords and tokens.",
    reason: "a history of typed commands by its name",
    name:
      /(?:^|\/)\.(?:bash|zsh|sh|fish|mysql|psql|python|node_repl|irb|rediscli|sqlite|dbshell)_?history$/,
  },
];

/**
 * How every name that a kind knows ends, in small letters: what most names are told apart by
 * without decoding them. A test holds each kind to it.
 */
const ENDINGS = [
  "id_rsa,id_dsa,id_ecdsa,id_ed25519,_sk,.ppk,.pkcs8",
  ".p12,.pfx,.jks,.keystore,.bks,.pkcs12,.kdb,.mobileprovision",
  ".kdbx,.psafe3,.agilekeychain,.opvault,.keychain,.keychain-db,.enpassdb",
  ".env,.local,.prod,.production,.live,.staging,.stage,.dev,.development",
  ".tfstate,.backup",
  "netrc,.pgpass,.git-credentials,.htpasswd,.my.cnf,.s3cfg,.boto,.dockercfg,config.json",
  "credentials,config,kubeconfig,.vault-token,.pypirc,credentials.tfrc.json",
  "history",
].flatMap((line) => line.split(",")).map((ending) => new TextEncoder().encode(ending));

/** The endings by their last two bytes, as one number; most names end in none of these pairs. */
const BY_LAST_TWO: (Uint8Array[] | undefined)[] = [];
for (const ending of ENDINGS) {
  const key = ending.at(-2)! << 8 | ending.at(-1)!;
  (BY_LAST_TWO[key] ??= []).push(ending);
}

/** Whether the file name in `bytes[start, end)` may be one of ours; allocates nothing. */
export function maybeSensitiveName(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 3) return false;
  const endings = BY_LAST_TWO[folded(bytes[end - 2]!) << 8 | folded(bytes[end - 1]!)];
  if (endings === undefined) return false;
  for (const ending of endings) {
    let at = ending.length - 1;
    const from = end - ending.length;
    if (from < start) continue;
    while (at >= 0 && folded(bytes[from + at]!) === ending[at]) at--;
    if (at < 0) return true;
  }
  return false;
}

function folded(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte | 32 : byte;
}

/** The kinds as rules, for reports and pages that describe what was found. */
export const SENSITIVE_FILE_RULES: readonly { id: string; name: string; help: string }[] = KINDS
  .map((kind) => ({
    id: kind.ruleId,
    name: `Sensitive file: ${kind.title}`,
    help: `${kind.help} It was found by its name alone: look into it, take it out of the ` +
      "repository, and replace what it holds.",
  }));

/** Whether a rule is one of the kinds. */
export function isSensitiveFileRule(ruleId: string): boolean {
  return ruleId.startsWith("file-");
}

/** A finding for the path's name, or null. Low, since the content may be harmless. */
export function sensitiveFile(path: string): SensitiveFile | null {
  const lower = path.toLowerCase();
  const kind = KINDS.find((one) => one.name.test(lower));
  if (kind === undefined) return null;
  const pathKind = pathKindOf(path);
  if (pathKind === "vendored") return null;
  return { ruleId: kind.ruleId, severity: "low", pathKind, reasons: [kind.reason] };
}
