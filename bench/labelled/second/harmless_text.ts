/** Look-alikes by name: where a password or key is translated, asked for, declared or looked up. */

import type { Harmless } from "./harmless_values.ts";

export const HARMLESS_TEXT: readonly Harmless[] = [
  [
    "i18n/en.json",
    (d) =>
      `{"password": "Enter your password", "forgot": "${
        d.pick(["Forgot your password?", "Lost your password?"])
      }", "token": "Access token"}\n`,
  ],
  [
    "i18n/de.json",
    (d) =>
      `{"password": "${
        d.pick(["Passwort", "Bitte Passwort eingeben", "Kennwort wiederholen"])
      }", "secret": "Geheimnis"}\n`,
  ],
  [
    "i18n/fr.yml",
    (d) =>
      `  password: "${
        d.pick(["Mot de passe", "Saisissez votre mot de passe", "Nouveau mot de passe"])
      }"\n`,
  ],
  [
    "i18n/es.properties",
    (d) =>
      `password=${
        d.pick(["Contraseña", "Introduzca su contraseña", "Contrase\\u00f1a"])
      }\napi.key=Clave de API\n`,
  ],
  [
    "i18n/ja.json",
    (d) => `{"password": "${d.pick(["パスワード", "パスワードを入力"])}", "apiKey": "APIキー"}\n`,
  ],
  [
    "i18n/ru.xml",
    (d) => `<string name="password">${d.pick(["Пароль", "Введите пароль"])}</string>\n`,
  ],
  ["i18n/pt.po", (d) => `msgid "Password"\nmsgstr "${d.pick(["Senha", "Palavra-passe"])}"\n`],
  [
    "strings.xml",
    (d) =>
      `<string name="error_incorrect_password">${
        d.pick(["This password is incorrect", "Wrong password"])
      }</string>\n`,
  ],
  [
    "messages.properties",
    (d) =>
      `login.password.required=${d.pick(["Password is required", "Please give a password"])}\n`,
  ],
  [
    "login.html",
    (d) =>
      `<input type="password" name="password" id="${
        d.pick(["login-password", "inputPassword", "user_password"])
      }" placeholder="Password" autocomplete="current-password">\n`,
  ],
  [
    "login.tsx",
    () =>
      `<Field label="Password" name="password" type="password" autoComplete="new-password" />\n`,
  ],
  [
    "login.vue",
    () =>
      `<el-input v-model="form.password" show-password :placeholder="$t('login.password')" />\n`,
  ],
  ["form.py", () => `password = forms.CharField(label="Password", widget=forms.PasswordInput)\n`],
  ["model.py", () => `password = db.Column(db.String(128), nullable=False)\n`],
  [
    "schema.rb",
    () =>
      `t.string "encrypted_password", default: "", null: false\nt.string "reset_password_token"\n`,
  ],
  [
    "schema.sql",
    (d) =>
      `CREATE TABLE users (\n  password varchar(${
        d.between(60, 255)
      }) NOT NULL,\n  api_key char(40)\n);\n`,
  ],
  [
    "User.java",
    () =>
      `private String password;\npublic void setPassword(String password) { this.password = password; }\n`,
  ],
  ["User.cs", () => `public string Password { get; set; } = string.Empty;\n`],
  ["user.ts", () => `interface Login { username: string; password: string; token?: string }\n`],
  [
    "user.go",
    () => 'type User struct {\n\tPassword string `json:"password" validate:"required,min=8"`\n}\n',
  ],
  [
    "env.js",
    (d) => `const secret = process.env.${d.pick(["JWT_SECRET", "SESSION_SECRET", "API_TOKEN"])};\n`,
  ],
  [
    "env.py",
    () => `SECRET_KEY = os.environ["SECRET_KEY"]\nPASSWORD = os.getenv("DB_PASSWORD", "")\n`,
  ],
  ["env.rb", () => `password: <%= ENV.fetch("DB_PASSWORD") { "" } %>\n`],
  ["env.php", () => `'password' => env('DB_PASSWORD', ''),\n`],
  ["env.go", () => `token := os.Getenv("GITHUB_TOKEN")\n`],
  ["Env.java", () => `@Value("\${spring.datasource.password}")\nprivate String dbPassword;\n`],
  ["Env.cs", () => `var key = Configuration["Jwt:SecretKey"];\n`],
  ["ci.yml", (d) => `  env:\n    TOKEN: \${{ secrets.${d.pick(["NPM_TOKEN", "DEPLOY_KEY"])} }}\n`],
  [
    "compose.yml",
    (d) => `  POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:-${d.pick(["", "changeme", "postgres"])}}\n`,
  ],
  [
    "deploy.yaml",
    () =>
      `- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: db-credentials\n      key: password\n`,
  ],
  [
    "values.yaml",
    (d) =>
      `auth:\n  password: ""\n  existingSecret: ${
        d.pick(["my-db-secret", "postgres-credentials"])
      }\n  secretKey: admin-password\n`,
  ],
  ["tpl.yaml", () => `password: {{ .Values.auth.password | b64enc | quote }}\n`],
  ["play.yml", () => `mysql_root_password: "{{ vault_mysql_root_password }}"\n`],
  ["main.tf", () => `password = var.db_password\ntoken = random_password.db.result\n`],
  [
    "stack.yaml",
    () =>
      `MasterUserPassword: !Ref DBPassword\nSecretString: !Sub '{{resolve:secretsmanager:\${Secret}}}'\n`,
  ],
  [
    "conf.ini",
    (d) =>
      `password = ${
        d.pick([
          "changeme",
          "<your password>",
          "YOUR_PASSWORD",
          "********",
          "xxxxxxxx",
          "password",
          "secret",
        ])
      }\n`,
  ],
  [
    "sample.env",
    (d) =>
      `API_KEY=${
        d.pick([
          "your-api-key-here",
          "xxxxxxxxxxxxxxxxxxxx",
          "<api key>",
          "REPLACE_ME",
          "insert_key_here",
          "changeme123",
        ])
      }\n`,
  ],
  [
    "README.md",
    (d) =>
      `Set \`password: ${
        d.pick(["your_password", "mypassword", "<password>", "..."])
      }\` in the file.\n`,
  ],
  [
    "doc.md",
    (d) =>
      `curl -H "Authorization: Bearer ${
        d.pick(["$TOKEN", "<token>", "YOUR_ACCESS_TOKEN", "{access_token}"])
      }" https://api.acme.net\n`,
  ],
  [
    "doc.rst",
    (d) =>
      `postgresql://${
        d.pick([
          "user:password@localhost/db",
          "username:pass@host:5432/dbname",
          "scott:tiger@localhost/test",
          "USER:PASSWORD@HOST/NAME",
        ])
      }\n`,
  ],
  [
    "url.md",
    (d) =>
      `redis://:${d.pick(["<password>", "$REDIS_PASSWORD", "password", "***"])}@localhost:6379\n`,
  ],
  [
    "jwt.md",
    () =>
      `A token has the form header.payload.signature, such as xxxxx.yyyyy.zzzzz or eyJhbGci....\n`,
  ],
  [
    "enum.ts",
    (d) =>
      `enum ErrorCode { INVALID_PASSWORD = "${
        d.pick(["INVALID_PASSWORD", "auth/wrong-password"])
      }", TOKEN_EXPIRED = "TOKEN_EXPIRED" }\n`,
  ],
  [
    "const.java",
    (d) =>
      `public static final String PASSWORD_KEY = "${
        d.pick([
          "user.password",
          "spring.datasource.password",
          "javax.net.ssl.keyStorePassword",
          "password",
        ])
      }";\n`,
  ],
  [
    "const.go",
    (d) =>
      `const (\n\tSecretNameKey = "${
        d.pick(["secret-name", "kubernetes.io/service-account-token", "tls.key"])
      }"\n)\n`,
  ],
  [
    "key.kt",
    (d) =>
      `const val KEY_ACCESS_TOKEN = "${
        d.pick(["access_token", "net.acme.app.ACCESS_TOKEN", "pref_key_token"])
      }"\n`,
  ],
  [
    "action.js",
    (d) =>
      `export const RESET_PASSWORD = '${
        d.pick(["user/RESET_PASSWORD", "@@auth/resetPassword", "RESET_PASSWORD_SUCCESS"])
      }';\n`,
  ],
  ["route.rb", () => `get "password/reset/:token", to: "passwords#edit", as: :edit_password\n`],
  [
    "route.js",
    () =>
      `router.post('/api/token/refresh', refreshToken);\nconst passwordUrl = '/account/password/change';\n`,
  ],
];
