/** Passwords in URLs: `scheme://user:password@host`. */

import { nameKind } from "@/lib/detect/names.ts";
import { judgePassword } from "@/lib/detect/passwords.ts";
import type { MatchContext, Rule, Verdict } from "@/lib/detect/rule.ts";
import { alnum, hex } from "@/lib/detect/rules/samples.ts";
import { likenessOf, rejectedBy } from "@/lib/detect/values.ts";

const SCHEMES_OF_DATA =
  /^(?:postgres(?:ql)?|mysqlx?|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|oracle|cockroach(?:db)?|clickhouse|cassandra|couchbase|couchdb|neo4j|bolt|nats|kafka|ldaps?|smtps?|imaps?|ftps?|sftp|ssh|jdbc|db2|snowflake|elasticsearch|influxdb|memcached|mqtts?|stomp|trino|presto|hive|vertica)/i;

/** `://user:password@host`; the password may hold an unescaped `@`, as people write them. */
const WHOLE =
  /:\/\/([^\s"'`<>\/@:\\|^]{0,80}):((?:[^\s"'`<>\/\\@]|@(?=[^\s"'`<>\/\\]{1,80}@)){3,160})@([\w.\-:\[\]$%{}(]{1,120})/;

function check(password: string, context: MatchContext): Verdict {
  const scheme = /([A-Za-z][A-Za-z0-9+.\-]{0,30})$/.exec(context.lead ?? "")?.[1] ?? "";
  const [, user, , host] = WHOLE.exec(context.match) ?? [];
  if (scheme === "" || user === undefined || host === undefined) return { keep: false };
  // `http://host:8080,name@…` and `http://a:1/…` hold a port, not a password.
  if (/^\d{1,5}(?:[,;?#&|)]|$)/.test(password) && !SCHEMES_OF_DATA.test(scheme)) {
    return { keep: false };
  }
  if (/[$%{<(\[]/.test(user) && !/%[0-9a-f]{2}/i.test(user)) {
    if (/^(?:\$|\{|<|%[sd(])/.test(password)) return { keep: false };
  }
  return judgePassword(decoded(password), { user, host });
}

/** Whether the address that a line holds is signed for a while, or an invitation. */
export function isMadeToPassOn(before: string): boolean {
  return /[?&;](?:e|expires?)=\d{10}\b|\/\/qm\.qq\.com\//i.test(before);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // Not percent-encoded: taken as it stands.
  }
}

function checkQuery(value: string, context: MatchContext): Verdict {
  const name = (/[\w.-]*$/.exec(context.lead ?? "")?.[0] ?? "") +
    /^[\w.-]*/.exec(context.match)![0];
  if (!/(?:[?&]|&amp;)[\w.-]*$/.test(context.lead ?? "")) return { keep: false };
  if (isMadeToPassOn(context.before)) return { keep: false };
  const kind = nameKind(name);
  const plain = decoded(value);
  if (kind === null || rejectedBy({ name, value: plain, quoted: true }) !== null) {
    return { keep: false };
  }
  const likeness = likenessOf(plain);
  if (likeness === "random") return { keep: true, reason: "a random value" };
  return kind === "password" && likeness === "chosen"
    ? { keep: true, reason: "a password as people choose them" }
    : { keep: false };
}

export const rules: readonly Rule[] = [
  {
    id: "url-query-secret",
    name: "Secret in the query of a URL",
    vendor: "",
    keywords: ["pass", "pwd=", "token=", "key=", "secret=", "auth="],
    anchor: "keyword",
    pattern:
      /(?<=[?&;][\w.-]{0,6})(?:pass(?:w(?:or)?d|phrase)?|pwd|token|key|secret|auth)=([^\s"'`&<>#;{}$\\]{6,200})(?=[&"'`\s<#;\\)]|$)/i,
    severity: "high",
    confidence: "medium",
    specificity: "structure",
    keepsPlaceholders: true,
    check: checkQuery,
    help:
      "Addresses end up in logs and histories, this value with them. Revoke it and send it in a header.",
    version: 2,
    matches: () => [
      `fetch("https://api.acme.net/v1/orders?page=2&api_key=${alnum(28)}")`,
      `url = 'https://sms.acme.net/send?user=ops&password=${"W1nter" + "2023x"}&to=1'`,
      `https://hooks.acme.net/in?token=${hex(40)}\n`,
    ],
    ignores: () => [
      "https://api.acme.net/v1?api_key=YOUR_API_KEY",
      "https://api.acme.net/v1?token={token}&page=1",
      `https://api.acme.net/list?page_token=${alnum(20)}`,
      "https://api.acme.net/v1?sort_key=created_at&x=1",
    ],
  },
  {
    id: "url-password",
    name: "Password in a URL",
    vendor: "",
    keywords: ["://"],
    pattern: new RegExp(WHOLE.source.replace("([^", "(?:[^").replace("@([", "@(?:[")),
    anchor: "keyword",
    severity: "high",
    confidence: "medium",
    specificity: "structure",
    keepsPlaceholders: true,
    check,
    help:
      "Whoever reads this address can sign in with it. Change the password at the server it names and keep it out of the address.",
    version: 1,
    matches: () => [
      `DATABASE_URL=postgres://shop:${alnum(16)}@db.shop.internal:5432/shop`,
      `"https://deploy:${hex(24)}@git.acme-corp.net/app.git"`,
      `redis://:${alnum(20, 4)}@cache-01.prod:6379/0`,
      "amqp://worker:" + "W1nter" + "-2023!@mq.prod.acme.net/vhost",
      `mongodb+srv://api:p@${alnum(9, 7)}@cluster0.ab1cd.mongodb.net`,
    ],
    ignores: () => [
      "postgres://user:password@localhost/db",
      "https://${USER}:${PASS}@host/path",
      "http://localhost:3000/users/@me",
      "https://example.com:8080/a@b",
      "postgres://postgres:postgres@db:5432/app",
      "https://<user>:<token>@github.com",
      "ftp://user:***@host",
      "mysql://admin:@localhost",
      "https://cdn.test.com/npm/vue@3.2.1/dist/x.js:12@y",
    ],
  },
];
