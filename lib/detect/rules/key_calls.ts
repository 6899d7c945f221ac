/** Keys and passwords handed to a call by place, without a name: who signs, who makes accounts. */

import { judgePassword } from "@/lib/detect/passwords.ts";
import type { Rule, Verdict } from "@/lib/detect/rule.ts";
import { alnum, hex } from "@/lib/detect/rules/samples.ts";
import { kindsOf, likenessOf } from "@/lib/detect/values.ts";

const common = {
  vendor: "",
  severity: "high",
  confidence: "medium",
  specificity: "structure",
  keepsPlaceholders: true,
  version: 1,
} as const;
const HELP =
  "Whoever reads the code can sign in its name. Make another key and read it from a secret store.";
const chosen = "Tr0ub" + "adour&31";

/** Keys made by chance or chosen with care; a word in such a place is an example, mostly. */
function checkKey(value: string): Verdict {
  const verdict = judgePassword(value);
  return verdict.confidence === "low" || likenessOf(value) === "phrase" ? { keep: false } : verdict;
}

export const rules: readonly Rule[] = [
  {
    ...common,
    id: "jwt-call-key",
    name: "Key in a call that signs or reads web tokens",
    keywords: ["jwt.sign(", "jwt.verify(", "jwt.encode(", "jwt.decode("],
    anchor: "keyword",
    pattern:
      /jwt\.(?:sign|verify|encode|decode)\([^\n]{1,160}?,\s{0,12}(?:"([^"\s]{6,120})"|'([^'\s]{6,120})')(?!\s{0,3}:)/i,
    check: (value) => /^(?:HS|RS|ES|PS)\d{3}$/.test(value) ? { keep: false } : checkKey(value),
    help: HELP,
    matches: () => [
      `const t = jwt.sign({ id: user.id }, '${chosen}', { expiresIn: '1d' });`,
      `claims = jwt.decode(token, "${alnum(32)}", algorithms=["HS256"])`,
    ],
    ignores: () => [
      "jwt.sign({ id }, process.env.JWT_SECRET, { expiresIn: '1d' })",
      "jwt.verify(token, 'secret')",
      "jwt.sign({ id }, key, { issuer: 'shop-backend' })",
    ],
  },
  {
    ...common,
    id: "hmac-call-key",
    name: "Key in a call that computes an HMAC",
    keywords: ["hmac.new(", "createhmac(", "hash_hmac("],
    anchor: "keyword",
    pattern:
      /(?:hmac\.new\(\s{0,4}b?(?:"([^"\s]{8,120})"|'([^'\s]{8,120})')|createHmac\(\s{0,4}["'][\w-]{3,12}["'],\s{0,4}(?:"([^"\s]{8,120})"|'([^'\s]{8,120})')|hash_hmac\(\s{0,4}["'][\w\/-]{3,12}["'],[^\n]{1,80}?,\s{0,4}(?:"([^"\s]{8,120})"|'([^'\s]{8,120})'))/i,
    check: checkKey,
    help: HELP,
    matches: () => [
      `sig = hmac.new(b"${alnum(32)}", body, hashlib.sha256).hexdigest()`,
      `crypto.createHmac('sha256', '${hex(40)}').update(body)`,
      `$sig = hash_hmac('sha256', $body, '${alnum(28)}');`,
    ],
    ignores: () => [
      "hmac.new(key, body, hashlib.sha256)",
      "crypto.createHmac('sha256', secret)",
      'hmac.new(b"my-secret-key", body)',
    ],
  },
  {
    ...common,
    id: "oauth-provider-secret",
    name: "Client secret of a sign-in provider",
    keywords: ["provider :"],
    anchor: "keyword",
    pattern:
      /provider :\w{2,40},\s{0,12}["'][^"'\n]{1,120}["'],\s{0,12}(?:"([^"\s]{12,120})"|'([^'\s]{12,120})')/,
    check: (value) => likenessOf(value) === "random" ? checkKey(value) : { keep: false },
    help: "Stands for your application at the provider. Make another secret there.",
    matches: () => [
      `provider :acme, "app-31", "${alnum(32)}", scope: "email"`,
      `  provider :shopd, '114', '${hex(40)}'`,
    ],
    ignores: () => [
      'provider :github, ENV["KEY"], ENV["SECRET"]',
      'provider :acme, "APP_ID", "APP_SECRET_FROM_CONSOLE"',
    ],
  },
  {
    ...common,
    id: "account-call-password",
    name: "Password of an account that code makes",
    keywords: ["createasync("],
    anchor: "keyword",
    pattern: /CreateAsync\(\s{0,4}[\w.]{1,40},\s{0,4}"([^"\s]{6,80})"\s{0,4}\)/,
    check: (value) => kindsOf(value) < 3 ? { keep: false } : checkKey(value),
    help: "The account can be signed in to with it. Change it, and read it from a secret store.",
    matches: () => [
      `await userManager.CreateAsync(admin, "${chosen}");`,
      `users.CreateAsync(user, "${alnum(14)}x")`,
    ],
    ignores: () => [
      "await users.CreateAsync(user, model.Password);",
      'await users.CreateAsync(user, "Password123!");',
      'await container.CreateAsync(item, "orders");',
    ],
  },
  {
    ...common,
    id: "ipsec-shared-key",
    name: "Shared key of an IPsec connection",
    keywords: [': psk "'],
    anchor: "keyword",
    pattern: /: PSK "([^"\n]{6,120})"/i,
    check: checkKey,
    help: "Both ends of the tunnel prove themselves with it. Set another one at both.",
    matches: () => [`10.0.0.1 10.0.0.2 : PSK "${chosen}"`, `%any : PSK "${alnum(24)}"`],
    ignores: () => ['%any : PSK "changeme"', '%any : PSK "$SHARED_KEY"'],
  },
  {
    ...common,
    id: "preseed-password",
    name: "Password of an unattended installation",
    keywords: ["-password password ", "-password-again password "],
    pattern:
      /passwd\/[\w-]{4,12}-password(?:-again)?[ \t]{1,3}password[ \t]{1,3}([^\s]{5,80})(?=\s|$)/,
    check: checkKey,
    help: "Each machine installed so has an account with it. Change it on all of them.",
    matches: () => [
      `d-i passwd/root-password password ${alnum(14)}\n`,
      `d-i passwd/user-password-again password ${chosen}\n`,
    ],
    ignores: () => [
      "d-i passwd/root-password password insecure\n",
      "d-i passwd/user-password password changeme\n",
    ],
  },
  {
    ...common,
    id: "cloud-init-password",
    name: "Password set at the first start of a machine",
    keywords: ["chpasswd:"],
    anchor: "keyword",
    pattern:
      /chpasswd:\s{1,40}(?:expire:\s{1,3}\w{4,5}\s{1,40})?list:\s{0,3}\|?-?\s{1,40}[\w.-]{1,32}:([^\s"']{5,80})/i,
    check: checkKey,
    help: "The machine's account can be signed in to with it. Change it on the machines made so.",
    matches: () => [
      `chpasswd:\n  list: |\n    root:${chosen}\n  expire: false\n`,
      `chpasswd:\n  expire: false\n  list: |\n    ops:${alnum(14)}\n`,
    ],
    ignores: () => [
      "chpasswd:\n  list: |\n    root:changeme\n",
      "chpasswd:\n  list: |\n    root:$6$rounds=4096$abc\n",
    ],
  },
];
