/** Look-alikes: texts that hold nothing, however much they resemble those that do. */

import { ALNUM, type Dice, DIGITS, HEX, type LabelledCase, LOWER, UPPER } from "./case.ts";
import { CODE, CONFIG, PASSWORD_NAMES, SECRET_NAMES } from "./surroundings.ts";
import { NAMES, REFERENCES, STAND_INS } from "./values.ts";

const uuid = (d: Dice) => [8, 4, 4, 4, 12].map((n) => d.text(HEX, n)).join("-");
const b64 = (d: Dice, n: number) => d.text(ALNUM + "+/", n);

/** Texts of their own kind: random in look, harmless in fact. */
const HARMLESS: readonly ((d: Dice) => { path: string; text: string })[] = [
  (d) => ({
    path: "package-lock.json",
    text:
      `"node_modules/left-pad": {\n  "version": "1.3.0",\n  "resolved": "https://registry.acme.net/left-pad.tgz",\n  "integrity": "sha512-${
        b64(d, 86)
      }=="\n}\n`,
  }),
  (d) => ({
    path: "yarn.lock",
    text:
      `lodash@^4.17.21:\n  version "4.17.21"\n  resolved "https://registry.acme.net/lodash.tgz#${
        d.text(HEX, 40)
      }"\n`,
  }),
  (d) => ({
    path: "Cargo.lock",
    text: `[[package]]\nname = "token"\nversion = "1.0.1"\nchecksum = "${d.text(HEX, 64)}"\n`,
  }),
  (d) => ({ path: "go.sum", text: `github.com/acme/auth v1.2.3 h1:${b64(d, 43)}=\n` }),
  (d) => ({
    path: "src/logo.ts",
    text: `export const logo = "data:image/png;base64,iVBORw0KGgo${b64(d, 400)}";\n`,
  }),
  (d) => ({
    path: "index.html",
    text: `<script src="a.js" integrity="sha384-${b64(d, 64)}" crossorigin></script>\n`,
  }),
  (d) => ({
    path: "src/ids.ts",
    text: `export const PRODUCT_ID = "${uuid(d)}";\nexport const tenantId = "${uuid(d)}";\n`,
  }),
  (d) => ({
    path: "CHANGELOG.md",
    text: `- Fix token refresh ([${d.text(HEX, 7)}](https://git.acme.net/c/${d.text(HEX, 40)}))\n`,
  }),
  (d) => ({
    path: ".gitmodules.txt",
    text: `commit ${d.text(HEX, 40)}\nparent ${d.text(HEX, 40)}\n`,
  }),
  (d) => ({ path: "src/hash_test.go", text: `want := "${d.text(HEX, 64)}" // sha256 of "abc"\n` }),
  (d) => ({
    path: "src/sum.py",
    text: `MD5_OF_EMPTY = "${d.text(HEX, 32)}"\nsha1_digest = "${d.text(HEX, 40)}"\n`,
  }),
  (d) => ({
    path: "known_hosts",
    text: `git.acme.net ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ${b64(d, 340)}\n`,
  }),
  (d) => ({
    path: "certs/ca.pem",
    text: `-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIE${
      b64(d, 600)
    }\n-----END CERTIFICATE-----\n`,
  }),
  (d) => ({
    path: "public.pem",
    text: `-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA${
      b64(d, 340)
    }\n-----END PUBLIC KEY-----\n`,
  }),
  (d) => ({
    path: "src/keys.ts",
    text: `export const publicKey = "${b64(d, 43)}=";\nexport const keyId = "${
      d.text(ALNUM, 20)
    }";\n`,
  }),
  () => ({
    path: "i18n/en.json",
    text:
      `{"password.label": "Password", "token.expired": "Your token has expired", "apiKey.hint": "Find it in settings"}\n`,
  }),
  () => ({
    path: "locales/de.yml",
    text:
      `de:\n  auth:\n    password: Passwort\n    forgot_password: "Passwort vergessen?"\n    token: Zugangscode\n`,
  }),
  () => ({
    path: "src/login.tsx",
    text:
      `<input type="password" name="password" placeholder="Enter password" autoComplete="current-password" />\n`,
  }),
  () => ({
    path: "style.css",
    text:
      `.password-input__toggle--visible { background: url("data:image/svg+xml;utf8,<svg/>"); }\n.token-list { color: #a1b2c3; }\n`,
  }),
  () => ({
    path: "src/types.ts",
    text:
      `interface Login { password: string; apiKey?: string; token: Token | null }\ntype Secret = { secretKey: Buffer };\n`,
  }),
  () => ({
    path: "src/lexer.rs",
    text:
      `let token = self.next_token();\nlet key = map.keys().next();\nif token == Token::Eof { return; }\n`,
  }),
  () => ({
    path: "src/auth.py",
    text:
      `password = request.form["password"]\ntoken = generate_token(user)\nsecret = get_secret("db/prod")\n`,
  }),
  () => ({
    path: "src/auth.go",
    text:
      `token := r.Header.Get("Authorization")\npassword := os.Getenv("DB_PASSWORD")\nkey, err := rsa.GenerateKey(rand.Reader, 2048)\n`,
  }),
  () => ({
    path: "src/auth.java",
    text:
      `String token = tokenProvider.createToken(authentication);\nthis.password = passwordEncoder.encode(password);\n`,
  }),
  () => ({
    path: "src/check.js",
    text:
      `if (!password) throw new Error("password is required");\nexpect(res.body.token).toBeDefined();\n`,
  }),
  () => ({
    path: "docs/api.md",
    text:
      `Send \`Authorization: Bearer <token>\`. The \`api_key\` parameter is deprecated; see [tokens](/docs/tokens).\n`,
  }),
  () => ({
    path: "README.md",
    text:
      `Connect with \`postgres://user:password@localhost:5432/db\` or \`https://<user>:<token>@host\`.\n`,
  }),
  () => ({
    path: "deploy.sh",
    text:
      `curl -u "$USER:$PASS" "$URL"\nmysql -u root -p"$MYSQL_PWD" < dump.sql\ndocker login -u "$U" --password-stdin\n`,
  }),
  () => ({
    path: "k8s/deploy.yaml",
    text:
      `env:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef:\n        name: database-credentials\n        key: db-password\n`,
  }),
  () => ({
    path: ".github/workflows/x.yml",
    text:
      `env:\n  TOKEN: \${{ secrets.GITHUB_TOKEN }}\n  API_KEY: \${{ secrets.API_KEY }}\npermissions:\n  id-token: write\n`,
  }),
  () => ({
    path: "main.tf",
    text:
      `password = var.db_password\ntoken = data.vault_generic_secret.x.data["token"]\nsecret_id = aws_secretsmanager_secret.main.id\n`,
  }),
  (d) => ({
    path: "src/table.c",
    text: `static const uint32_t key_table[] = { 0x${d.text(HEX, 8)}, 0x${d.text(HEX, 8)}, 0x${
      d.text(HEX, 8)
    } };\n`,
  }),
  (d) => ({
    path: "dist/vendor.min.js",
    text: `!function(e,t){e.token=t.key;var n="${
      d.text(LOWER, 3)
    }",r=t.password;return n+r.auth}({},{});\n`,
  }),
  (d) => ({
    path: "app.js.map",
    text: `{"version":3,"mappings":"${d.text(UPPER, 4)},${d.text(ALNUM, 6)};${
      d.text(ALNUM, 80)
    }","names":["token","key"]}\n`,
  }),
  (d) => ({
    path: "notebooks/a.ipynb",
    text: `{"cells":[{"id":"${d.text(HEX, 8)}","outputs":[{"data":{"image/png":"iVBORw0KGgo${
      b64(d, 200)
    }"}}]}]}\n`,
  }),
  (d) => ({
    path: "src/events.json",
    text: `{"event_key": "${d.text(HEX, 24)}", "order_id": "${d.text(ALNUM, 20)}", "etag": "${
      d.text(HEX, 32)
    }"}\n`,
  }),
  (d) => ({
    path: "fixtures/page.json",
    text: `{"nextPageToken": "${d.text(ALNUM, 32)}", "continuation_token": "${b64(d, 40)}"}\n`,
  }),
  (d) => ({
    path: "config/ga.ts",
    text: `export const measurementId = "G-${
      d.text(UPPER + DIGITS, 10)
    }";\nexport const siteKey = "6L${d.text(ALNUM, 38)}";\n`,
  }),
  (d) => ({
    path: "address.json",
    text: `{"contract": "0x${d.text(HEX, 40)}", "wallet": "bc1q${d.text(LOWER + DIGITS, 38)}"}\n`,
  }),
  (d) => ({
    path: "versions.properties",
    text: `auth.version=2.4.1\ntoken.lib=com.acme:token:1.0.${d.between(1, 99)}\nkey.length=256\n`,
  }),
  (d) => ({
    path: "cache.yml",
    text: `- uses: actions/cache@${
      d.text(HEX, 40)
    }\n  with:\n    key: deps-\${{ hashFiles('**/lock') }}\n`,
  }),
  (d) => ({
    path: "users.sql",
    text: `INSERT INTO users (name, password_hash) VALUES ('bob', '$2b$12$${
      d.text(ALNUM, 53)
    }');\n`,
  }),
  () => ({
    path: "errors.go",
    text: `var ErrToken = errors.New("auth: token is malformed")\nconst KeyPrefix = "session/"\n`,
  }),
  () => ({
    path: "parser.py",
    text: `TOKEN_REGEX = re.compile(r"[A-Za-z0-9_-]{32,64}")\nKEY_PATTERN = "^[a-z]+$"\n`,
  }),
  () => ({
    path: "src/query.py",
    text:
      `q = "SELECT 1 FROM users WHERE password = '" + password + "'"\nurl = f"postgres://{user}:{password}@{host}/{db}"\n`,
  }),
  () => ({
    path: "src/dsn.go",
    text: `dsn := fmt.Sprintf("%s:%s@tcp(%s:%d)/%s", user, pass, host, port, name)\n`,
  }),
  () => ({
    path: "src/Basic.java",
    text: `String h = "Basic " + encoder.encodeToString((user + ":" + pass).getBytes());\n`,
  }),
  (d) => ({
    path: "keys/jwks.json",
    text: `{"kid": "${d.text(ALNUM, 43)}", "x5t": "${d.text(ALNUM, 27)}", "use": "sig"}\n`,
  }),
  (d) => ({
    path: "templates/form.html",
    text: `<meta name="csrf-token" content="${d.text(ALNUM, 40)}"><script nonce="${
      d.text(ALNUM, 22)
    }"></script>\n`,
  }),
  () => ({
    path: "db/schema.rb",
    text: `t.string :password_digest, limit: 255\nadd_index :api_keys, :key_digest, unique: true\n`,
  }),
  () => ({
    path: "pg.ini",
    text: `[auth]\npassword_encryption = scram-sha-256\ntoken_algorithm = HS512\nkey_size = 4096\n`,
  }),
  () => ({
    path: "Jenkinsfile",
    text:
      `withCredentials([string(credentialsId: 'deploy-token-prod2', variable: 'TOKEN')]) { sh 'x' }\n`,
  }),
  () => ({
    path: "play.yml",
    text:
      `- user: name={{ user }} password={{ pw | password_hash('sha512') }} update_password=on_create\n`,
  }),
  (d) => ({
    path: "worker.log",
    text: `INFO refreshed key=cache:user:8841:v2 password=[FILTERED] session=${d.text(HEX, 32)}\n`,
  }),
];

/** Every case that holds nothing. */
export function negatives(dice: Dice): LabelledCase[] {
  const cases: LabelledCase[] = [];
  const names = [...PASSWORD_NAMES, ...SECRET_NAMES];
  const kinds = { "stand-in": STAND_INS, "reference": REFERENCES, "name": NAMES };
  for (const [family, values] of Object.entries(kinds)) {
    for (const [at, value] of values.entries()) {
      for (let i = 0; i < 9; i++) {
        const places = i % 2 === 0 ? CODE : CONFIG;
        const around = places[(at * 7 + i * 5) % places.length]!;
        cases.push({
          family,
          path: around.path,
          text: around.write(dice.pick(names), value, dice),
          secrets: [],
        });
      }
    }
  }
  for (let i = 0; i < 12; i++) {
    for (const make of HARMLESS) cases.push({ family: "harmless", ...make(dice), secrets: [] });
  }
  return cases;
}
