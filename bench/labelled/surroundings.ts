/** The surroundings in which values stand: ten languages and more, configuration, CI, notebooks, documents. */

import type { Dice } from "./case.ts";

/** A place for one value: the path of the file, and the text around it. */
export interface Surrounding {
  path: string;
  /** `name` in the three usual spellings. */
  write: (name: Name, value: string, dice: Dice) => string;
}

export interface Name {
  camel: string;
  snake: string;
  upper: string;
}

export function nameOf(words: string): Name {
  const parts = words.split(" ");
  return {
    camel: parts.map((part, i) => i === 0 ? part : part[0]!.toUpperCase() + part.slice(1)).join(""),
    snake: parts.join("_"),
    upper: parts.join("_").toUpperCase(),
  };
}
export const PASSWORD_NAMES = [
  "password",
  "db password",
  "smtp password",
  "admin password",
  "user pwd",
  "mysql root password",
  "passphrase",
  "ldap bind password",
  "redis pass",
  "keystore password",
  "ftp passwd",
  "root pwd",
  "wifi password",
  "spring datasource password",
  "proxy pass",
].map(nameOf);

export const SECRET_NAMES = [
  "api key",
  "api token",
  "client secret",
  "auth token",
  "access token",
  "secret key",
  "jwt secret",
  "signing key",
  "webhook secret",
  "acme api key",
  "encryption key",
  "session secret",
  "bot token",
  "service token",
  "app secret",
  "maps api key",
  "refresh token",
  "consumer secret",
  "deploy token",
  "crawler access key",
].map(nameOf);

export const CODE: readonly Surrounding[] = [
  {
    path: "src/client.js",
    write: (n, v) =>
      `import fetch from "node-fetch";\n\nconst ${n.camel} = "${v}";\n\nexport const call = (path) => fetch(BASE + path);\n`,
  },
  {
    path: "src/config.ts",
    write: (n, v) =>
      `export const config = {\n  region: "eu-central-1",\n  retries: 3,\n  ${n.camel}: '${v}',\n};\n`,
  },
  {
    path: "app/settings.py",
    write: (n, v) =>
      `DEBUG = False\nALLOWED_HOSTS = ["shop.acme.net"]\n${n.upper} = '${v}'\nTIME_ZONE = "UTC"\n`,
  },
  {
    path: "app/jobs.py",
    write: (n, v) =>
      `def connect():\n    return Client(host="10.2.0.4", ${n.snake}="${v}", timeout=30)\n`,
  },
  {
    path: "app/env.py",
    write: (n, v) => `import os\n\n${n.snake} = os.environ.get("${n.upper}", "${v}")\n`,
  },
  {
    path: "src/main/java/net/acme/Mailer.java",
    write: (n, v) =>
      `class Mailer {\n  private static final String ${n.upper} = "${v}";\n  private final int port = 587;\n}\n`,
  },
  {
    path: "internal/store/store.go",
    write: (n, v) =>
      `package store\n\nvar (\n\ttimeout = 5 * time.Second\n\t${n.camel} = "${v}"\n)\n`,
  },
  {
    path: "cmd/sync/main.go",
    write: (n, v) =>
      `\tcfg := Config{\n\t\tEndpoint: "https://api.acme.net",\n\t\t${n.camel[0]!.toUpperCase()}${
        n.camel.slice(1)
      }: "${v}",\n\t}\n`,
  },
  {
    path: "Services/Gateway.cs",
    write: (n, v) =>
      `public class Gateway {\n    private const string ${n.camel[0]!.toUpperCase()}${
        n.camel.slice(1)
      } = "${v}";\n}\n`,
  },
  {
    path: "config/services.php",
    write: (n, v) =>
      `<?php\nreturn [\n    'endpoint' => 'https://api.acme.net',\n    '${n.snake}' => '${v}',\n];\n`,
  },
  {
    path: "lib/tasks.rb",
    write: (n, v) => `Acme.configure do |c|\n  c.${n.snake} = "${v}"\n  c.timeout = 5\nend\n`,
  },
  {
    path: "app/src/main/kotlin/Api.kt",
    write: (n, v) => `object Api {\n    private const val ${n.upper} = "${v}"\n}\n`,
  },
  { path: "src/main.rs", write: (n, v) => `const ${n.upper}: &str = "${v}";\n\nfn main() {}\n` },
  {
    path: "Sources/App/Keys.swift",
    write: (n, v) => `enum Keys {\n    static let ${n.camel}: String = "${v}"\n}\n`,
  },
  {
    path: "firmware/wifi.h",
    write: (n, v) => `#pragma once\n#define ${n.upper} "${v}"\n#define RETRIES 5\n`,
  },
  {
    path: "src/net.cpp",
    write: (n, v) => `static const std::string k_${n.snake} = "${v}";\nint retries = 3;\n`,
  },
  {
    path: "lib/api.dart",
    write: (n, v) => `class Api {\n  final String ${n.camel} = '${v}';\n}\n`,
  },
  { path: "src/Main.scala", write: (n, v) => `object Main {\n  val ${n.camel} = "${v}"\n}\n` },
  {
    path: "scripts/report.pl",
    write: (n, v) => `my $${n.snake} = '${v}';\nmy %opts = (a => 1);\n`,
  },
  {
    path: "src/login.js",
    write: (n, v) => `if (body.${n.camel} === "${v}") {\n  return next();\n}\n`,
  },
  {
    path: "src/options.js",
    write: (n, v) => `const ${n.camel} = process.env.${n.upper} || "${v}";\n`,
  },
  {
    path: "src/db.js",
    write: (n, v) =>
      `module.exports = { user: "app", host: "db1", ${n.camel}: "${v}", port: 5432 };\n`,
  },
  { path: "Deploy.ps1", write: (n, v) => `$${n.camel} = "${v}"\nInvoke-Deploy -Region west\n` },
  {
    path: "src/Conf.java",
    write: (n, v) =>
      `    props.put("${
        n.snake.replaceAll("_", ".")
      }", "${v}");\n    props.setProperty("mail.smtp.port", "587");\n`,
  },
  {
    path: "src/Builder.java",
    write: (n, v) => `    return Client.builder().endpoint(url).${n.camel}("${v}").build();\n`,
  },
  {
    path: "public/app.js",
    write: (n, v) =>
      `!function(e){var t=e.cfg={u:"https://api.acme.net",${n.camel}:"${v}",n:3};e.init(t)}(window);\n`,
  },
];

/** Configuration, CI, notebooks and documents. */
export const CONFIG: readonly Surrounding[] = [
  { path: ".env", write: (n, v) => `APP_ENV=production\n${n.upper}=${v}\nLOG_LEVEL=info\n` },
  { path: ".env.production", write: (n, v) => `PORT=8080\nexport ${n.upper}="${v}"\n` },
  {
    path: "config/application.properties",
    write: (n, v) => `server.port=8080\n${n.snake.replaceAll("_", ".")}=${v}\n`,
  },
  {
    path: "config/app.yml",
    write: (n, v) => `server:\n  port: 8080\nauth:\n  ${n.snake}: ${v}\n  ttl: 3600\n`,
  },
  { path: "config/app.yaml", write: (n, v) => `service:\n  ${n.camel}: "${v}"\n` },
  { path: "settings.ini", write: (n, v) => `[service]\nhost = 10.0.0.3\n${n.snake} = ${v}\n` },
  {
    path: "config.toml",
    write: (n, v) => `[api]\nurl = "https://api.acme.net"\n${n.snake} = "${v}"\n`,
  },
  {
    path: "config/default.json",
    write: (n, v) => `{\n  "host": "db1",\n  "${n.camel}": "${v}",\n  "pool": 5\n}\n`,
  },
  {
    path: "docker-compose.yml",
    write: (n, v) =>
      `services:\n  app:\n    image: acme/app:1.2\n    environment:\n      - ${n.upper}=${v}\n      - TZ=UTC\n`,
  },
  {
    path: "docker-compose.prod.yml",
    write: (n, v) => `services:\n  db:\n    environment:\n      ${n.upper}: ${v}\n`,
  },
  { path: "Dockerfile", write: (n, v) => `FROM node:22\nENV ${n.upper}=${v}\nCMD ["node", "."]\n` },
  {
    path: ".github/workflows/ci.yml",
    write: (n, v) =>
      `jobs:\n  build:\n    runs-on: ubuntu-latest\n    env:\n      ${n.upper}: ${v}\n`,
  },
  {
    path: ".gitlab-ci.yml",
    write: (n, v) =>
      `deploy:\n  variables:\n    ${n.upper}: "${v}"\n  script:\n    - make deploy\n`,
  },
  {
    path: "bitbucket-pipelines.yml",
    write: (n, v) =>
      `pipelines:\n  default:\n    - step:\n        script:\n          - export ${n.upper}=${v}\n          - npm test\n`,
  },
  {
    path: "Jenkinsfile",
    write: (n, v) => `pipeline {\n  environment {\n    ${n.upper} = '${v}'\n  }\n}\n`,
  },
  {
    path: "infra/main.tf",
    write: (n, v) => `resource "acme_app" "web" {\n  name = "web"\n  ${n.snake} = "${v}"\n}\n`,
  },
  {
    path: "infra/variables.tf",
    write: (n, v) => `variable "${n.snake}" {\n  type    = string\n  default = "${v}"\n}\n`,
  },
  { path: "infra/prod.tfvars", write: (n, v) => `region = "eu-west-1"\n${n.snake} = "${v}"\n` },
  {
    path: "k8s/deploy.yaml",
    write: (n, v) =>
      `      containers:\n        - name: app\n          env:\n            - name: ${n.upper}\n              value: "${v}"\n`,
  },
  { path: "charts/app/values.yaml", write: (n, v) => `image:\n  tag: 1.4.2\n${n.camel}: ${v}\n` },
  { path: "group_vars/all.yml", write: (n, v) => `---\napp_port: 8080\napp_${n.snake}: '${v}'\n` },
  {
    path: "web.config",
    write: (n, v) =>
      `<configuration>\n  <appSettings>\n    <add key="${n.camel}" value="${v}" />\n  </appSettings>\n</configuration>\n`,
  },
  {
    path: "res/values/strings.xml",
    write: (n, v) => `<resources>\n    <string name="${n.snake}">${v}</string>\n</resources>\n`,
  },
  {
    path: "pom.xml",
    write: (n, v) => `<server>\n  <id>acme</id>\n  <${n.camel}>${v}</${n.camel}>\n</server>\n`,
  },
  {
    path: "ios/Info.plist",
    write: (n, v) => `<dict>\n\t<key>${n.camel}</key>\n\t<string>${v}</string>\n</dict>\n`,
  },
  {
    path: "task-definition.json",
    write: (n, v) => `{"environment": [{"name": "${n.upper}", "value": "${v}"}]}\n`,
  },
  {
    path: "notebooks/load.ipynb",
    write: (n, v) =>
      `{"cells": [{"cell_type": "code", "source": ["import acme\\n", "${n.snake} = \\"${v}\\"\\n", "acme.run()"]}]}\n`,
  },
  {
    path: "scripts/deploy.sh",
    write: (n, v) => `#!/bin/sh\nset -e\n${n.upper}="${v}"\ncurl -fsS "$URL"\n`,
  },
  { path: "scripts/run.bat", write: (n, v) => `@echo off\nset ${n.upper}=${v}\nnode server.js\n` },
  { path: "Makefile", write: (n, v) => `${n.upper} := ${v}\n\ndeploy:\n\t./deploy.sh\n` },
  {
    path: "docs/setup.md",
    write: (n, v) =>
      `## Setup\n\nPut this into your shell:\n\n\`\`\`sh\nexport ${n.upper}=${v}\n\`\`\`\n`,
  },
  {
    path: "docs/old-notes.txt",
    write: (n, v) => `call with bob: ${n.snake.replaceAll("_", " ")}: ${v}\n`,
  },
  {
    path: "postman/collection.json",
    write: (n, v) => `{"variable": [{"key": "${n.snake}", "value": "${v}", "type": "string"}]}\n`,
  },
  {
    path: "logs/app.log",
    write: (n, v) => `2025-03-02T10:11:12Z INFO request ${n.snake}=${v} status=200\n`,
  },
];
