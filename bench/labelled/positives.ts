/** Texts that hold secrets, by family. */

import { ALNUM, type Dice, DIGITS, HEX, type LabelledCase, UPPER } from "./case.ts";
import { CODE, CONFIG, PASSWORD_NAMES, SECRET_NAMES } from "./surroundings.ts";
import { CHOSEN, MACHINE_MADE } from "./values.ts";

/** So many cases of each family. */
const EACH = 150;
const base64 = (text: string) => btoa(text);

/** A place where only a credential stands: makes the text around a password. */
type Place = (dice: Dice, secret: string) => { path: string; text: string };

const URLS: readonly Place[] = [
  (_, s) => ({
    path: ".env",
    text: `DATABASE_URL=postgres://shop:${s}@pg.acme-corp.net:5432/shop\n`,
  }),
  (_, s) => ({
    path: "src/db.py",
    text: `engine = create_engine("mysql+pymysql://app:${s}@10.0.3.7/app")\n`,
  }),
  (_, s) => ({
    path: "worker.js",
    text: `const q = await connect('amqp://worker:${s}@mq1.prod.acme-corp.net');\n`,
  }),
  (_, s) => ({
    path: "config.yml",
    text: `cache:\n  url: redis://:${s}@cache-7.acme-corp.net:6379/1\n`,
  }),
  (_, s) => ({
    path: "docs/mirror.md",
    text: `git clone https://deploy:${s}@git.acme-corp.net/infra.git\n`,
  }),
  (_, s) => ({
    path: "app.json",
    text: `{"mongo": "mongodb+srv://api:${s}@c0.x1y2z.mongodb.net/app"}\n`,
  }),
  (_, s) => ({
    path: "pip.conf",
    text: `[global]\nindex-url = https://ci:${s}@pypi.acme-corp.net/simple\n`,
  }),
];
const CONNECTIONS: readonly Place[] = [
  (_, s) => ({
    path: "appsettings.json",
    text:
      `"Main": "Server=sql1.acme-corp.net;Database=Shop;User Id=shop;Password=${s};Encrypt=True"\n`,
  }),
  (_, s) => ({
    path: "Db.cs",
    text: `var c = new SqlConnection("Data Source=10.1.1.9;Initial Catalog=x;uid=svc;pwd=${s}");\n`,
  }),
  (_, s) => ({
    path: "db.properties",
    text: `jdbc.url=jdbc:postgresql://pg7.acme-corp.net/shop?user=app&password=${s}\n`,
  }),
  (_, s) => ({
    path: "store.go",
    text: `dsn := "host=pg7.acme-corp.net user=app password=${s} dbname=shop sslmode=require"\n`,
  }),
  (_, s) => ({
    path: "store2.go",
    text: `db, err := sql.Open("mysql", "shop:${s}@tcp(10.1.2.3:3306)/shop")\n`,
  }),
  (_, s) => ({
    path: "db.php",
    text: `<?php $db = new PDO('mysql:host=10.0.0.4;dbname=shop', 'shop', '${s}');\n`,
  }),
  (_, s) => ({
    path: "legacy.php",
    text: `<?php\n$link = mysqli_connect("10.0.0.4", "shop", "${s}", "shop");\n`,
  }),
  (_, s) => ({
    path: "Load.java",
    text: `Connection c = DriverManager.getConnection(url, "loader", "${s}");\n`,
  }),
];
const HEADERS: readonly Place[] = [
  (_, s) => ({
    path: "sync.sh",
    text: `curl -fsS -u deploy:${s} https://ci.acme-corp.net/build\n`,
  }),
  (_, s) => ({
    path: "api.http",
    text: `GET /v1/orders\nAuthorization: Basic ${base64(`svc:${s}`)}\n`,
  }),
  (_, s) => ({
    path: "client.py",
    text: `headers = {"Authorization": "Basic ${base64(`svc:${s}`)}"}\n`,
  }),
  (d) => ({ path: "call.sh", text: `curl -H "Authorization: Bearer ${machine(d)}" "$URL"\n` }),
  (d) => ({ path: "client.rb", text: `req["X-Api-Key"] = "${machine(d)}"\n` }),
  (d) => ({
    path: "client.ts",
    text: `const h = { 'Authorization': 'Bearer ${machine(d)}', accept: 'application/json' };\n`,
  }),
  (d) => ({ path: "har.json", text: `{"name": "x-auth-token", "value": "${machine(d)}"}\n` }),
];
const COMMANDS: readonly Place[] = [
  (_, s) => ({
    path: "backup.sh",
    text: `mysqldump -h db1 -u backup -p${s} shop | gzip > shop.gz\n`,
  }),
  (_, s) => ({ path: "push.sh", text: `sshpass -p '${s}' scp build.tgz ops@10.0.0.9:/srv\n` }),
  (_, s) => ({ path: "ci.sh", text: `docker login -u ci -p ${s} registry.acme-corp.net\n` }),
  (_, s) => ({ path: ".bash_history", text: `redis-cli -h cache1 -a ${s} info\nls -la\n` }),
  (_, s) => ({
    path: "export.sh",
    text: `openssl pkcs12 -in app.p12 -passin pass:${s} -nodes -out app.pem\n`,
  }),
  (_, s) => ({
    path: "users.sql",
    text: `CREATE USER 'shop'@'%' IDENTIFIED BY '${s}';\nFLUSH PRIVILEGES;\n`,
  }),
  (_, s) => ({ path: "roles.sql", text: `ALTER ROLE reporting WITH PASSWORD '${s}';\n` }),
  (_, s) => ({ path: "setup.sh", text: `echo "deploy:${s}" | chpasswd\n` }),
  (_, s) => ({
    path: "sync.ps1",
    text: `$p = ConvertTo-SecureString "${s}" -AsPlainText -Force\n`,
  }),
  (_, s) => ({ path: "run.sh", text: `./importer --user loader --password '${s}' --full\n` }),
];
const FILES: readonly Place[] = [
  (_, s) => ({ path: ".netrc", text: `machine git.acme-corp.net login deploy password ${s}\n` }),
  (_, s) => ({ path: ".pgpass", text: `pg7.acme-corp.net:5432:shop:app:${s}\n` }),
  (d) => ({ path: ".npmrc", text: `//npm.acme-corp.net/:_authToken=${machine(d)}\n` }),
  (_, s) => ({ path: ".pypirc", text: `[pypi]\nusername = acme\npassword = ${s}\n` }),
  (_, s) => ({
    path: "wp-config.php",
    text: `define( 'DB_NAME', 'wp' );\ndefine( 'DB_PASSWORD', '${s}' );\n`,
  }),
  (_, s) => ({
    path: ".docker/config.json",
    text: `{"auths":{"r.acme-corp.net":{"auth":"${base64(`ci:${s}`)}"}}}\n`,
  }),
  (_, s) => ({
    path: "settings.xml",
    text: `<server><id>n</id><username>ci</username><password>${s}</password></server>\n`,
  }),
  (_, s) => ({
    path: "hosts.ini",
    text: `web1 ansible_host=10.0.0.4 ansible_user=ops ansible_ssh_pass=${s}\n`,
  }),
  (d) => ({
    path: "config/secrets.yml",
    text: `production:\n  secret_key_base: ${d.text(HEX, 128)}\n`,
  }),
  (d) => ({ path: ".env.local", text: `APP_KEY=base64:${d.text(ALNUM + "+/", 43)}=\n` }),
  (d) => ({
    path: "mysite/settings.py",
    text: `SECRET_KEY = '${d.text("abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)", 50)}'\n`,
  }),
  (_, s) => ({
    path: "secret.yaml",
    text: `apiVersion: v1\nkind: Secret\ndata:\n  password: ${base64(s)}\n`,
  }),
];

const PLACES: Readonly<Record<string, readonly Place[]>> = {
  "url": URLS,
  "connection string": CONNECTIONS,
  "header": HEADERS,
  "command": COMMANDS,
  "credential file": FILES,
};

/** Every case that holds a secret. */
export function positives(dice: Dice): LabelledCase[] {
  const cases: LabelledCase[] = [];
  for (let i = 0; i < EACH; i++) {
    for (const [where, surroundings] of [["code", CODE], ["configuration", CONFIG]] as const) {
      const around = surroundings[i % surroundings.length]!;
      const key = machine(dice);
      const name = dice.pick(SECRET_NAMES);
      cases.push({
        family: `key of an unknown vendor in ${where}`,
        path: around.path,
        text: around.write(name, key, dice),
        secrets: [key],
      });
      const password = chosen(dice);
      cases.push({
        family: `password in ${where}`,
        path: around.path,
        text: around.write(dice.pick(PASSWORD_NAMES), password, dice),
        secrets: [password],
      });
    }
  }
  for (const [family, places] of Object.entries(PLACES)) {
    for (let i = 0; i < EACH; i++) {
      const secret = dice.text(ALNUM, 1) + chosen(dice).replace(/[@:/'"#%?*&!$^]/g, "_");
      cases.push({ family, ...places[i % places.length]!(dice, secret), secrets: ["*"] });
    }
  }
  cases.push(...keys(dice));
  return cases;
}

function keys(dice: Dice): LabelledCase[] {
  const cases: LabelledCase[] = [];
  for (let i = 0; i < 40; i++) {
    const body = dice.text(ALNUM + "+/", 1580);
    const der = (i % 2 === 0 ? "MIIEp" + "AIBAAKCAQEA" : "MIIEv" + "QIBADANBgkqhkiG9w0BAQEFAASC") +
      body;
    const lines = der.match(/.{1,64}/g)!;
    const label = i % 2 === 0 ? "RSA " : "";
    const frame = [
      `-----BEGIN ${label}PRIVATE` + " KEY-----",
      ...lines,
      `-----END ${label}PRIVATE` + " KEY-----",
    ];
    const written = [
      { path: "certs/server.key", text: frame.join("\n") + "\n" },
      { path: "app.json", text: JSON.stringify({ private_key: frame.join("\n") }) + "\n" },
      { path: "deploy.yml", text: `key: |\n${frame.map((line) => "  " + line).join("\n")}\n` },
      { path: "Keys.java", text: frame.map((line) => `  + "${line}\\n"`).join("\n") + ";\n" },
      { path: "gateway.env", text: `SIGNING_KEY=${der}\n` },
    ];
    cases.push({ family: "private key", ...written[i % written.length]!, secrets: ["*"] });
    const claims = base64(
      JSON.stringify({ uid: dice.between(100, 9999), scope: "admin", n: dice.text(DIGITS, 9) }),
    );
    const token = `${base64(JSON.stringify({ alg: "HS256", typ: "JWT" }))}.${claims}.${
      dice.text(ALNUM + "-_", 43)
    }`
      .replaceAll("=", "");
    cases.push({
      family: "web token",
      path: "src/api.js",
      text: `const t = "${token}";\n`,
      secrets: [token],
    });
    const id = "AK" + "IA" + dice.text(UPPER + "234567", 16);
    const key = dice.text(ALNUM + "+/", 40);
    cases.push({
      family: "vendor format",
      path: ".aws/credentials",
      text: `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${key}\n`,
      secrets: [id, key],
    });
    const slack = "xo" +
      `xb-${dice.text(DIGITS, 12)}-${dice.text(DIGITS, 13)}-${dice.text(ALNUM, 24)}`;
    cases.push({
      family: "vendor format",
      path: "bot.py",
      text: `client = WebClient("${slack}")\n`,
      secrets: [slack],
    });
    const stripe = "sk" + `_live_${dice.text(ALNUM, 24)}`;
    cases.push({
      family: "vendor format",
      path: "pay.rb",
      text: `Stripe.api_key = "${stripe}"\n`,
      secrets: [stripe],
    });
  }
  return cases;
}

const machine = (dice: Dice) => dice.pick(MACHINE_MADE)(dice);
const chosen = (dice: Dice) => dice.pick(CHOSEN)(dice);
