/** Passwords typed into commands: scripts, CI files, histories and documentation hold them. */

import { judgePassword } from "@/lib/detect/passwords.ts";
import type { MatchContext, Rule, Verdict } from "@/lib/detect/rule.ts";
import { alnum, base64url } from "@/lib/detect/rules/samples.ts";
import { likenessOf, rejectedBy } from "@/lib/detect/values.ts";

const common = {
  vendor: "",
  severity: "high",
  confidence: "high",
  specificity: "structure",
  keepsPlaceholders: true,
  anchor: "keyword",
  version: 1,
} as const;
const HELP =
  "The command carries its password in clear, for every reader of the file and of the process list. Change it and hand it over by a file or the environment.";
const chosen = "Tr0ub" + "adour-31";
/** A value on a command line: quoted, or up to the next blank. */
const VALUE = String.raw`(?:"([^"\n]{3,100})"|'([^'\n]{3,100})'|([^\s"'\x60|;&<>()]{3,100}))`;
const source = (text: string) => new RegExp(text, "i");

function check(password: string, { match }: MatchContext): Verdict {
  if (/^(?:-|\$|\\|%[A-Z_]+%?$)/.test(password)) return { keep: false };
  const user = /(?:-u|--user(?:name)?|-U|-login|\s-l)[ =]?["']?([\w.@-]{2,40})/.exec(match)?.[1] ??
    "";
  return judgePassword(password, { user });
}

/** A flag needs a better reason than a command that has no other use for it. */
function checkFlag(value: string, context: MatchContext): Verdict {
  if (/^\w+=(?:True|False|None)$|^[a-z]+(?:\.[\w-]+)+=/.test(value)) return { keep: false };
  if (rejectedBy({ name: "password", value, quoted: false }) !== null) return { keep: false };
  const likeness = likenessOf(value);
  if (likeness === "random") {
    return { keep: true, confidence: value.length >= 14 ? "high" : "medium" };
  }
  if (!/^--?pass/i.test(context.match) || likeness !== "chosen") return { keep: false };
  return { keep: true, confidence: "medium", reason: "a password as people choose them" };
}

export const rules: readonly Rule[] = [
  {
    ...common,
    id: "database-client-password",
    name: "Password for a database client",
    keywords: [
      "mysql",
      "mariadb",
      "mongo",
      "redis-cli",
      "sqlcmd",
      "psql",
      "clickhouse-client",
      "cqlsh",
    ],
    pattern: source(
      String
        .raw`(?:(?:mysql(?:dump|admin|import|check|show)?|mariadb(?:-dump|-admin)?)\b[^\n|;]{0,200}?\s-p(?=[^\s])|mongo(?:sh|dump|restore|export|import|stat)?\b[^\n|;]{0,200}?\s-p[ =]?|redis-cli\b[^\n|;]{0,120}?\s-a\s{1,3}|sqlcmd\b[^\n|;]{0,200}?\s-P\s{0,3}|cqlsh\b[^\n|;]{0,120}?\s-p\s{1,3}|clickhouse-client\b[^\n|;]{0,120}?--password[ =])${VALUE}`,
    ),
    check,
    help: HELP,
    matches: () => [
      `mysqldump -h db1 -u backup -p${alnum(14)} shop > shop.sql`,
      `redis-cli -h cache.acme.net -a ${alnum(20)} flushall`,
      `mongodump --host m1 -u ops -p '${chosen}'`,
    ],
    ignores: () => [
      "mysql -u root -p shop < dump.sql",
      'mysql -u root -p"$MYSQL_ROOT_PASSWORD"',
      "mysql -uroot -proot",
      "redis-cli -a $REDIS_PASSWORD",
    ],
  },
  {
    ...common,
    id: "command-password",
    version: 2,
    name: "Password typed into a command",
    keywords: [
      "sshpass",
      "docker login",
      "podman login",
      "helm registry login",
      "az login",
      "ldapsearch",
      "ldapmodify",
      "ldapadd",
      "smbclient",
      "net use",
      "net user",
      "lftp",
      "unzip ",
      "7z ",
      "zip ",
      "htpasswd",
      "rabbitmqctl",
      "keytool",
      "jarsigner",
      "openssl",
      "cf login",
      "oc login",
      "xfreerdp",
      "plink",
      "pscp",
      "psexec",
      "wget ",
      "snmpwalk",
      "ansible",
      "gpg ",
      "x11vnc",
      "nmcli",
      "redis-server",
    ],
    pattern: source(
      String
        .raw`(?:sshpass\s{1,3}-p\s{0,3}|(?:docker|podman|helm registry|az|cf|oc)\s{1,3}login\b[^\n|;]{0,200}?\s(?:-p|--password)[ =]{1,3}|ldap(?:search|modify|add)\b[^\n|;]{0,200}?\s-w\s{1,3}|smbclient\b[^\n|;]{0,120}?\s-U\s{0,3}["']?[\w.\\-]{1,40}%|net use\s[^\n]{0,120}?\s\/user:\S{1,60}\s|net user\s{1,3}[\w.-]{1,40}\s{1,3}|lftp\b[^\n|;]{0,120}?\s-u\s{1,3}["']?[\w.@-]{1,60},|(?:un)?zip\s[^\n|;]{0,80}?-P\s{1,3}|7z\s[^\n|;]{0,80}?\s-p|htpasswd\s[^\n|;]{0,20}-\w?b\w?\s{1,3}\S{1,80}\s{1,3}[\w.@-]{1,40}\s{1,3}|rabbitmqctl\s[^\n|;]{0,40}?(?:add_user|change_password)\s{1,3}[\w.-]{1,40}\s{1,3}|(?:keytool|jarsigner)\b[^\n|;]{0,250}?-(?:store|key)pass(?:\s{1,3}|[ =]pass:)|openssl\b[^\n|;]{0,250}?-(?:passin|passout|password|pass)\s{1,3}["']?pass:|xfreerdp\b[^\n|;]{0,120}?\/p:|(?:plink|pscp)\b[^\n|;]{0,80}?\s-pw\s{1,3}|psexec\b[^\n|;]{0,120}?\s-p\s{1,3}|wget\s[^\n|;]{0,200}?--(?:http-|ftp-)?password[ =]|gpg\s[^\n|;]{0,120}?--passphrase[ =]|x11vnc\b[^\n|;]{0,120}?\s-passwd\s{1,3}|nmcli\b[^\n|;]{0,120}?\spassword\s{1,3}|redis-server\b[^\n|;]{0,120}?\s--(?:requirepass|masterauth)\s{1,3})${VALUE}`,
    ),
    check,
    help: HELP,
    matches: () => [
      `sshpass -p '${chosen}' ssh root@10.0.0.9`,
      `docker login -u deploy -p ${alnum(20)} registry.acme.net`,
      `openssl pkcs12 -in a.p12 -passin pass:${alnum(12)} -nodes`,
      `keytool -importkeystore -storepass ${alnum(12)} -keystore a.jks`,
    ],
    ignores: () => [
      "sshpass -p $PASS ssh host",
      'docker login -u "$USER" -p "$PASSWORD"',
      "docker login -u user -p password",
      "keytool -storepass changeit -keystore cacerts",
      "openssl rsa -passin pass:${PASS}",
    ],
  },
  {
    ...common,
    id: "password-option",
    version: 2,
    name: "Password or token as an option of a command",
    confidence: "medium",
    specificity: "generic",
    keywords: [
      "--pass",
      "--token",
      "--secret",
      "--api-key",
      "--apikey",
      "--access-key",
      "--auth-token",
      "--client-secret",
      "-passphrase",
      "-token",
      "-password",
    ],
    pattern: source(
      String
        .raw`(?<![\w-])--?(?:pass(?:word|wd|phrase)?|token|secret(?:-key)?|api-?key|access-key|auth-token|client-secret)(?:[ =]{1,2}|["'],\s{0,3})${VALUE}(?=["'\s\\\x60\],)]|$)`,
    ),
    check: checkFlag,
    help: HELP,
    matches: () => [
      `deployctl push --token ${base64url(32)} --prod`,
      `backup --user=ops --password='${chosen}'`,
      `["--api-key", "${alnum(28)}"]`,
    ],
    ignores: () => [
      "deployctl push --token $TOKEN",
      "cmd --password <password>",
      "cmd --password-stdin",
      "--token=YOUR_TOKEN",
      "use --secret to name the secret",
      `Cookie: XSRF-TOKEN=${alnum(32)}`,
    ],
  },
  {
    ...common,
    id: "piped-password",
    name: "Password piped into a command",
    keywords: ["echo ", "printf "],
    pattern:
      /(?:echo|printf)\s{1,3}(?:-[ne]\s{1,3})?(?:"([^"\n$]{4,80})"|'([^'\n]{4,80})'|([^\s"'$|;&]{4,80}))\s{0,3}\|\s{0,3}(?:sudo\s(?:-\w\s)?-S|(?:sudo\s{1,3})?chpasswd|(?:sudo\s{1,3})?passwd\s[^\n]{0,20}--stdin|docker login[^\n]{0,120}--password-stdin|gh auth login[^\n]{0,40}--with-token|vncpasswd|gpg [^\n]{0,80}--passphrase-fd|cryptsetup)/i,
    check: (value) => judgePassword(value.replace(/^[\w.-]{1,32}:/, "").replace(/\\n$/, "")),
    help: HELP,
    matches: () => [
      `echo "deploy:${chosen}" | chpasswd`,
      `echo '${alnum(14)}' | sudo -S reboot`,
      `echo ${alnum(24)} | docker login --username ci --password-stdin r.acme.net`,
    ],
    ignores: () => [
      'echo "$PASSWORD" | sudo -S ls',
      'echo "root:root" | chpasswd',
      "echo password | sudo -S ls",
      'echo "done" | tee log',
    ],
  },
  {
    ...common,
    id: "powershell-secure-string",
    name: "Password made a secure string",
    keywords: ["convertto-securestring"],
    pattern:
      /ConvertTo-SecureString\s{1,3}(?:-String\s{1,3})?(?:"([^"\n]{3,100})"|'([^'\n]{3,100})')[^\n]{0,60}-AsPlainText/i,
    check,
    help: HELP,
    matches: () => [`$p = ConvertTo-SecureString "${chosen}" -AsPlainText -Force`],
    ignores: () => [
      "ConvertTo-SecureString $env:PASS -AsPlainText -Force",
      'ConvertTo-SecureString "<password>" -AsPlainText -Force',
    ],
  },
  {
    ...common,
    id: "sql-password",
    name: "Password in an SQL statement",
    keywords: [
      "identified by",
      "identified with",
      "with password",
      "password '",
      "password('",
      "password=n'",
      "password = n'",
      "password = '",
    ],
    pattern:
      /(?:identified (?:with [\w']{1,40} )?by(?: password)?\s{1,4}(?:values\s{1,3})?|(?:with )?(?:encrypted )?password\s{0,3}[=(]?\s{0,3}N?)(?:'([^'\n]{3,100})'|"([^"\n]{3,100})")/i,
    check: (password, context) => {
      const sql =
        /\b(?:create|alter|grant|set|identified)\b[^\n]*\b(?:user|role|login|password|all|by|privileges)\b/i;
      if (!sql.test(context.before + context.match) && !sql.test(context.above)) {
        return { keep: false };
      }
      if (/^\*?[0-9A-F]{40}$|^md5[0-9a-f]{32}$|^SCRAM-/i.test(password)) return { keep: false };
      return judgePassword(password, {
        user: /\b(?:user|role|login)\s{1,3}(?:if not exists\s{1,3})?['"\x60[]?([\w.-]{1,40})/i.exec(
          context.before + context.match,
        )?.[1] ?? "",
      });
    },
    help: "A database account is made with this password. Change it at the server.",
    matches: () => [
      `CREATE USER 'shop'@'%' IDENTIFIED BY '${chosen}';`,
      `ALTER ROLE app WITH PASSWORD '${alnum(14)}';`,
      `CREATE LOGIN svc WITH PASSWORD = N'${chosen}';`,
    ],
    ignores: () => [
      "CREATE USER 'shop'@'%' IDENTIFIED BY 'password';",
      "ALTER ROLE app WITH PASSWORD :'pw';",
      "CREATE USER app WITH PASSWORD 'app';",
      "CREATE USER x IDENTIFIED BY '${DB_PASSWORD}'",
    ],
  },
];
