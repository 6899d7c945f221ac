/** Clusters of Kubernetes: who acts in them, joins them and deploys to them. */
import { toBase64Url } from "../checks/base64.ts";
import { jwtExpiry, jwtParts } from "../checks/jwt.ts";
import { kept } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { alnum, base64url, hex, lower, uuid } from "./samples.ts";
import { named, prefixed } from "./shapes.ts";

export const rules: readonly Rule[] = [
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
];
