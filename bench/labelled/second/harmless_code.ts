/** Look-alikes by name: where code computes, reads, checks or describes a password or a key. */

import { ALNUM, HEX } from "../case.ts";
import type { Harmless } from "./harmless_values.ts";

/** Declarations, calls, messages and addresses. */
export const HARMLESS_CODE: readonly Harmless[] = [
  [
    "call.js",
    () => `const token = await getAccessToken(user);\nconst password = generatePassword(16);\n`,
  ],
  [
    "call.py",
    () => `password = getpass.getpass("Password: ")\ntoken = secrets.token_urlsafe(32)\n`,
  ],
  [
    "call.java",
    () =>
      `String token = request.getHeader("Authorization");\nString secret = UUID.randomUUID().toString();\n`,
  ],
  ["call.rb", () => `password = SecureRandom.hex(16)\nuser.authenticate(params[:password])\n`],
  [
    "call.php",
    () => `$password = $_POST['password'];\n$hash = password_hash($password, PASSWORD_DEFAULT);\n`,
  ],
  [
    "call.go",
    () => `password := strings.TrimSpace(string(bytePassword))\nif cfg.Password == "" {\n`,
  ],
  ["call.sh", () => `PASSWORD=$(openssl rand -base64 32)\nread -s -p "Password: " DB_PASSWORD\n`],
  [
    "call.ps1",
    () => `$password = Read-Host -AsSecureString "Password"\n$token = (Get-AzAccessToken).Token\n`,
  ],
  [
    "call.cs",
    () => `var token = await tokenService.CreateTokenAsync(user);\nPassword = model.Password,\n`,
  ],
  ["parse.c", () => `if (strcmp(key, "password") == 0)\n  opts->password = strdup(value);\n`],
  [
    "parse.rs",
    () =>
      `let token = lexer.next_token()?;\nlet password: Option<String> = args.value_of("password");\n`,
  ],
  [
    "lexer.ts",
    () => `case Token.StringLiteral: return this.token = SyntaxKind.StringLiteralToken;\n`,
  ],
  [
    "css.scss",
    () => `.password-strength-meter { &__token { background: $token-color-primary-500; } }\n`,
  ],
  [
    "min.js",
    (d) =>
      `function a(e){return e.password=t.password,e.token=n(r),e.key="${
        d.pick(["Enter", "ArrowDown", "Escape"])
      }"}var o={secret:i,apiKey:s.apiKey};\n`,
  ],
  [
    "openapi.yaml",
    () =>
      `  password:\n    type: string\n    format: password\n    description: The password of the user\n    minLength: 8\n`,
  ],
  [
    "swagger.json",
    () => `"password": {"type": "string", "example": "string", "description": "password"}\n`,
  ],
  [
    "help.go",
    () =>
      `cmd.Flags().StringVarP(&opts.Password, "password", "p", "", "Password of the registry")\n`,
  ],
  [
    "help.py",
    () =>
      `parser.add_argument("--api-key", dest="api_key", help="API key for the service", default=None)\n`,
  ],
  [
    "log.java",
    () =>
      `log.info("Password changed for user {}", user.getName());\nthrow new IllegalArgumentException("password must not be empty");\n`,
  ],
  [
    "policy.json",
    () => `"Action": ["secretsmanager:GetSecretValue", "kms:Decrypt"], "Resource": "*"\n`,
  ],
  [
    "path.yml",
    () =>
      `ssl_key: /etc/ssl/private/server.key\npassword_file: /run/secrets/db_password\ntoken_path: /var/run/secrets/kubernetes.io/serviceaccount/token\n`,
  ],
  [
    "url.yml",
    () =>
      `token_url: https://login.acme.net/oauth2/v2.0/token\nauth_uri: https://accounts.acme.net/o/oauth2/auth\n`,
  ],
  [
    "theme.json",
    (d) =>
      `"tokenColors": [{"scope": "${
        d.pick(["entity.name.tag", "keyword.operator"])
      }", "settings": {"foreground": "#${d.text(HEX, 6)}"}}]\n`,
  ],
  [
    "nlp.py",
    () =>
      `tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")\npad_token = "[PAD]"\neos_token = "<|endoftext|>"\n`,
  ],
  [
    "model.json",
    () =>
      `"max_tokens": 4096, "token_type": "bearer", "pad_token_id": 50256, "secret_name": "none"\n`,
  ],
  [
    "keys.tsx",
    () => `<Item key="settings-security-token" keyPath="user.security" accessKey="s" />\n`,
  ],
  [
    "bool.yml",
    () =>
      `use_password: true\npassword_never_expires: false\npasswords: 3\ntoken_ttl: 3600s\nsecret: null\n`,
  ],
  [
    "masked.log",
    (d) =>
      `connecting with password=${
        d.pick(["****", "[FILTERED]", "<redacted>", "***REMOVED***", "xxxxxx"])
      } token=[MASKED]\n`,
  ],
  [
    "type.ts",
    () =>
      `type PasswordValidator = (password: string, confirm: string) => Promise<ValidationResult>;\n`,
  ],
  [
    "assert.js",
    () => `expect(wrapper.find('[data-testid="password-input"]').exists()).toBe(true);\n`,
  ],
  [
    "gen.js",
    (d) =>
      `const chars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";\nconst id = "item-${
        d.text(ALNUM, 4)
      }";\n`,
  ],
  [
    "link.md",
    () => `[Reset token](https://docs.acme.net/guides/api-token#resetting-the-token-of-a-user)\n`,
  ],
  ["makefile", () => `PASSWORD ?= $(shell cat .password)\nTOKEN := $(GITHUB_TOKEN)\n`],
  [
    "auth.conf",
    () =>
      `auth_basic_user_file /etc/nginx/.htpasswd;\nproxy_set_header Authorization $http_authorization;\n`,
  ],
  [
    "basic.md",
    () =>
      `Authorization: Basic <base64(user:password)>\ncurl -u username:password https://api.acme.net\n`,
  ],
  ["mysql.md", () => `mysql -u root -p shop\nmysql -u root -p\${MYSQL_PASSWORD} shop\n`],
];

/** What was reported wrongly in public repositories, written anew. */
export const HARMLESS_LEARNT: readonly Harmless[] = [
  ["src/locales/ja.json", () => `"client_secret": "\\u30af\\u30e9\\u30a4\\u30a2\\u30f3\\u30c8",\n`],
  ["src/locales/fi.json", () => `"access_token": "Henkil\\u00f6kohtainen avain",\n`],
  [
    "app/Requests.php",
    () =>
      `'password' => 'required|string|min:16|confirmed',\n'pin_password' => ['required', 'min:16'],\n`,
  ],
  ["widgets/card.json", (d) => `"publicResourceKey": "${d.text(ALNUM, 32)}",\n`],
  ["feed.json", (d) => `{"slug":"fries","reblog_key":"${d.text(ALNUM, 8)}"}\n`],
  [
    "webdav.txt",
    (d) =>
      `Lock-Token: <opaquelocktoken:${[8, 4, 4, 4, 12].map((n) => d.text(HEX, n)).join("-")}>\n`,
  ],
  [
    "install.md",
    () =>
      `helm install --set odooPassword=password,postgresql.postgresPassword=secretpassword \\\n`,
  ],
  ["models/user.ts", () => `attributes: { exclude: ['name', 'password', 'totp2Secret'] },\n`],
  [
    "realm.json",
    (d) =>
      `"secretData": "{\\"value\\":\\"${d.text(ALNUM, 86)}==\\",\\"salt\\":\\"${
        d.text(ALNUM, 22)
      }==\\"}",\n`,
  ],
  ["Sms.java", (d) => `FORGET_PASSWORD_TEMPLATE_CODE("SMS_${d.text("123456789", 9)}", "code"),\n`],
  [
    "image.json",
    (d) =>
      `"src": "https://img.acme.net/a.png?e=1548${d.text("0123456789", 6)}&token=${
        d.text(ALNUM, 40)
      }:${d.text(ALNUM, 28)}"\n`,
  ],
  ["cli.py", () => `parser.add_argument('--os-password', required=True)\n`],
  [
    "Test.java",
    () =>
      `context.register("spring.datasource.password=x", "spring.datasource.driver-class-name=org.h2.Driver");\n`,
  ],
  ["install.h", (d) => `installation.deviceToken = @"${d.text(HEX, 64)}";\n`],
];
