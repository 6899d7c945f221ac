/** Files whose format exists to hold credentials, recognised by their own shape. */

import { textFromBase64, toBase64 } from "@/lib/detect/checks/base64.ts";
import { judgePassword } from "@/lib/detect/passwords.ts";
import type { Rule } from "@/lib/detect/rule.ts";
import { alnum, base64, hex, pick, uuid } from "@/lib/detect/rules/samples.ts";
import { likenessOf, rejectedBy } from "@/lib/detect/values.ts";

const common = {
  vendor: "",
  severity: "high",
  confidence: "high",
  specificity: "structure",
  keepsPlaceholders: true,
  version: 1,
} as const;
const chosen = "Tr0ub" + "adour-31";
const named = (pattern: RegExp) => (path: string) => path === "-" || pattern.test(path);

const onlyRandom = (value: string) =>
  rejectedBy({ name: "token", value, quoted: true }) === null && likenessOf(value) === "random"
    ? { keep: true }
    : { keep: false };

export const rules: readonly Rule[] = [
  {
    ...common,
    anchor: "keyword",
    id: "npmrc-credential",
    name: "Registry credential in .npmrc",
    vendor: "npm",
    keywords: ["_auth", ":_password", "npmauthtoken", "npmauthident"],
    pattern:
      /(?:(?<![\w.])_auth(?:Token)?|:_password|npmAuthToken|npmAuthIdent)\s{0,3}[=:]\s{0,3}"?([A-Za-z0-9+\/=_.:-]{8,400})(?=["\s]|$)/i,
    check: (value, { match }) => {
      if (
        rejectedBy(
          { name: "", value, quoted: true },
          new Set(["address", "path", "code", "uuid-of-a-thing"]),
        ) !== null
      ) {
        return { keep: false };
      }
      if (/_authToken|npmAuthToken/i.test(match)) {
        return likenessOf(value) === "words" ? { keep: false } : { keep: true };
      }
      const text = textFromBase64(value);
      if (text === null || !/^[\x20-\x7e]+$/.test(text)) return { keep: false };
      return judgePassword(text.replace(/^[^:]{0,80}:/, ""));
    },
    help: "Publishes and reads packages as its owner. Revoke the token at the registry.",
    docsUrl: "https://docs.npmjs.com/cli/configuring-npm/npmrc",
    matches: () => [
      `//registry.acme.net/:_authToken=${uuid()}\n`,
      `//npm.acme.net/:_password=${toBase64(alnum(16))}\n`,
      `npmAuthToken: "${alnum(36)}"`,
    ],
    ignores: () => [
      "//npm.example.com/:_authToken=${NPM_TOKEN}\n",
      "//npm.example.com/:_authToken=$TOKEN",
      "always-auth=true",
    ],
  },
  {
    ...common,
    anchor: "keyword",
    id: "netrc-password",
    name: "Password in .netrc",
    keywords: ["machine "],
    pattern:
      /(?<![\w])machine\s{1,8}[\w.-]{3,100}\s{1,12}login\s{1,8}\S{1,100}\s{1,12}password\s{1,8}(\S{3,200})/i,
    check: (password, { match }) =>
      judgePassword(password, {
        host: /machine\s+(\S+)/i.exec(match)?.[1] ?? "",
        user: /login\s+(\S+)/i.exec(match)?.[1] ?? "",
      }),
    help: "Signs in to the named machine. Change the password there.",
    docsUrl: "https://everything.curl.dev/usingcurl/netrc",
    matches: () => [
      `machine git.acme.net login deploy password ${alnum(16)}\n`,
      `machine api.acme.net\n  login ops\n  password ${chosen}\n`,
    ],
    ignores: () => [
      "machine github.com login user password $TOKEN",
      "the machine learning password",
    ],
  },
  {
    ...common,
    id: "docker-registry-auth",
    name: "Registry login in a Docker configuration",
    vendor: "Docker",
    keywords: ['"auth"', 'auth\\"'],
    pattern: /auth\\?"\s{0,4}:\s{0,4}\\?"([A-Za-z0-9+\/]{12,400}={0,2})\\?"/i,
    window: { before: 2, after: 500 },
    check: (value) => {
      const text = textFromBase64(value);
      const colon = text?.indexOf(":") ?? -1;
      if (text === null || colon < 1 || !/^[\x20-\x7e]+$/.test(text)) return { keep: false };
      return judgePassword(text.slice(colon + 1), {
        user: text.slice(0, colon),
        reason: "user and password inside",
      });
    },
    help:
      "Pulls and pushes images at the registry. Change the password or delete the access token there.",
    docsUrl: "https://docs.docker.com/reference/cli/docker/login/",
    matches: () => [
      `{"auths": {"r.acme.net": {"auth": "${toBase64("ci:" + alnum(20))}"}}}`,
      `"auth":"${toBase64("deploy:" + chosen)}"`,
    ],
    ignores: () => [
      `"auth": "${toBase64("username:password")}"`,
      '"auth": "bm90aGluZyBpbiBoZXJl"',
      '"auth": "oauth2-client"',
    ],
  },
  {
    ...common,
    id: "pgpass-password",
    name: "Password in .pgpass",
    vendor: "PostgreSQL",
    keywords: [":5432:", ":5433:", ":6432:", ":*:"],
    pattern:
      /(?:^|\n)[\w.*-]{1,100}:(?:\d{2,5}|\*):[\w.*-]{1,60}:[\w.*-]{1,60}:([^\s:]{3,100})(?=\s|$)/,
    check: (password) => judgePassword(password),
    help: "Signs in to the named database. Change the password there.",
    docsUrl: "https://www.postgresql.org/docs/current/libpq-pgpass.html",
    matches: () => [`db.acme.net:5432:shop:app:${alnum(14)}\n`, `*:*:*:ops:${chosen}\n`],
    ignores: () => ["localhost:5432:db:user:password\n", "10:5432:x"],
  },
  {
    ...common,
    anchor: "keyword",
    id: "htpasswd-entry",
    name: "Password hash in .htpasswd",
    keywords: [":$apr1$", ":{sha}", ":$2y$", ":$2a$", ":$2b$"],
    pattern:
      /:(?:(\$apr1\$[.\/A-Za-z0-9]{1,8}\$[.\/A-Za-z0-9]{22})|(\{SHA\}[A-Za-z0-9+\/]{27}=)|(\$2[aby]\$\d\d\$[.\/A-Za-z0-9]{53}))(?![.\/A-Za-z0-9])/,
    severity: "low",
    confidence: "medium",
    paths: named(/htpasswd|htaccess|users?$|passwd/i),
    help: "A hash can be guessed against. Choose new passwords if the file was public.",
    docsUrl: "https://httpd.apache.org/docs/current/misc/password_encryptions.html",
    matches: () => ["ops:$apr1$" + alnum(8) + "$" + alnum(22) + "\n", "ops:$2y$10$" + alnum(53)],
    ignores: () => ["ops:$apr1$short", "cost: $2y$10$"],
  },
  {
    ...common,
    anchor: "keyword",
    id: "shadow-entry",
    name: "Password hash in a shadow file",
    keywords: [":$6$", ":$5$", ":$1$", ":$y$"],
    pattern:
      /:(\$(?:6|5|1|y)\$(?:rounds=\d{1,9}\$)?[.\/A-Za-z0-9]{1,24}\$[.\/A-Za-z0-9]{22,86}):\d{0,6}:/,
    severity: "medium",
    help: "A hash can be guessed against. Choose new passwords for the accounts of this file.",
    matches: () => ["root:$6$" + alnum(12) + "$" + alnum(86) + ":19000:0:99999:7:::"],
    ignores: () => ["root:*:19000:0:99999:7:::", "root:$6$salt$short:1:"],
  },
  {
    ...common,
    anchor: "keyword",
    id: "kubeconfig-credential",
    name: "Credential in a kubeconfig",
    vendor: "Kubernetes",
    keywords: ["client-key-data:"],
    marker: "client-key-data:",
    window: { before: 0, after: 6000 },
    pattern: /client-key-data:\s{1,4}"?(LS0tLS1CRUdJTi[A-Za-z0-9+\/=]{100,5800})/,
    severity: "critical",
    help:
      "Signs in to the cluster as its owner. Replace the client certificate and its role bindings.",
    docsUrl:
      "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
    matches: () => [
      `    client-key-data: ${toBase64("-----BEGIN RSA " + "PRIVATE KEY-----\n" + base64(400))}\n`,
    ],
    ignores: () => ["client-key-data: LS0tLS1CRUdJTi", "client-key-data: DATA+OMITTED"],
  },
  {
    ...common,
    anchor: "keyword",
    id: "nuget-cleartext-password",
    name: "Password in a NuGet configuration",
    vendor: "NuGet",
    keywords: ["cleartextpassword"],
    pattern: /ClearTextPassword["']?\s{1,3}value\s{0,2}=\s{0,2}["']([^"'\n]{3,200})["']/i,
    check: (password) => judgePassword(password),
    help: "Reads and publishes packages at the feed. Revoke it there.",
    docsUrl: "https://learn.microsoft.com/nuget/reference/nuget-config-file",
    matches: () => [`<add key="ClearTextPassword" value="${alnum(24)}" />`],
    ignores: () => ['<add key="ClearTextPassword" value="%FEED_TOKEN%" />'],
  },
  {
    ...common,
    anchor: "keyword",
    id: "rubygems-credential",
    name: "Key in a RubyGems credentials file",
    vendor: "RubyGems",
    keywords: [":rubygems_api_key:"],
    pattern: /:rubygems_api_key:\s{1,3}["']?((?:rubygems_)?[0-9a-f]{32,48})(?![0-9a-f])/,
    help: "Publishes gems as its owner. Delete the key at the gem server.",
    docsUrl: "https://guides.rubygems.org/api-key-scopes/",
    matches: () => [`---\n:rubygems_api_key: ${hex(32)}\n`],
    ignores: () => [":rubygems_api_key: <your key>"],
  },
  {
    ...common,
    anchor: "keyword",
    id: "wireguard-private-key",
    name: "WireGuard private key",
    vendor: "WireGuard",
    keywords: ["privatekey"],
    pattern: /PrivateKey\s{0,3}=\s{0,3}([A-Za-z0-9+\/]{42}[AEIMQUYcgkosw048]=)(?![A-Za-z0-9+\/=])/,
    severity: "critical",
    check: onlyRandom,
    help:
      "Whoever holds it is this peer of the network. Make a new key pair and replace the public key at the peers.",
    docsUrl: "https://www.wireguard.com/quickstart/",
    matches: () => [`[Interface]\nPrivateKey = ${base64(42)}A=\nAddress = 10.0.0.2/32`],
    ignores: () => [`PublicKey = ${base64(42)}A=`, "PrivateKey = " + "A".repeat(43) + "="],
  },
  {
    ...common,
    anchor: "keyword",
    id: "openvpn-static-key",
    name: "OpenVPN static key",
    vendor: "OpenVPN",
    keywords: ["-----begin openvpn static"],
    marker: "-----BEGIN OpenVPN Static",
    window: { before: 0, after: 1200 },
    pattern: /-----BEGIN OpenVPN Static key V1-----\s((?:[0-9a-f]{32}\s{1,3}){8,16})-----END/,
    severity: "critical",
    canonical: (secret) => secret.replace(/\s/g, ""),
    help: "Opens the tunnel and its traffic. Make a new key and give it to every peer.",
    docsUrl: "https://openvpn.net/community-resources/reference-manual-for-openvpn-2-4/",
    matches: () => [
      `-----BEGIN OpenVPN Static key V1-----\n${
        Array.from({ length: 16 }, (_, i) => hex(32, i + 1)).join("\n")
      }\n-----END OpenVPN Static key V1-----`,
    ],
    ignores: () => ["-----BEGIN OpenVPN Static key V1-----\n...\n-----END"],
  },
  {
    ...common,
    anchor: "keyword",
    id: "cisco-password",
    name: "Password in a Cisco configuration",
    vendor: "Cisco",
    keywords: ["password 7 ", "secret 5 ", "secret 9 ", "secret 8 "],
    pattern:
      /(?:password 7 ([0-9A-F]{8,60})|secret [589] (\$(?:1|8|9|14)\$[.\/A-Za-z0-9$]{20,80}))(?=\s|$)/,
    severity: "medium",
    help:
      "Type 7 can be read back at once, the others can be guessed against. Change the password.",
    matches: () => [
      " password 7 " + "08" + hex(18).toUpperCase(),
      "enable secret 5 $1$" + alnum(4) + "$" + alnum(22),
    ],
    ignores: () => ["password 7 encrypted", "enable secret 5"],
  },
  {
    ...common,
    id: "jenkins-encrypted-secret",
    name: "Encrypted secret in a Jenkins configuration",
    vendor: "Jenkins",
    keywords: ["{aqaaab"],
    pattern: /\{(AQAAABA[A-Za-z0-9+\/]{20,600}={0,2})\}/,
    window: { before: 0, after: 700 },
    severity: "low",
    help:
      "Readable with the keys under secrets/ of the same server. Change what it protects if both were public.",
    matches: () => [`<password>{AQAAABA${base64(37)}}</password>`],
    ignores: () => ["<password>{AQAAABA}</password>"],
  },
  {
    ...common,
    anchor: "keyword",
    id: "ansible-become-password",
    name: "Password in an Ansible inventory",
    vendor: "Ansible",
    keywords: ["ansible_ssh_pass", "ansible_password", "ansible_become_pass", "ansible_sudo_pass"],
    pattern:
      /ansible_(?:ssh_pass(?:word)?|password|become_pass(?:word)?|sudo_pass(?:word)?)\s{0,3}[=:]\s{0,3}["']?([^\s"'{}#]{3,100})/,
    check: (password) => judgePassword(password),
    help: "Signs in to the machines of the inventory. Change it there and use ansible-vault.",
    matches: () => [
      `web1 ansible_host=10.0.0.4 ansible_ssh_pass=${chosen}`,
      `ansible_become_pass: "${alnum(12)}"`,
    ],
    ignores: () => ["ansible_password: '{{ vault_password }}'", "ansible_ssh_pass=password"],
  },
  {
    ...common,
    anchor: "keyword",
    id: "ftp-client-password",
    name: "Password in an FTP client's settings",
    keywords: ['<pass encoding="base64">'],
    pattern: /<Pass encoding="base64">([A-Za-z0-9+\/]{4,200}={0,2})<\/Pass>/,
    check: (value) => judgePassword(textFromBase64(value) ?? ""),
    help: "Signs in to the named server. Change the password there.",
    matches: () => [`<Pass encoding="base64">${toBase64(chosen)}</Pass>`],
    ignores: () => [`<Pass encoding="base64">${toBase64("password")}</Pass>`],
  },
  {
    ...common,
    anchor: "keyword",
    id: "directive-password",
    version: 2,
    name: "Password in a server's directive",
    keywords: [
      "requirepass",
      "masterauth",
      "rootpw",
      "bindpw",
      "auth_pass",
      "olcrootpw",
      "enable password",
      "password 0 ",
      "rocommunity",
      "rwcommunity",
      "snmp-server community",
      "smtp_password",
      "ldap_bind_pw",
      "ppp_password",
      "wpa_passphrase",
      "psk=",
    ],
    pattern:
      /(?<=(?:^|\n)[ \t]{0,8})(?:requirepass|masterauth|rootpw(?: --plaintext)?|bindpw|auth_pass|olcrootpw:?|enable password(?: \d)?|username \w{1,32} (?:privilege \d{1,2} )?password 0|r[ow]community6?|snmp-server community|smtp_password|ldap_bind_pw|ppp_password|(?:wpa_passphrase|psk)(?==))(?:[ \t]{1,12}|[ \t]{0,3}=[ \t]{0,3})["']?([^\s"'{}<>$][^\s"'{}<>]{5,99})["']?(?=\s|$)/i,
    check: (password) => {
      if (/:\/\/|^\/|\.(?:conf|txt|pem|key)$/.test(password)) return { keep: false };
      const verdict = judgePassword(password);
      return verdict.confidence === "low" ? { keep: false } : verdict;
    },
    help: "The server lets in whoever knows this password. Change it there.",
    matches: () => [
      `port 6379\nrequirepass ${alnum(20)}\n`,
      `network={\n  psk="${chosen}"\n}`,
      `rootpw ${chosen}`,
    ],
    ignores: () => [
      "# requirepass foobared",
      "requirepass $REDIS_PASSWORD\n",
      "the requirepass option is set",
      `rootpw {SSHA}${base64(32)}`,
    ],
  },
  {
    ...common,
    anchor: "keyword",
    id: "django-secret-key",
    name: "Django secret key",
    vendor: "Django",
    keywords: ["secret_key"],
    pattern:
      /SECRET_KEY["']?\]?\s{0,3}[=:]\s{0,3}["']([a-z0-9!@#$%^&*()\-_=+]{50}|django-insecure-[a-z0-9!@#$%^&*()\-_=+]{50})["']/,
    check: (key) => {
      const signs = key.replace(/^django-insecure-/, "").replace(/[a-z0-9]/g, "").length;
      if (signs < 4 || !/\d/.test(key) || new Set(key).size < 18) return { keep: false };
      return key.startsWith("django-insecure-")
        ? { keep: true, severity: "medium", reason: "made by startproject for development" }
        : { keep: true };
    },
    help: "Signs sessions and reset links. Make a new key; sessions end with the old one.",
    docsUrl: "https://docs.djangoproject.com/en/stable/ref/settings/#secret-key",
    matches: () => [
      `SECRET_KEY = '${pick("abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)", 50, 6)}'`,
      `SECRET_KEY = "django-insecure-${
        pick("abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)", 50, 8)
      }"`,
    ],
    ignores:
      () => ["SECRET_KEY = os.environ['SECRET_KEY']", `SECRET_KEY = "${"abcde12345".repeat(5)}"`],
  },
];
