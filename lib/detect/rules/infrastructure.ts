/** Vaults, clusters, networks and what builds them. */
import { jwtExpiry, jwtParts } from "../checks/jwt.ts";
import { toBase64Url } from "../checks/base64.ts";
import { isNkey, toNkey } from "../checks/nkey.ts";
import { byChecksum, kept } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { alnum, base32, base64, base64url, bytes, hex, lower, pick, uuid } from "./samples.ts";
import { named, prefixed, UUID } from "./shapes.ts";

const vault = {
  vendor: "HashiCorp Vault",
  docsUrl: "https://developer.hashicorp.com/vault/docs/concepts/tokens",
};
const tailscale = {
  vendor: "Tailscale",
  revokeUrl: "https://login.tailscale.com/admin/settings/keys",
  docsUrl: "https://tailscale.com/kb/1277/key-prefixes",
};

function tailscaleKey(kind: string, name: string, help: string): Rule {
  const prefix = `tskey-${kind}-`;
  return prefixed({
    ...tailscale,
    id: `tailscale-${kind}-key`,
    name: `Tailscale ${name}`,
    severity: kind === "webhook" ? "medium" : "critical",
    prefix,
    body: "[A-Za-z0-9]{11,20}(?:CNTRL)?-[A-Za-z0-9]{31,34}",
    help,
    samples: () => [`${prefix}k${alnum(10)}CNTRL-${alnum(32)}`],
  });
}

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

/** Prefix bytes of accounts, operators, users, clusters, servers and curve keys. */
const LEVELS = [0, 14 << 3, 20 << 3, 2 << 3, 13 << 3, 23 << 3];

export const rules: readonly Rule[] = [
  prefixed({
    ...vault,
    id: "vault-service-token",
    name: "Vault service token",
    severity: "critical",
    prefix: "hvs.",
    body: "[A-Za-z0-9_-]{24,390}",
    edge: "A-Za-z0-9_-",
    help: "Reads and changes secrets by its policies. Revoke it with `vault token revoke`.",
    check: (secret) => ({ keep: /\d/.test(secret) && /[A-Z]/.test(secret) }),
    samples: () => ["hvs." + alnum(24), "hvs.CAES" + base64url(90)],
  }),
  prefixed({
    ...vault,
    id: "vault-batch-token",
    name: "Vault batch token",
    severity: "high",
    prefix: "hvb.",
    body: "[A-Za-z0-9_-]{130,390}",
    edge: "A-Za-z0-9_-",
    help:
      "Reads and changes secrets by its policies until it ends; it cannot be revoked alone. Revoke its parent.",
    samples: () => ["hvb.AAAAAQ" + base64url(150)],
  }),
  prefixed({
    ...vault,
    id: "vault-recovery-token",
    name: "Vault recovery token",
    severity: "critical",
    prefix: "hvr.",
    body: "[A-Za-z0-9_-]{24,130}",
    edge: "A-Za-z0-9_-",
    help: "Opens a Vault in recovery mode. Restart the server without it.",
    check: (secret) => ({ keep: /\d/.test(secret) && /[A-Z]/.test(secret) }),
    samples: () => ["hvr." + alnum(24)],
  }),
  named({
    ...vault,
    id: "vault-legacy-token",
    name: "Vault token (before version 1.10)",
    word: "vault",
    noun: "token|auth",
    variable: "VAULT_TOKEN",
    value: "[sb]\\.[A-Za-z0-9]{24}",
    confidence: "high",
    help: "Reads and changes secrets by its policies. Revoke it with `vault token revoke`.",
    samples: () => ["s." + alnum(24)],
  }),
  {
    ...named({
      ...vault,
      id: "vault-unseal-key",
      name: "Vault unseal key",
      severity: "critical",
      word: "unseal key \\d|recovery key \\d",
      noun: "",
      variable: "Unseal Key 1",
      keywords: ["unseal key", "recovery key"],
      value: "[A-Za-z0-9+/]{43,44}=?",
      confidence: "high",
      help: "Some of these together open the Vault. Rekey it with `vault operator rekey`.",
      docsUrl: "https://developer.hashicorp.com/vault/docs/concepts/seal",
      samples: () => [base64(44)],
      surroundings: (secret) => [`Unseal Key 1: ${secret}\n`, `Recovery Key 2: ${secret}\n`],
    }),
  },
  named({
    ...vault,
    id: "vault-approle-secret-id",
    name: "Vault AppRole secret id",
    word: "vault|approle|role",
    noun: "secret_?id",
    variable: "VAULT_SECRET_ID",
    keywords: ["secret_id", "secretid", "secret-id"],
    value: UUID,
    help: "With the role id it signs in to Vault. Destroy it with secret-id/destroy.",
    docsUrl: "https://developer.hashicorp.com/vault/docs/auth/approle",
    samples: () => [uuid()],
  }),
  {
    id: "terraform-cloud-token",
    name: "Terraform Cloud or Enterprise token",
    vendor: "HashiCorp",
    severity: "critical",
    confidence: "high",
    keywords: [".atlasv1."],
    pattern: /(?<![A-Za-z0-9])([A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70})(?![A-Za-z0-9_=-])/,
    help:
      "Reads state, which holds secrets, and runs plans. Delete it under User, team or organisation settings, Tokens.",
    revokeUrl: "https://app.terraform.io/app/settings/tokens",
    docsUrl:
      "https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens",
    version: 1,
    matches: () => [
      `token = "${alnum(14)}.atlasv1.${alnum(67)}"`,
      `TF_TOKEN_app_terraform_io=${alnum(14, 2)}.atlasv1.${alnum(67, 2)}`,
    ],
    ignores: () => [
      `token = "${alnum(14)}.atlasv1.${alnum(20)}"`,
      `token = "xxxxxxxxxxxxxx.atlasv1.zzzzzzzzzzzzz"`,
    ],
  },
  prefixed({
    id: "pulumi-access-token",
    name: "Pulumi access token",
    vendor: "Pulumi",
    severity: "critical",
    prefix: "pul-",
    body: "[0-9a-f]{40}",
    help: "Reads state and secrets of stacks and deploys them. Delete it under Access tokens.",
    revokeUrl: "https://app.pulumi.com/account/tokens",
    docsUrl: "https://www.pulumi.com/docs/administration/access-identity/access-tokens/",
    samples: () => ["pul-" + hex(40)],
  }),
  {
    id: "kubernetes-service-account-token",
    name: "Kubernetes service account token",
    vendor: "Kubernetes",
    severity: "critical",
    confidence: "high",
    // {"alg":"RS256" and {"iss":"kubernetes or {"aud":[ in base64.
    keywords: ["eyjhbgcioijsuzi1niisimtpzci6i"],
    anchor: "keyword",
    marker: "eyJhbGciOiJSUzI1NiIsImtpZCI6I",
    window: { before: 0, after: 2600 },
    pattern:
      /(?<![A-Za-z0-9_-])eyJhbGciOiJSUzI1NiIsImtpZCI6I[A-Za-z0-9_-]{2,90}\.eyJ[A-Za-z0-9_-]{80,1900}\.[A-Za-z0-9_-]{300,700}(?![A-Za-z0-9_-])/,
    check: (secret) => {
      const payload = jwtParts(secret)?.payload;
      const name = payload?.["sub"];
      if (typeof name !== "string" || !name.startsWith("system:serviceaccount:")) {
        return { keep: false };
      }
      const end = jwtExpiry(payload!);
      return end === null
        ? kept(`of ${name}, never ends`)
        : kept(`of ${name}, ends on ${end}`, { severity: "high" });
    },
    help:
      "Acts in the cluster by its roles. Delete the secret or the service account that it belongs to.",
    docsUrl: "https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/",
    version: 1,
    matches: () => {
      const head = toBase64Url(`{"alg":"RS256","kid":"${base64url(43)}"}`);
      const body = toBase64Url(
        '{"iss":"kubernetes/serviceaccount","kubernetes.io/serviceaccount/namespace":"default","sub":"system:serviceaccount:default:builder"}',
      );
      const key = `${head}.${body}.${base64url(342)}`;
      return [`token: ${key}\n`, `kubectl --token="${key}"`];
    },
    ignores: () => {
      const head = toBase64Url(`{"alg":"RS256","kid":"${base64url(43)}"}`);
      const body = toBase64Url(
        `{"iss":"https://accounts.example.com","sub":"1234567890","name":"${alnum(60)}"}`,
      );
      return [`id_token: ${head}.${body}.${base64url(342)}`, `id_token: ${head}.${body}.short`];
    },
  },
  {
    id: "kubernetes-bootstrap-token",
    name: "Kubernetes bootstrap token",
    vendor: "Kubernetes",
    severity: "high",
    confidence: "high",
    keywords: ["kubeadm", "bootstrap"],
    pattern:
      /(?:--token|token(?:-id)?)["']?[ :=]{1,3}["']?([a-z0-9]{6}\.[a-z0-9]{16})(?![A-Za-z0-9.])/,
    check: (secret) => ({
      keep: /\d/.test(secret) && secret !== ["abcdef", "0123456789abcdef"].join("."),
    }),
    help:
      "Joins machines to the cluster, for a day unless told otherwise. Delete it with `kubeadm token delete`.",
    docsUrl: "https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/",
    version: 1,
    matches: () => [
      `kubeadm join 10.0.0.1:6443 --token ${lower(6)}.${lower(16)} --discovery`,
      `bootstrapTokens:\n- token: "${lower(6, 2)}.${lower(16, 2)}"`,
    ],
    ignores: () => [
      "kubeadm join --token " + "abcdef." + "0123456789abcdef",
      `kubeadm join --token ${lower(5)}.${lower(16)}`,
    ],
  },
  tailscaleKey("auth", "auth key", "Adds machines to the network. Revoke it under Settings, Keys."),
  tailscaleKey(
    "api",
    "API key",
    "Manages the network as its owner. Revoke it under Settings, Keys.",
  ),
  tailscaleKey(
    "client",
    "OAuth client secret",
    "Makes access tokens for the network. Revoke it under Settings, OAuth clients.",
  ),
  tailscaleKey(
    "scim",
    "SCIM key",
    "Creates and removes users. Regenerate it under User management.",
  ),
  tailscaleKey(
    "webhook",
    "webhook secret",
    "Lets anyone forge events. Rotate it under Settings, Webhooks.",
  ),
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
  named({
    id: "ngrok-authtoken",
    name: "ngrok authtoken",
    vendor: "ngrok",
    word: "ngrok|authtoken",
    noun: "token|key|add-authtoken",
    variable: "NGROK_AUTHTOKEN",
    value: "(?:[12][A-Za-z0-9]{26}_[A-Za-z0-9]{21}|cr_[A-Za-z0-9]{27})",
    confidence: "high",
    help: "Opens tunnels in the account's name. Delete it under Your authtoken.",
    revokeUrl: "https://dashboard.ngrok.com/get-started/your-authtoken",
    docsUrl: "https://ngrok.com/docs/agent/#authtokens",
    samples: () => [`2${alnum(26)}_${alnum(21)}`],
  }),
  prefixed({
    id: "ngrok-api-key",
    name: "ngrok API key",
    vendor: "ngrok",
    prefix: "ak_",
    keywords: ["ngrok"],
    body: "[A-Za-z0-9]{27}",
    help: "Manages the account's tunnels and addresses. Delete it under API.",
    revokeUrl: "https://dashboard.ngrok.com/api-keys",
    docsUrl: "https://ngrok.com/docs/api/",
    samples: () => ["ak_" + alnum(27)],
    surroundings: (secret) => [`NGROK_API_KEY=${secret}`, `ngrok("${secret}")`],
  }),
  named({
    id: "consul-token",
    name: "Consul ACL token",
    vendor: "HashiCorp",
    word: "consul",
    noun: "token|master|secret_?id",
    variable: "CONSUL_HTTP_TOKEN",
    value: UUID,
    help:
      "Reads and changes services and keys by its policies. Delete it with `consul acl token delete`.",
    docsUrl: "https://developer.hashicorp.com/consul/docs/security/acl/tokens",
    samples: () => [uuid()],
  }),
  named({
    id: "nomad-token",
    name: "Nomad ACL token",
    vendor: "HashiCorp",
    word: "nomad",
    noun: "token|secret_?id",
    variable: "NOMAD_TOKEN",
    value: UUID,
    help: "Runs and reads jobs by its policies. Delete it with `nomad acl token delete`.",
    docsUrl: "https://developer.hashicorp.com/nomad/docs/concepts/acl",
    samples: () => [uuid(2)],
  }),
  prefixed({
    id: "rancher-token",
    name: "Rancher API token",
    vendor: "SUSE Rancher",
    severity: "critical",
    prefix: ["token-", "kubeconfig-user-", "kubeconfig-u-"],
    body: "[a-z0-9]{5,14}:[a-z0-9]{54}",
    help: "Acts as its owner in all clusters. Delete it under Account and API keys.",
    docsUrl: "https://ranchermanager.docs.rancher.com/reference-guides/user-settings/api-keys",
    samples: () => [`token-${lower(5)}:${lower(54)}`],
  }),
  {
    id: "k3s-token",
    name: "K3s or RKE2 node token",
    vendor: "SUSE Rancher",
    severity: "critical",
    confidence: "high",
    keywords: ["::server:", "::node:"],
    pattern: /(?<![A-Za-z0-9])(K10[0-9a-f]{64}::(?:server|node):[A-Za-z0-9]{16,64})(?![A-Za-z0-9])/,
    help: "Joins machines to the cluster as servers or agents. Rotate it with `k3s token rotate`.",
    docsUrl: "https://docs.k3s.io/cli/token",
    version: 1,
    matches: () => [
      `K3S_TOKEN=K10${hex(64)}::server:${hex(32)}`,
      `token: "K10${hex(64, 2)}::node:${hex(32)}"`,
    ],
    ignores: () => [`K3S_TOKEN=K10${hex(60)}::server:${hex(32)}`, "K3S_TOKEN=K10…::server:…"],
  },
  named({
    id: "argocd-token",
    name: "Argo CD token",
    vendor: "Argo",
    word: "argocd|argo_cd",
    noun: "token|auth",
    variable: "ARGOCD_AUTH_TOKEN",
    keywords: ["argocd", "argo_cd"],
    value: "eyJ[A-Za-z0-9_-]{15,80}\\.eyJ[A-Za-z0-9_-]{40,250}\\.[A-Za-z0-9_-]{43}",
    confidence: "high",
    check: (secret) => ({ keep: jwtParts(secret)?.payload["iss"] === "argocd" }),
    help: "Deploys by its account's rights. Delete it under Settings, Accounts.",
    docsUrl: "https://argo-cd.readthedocs.io/en/stable/operator-manual/user-management/",
    samples: () => [
      `${toBase64Url('{"alg":"HS256","typ":"JWT"}')}.${
        toBase64Url(
          `{"iss":"argocd","sub":"ci:apiKey","nbf":1700000000,"iat":1700000000,"jti":"${uuid()}"}`,
        )
      }.${base64url(43)}`,
    ],
    ignores: () => [
      `ARGOCD_AUTH_TOKEN=${toBase64Url('{"alg":"HS256"}')}.${
        toBase64Url(`{"iss":"x","jti":"${uuid()}"}`)
      }.${base64url(43)}`,
    ],
  }),
  named({
    id: "puppet-forge-key",
    name: "Puppet Forge API key or RBAC token",
    vendor: "Puppet",
    word: "puppet|forge|pe_token",
    noun: "token|key",
    variable: "PUPPET_FORGE_API_KEY",
    keywords: ["puppet", "forge_api_key", "forge_token"],
    value: "(?:[0-9a-f]{64}|0[A-Za-z0-9_-]{43})",
    help:
      "Publishes modules, or runs tasks on nodes. Delete it in the Forge profile or with `puppet access`.",
    revokeUrl: "https://forge.puppet.com/",
    check: (secret) => ({ keep: secret.length === 64 || /[A-Z]/.test(secret) }),
    docsUrl: "https://forgeapi.puppet.com/",
    samples: () => [hex(64)],
  }),
  named({
    id: "chef-automate-token",
    name: "Chef Automate or Supermarket token",
    vendor: "Chef",
    word: "automate|chef",
    noun: "token",
    variable: "CHEF_AUTOMATE_TOKEN",
    keywords: ["chef_", "automate_token", "chef-automate", "data_collector"],
    value: "[A-Za-z0-9_-]{27}=",
    help: "Sends to, or manages, Chef Automate. Delete it under Settings, API tokens.",
    docsUrl: "https://docs.chef.io/automate/api_tokens/",
    samples: () => [base64url(27) + "="],
  }),
  prefixed({
    id: "prefect-api-key",
    name: "Prefect API key",
    vendor: "Prefect",
    prefix: ["pnu_", "pnb_"],
    body: "[A-Za-z0-9]{36}",
    help: "Runs flows and reads their secrets. Delete it under API keys or Service accounts.",
    revokeUrl: "https://app.prefect.cloud/my/api-keys",
    docsUrl: "https://docs.prefect.io/v3/how-to-guides/cloud/manage-users/api-keys",
    samples: () => ["pnu_" + alnum(36)],
  }),
  prefixed({
    id: "harness-token",
    name: "Harness access token",
    vendor: "Harness",
    severity: "critical",
    prefix: ["pat.", "sat."],
    body: "[A-Za-z0-9_-]{22}\\.[0-9a-f]{24}\\.[A-Za-z0-9]{20}",
    help: "Deploys and reads settings by its roles. Delete it under Profile or Service accounts.",
    docsUrl: "https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys/",
    samples: () => [`pat.${alnum(22)}.${hex(24)}.${alnum(20)}`],
  }),
  prefixed({
    id: "octopus-deploy-api-key",
    name: "Octopus Deploy API key",
    vendor: "Octopus Deploy",
    severity: "critical",
    prefix: "API-",
    body: "[A-Z0-9]{26,40}",
    check: (secret) => ({ keep: /\d/.test(secret) && /[A-Z]/.test(secret.slice(4)) }),
    help: "Deploys and reads variables as its owner. Revoke it in the profile under My API keys.",
    docsUrl: "https://octopus.com/docs/octopus-rest-api/how-to-create-an-api-key",
    samples: () => ["API-" + pick("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 31)],
    confidence: "medium",
  }),
];
