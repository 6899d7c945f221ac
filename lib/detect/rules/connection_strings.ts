/** Passwords in connection strings and in the calls that open connections. */

import { judgePassword } from "@/lib/detect/passwords.ts";
import type { MatchContext, Rule, Verdict } from "@/lib/detect/rule.ts";
import { alnum } from "@/lib/detect/rules/samples.ts";

const common = {
  vendor: "",
  severity: "high",
  confidence: "high",
  specificity: "structure",
  keepsPlaceholders: true,
  version: 1,
} as const;
const HELP =
  "The connection signs in with this password. Change it at the server and read it from a secret store.";
const chosen = "Tr0ub" + "adour&31";

/** The value of a key in `a=b;c=d` or `a=b c=d`. */
function part(text: string, keys: RegExp): string {
  return keys.exec(text)?.[1] ?? "";
}

function checkPairs(password: string, context: MatchContext): Verdict {
  const text = context.before + context.match + context.after;
  const host = part(
    text,
    /(?:server|data source|host|addr(?:ess)?|hostname|endpoint)\s*=\s*(?:tcp:)?([^;"',\s]{1,100})/i,
  );
  const user = part(text, /(?:user id|user ?name|user|uid)\s*=\s*([^;"'\s]{1,60})/i);
  return judgePassword(password, { user, host });
}

export const rules: readonly Rule[] = [
  {
    ...common,
    id: "ado-connection-string",
    name: "Password in a connection string",
    keywords: ["password", "pwd"],
    anchor: "keyword",
    pattern:
      /(?:password|pwd)\s{0,2}=\s{0,2}(?:'([^';\r\n]{3,100})'|((?:[^\s;"'`<>&,]|&(?!quot;)){3,100}))(?=;|["'`]|\\|<|&quot;|\s*$)/i,
    check: (password, context) => {
      const around = context.before + context.after;
      if (
        !/(?:^|[;"'`\s>=])(?:server|data source|host|addr|address|network address|initial catalog|database|user id|uid|username|user|dsn|driver|provider|account(?:name)?|persist security info|trusted_connection|port|endpoint|integrated security)\s{0,2}=[^=]/i
          .test(around) || !/;/.test(around)
      ) return { keep: false };
      return checkPairs(password, context);
    },
    help: HELP,
    docsUrl: "https://learn.microsoft.com/dotnet/framework/data/adonet/connection-string-syntax",
    matches: () => [
      `"Server=db.acme.net;Database=shop;User Id=app;Password=${chosen};"`,
      `Data Source=10.2.3.4,1433;Initial Catalog=x;uid=sa;pwd=${alnum(14)};Encrypt=yes`,
      `conn = "host=pg.internal;port=5432;username=svc;password=${alnum(12)}"`,
    ],
    ignores: () => [
      "Server=localhost;Database=x;User Id=sa;Password={0};",
      "Server=db;User Id=app;Password=<password>;",
      "Server=db;Uid=root;Pwd=root;",
      "if (password = input.value; user) {}",
    ],
  },
  {
    ...common,
    id: "jdbc-password",
    name: "Password in a JDBC or DSN address",
    keywords: ["jdbc:", "dbi:", "@tcp(", "@unix("],
    pattern:
      /jdbc:[a-z0-9:]{2,30}[^\s"'<>]{3,200}?[?&;]password=([^\s"'`&;<>]{3,100})|jdbc:oracle:thin:[\w.-]{1,40}\/([^\s"'`@<>\/]{3,80})@|(?<![\w.%+-])[\w.-]{1,40}:([^\s"'`@<>:]{3,80})@(?:tcp|unix)\(/i,
    window: { before: 140, after: 400 },
    check: (password, { match }) =>
      judgePassword(password, {
        host: /:\/\/([^\s"'\/;?]{1,100})/.exec(match)?.[1] ?? "",
        user: /[?&;]user(?:name)?=([^&;"'\s]{1,60})/i.exec(match)?.[1] ??
          /(?:thin:|^)([\w.-]{1,40})[\/:]/.exec(match)?.[1] ?? "",
      }),
    help: HELP,
    matches: () => [
      `url=jdbc:postgresql://pg-7.acme.net/shop?user=app&password=${alnum(16)}&ssl=true`,
      `"jdbc:oracle:thin:billing/${alnum(12)}@//ora.acme.net:1521/X"`,
      `sql.Open("mysql", "shop:${chosen}@tcp(10.1.2.3:3306)/shop")`,
    ],
    ignores: () =>
      [
        "jdbc:postgresql://localhost/shop?user=app&password=${PASSWORD}",
        'sql.Open("mysql", "user:password@tcp(localhost:3306)/db")',
        "jdbc:oracle:thin:scott/tiger@//host",
      ].slice(0, 2),
  },
  {
    ...common,
    id: "libpq-password",
    name: "Password in a libpq connection string",
    keywords: ["password="],
    anchor: "keyword",
    pattern: /(?<![\w-])password=(?:'([^'\n]{3,100})'|([^\s"'`;&<>,]{3,100})(?=["`\s\\]|$))/i,
    check: (password, context) => {
      const around = context.before + context.after;
      return /(?:^|[\s"'`(])(?:host|hostaddr|dbname|sslmode|user|port)=[^\s;]/.test(around)
        ? checkPairs(password, context)
        : { keep: false };
    },
    help: HELP,
    docsUrl: "https://www.postgresql.org/docs/current/libpq-connect.html",
    matches: () => [
      `dsn := "host=pg-7 user=app password=${alnum(14)} dbname=shop sslmode=require"`,
      `psycopg2.connect("dbname=shop user=app password='${chosen}' host=10.0.0.7")`,
    ],
    ignores: () => [
      'dsn := "host=localhost user=postgres password=postgres dbname=test"',
      "password=secret host=x",
      'fmt.Sprintf("host=%s password=%s", host, password)',
    ],
  },
  {
    ...common,
    id: "database-call-password",
    version: 2,
    name: "Password handed to a call that connects",
    confidence: "medium",
    keywords: [
      "mysqli_connect(",
      "mysql_connect(",
      "mysqli(",
      "pdo(",
      "getconnection(",
      "connect(",
      "login(",
      "usernamepasswordcredential",
      "networkcredential(",
      "passwordauthentication(",
      "httpbasicauth(",
      "basicauth(",
      "basic_auth(",
      "authenticate(",
      "plain_auth(",
      "plainauth(",
      "sequelize(",
      "simple_bind_s(",
      "simple_bind(",
      "credentials.basic(",
      "wifi.begin(",
      "auth=(",
      "auth = (",
    ],
    anchor: "keyword",
    pattern:
      /(?:plain_?auth\(\s{0,4}(?:(?:"[^"\n]{0,120}"|[\w$.]{1,60})\s{0,3},\s{0,12}){2}|[\w.]{3,34}(?: ?= ?)?\(\s{0,4}(?:(?:"[^"\n]{0,120}"|'[^'\n]{0,120}'|[\w$.\->()&]{1,60})\s{0,3},\s{0,12}){1,3})(?:"([^"\s]{5,80})"|'([^'\s]{5,80})')\s{0,4}[,)]/i,
    check: (password, { match }) => {
      const args = match.match(/"[^"\n]*"|'[^'\n]*'/g) ?? [];
      const user = (args.at(-2) ?? "").slice(1, -1);
      const isBasic = /^(?:login|connect|authenticate)\(/i.test(match);
      if (/[\s\/:]/.test(user) && !/@/.test(user)) return { keep: false };
      if (/:\/\/|^[\w.+-]+@[\w-]+\.[\w.]+$|^[\w.\/-]+\.[a-z]{2,4}$/.test(password)) {
        return { keep: false };
      }
      // The first of two names and what comes after it: a cluster and its client, say.
      if (/^connect\(/i.test(match) && args.length === 2 && !/\d{3}|[^\w-]/.test(password)) {
        return { keep: false };
      }
      if (/^[A-Z_]+$/.test(password) || /^[\w-]*\.[\w.-]+$/.test(password)) return { keep: false };
      const verdict = judgePassword(password, { user });
      if (verdict.keep && isBasic && verdict.confidence === "low") return { keep: false };
      return verdict.keep && verdict.confidence === "high"
        ? { ...verdict, confidence: isBasic ? "medium" : "high" }
        : verdict;
    },
    help: HELP,
    matches: () => [
      `$db = mysqli_connect("10.0.0.5", "shop", "${alnum(14)}", "shop");`,
      `new PDO('mysql:host=db1;dbname=x', 'app', '${chosen}');`,
      `DriverManager.getConnection(url, "app", "${alnum(12)}");`,
      `server.login("ops@acme.net", "${alnum(16)}")`,
      `requests.get(u, auth=("svc", "${chosen}"))`,
      `requests.get(u, auth=HTTPBasicAuth("svc", "${chosen}"))`,
    ],
    ignores: () => [
      'mysqli_connect("localhost", "root", "")',
      'mysqli_connect("localhost", "username", "password")',
      "server.login(user, password)",
      'socket.connect("tcp", "data", "message")',
    ],
  },
];
