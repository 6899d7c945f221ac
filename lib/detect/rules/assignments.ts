/** Values assigned to a name that promises a secret, in the ways of many languages and formats. */

import { textFromBase64 } from "@/lib/detect/checks/base64.ts";
import { randomness } from "@/lib/detect/language.ts";
import { type NameKind, nameKind } from "@/lib/detect/names.ts";
import { judgePassword } from "@/lib/detect/passwords.ts";
import { pathKindOf } from "@/lib/detect/path_kind.ts";
import type { Confidence, MatchContext, Rule, Verdict } from "@/lib/detect/rule.ts";
import { alnum, base64url, hex } from "@/lib/detect/rules/samples.ts";
import { isMadeToPassOn } from "@/lib/detect/rules/urls.ts";
import { isPassphrase } from "@/lib/detect/stand_ins.ts";
import { likenessOf, rejectedBy } from "@/lib/detect/values.ts";

const PASSWORD_WORDS = ["pass", "pwd", "senha", "contrase", "kennwort", "_pw"];
const SECRET_WORDS = ["secret", "token", "key", "auth", "cred", "bearer", "pepper"];

/** What may close a name: a quote, a bracket, an array length, a call that reads it. */
const CLOSE = String.raw`(?:\\?["'\x60])?(?:\[\w{0,8}\])?[\])]{0,2}`;
/** A type between the name and the value: \`: string\`, \`As String\`, \`*string\`. */
const TYPE = String
  .raw`(?:[ \t]{0,2}:[ \t]{0,2}[A-Za-z&*?\[\]<>'| ]{2,28}(?==)|[ \t](?:As[ \t])?\*?[Ss]tring(?=[ \t]*=))?`;
/** What stands between name and value on one line, or with one line break after it. */
const OPERATOR = String
  .raw`\s{0,3}(?:=>|:=|\|\|=?|\?\?=?|\?:|\bor\b|\bis\b:?|[!=]={1,2}|[=:,({]|->|\.(?:type|fill|sendKeys|send_keys|setValue|set|val)\()\s{0,2}(?:\r?\n[ \t]{0,40})?[ \t]{0,40}`;
/** Name and value as two members of one thing: \`name: X, value: "y"\`. */
const MEMBER = String
  .raw`[\s:,;>{]{1,40}(?:(?:type|noecho)[ \t]{0,9}[=:][ \t]{0,3}["']?(?:string|true)["']?[\s,;]{1,20}){0,2}(?:description[ \t]{0,9}[=:][ \t]{0,3}(?:"[^"\n]{0,80}"|[^"\n]{1,80}(?=\n))[\s,;]{1,20})?\\?["']?(?:android:)?(?:value|default|defaultValue|content)\\?["']?[ \t]{0,9}[:=][ \t]{0,3}`;
const WRAPPER = String
  .raw`(?:[A-Za-z_$][\w.$]{0,40}(?:[\[(]["']?\w{0,40}["']?[\])])?[ \t]{1,2}(?:\|\||\?\?|\?:|or)[ \t]{1,2})?(?:[A-Za-z][\w.:]{0,30}\([ \t]{0,2})?[bBrRuUfFLN@$]{0,2}`;
const QUOTED = String
  .raw`(?:"((?:[^"\\\r\n]|\\.){4,160})"|'((?:[^'\\\r\n]|\\.){4,160})'|\x60([^\x60\\\r\n]{4,160})\x60|\\"([^"\\\r\n]{4,160})\\"|\\'([^'\\\r\n]{4,160})\\')`;
const ELEMENT = String
  .raw`["']?>(?:\s{0,40}<(?:string|value)>)?([^<>\r\n]{4,160})<\/|<\/(?:key|name)>\s{0,20}<(?:string|value)>([^<>\r\n]{4,160})<\/`;
const BARE = String
  .raw`(?:[ \t]{0,40}(?::=|[=:]|:[ \t]{1,3}[|>][-+]?[ \t]{0,3}\r?\n|\||is(?=:?[ \t]):?)[ \t]{0,40}|(?<=(?:^|\n)[ \t]{0,8}ENV[ \t]{1,4}\w{1,60})[ \t]{1,8}|${MEMBER})([^\s"'\x60&<>(){}\[\],;$%*\\](?:[^\s"'\x60&<>,;\\]|[,;](?![\w. -]{1,40}=)|\\(?![nrt])){2,158}[^\s"'\x60&<>,;)}\]\\])(?=[,;)}\]]{0,4}(?:[\s"'\x60&<\\]|$)|[,;][\w. -]{1,40}=)`;

/** How the four rules are told apart. */
interface Shape {
  id: string;
  name: string;
  kind: "password" | "secret";
  quoted: boolean;
}

/** The rules; `without` leaves filters out, so that the bench can show what each one does. */
export function assignmentRules(without?: ReadonlySet<string>): Rule[] {
  const shapes: Shape[] = [
    {
      id: "password-assignment",
      name: "Password in an assignment",
      kind: "password",
      quoted: true,
    },
    { id: "secret-assignment", name: "Secret in an assignment", kind: "secret", quoted: true },
    { id: "password-setting", name: "Password in a setting", kind: "password", quoted: false },
    { id: "secret-setting", name: "Secret in a setting", kind: "secret", quoted: false },
  ];
  return shapes.map((shape) => ruleOf(shape, without));
}

function ruleOf(shape: Shape, without?: ReadonlySet<string>): Rule {
  const keywords = shape.kind === "password" ? PASSWORD_WORDS : SECRET_WORDS;
  const head = String.raw`(?:${keywords.join("|")})[\w$.-]{0,40}`;
  const pattern = shape.quoted
    ? `${head}(?:${CLOSE}${TYPE}(?:${MEMBER}|${OPERATOR}|[ \\t]{1,12})${WRAPPER}${QUOTED}|${ELEMENT})`
    : `${head}["']?\\]?${BARE}`;
  return {
    id: shape.id,
    name: shape.name,
    vendor: "",
    keywords,
    pattern: new RegExp(pattern, "i"),
    anchor: "keyword",
    severity: "high",
    confidence: "medium",
    specificity: "generic",
    keepsPlaceholders: true,
    check: (value, context) => assess(shape, value, context, without),
    paths: (path, confidence) => speaksFor(shape, path, confidence),
    help: shape.kind === "password"
      ? "A password stands in clear. Change it where it is used and read it from a secret store instead."
      : "A key or token stands in clear. Revoke it where it was issued and read it from a secret store instead.",
    version: 2,
    ...examples(shape),
  };
}

function assess(
  shape: Shape,
  written: string,
  context: MatchContext,
  without?: ReadonlySet<string>,
): Verdict {
  const place = placeOf(written, context);
  if (place === null || kindOf(place, context) !== shape.kind) return { keep: false };
  if (!assigns(place, context)) return { keep: false };
  if (/[?&;][\w.-]*$/.test(lineOf(context)) && isMadeToPassOn(context.before)) {
    return { keep: false };
  }
  // What frameworks put before a value says how it is kept, not that it is none.
  const value = written.replace(/^(?:\{noop\}|django-insecure-)/, "");
  const one = { name: place.name, value, quoted: shape.quoted };
  if (rejectedBy(one, without) !== null) return { keep: false };
  const inner = wrappedText(value);
  if (inner !== null && without?.has("wrapped") !== true) {
    if (rejectedBy({ ...one, value: inner }, without) !== null) return { keep: false };
    if (judgePassword(inner.replace(/^[^:]{1,40}:/, "")).keep === false) return { keep: false };
  }
  const likeness = likenessOf(inner ?? value);
  if (
    shape.kind === "password" && isPassphrase(value) && !context.after.startsWith(" ") &&
    !/^\s*,/.test(place.operator)
  ) {
    return { keep: true, confidence: "low", severity: "medium", reason: "words of a passphrase" };
  }
  if (likeness === "words") return { keep: false };
  // Beside its name in a table stands what is said about it, mostly.
  if (/^[ \t]*\|[ \t]*$/.test(place.operator) && (likeness !== "random" || value.length < 16)) {
    return { keep: false };
  }
  if (likeness === "random") {
    if (
      shape.kind === "password" &&
      /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$/i.test(value)
    ) {
      return { keep: true, confidence: "medium", reason: "may be the hash of a password" };
    }
    return {
      keep: true,
      // Long words of other languages are unlike those that the model knows.
      confidence: value.length >= (/\d/.test(value) ? 16 : 24) ? "high" : "medium",
      reason: "a random value",
    };
  }
  // A word with more behind it on its line is the beginning of an expression.
  if (likeness === "weak" && !shape.quoted && /^\s+[^\s#;\\]/.test(context.after)) {
    return { keep: false };
  }
  if (likeness === "weak" && /^\s*(?:#|\/\/|\*|--|;|<!--)/.test(lineOf(context))) {
    return { keep: false };
  }
  if (shape.kind === "secret" && SIGNING_NAME.test(place.name) && value.length >= 16) {
    return place.operator.includes(",") ? { keep: false } : {
      keep: true,
      confidence: "low",
      severity: "medium",
      reason: "a key that a person made up",
    };
  }
  if (likeness === "phrase") return { keep: false };
  if (shape.kind === "secret") {
    if (likeness === "weak" || value.length < 10 || randomness(value) < 0.5) return { keep: false };
    return { keep: true, confidence: "low", severity: "medium", reason: "a value unlike words" };
  }
  return likeness === "chosen"
    ? { keep: true, confidence: "medium", reason: "a password as people choose them" }
    : { keep: true, confidence: "low", severity: "medium", reason: "a weak password" };
}

/** Names of keys that people make up themselves, for lack of anybody who issues them. */
const SIGNING_NAME =
  /(?:^|[._-])(?:(?:jwt|session|cookie|app|flask|django|auth|token|master|signing|encryption)[._-]?)?(?:secret(?:[._-]?key)?|signing[._-]?key|encryption[._-]?key)$|(?:jwt|session|cookie)Secret(?:Key)?$/i;

/** What the name promises; `key` alone promises as much as the section that it stands in. */
function kindOf({ name }: Place, { lead = "" }: MatchContext): NameKind {
  const kind = nameKind(name);
  if (kind !== null || !/^[Kk]ey$/.test(name)) return kind;
  return SIGNING_SECTION.test(lead) ? "secret" : null;
}

const SIGNING_SECTION =
  /(?:jwt\w{0,12}|tokens?|auth\w{0,12}|secrets?|encryption|aes|security)["']?[ \t]*[:=][ \t]*\{[^{}]*$/i;

/** The text inside base64 of printable text, or null. */
function wrappedText(value: string): string | null {
  if (value.length % 4 !== 0 || !/^[A-Za-z0-9+/]{4,}={0,2}$/.test(value)) return null;
  const text = textFromBase64(value)?.trim() ?? "";
  return text.length >= 3 && /^[\x20-\x7e\r\n\t]+$/.test(text) ? text : null;
}

/** What stands around a value: its whole name, and how the two are joined. */
interface Place {
  name: string;
  operator: string;
  nameIsQuoted: boolean;
}

/** Null when the name is only the end of some other text. */
function placeOf(value: string, context: MatchContext): Place | null {
  const lead = context.lead ?? "";
  const head = context.match.slice(0, context.match.lastIndexOf(value));
  const end = /^[\w$.-]*/.exec(head)![0];
  const rest = head.slice(end.length);
  const closed = /^\\?(["'\x60])/.exec(rest)?.[1];
  let start: string;
  if (closed === undefined) {
    start = tailOf(lead);
  } else {
    const opened = /(["'\x60])([\w$.\-:/# ]*)$/.exec(lead);
    if (opened?.[1] !== closed) return null;
    start = opened[2]!;
  }
  const name = (start + end).replace(
    /\.(?:equals|Equals|eq|compareTo|isEqualTo|default|get|fetch)$/,
    "",
  );
  const operator = rest.replace(/[bBrRuUfFLN@$]{0,2}\\?["'\x60]?$/, "")
    .replace(/^(?:\\?["'\x60])?(?:\[\w*\])?[\])]{0,2}/, "");
  const setter = /^(?:.*\.)?(?:set|with|use|add|put)[-_]?(?=[A-Z_])/.exec(name);
  return setter !== null && operator.startsWith("(")
    ? { name: name.slice(setter[0].length), operator, nameIsQuoted: false }
    : { name, operator, nameIsQuoted: closed !== undefined };
}

/** The last characters of a text that may belong to a name; a search from the front takes longer. */
function tailOf(lead: string): string {
  let at = lead.length;
  while (at > 0 && NAME_CHARS.has(lead.charCodeAt(at - 1))) at--;
  const before = /(?:api|access|secret|auth|private|encryption|signing|license) $/i
    .exec(lead.slice(Math.max(0, at - 12), at));
  return (before?.[0] ?? "") + lead.slice(at);
}

const NAME_CHARS = new Set(
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$.-:>/"]
    .map((char) => char.charCodeAt(0)),
);

/** Whether name and value belong together, not just follow each other. */
function assigns({ name, operator, nameIsQuoted }: Place, context: MatchContext): boolean {
  if (
    /\.(?:encode|decode|replace\w*|split|strip|trim|starts_?with|ends_?with|format|find\w*|match|test|join|concat|index_?of|includes|contains|has\w*|get(?!bytes)\w*|is\w*)\(\s*$/i
      .test(operator)
  ) {
    return false;
  }
  // The value is the key of what follows.
  if (/^\\?["'\x60]\s{0,3}(?:=>|:|=(?!=))/.test(context.after)) return false;
  if (/^\s*$/.test(operator)) {
    const line = lineOf(context);
    return /#[ \t]*define|\bset(?:env|x)?\b|\bexport\b|^[ \t]*ENV[ \t]/i.test(line) ||
      // A directive alone on its line, as in Gradle and in many a configuration; a Clojure keyword.
      (/^[ \t]*[\w.-]*$/.test(line) && !nameIsQuoted &&
        /^["'\x60]?\s*(?:$|#|\/\/)/.test(context.after)) ||
      (/:[\w-]*$/.test(line) && !nameIsQuoted);
  }
  // `hash("password"), "…"`: the call ends between the two.
  if (/^\s*,/.test(operator) && /^[\w$.-]*\\?["'\x60]\)/.test(context.match)) return false;
  if (/^\s*,/.test(operator) && !/value|default|content/i.test(operator)) {
    // `{password, "…"}` is how Erlang writes a setting, `set :password, "…"` Capistrano, and
    // `setopt(h, CURLOPT_PASSWORD, "…")` whoever names settings by constants.
    return nameIsQuoted
      ? !/\s/.test(name) && !/["'\x60],\s*["'\x60][^"'\x60]*$/.test(context.lead ?? "")
      : /\{\s*[\w.]*$|\bset :[\w.]*$/.test(lineOf(context)) ||
        /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(name);
  }
  return true;
}

/** The line of the match up to it. */
function lineOf(context: MatchContext): string {
  return (context.lead ?? "").replace(/^[\s\S]*\n/, "");
}

const BARE_PATHS =
  /(?:^|\/)(?:[^/.]+|\.[^/]+|[^/]*\.(?:env|ini|cfg|cnf|conf|config|properties|props|ya?ml|toml|sh|bash|zsh|fish|bat|cmd|ps1|psm1|txt|md|rst|log|out|tfvars|service|env\.[\w.-]+|list|netrc|rc|sql|plist|ovpn|j2|tmpl|tpl|template|sample|example|dist|local|prod|production|dev|staging))$|(?:^|\/)(?:dockerfile|makefile|jenkinsfile|procfile)[^/]*$|^-$/i;

const TRANSLATIONS =
  /(?:^|\/)(?:i18n|l10n|locales?|lang|langs|languages?|translations?|nls|intl|values-\w\w(?:-r\w\w)?|\w\w(?:[-_]\w\w)?\.lproj)\/|(?:^|\/)(?:messages?|strings|labels|translations?|lang)[\w.-]*\.(?:properties|json|ya?ml|strings|resx|arb|ts|js|php)$|\.(?:po|pot|xlf|xliff|resx|arb|strings|ftl|mo)$/i;

/** Clear values anywhere; doubtful ones only where they are the usual thing. */
function speaksFor(shape: Shape, path: string, confidence: Confidence): boolean {
  const kind = pathKindOf(path);
  if (confidence !== "high" && TRANSLATIONS.test(path)) return false;
  if (kind === "lock_file" || kind === "vendored" && confidence !== "high") return false;
  if (confidence === "high") return kind !== "generated" || shape.quoted;
  if (!shape.quoted && !BARE_PATHS.test(path)) return false;
  if (confidence === "medium") return kind !== "generated";
  // Tests are full of them: a quoted password is one there too, if a weak one.
  if (kind === "test") return shape.quoted && shape.kind === "password";
  return kind === "source" || kind === "config";
}

function examples({ kind, quoted }: Shape): Pick<Rule, "matches" | "ignores"> {
  const secret = alnum(24, 3);
  const chosen = "Tr0ub" + "adour&" + "31";
  if (quoted && kind === "password") {
    return {
      matches: () => [
        `const password = "${chosen}";`,
        `"db_password": "${secret}",`,
        `$config['password'] => '${chosen}'`,
        `new Account().setPassword("${secret}");`,
        `<property name="password" value="${chosen}"/>`,
        `<password>${chosen}</password>`,
        `<name>hive.password</name>\n  <value>${chosen}</value>`,
        `The admin password is \`${chosen}\`.`,
        `    storePassword "${chosen}"\n`,
        `{:user "app" :password "${chosen}"}`,
        `#define WIFI_PASSWORD "${chosen}"`,
        `password: str = os.environ.get("DB_PASSWORD", "${chosen}")`,
        `variable "db_password" {\n  type = string\n  default = "${chosen}"\n}`,
        `"adminPassword": {\n  "value": "${chosen}"\n}`,
        `<AdministratorPassword>\n    <Value>${chosen}</Value>`,
        `curl_easy_setopt(h, CURLOPT_PASSWORD, "${chosen}");`,
        `withUser("ops").password("{noop}${chosen}")`,
        `cy.get('#password').type('${chosen}')`,
        `db_password = "violet-${"anchor"}-mango"`,
      ],
      ignores: () => [
        'password = "password"',
        'password = "${DB_PASSWORD}"',
        'password: "Enter your password"',
        'passwordField = "user_password_input"',
        'const bypass = "Tr0ubadour31"',
        'password = "changeme"',
        "<password>{{ password }}</password>",
        `assert.equal(hash("password"), "${hex(32, 9)}")`,
        'throw new Error("password", "must hold 8 characters")',
        "['username', 'password', 'google2fa']",
        "'password' => 'required|string|min:16|confirmed'",
        '"password": "\\u30d1\\u30b9\\u30ef\\u30fc\\u30c9"',
      ],
    };
  }
  if (quoted) {
    return {
      matches: () => [
        `apiKey: '${secret}'`,
        `ACME_TOKEN = "${hex(40, 4)}"`,
        `{"name": "CLIENT_SECRET", "value": "${base64url(32, 5)}"}`,
        `<string name="api_key">${secret}</string>`,
        `private static final String SECRET_KEY = "${secret}";`,
        `"    \\"api_key\\": \\"${secret}\\",\\n",`,
        `token = os.getenv("ACME_TOKEN") or "${secret}"`,
      ],
      ignores: () => [
        'apiKey: "your-api-key"',
        'token = "access_token"',
        `publicKey = "${secret}"`,
        `cacheKey = "${secret}"`,
        'secretName: "database-credentials-v2"',
        'csrfToken = "' + secret + '"',
        'primary_key = "customer_order_line_id"',
        'token_hash = "' + hex(64, 2) + '"',
      ],
    };
  }
  if (kind === "password") {
    return {
      matches: () => [
        `DB_PASSWORD=${chosen}\n`,
        `spring.datasource.password = ${chosen}`,
        `  password: ${secret}\n`,
        `- name: MYSQL_ROOT_PASSWORD\n  value: ${chosen}\n`,
        `ENV MYSQL_PASSWORD ${chosen}\n`,
        `DBPassword:\n    Type: String\n    Default: ${chosen}\n`,
      ],
      ignores: () => [
        "DB_PASSWORD=changeme\n",
        "DB_PASSWORD=${SECRET}\n",
        "password: !vault |\n",
        "password = getPassword()",
        "password: string;",
        "password = self.options.password",
        "--set auth.password=password,db.rootPassword=secretpassword",
      ],
    };
  }
  return {
    matches: () => [
      `ACME_API_KEY=${secret}\n`,
      `| API_TOKEN | ${secret} | for the crawler |`,
      `auth_token: |\n  ${secret}\n`,
      `export AUTH_TOKEN=${hex(40, 4)} # for the crawler`,
      `  client-secret: ${base64url(32, 5)}\n`,
    ],
    ignores: () => [
      "ACME_API_KEY=your_api_key_here\n",
      "token = response.data.access_token",
      `checksum_key_hash=${hex(64, 2)}`,
      "secretKeyRef: database",
      "key: value",
    ],
  };
}

export const rules: readonly Rule[] = assignmentRules();
