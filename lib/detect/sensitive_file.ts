/** Files that should not be in a repository, told by their names. */

import { pathKindOf } from "@/lib/detect/path_kind.ts";
import type { Severity } from "@/lib/detect/rule.ts";

/** A finding that rests on a name alone. */
export interface SensitiveFile {
  ruleId: string;
  severity: Severity;
  reasons: string[];
}

const KINDS: readonly { ruleId: string; reason: string; name: RegExp }[] = [
  {
    ruleId: "file-private-key",
    reason: "a private key by its name",
    name: /(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|[^/]+\.(?:ppk|pkcs8))$/,
  },
  {
    ruleId: "file-keystore",
    reason: "a store of keys by its name",
    name: /\.(?:p12|pfx|jks|keystore|bks|pkcs12|kdb|mobileprovision)$/,
  },
  {
    ruleId: "file-password-database",
    reason: "a password database by its name",
    name: /\.(?:kdbx|psafe3|agilekeychain|opvault|keychain(?:-db)?|enpassdb)$/,
  },
  {
    ruleId: "file-environment",
    reason: "settings of an environment by its name",
    name: /(?:^|\/)\.env(?:\.(?:local|prod|production|live|staging|stage|dev|development))*$/,
  },
  {
    ruleId: "file-terraform-state",
    reason: "Terraform state holds secrets in clear",
    name: /\.tfstate(?:\.backup)?$/,
  },
  {
    ruleId: "file-credentials",
    reason: "credentials by its name",
    name:
      /(?:^|\/)(?:\.netrc|_netrc|\.pgpass|\.git-credentials|\.htpasswd|\.my\.cnf|\.s3cfg|\.boto|\.dockercfg|\.docker\/config\.json|\.aws\/credentials|\.kube\/config|kubeconfig|\.vault-token|\.pypirc|credentials\.tfrc\.json)$/,
  },
  {
    ruleId: "file-shell-history",
    reason: "a history of typed commands by its name",
    name:
      /(?:^|\/)\.(?:bash|zsh|sh|fish|mysql|psql|python|node_repl|irb|rediscli|sqlite|dbshell)_?history$/,
  },
];

/** Ids and names of the kinds, for reports that describe rules. */
export const SENSITIVE_FILE_RULES: readonly { id: string; name: string }[] = KINDS.map((kind) => ({
  id: kind.ruleId,
  name: `Sensitive file: ${kind.reason}`,
}));

/** A finding for the path's name, or null. Low, since the content may be harmless. */
export function sensitiveFile(path: string): SensitiveFile | null {
  const lower = path.toLowerCase();
  const kind = KINDS.find((one) => one.name.test(lower));
  if (kind === undefined) return null;
  const pathKind = pathKindOf(path);
  if (pathKind === "vendored") return null;
  return { ruleId: kind.ruleId, severity: "low", reasons: [kind.reason] };
}
