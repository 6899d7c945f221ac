/** Configuration, credential files and manifests in which a password or a key stands. */

import type { Place } from "./chance.ts";

const b64 = (text: string) => btoa(text);

export const PASSWORDS_IN_CONFIG: readonly Place[] = [
  [".env", (s) => `DB_USERNAME=shop\nDB_PASSWORD=${s}\nDB_PORT=3306\n`],
  [".env.prod", (s) => `SMTP_PASS='${s}'\n`],
  ["deploy.env", (s) => `export PGPASSWORD=${s}\n`],
  [
    "application.properties",
    (s) => `spring.datasource.username=shop\nspring.datasource.password=${s}\n`,
  ],
  ["application.yml", (s) => `spring:\n  datasource:\n    username: shop\n    password: ${s}\n`],
  ["bootstrap.yml", (s) => `  rabbitmq:\n    host: mq\n    username: shop\n    password: "${s}"\n`],
  ["db.properties", (s) => `jdbc.username = shop\njdbc.password = ${s}\n`],
  ["log4j.properties", (s) => `log4j.appender.DB.user=logger\nlog4j.appender.DB.password=${s}\n`],
  ["gradle.properties", (s) => `RELEASE_STORE_PASSWORD=${s}\nRELEASE_KEY_ALIAS=acme\n`],
  ["sonar-project.properties", (s) => `sonar.login=ci\nsonar.password=${s}\n`],
  [
    "kafka/client.properties",
    (s) =>
      `sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="app" password="${s}";\n`,
  ],
  [
    "kafka/ssl.properties",
    (s) => `ssl.truststore.location=/etc/t.jks\nssl.truststore.password=${s}\n`,
  ],
  ["my.cnf", (s) => `[client]\nuser=backup\npassword=${s}\n`],
  ["odoo.conf", (s) => `[options]\nadmin_passwd = ${s}\ndb_user = odoo\n`],
  ["settings.ini", (s) => `[mail]\nhost = smtp.acme.net\npass = ${s}\n`],
  ["supervisord.conf", (s) => `[inet_http_server]\nport=9001\nusername=ops\npassword=${s}\n`],
  ["redis.conf", (s) => `port 6379\nrequirepass ${s}\nmasterauth ${s}\n`],
  ["wpa_supplicant.conf", (s) => `network={\n  ssid="acme-lab"\n  psk="${s}"\n}\n`],
  ["hostapd.conf", (s) => `ssid=acme-lab\nwpa=2\nwpa_passphrase=${s}\n`],
  ["ipsec.secrets", (s) => `10.0.0.1 10.0.0.2 : PSK "${s}"\n`],
  ["freeradius/clients.conf", (s) => `client nas {\n  ipaddr = 10.0.0.9\n  secret = ${s}\n}\n`],
  ["router.cfg", (s) => `hostname edge1\nenable password ${s}\nusername admin password 0 ${s}\n`],
  ["snmpd.conf", (s) => `rocommunity ${s} 10.0.0.0/8\n`],
  ["ks.cfg", (s) => `lang en_US\nrootpw --plaintext ${s}\n`],
  ["preseed.cfg", (s) => `d-i passwd/user-password password ${s}\n`],
  ["cloud-init.yml", (s) => `chpasswd:\n  list: |\n    root:${s}\n  expire: false\n`],
  [
    "unattend.xml",
    (s) =>
      `<AdministratorPassword>\n  <Value>${s}</Value>\n  <PlainText>true</PlainText>\n</AdministratorPassword>\n`,
  ],
  ["tomcat-users.xml", (s) => `<user username="ops" password="${s}" roles="manager-gui"/>\n`],
  [
    "context.xml",
    (s) =>
      `<Resource name="jdbc/shop" username="shop" password="${s}" driverClassName="org.postgresql.Driver"/>\n`,
  ],
  [
    "server.xml",
    (s) => `<Connector port="8443" keystoreFile="conf/k.jks" keystorePass="${s}" />\n`,
  ],
  ["persistence.xml", (s) => `<property name="javax.persistence.jdbc.password" value="${s}"/>\n`],
  ["hibernate.cfg.xml", (s) => `<property name="connection.password">${s}</property>\n`],
  ["beans.xml", (s) => `<bean id="ds">\n  <property name="password" value="${s}" />\n</bean>\n`],
  [
    "standalone.xml",
    (s) => `<security>\n  <user-name>shop</user-name>\n  <password>${s}</password>\n</security>\n`,
  ],
  [
    "web.config",
    (s) =>
      `<add name="Main" connectionString="Server=sql1;Database=Shop;User Id=shop;Password=${s};" />\n`,
  ],
  [
    "appsettings.json",
    (s) =>
      `{ "ConnectionStrings": { "Main": "Host=db;Username=shop;Password=${s};Database=shop" } }\n`,
  ],
  ["app.config", (s) => `<add key="SmtpPassword" value="${s}"/>\n`],
  [
    "nuget.config",
    (s) =>
      `<packageSourceCredentials>\n  <acme>\n    <add key="Username" value="ci" />\n    <add key="ClearTextPassword" value="${s}" />\n  </acme>\n</packageSourceCredentials>\n`,
  ],
  ["shiro.ini", (s) => `[users]\nroot = ${s}, admin\n`],
  ["plan.jmx", (s) => `<stringProp name="HTTPAuth.password">${s}</stringProp>\n`],
  [
    "filezilla.xml",
    (s) => `<Server>\n  <User>web</User>\n  <Pass encoding="base64">${b64(s)}</Pass>\n</Server>\n`,
  ],
  ["database.yml", (s) => `production:\n  adapter: mysql2\n  username: shop\n  password: ${s}\n`],
  [
    "docker-compose.yml",
    (s) =>
      `services:\n  db:\n    image: mysql:8\n    environment:\n      MYSQL_ROOT_PASSWORD: ${s}\n`,
  ],
  [
    "compose.yaml",
    (s) =>
      `services:\n  pg:\n    environment:\n      - POSTGRES_USER=shop\n      - POSTGRES_PASSWORD=${s}\n`,
  ],
  ["compose2.yaml", (s) => `services:\n  redis:\n    command: redis-server --requirepass ${s}\n`],
  [
    "k8s/secret.yaml",
    (s) =>
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ntype: Opaque\ndata:\n  password: ${
        b64(s)
      }\n`,
  ],
  [
    "k8s/string.yaml",
    (s) =>
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  db-password: ${s}\n`,
  ],
  ["k8s/deploy.yaml", (s) => `env:\n  - name: MONGO_INITDB_ROOT_PASSWORD\n    value: ${s}\n`],
  ["charts/values.yaml", (s) => `postgresql:\n  auth:\n    postgresPassword: ${s}\n`],
  ["group_vars/db.yml", (s) => `mysql_user: shop\nmysql_pass: ${s}\n`],
  ["inventory.ini", (s) => `web1 ansible_host=10.0.0.5 ansible_user=ops ansible_ssh_pass=${s}\n`],
  ["hosts", (s) => `[all:vars]\nansible_become_pass=${s}\n`],
  [
    "main.tf",
    (s) => `resource "aws_db_instance" "shop" {\n  username = "shop"\n  password = "${s}"\n}\n`,
  ],
  ["prod.tfvars", (s) => `db_password = "${s}"\n`],
  [
    "template.yaml",
    (s) =>
      `Resources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MasterUserPassword: ${s}\n`,
  ],
  ["param.yaml", (s) => `Parameters:\n  DBPassword:\n    Type: String\n    Default: ${s}\n`],
  ["main.bicep", (s) => `param adminPassword string = '${s}'\n`],
  ["azuredeploy.parameters.json", (s) => `"adminPassword": {\n  "value": "${s}"\n}\n`],
  ["manifest.pp", (s) => `class { 'mysql::server':\n  root_password => '${s}',\n}\n`],
  ["recipe.rb", (s) => `default['shop']['db']['password'] = '${s}'\n`],
  ["Vagrantfile", (s) => `config.ssh.username = "ops"\nconfig.ssh.password = "${s}"\n`],
  ["Jenkinsfile", (s) => `environment {\n  NEXUS_PASSWORD = '${s}'\n}\n`],
  [".travis.yml", (s) => `env:\n  global:\n    - DEPLOY_PASSWORD=${s}\n`],
  ["azure-pipelines.yml", (s) => `variables:\n  sqlPassword: '${s}'\n`],
  [
    ".circleci/config.yml",
    (s) => `      - image: postgres:15\n        environment:\n          POSTGRES_PASSWORD: ${s}\n`,
  ],
  ["Dockerfile", (s) => `FROM postgres\nENV POSTGRES_USER shop\nENV POSTGRES_PASSWORD ${s}\n`],
  ["Dockerfile.web", (s) => `ARG NEXUS_PASS=${s}\n`],
  ["config.toml", (s) => `[database]\nserver = "10.0.0.4"\npassword = "${s}"\n`],
  ["conf/app.conf", (s) => `db.default.user="shop"\ndb.default.password="${s}"\n`],
  [
    "config.json",
    (s) => `{\n  "username": "shop",\n  "password": "${s}",\n  "dialect": "mysql"\n}\n`,
  ],
  [
    "sftp.json",
    (s) =>
      `{\n    "host": "ftp.acme.net",\n    "user": "web",\n    "password": "${s}",\n    "remotePath": "/www"\n}\n`,
  ],
  ["Info.plist", (s) => `<key>ServerPassword</key>\n<string>${s}</string>\n`],
  ["strings.xml", (s) => `<string name="backend_password">${s}</string>\n`],
  ["default.nix", (s) => `services.postgresql = {\n  password = "${s}";\n};\n`],
  ["notes.md", (s) => `Staging login: ops@acme.net\nPassword: ${s}\n`],
  ["access.txt", (s) => `host: 10.0.0.4\nuser: root\npassword: ${s}\n`],
  [".netrc", (s) => `machine api.acme.net\n  login ci\n  password ${s}\n`],
  [".pgpass", (s) => `db.acme.net:5432:*:shop:${s}\n`],
  [".git-credentials", (s) => `https://ci:${encodeURIComponent(s)}@git.acme.net\n`],
  [
    ".dockercfg",
    (s) => `{"registry.acme.net": {"auth": "${b64("ci:" + s)}", "email": "ci@acme.net"}}\n`,
  ],
  [".pypirc", (s) => `[acme]\nrepository: https://pypi.acme.net\nusername: ci\npassword: ${s}\n`],
  [
    "auth.json",
    (s) => `{"http-basic": {"repo.acme.net": {"username": "ci", "password": "${s}"}}}\n`,
  ],
  [
    "settings.xml",
    (s) =>
      `<server>\n  <id>nexus</id>\n  <username>ci</username>\n  <password>${s}</password>\n</server>\n`,
  ],
  ["credentials.csv", (s) => `User name,Password,Access key ID\nops,${s},\n`],
];

export const KEYS_IN_CONFIG: readonly Place[] = [
  [".env", (s) => `NODE_ENV=production\nACME_API_KEY=${s}\n`],
  [".env.local", (s) => `NEXT_PRIVATE_TOKEN="${s}"\n`],
  ["app.yml", (s) => `integrations:\n  acme:\n    api_token: ${s}\n`],
  ["config.ini", (s) => `[acme]\nclient_id = 31\nclient_secret = ${s}\n`],
  ["appsettings.json", (s) => `"Jwt": {\n  "Issuer": "acme",\n  "Key": "${s}"\n}\n`],
  ["config.json", (s) => `{"jwtSecret": "${s}", "port": 3000}\n`],
  ["strings.xml", (s) => `<string name="acme_api_key">${s}</string>\n`],
  [
    "AndroidManifest.xml",
    (s) => `<meta-data android:name="net.acme.API_KEY" android:value="${s}" />\n`,
  ],
  ["Info.plist", (s) => `<key>AcmeApiKey</key>\n<string>${s}</string>\n`],
  ["local.properties", (s) => `sdk.dir=/opt/android\nacme.token=${s}\n`],
  ["k8s/secret.yaml", (s) => `kind: Secret\ndata:\n  api-token: ${b64(s)}\n`],
  ["values.yaml", (s) => `webhook:\n  signingSecret: "${s}"\n`],
  ["main.tf", (s) => `provider "acme" {\n  api_key = "${s}"\n}\n`],
  [".github/workflows/ci.yml", (s) => `        env:\n          CODECOV_TOKEN: ${s}\n`],
  [".npmrc", (s) => `//registry.acme.net/:_authToken=${s}\n`],
  [
    "pip.conf",
    (s) =>
      `[global]\nextra-index-url = https://__token__:${
        s.replace(/[/+=]/g, "x")
      }@pypi.acme.net/simple\n`,
  ],
  ["call.http", (s) => `GET https://api.acme.net/v1\nX-API-Key: ${s}\n`],
  ["bearer.http", (s) => `GET https://api.acme.net/v1\nAuthorization: Bearer ${s}\n`],
  ["collection.json", (s) => `{"key": "token", "value": "${s}", "type": "string"}\n`],
  ["fastlane/Appfile", (s) => `hockey(api_token: "${s}")\n`],
  ["config.xml", (s) => `<add key="StorageAccessKey" value="${s}" />\n`],
  ["docker-compose.yml", (s) => `environment:\n  - JWT_SECRET=${s}\n`],
];
