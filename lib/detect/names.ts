/** Tells from a name whether what it holds is a secret. */

/** `password`: people choose it; `secret`: a generator makes it; null: neither. */
export type NameKind = "password" | "secret" | null;

const PASSWORD =
  /(?:^|[^a-z])(?:pass|pwd|pw)$|passw(?:or)?d|passwd|passwort|passphrase|pass_?phrase|passcode|pass_?word|(?:^|[^a-z])pwd|pwd$|db_?pass|_pass$|\bsenha\b|contrase(?:na|\u00f1a)|mot_?de_?passe|wachtwoord|user_?pass|adminpass|root_?pw|kennwort/i;
const SECRET =
  /secret|token|credential|pass_?key|(?:api|access|auth|private|priv|encrypt(?:ion)?|decrypt(?:ion)?|crypt(?:o|ography)?|sign(?:ing|ature)?|master|app(?:lication)?|account|service|admin|client|consumer|server|shared|storage|subscription|license|licence|session|jwt|hmac|aes|cipher|deploy|webhook|functions?|host|security|root|data|field|cookie|integration|ingest|write|read|sdk|partner|merchant|developer|dev|live|prod|cloud|mail(?:er)?|sms|bot|project|maps?|geo(?:coding)?|weather|search|push|ai|llm|payment|billing|backup|registry|oauth|sso)[-_. ]?key|_key$|bearer|(?:^|[^a-z])(?:auth|creds?)$|authkey|pepper|\bpat$|sas_?sig|api[-_.]?pwd/i;
/** Names that speak about a secret, or of another kind of key, without holding one. */
const ABOUT =
  /(?:public|pub|primary|foreign|alternate|alt|spreadsheet|sheet|document|doc|partition|sort|range|hash|cache|index|unique|composite|natural|object|storage_?class|row|map|dict|lookup|group|message|translation|i18n|locale|label|state|registry|event|hot|short_?cut|keyboard|answer|column|item|parent|cursor|idempotency|dedup\w*|query|filter|order|menu|tab|page|react|list|route|entity|node|meta|lang|json|yaml|xml|header|config|option|setting|param\w*|property|attribute|redis|kv|bucket|s3|cell|tag|theme|style|color|sitemap|site|recaptcha_?site|publish\w*|reblog|memo|player|minisign|where)[-_. ]?keys?$/i;
/** Last words of names that speak about a secret. */
const ABOUT_WORDS = new Set(
  ("encryption encrypted id ids name names path file filename dir folder url uri endpoint host port type types kind " +
    "length len size count min max label title hint placeholder policy policies rule rules regex " +
    "regexp pattern prefix suffix header headers param params parameter field fields column col " +
    "at expiry expires expiration expire ttl timeout lifetime age duration date time version enabled " +
    "disabled enable required optional error errors message msg description desc text help info " +
    "input class selector button link arn ref reference env var variable alias store provider " +
    "manager service algorithm alg algo format mode encoding encoder strategy handler resolver " +
    "factory validator generator reset changed change confirm confirmation strength score status " +
    "state index position offset start end limit bucket budget usage source scope scopes issuer " +
    "audience rotation loader parser lexer stream list map set array table event action dialog modal " +
    "form page view screen icon image template request response grant exists valid invalid missing " +
    "needed visible hidden ratio symbol separator delimiter filter engine module package lib library " +
    "cls property attr attribute attributes namespace check checker hash hashed hasher digest " +
    "checksum salt option options config setting settings only used char chars case mapping mapper operator " +
    "location region context target group role roles flow flag flags hook hooks callback listener " +
    "interceptor middleware session entry entries number num sequence level stat stats statistics")
    .split(" "),
);
const ABOUT_START =
  /^(?:label|title|pref|preference|preferences|extra|arg|param|prop|property|field|column|col|json|tag|event|action|msg|message|text|error|err|hint|btn|button|tooltip|header|heading|caption|is|has|no|num|max|min|get|set|show|hide|toggle|forgot|forgotten|reset|change|changed|confirm|invalid|missing|wrong|bad|require|requires|use|uses|enable|disable|allow|validate|check|verify|generate|create|update|delete|remove|with|without|on|handle|next_?page|continuation|page|sync|cancel\w*|csrf|xsrf|anti_?forgery|device_?push)(?:[-_. ]|(?=[A-Z]))/;
const NEVER =
  /next_?token|page_?token|continuation_?token|cancel\w*token|csrf|xsrf|authenticity|request_?verification|websocket|web_?socket|lock_?token|device_?tokens?$|public_(?:\w{1,24}_)?key|template_?code|error_?code|deposed|token_?type|type_?token|token(?:iz|is)|antiforgery|eof_?token|sep_?token|pad_?token|special_?token|design_?token|token_?kind|stop_?token|bos|eos|unk_token|mask_token|cls_token|keyword|keyboard|keycode|keypress|key_?down|key_?up|monkey|turkey|jockey|hockey|whiskey|donkey|passing|passthrough|pass_?through|bypass|compass|encompass|passenger|passive|passport_?(?:number|js)|passed|secretar|public_?(?:key_?)?token|encrypted|author(?!iz)|tokens$|max_token/i;

/** What kind of secret a name promises. The name is as written: `DB_PASSWORD`, `client.secretKey`. */
export function nameKind(name: string): NameKind {
  const last = name.replace(/["'`\])]+$/, "").replace(
    /^.*(?:\.|::|->|\/|\[["']?)(?=[A-Za-z_])/,
    "",
  );
  const words = last.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/[-. ]/g, "_").toLowerCase();
  if (NEVER.test(words)) return null;
  if (ABOUT_START.test(words)) return null;
  const tail = /[a-z]+$/.exec(words.replace(/\d+$/, ""))?.[0] ?? "";
  if (ABOUT_WORDS.has(tail)) return null;
  if (ABOUT.test(words)) return null;
  const full = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/[- ]/g, "_").toLowerCase();
  if (PASSWORD.test(words)) return "password";
  if (SECRET.test(words)) return "secret";
  // `key` alone promises nothing; under `api:` or `secret.` it does.
  if (
    /^(?:key|value)$/.test(words) &&
    SECRET.test(full.replace(/[.:>/]+/g, "_").replace(/_value$/, ""))
  ) {
    return "secret";
  }
  return null;
}
