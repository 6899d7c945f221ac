/** Look-alikes by value: identifiers, digests, locks, images, certificates and public keys. */

import { ALNUM, type Dice, DIGITS, HEX, LOWER, UPPER } from "../case.ts";
import { B64, URLSAFE } from "./chance.ts";

/** A text that holds no secret. */
export type Harmless = readonly [path: string, text: (d: Dice) => string];

const uuid = (d: Dice) => [8, 4, 4, 4, 12].map((n) => d.text(HEX, n)).join("-");
const block = (d: Dice, count: number) =>
  Array.from({ length: count }, () => d.text(B64, 64)).join("\n");

export const HARMLESS_VALUES: readonly Harmless[] = [
  ["src/ids.java", (d) => `public static final String TENANT_ID = "${uuid(d)}";\n`],
  [
    "src/serial.java",
    (d) => `private static final long serialVersionUID = -${d.text("123456789", 19)}L;\n`,
  ],
  [
    "db/seed.sql",
    (d) => `INSERT INTO orders (id, ref) VALUES ('${uuid(d)}', '${d.text(UPPER + DIGITS, 10)}');\n`,
  ],
  ["test/user_test.py", (d) => `assert response.json()["id"] == "${uuid(d)}"\n`],
  ["src/hash.py", (d) => `KNOWN_SHA256 = "${d.text(HEX, 64)}"\n`],
  [
    "Formula/acme.rb",
    (d) => `  url "https://acme.net/a-1.2.tar.gz"\n  sha256 "${d.text(HEX, 64)}"\n`,
  ],
  ["Dockerfile", (d) => `FROM node:20@sha256:${d.text(HEX, 64)}\n`],
  ["action.yml", (d) => `      - uses: actions/checkout@${d.text(HEX, 40)}\n`],
  ["package-lock.json", (d) => `      "integrity": "sha512-${d.text(B64, 86)}==",\n`],
  ["pnpm-lock.yaml", (d) => `    resolution: {integrity: sha512-${d.text(B64, 86)}==}\n`],
  [
    "yarn.lock",
    (d) =>
      `  resolved "https://registry.yarnpkg.com/jsonwebtoken/-/jsonwebtoken-9.0.0.tgz#${
        d.text(HEX, 40)
      }"\n  integrity sha512-${d.text(B64, 86)}==\n`,
  ],
  ["composer.lock", (d) => `"reference": "${d.text(HEX, 40)}",\n"shasum": ""\n`],
  [
    "poetry.lock",
    (d) => `    {file = "pyjwt-2.8.0.tar.gz", hash = "sha256:${d.text(HEX, 64)}"},\n`,
  ],
  ["requirements.txt", (d) => `cryptography==41.0.3 \\\n    --hash=sha256:${d.text(HEX, 64)}\n`],
  ["go.sum", (d) => `github.com/golang-jwt/jwt/v5 v5.0.0 h1:${d.text(B64, 43)}=\n`],
  ["flake.lock", (d) => `"narHash": "sha256-${d.text(B64, 43)}=",\n"rev": "${d.text(HEX, 40)}"\n`],
  ["Podfile.lock", (d) => `  KeychainAccess: ${d.text(HEX, 40)}\n`],
  [
    "index.html",
    (d) => `<link rel="stylesheet" href="a.css" integrity="sha256-${d.text(B64, 43)}=">\n`,
  ],
  [
    "page.html",
    (d) => `<img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUg${d.text(B64, 300)}">\n`,
  ],
  [
    "font.css",
    (d) => `@font-face{src:url(data:font/woff2;base64,d09GMgABAAAAA${d.text(B64, 500)})}\n`,
  ],
  [
    "icon.tsx",
    (d) =>
      `<path d="M${d.text(DIGITS, 2)}.${d.text(DIGITS, 3)} 3.${d.text(DIGITS, 4)}c-1.${
        d.text(DIGITS, 3)
      } 0-2.${d.text(DIGITS, 3)}.8${d.text(DIGITS, 2)}z"/>\n`,
  ],
  [
    "a.js.map",
    (d) =>
      `{"version":3,"mappings":"AAAA,SAAS${d.text(UPPER, 4)},GAAG,CAAC,${d.text(ALNUM, 60)}"}\n`,
  ],
  [
    "main.css",
    (d) => `.btn-${d.text(LOWER, 6)}__password--${d.text(HEX, 5)} { color: #${d.text(HEX, 6)}; }\n`,
  ],
  ["commit.md", (d) => `Reverts ${d.text(HEX, 40)}, see also ${d.text(HEX, 7)}.\n`],
  [
    "CHANGELOG.md",
    (d) =>
      `- fix(auth): token refresh ([${d.text(HEX, 7)}](https://git.acme.net/a/commit/${
        d.text(HEX, 40)
      }))\n`,
  ],
  ["known_hosts", (d) => `git.acme.net ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${d.text(B64, 43)}\n`],
  [
    "authorized_keys",
    (d) => `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ${d.text(B64, 334)} ops@acme\n`,
  ],
  [
    "ssh_key.tf",
    (d) =>
      `resource "aws_key_pair" "ops" {\n  public_key = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ${
        d.text(B64, 200)
      } ops"\n}\n`,
  ],
  [
    "ca.pem",
    (d) => `-----BEGIN CERTIFICATE-----\nMIID${block(d, 14)}\n-----END CERTIFICATE-----\n`,
  ],
  ["pub.pem", (d) => `-----BEGIN PUBLIC KEY-----\nMIIB${block(d, 5)}\n-----END PUBLIC KEY-----\n`],
  [
    "csr.pem",
    (d) =>
      `-----BEGIN CERTIFICATE REQUEST-----\nMIIC${
        block(d, 8)
      }\n-----END CERTIFICATE REQUEST-----\n`,
  ],
  [
    "public.asc",
    (d) =>
      `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQE${
        block(d, 10)
      }\n-----END PGP PUBLIC KEY BLOCK-----\n`,
  ],
  [
    "jwks.json",
    (d) =>
      `{"keys":[{"kty":"RSA","use":"sig","kid":"${d.text(URLSAFE, 20)}","e":"AQAB","n":"${
        d.text(URLSAFE, 342)
      }"}]}\n`,
  ],
  [
    "release.asc",
    (d) => `-----BEGIN PGP SIGNATURE-----\n\niQEz${block(d, 6)}\n-----END PGP SIGNATURE-----\n`,
  ],
  ["Web.csproj", (d) => `<UserSecretsId>${uuid(d)}</UserSecretsId>\n`],
  [
    "App.sln",
    (d) =>
      `Project("{${uuid(d).toUpperCase()}}") = "Auth", "Auth\\Auth.csproj", "{${
        uuid(d).toUpperCase()
      }}"\n`,
  ],
  [
    "Auth.csproj",
    (d) =>
      `<Reference Include="Acme.Auth, Version=1.0.0.0, PublicKeyToken=${d.text(HEX, 16)}" />\n`,
  ],
  [
    "project.pbxproj",
    (d) =>
      `\t\t${
        d.text(HEX, 24).toUpperCase()
      } /* KeychainToken.swift in Sources */ = {isa = PBXBuildFile; fileRef = ${
        d.text(HEX, 24).toUpperCase()
      }; };\n`,
  ],
  ["grafana.json", (d) => `"datasource": {"type": "prometheus", "uid": "${d.text(ALNUM, 9)}"},\n`],
  [
    "firebase.ts",
    (d) =>
      `appId: "1:${d.text(DIGITS, 12)}:web:${d.text(HEX, 22)}",\nmeasurementId: "G-${
        d.text(UPPER + DIGITS, 10)
      }",\n`,
  ],
  ["ga.html", (d) => `<script>gtag('config', 'UA-${d.text(DIGITS, 8)}-1');</script>\n`],
  ["stripe.js", (d) => `const stripe = Stripe("pk_" + "live_${d.text(ALNUM, 24)}");\n`],
  [
    "sentry.js",
    (d) =>
      `Sentry.init({ dsn: "https://${d.text(HEX, 32)}@o${d.text(DIGITS, 6)}.ingest.sentry.io/${
        d.text(DIGITS, 7)
      }" });\n`,
  ],
  [
    "recaptcha.html",
    (d) => `<div class="g-recaptcha" data-sitekey="6L${d.text(URLSAFE, 38)}"></div>\n`,
  ],
  ["arn.tf", (d) => `kms_key_id = "arn:aws:kms:eu-west-1:${d.text(DIGITS, 12)}:key/${uuid(d)}"\n`],
  [
    "secret.tf",
    (d) =>
      `password = data.aws_secretsmanager_secret_version.db_${d.text(LOWER, 4)}.secret_string\n`,
  ],
  [
    "vault.yml",
    (d) => `db_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  ${d.text(DIGITS, 80)}\n`,
  ],
  [
    "sealed.yaml",
    (d) => `kind: SealedSecret\nspec:\n  encryptedData:\n    password: Ag${d.text(B64, 300)}==\n`,
  ],
  [
    "sops.yaml",
    (d) =>
      `password: ENC[AES256_GCM,data:${d.text(B64, 16)},iv:${d.text(B64, 43)}=,tag:${
        d.text(B64, 22)
      }==,type:str]\n`,
  ],
  [".travis.yml", (d) => `env:\n  global:\n    - secure: "${d.text(B64, 170)}="\n`],
  ["users.yml", (d) => `password_hash: "$2b$12$${d.text(ALNUM + "./", 53)}"\n`],
  ["shadow.yml", (d) => `passwd: $6$${d.text(ALNUM, 16)}$${d.text(ALNUM + "./", 86)}\n`],
  [
    "seed.py",
    (d) => `password = "pbkdf2_sha256$260000$${d.text(ALNUM, 22)}$${d.text(B64, 43)}="\n`,
  ],
  ["etag.http", (d) => `ETag: "${d.text(HEX, 32)}"\nX-Request-Id: ${uuid(d)}\n`],
  [
    "trace.log",
    (d) => `2025-01-02 INFO [trace=${d.text(HEX, 32)} span=${d.text(HEX, 16)}] user logged in\n`,
  ],
  ["abi.json", (d) => `"bytecode": "0x6080604052${d.text(HEX, 400)}"\n`],
  [
    "wallet.ts",
    (d) => `const tokenAddress = "0x${d.text(HEX, 40)}";\nconst txHash = "0x${d.text(HEX, 64)}";\n`,
  ],
  [
    "cid.json",
    (d) =>
      `"cid": "Qm${d.text("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", 44)}"\n`,
  ],
  [
    "video.md",
    (d) =>
      `https://www.youtube.com/watch?v=${
        d.text(URLSAFE, 11)
      }\nhttps://docs.google.com/document/d/1${d.text(URLSAFE, 43)}/edit\n`,
  ],
  [
    "test.proto",
    () =>
      `message LoginRequest {\n  string username = 1;\n  string password = 2;\n  string access_token = 3;\n}\n`,
  ],
  [
    "vectors.json",
    (d) =>
      `{"plaintext": "${d.text(HEX, 32)}", "ciphertext": "${d.text(HEX, 32)}", "tag": "${
        d.text(HEX, 32)
      }"}\n`,
  ],
  ["spec.js", (d) => `it("parses ids", () => expect(parse("${d.text(HEX, 24)}")).toBe(true));\n`],
  ["mongo.js", (d) => `db.users.find({ _id: ObjectId("${d.text(HEX, 24)}") })\n`],
  [
    "terraform.lock.hcl",
    (d) => `  hashes = [\n    "h1:${d.text(B64, 43)}=",\n    "zh:${d.text(HEX, 64)}",\n  ]\n`,
  ],
  ["chart.yaml", (d) => `digest: sha256:${d.text(HEX, 64)}\n`],
  ["nonce.html", (d) => `<script nonce="${d.text(B64, 22)}==">\n`],
  [
    "csp.conf",
    (d) => `add_header Content-Security-Policy "script-src 'sha256-${d.text(B64, 43)}='";\n`,
  ],
];
