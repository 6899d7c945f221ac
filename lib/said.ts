/** Makes what a server said safe to show: whatever of our credential it echoes is cut out. */

const LONGEST_SAID = 200;
/** Shorter ones are words of every other sentence. */
const SHORTEST_SECRET = 4;
/** The marks beside letters and digits that have a name of their own in HTML. */
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "amp",
  "<": "lt",
  ">": "gt",
  '"': "quot",
  "'": "apos",
};

/** Every text that gives away a user's password: itself, the pair, and both in base64. */
export function secretsOf(user: string, password: string): string[] {
  const pair = `${user}:${password}`;
  const coded = [pair, password].map(base64);
  const forAddresses = coded.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  // The longest first, so that no part of a pair is left standing.
  return [...new Set([...coded, ...forAddresses, pair, password])]
    .filter(() => password.length >= SHORTEST_SECRET);
}

/** The secrets in the value of an `Authorization` header. */
export function secretsSent(authorization: string | null): string[] {
  const value = authorization?.replace(/^\S+\s+/, "") ?? "";
  const found = value.length < SHORTEST_SECRET ? [] : [value, base64(value)];
  try {
    const bytes = Uint8Array.from(atob(value), (sign) => sign.charCodeAt(0));
    const pair = new TextDecoder().decode(bytes);
    const colon = pair.indexOf(":");
    return [...secretsOf(pair.slice(0, colon), pair.slice(colon + 1)), ...found];
  } catch {
    // A bearer token need not be base64.
    return found;
  }
}

/** The text with `…` for each secret, however it is escaped, and for any user of an address. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let safe = text;
  for (const secret of secrets) safe = safe.replace(inAnyForm(secret), "…");
  return safe.replace(/(:(?:\\?\/){2})[^\s/\\]*@/g, "$1…@");
}

/** The same as one short line without control signs, which is all that a person is shown of it. */
export function clean(text: string, secrets: readonly string[]): string {
  const safe = withoutSecrets(text, secrets)
    // deno-lint-ignore no-control-regex
    .replace(/[\u0000-\u001f\u007f\u2028-\u202e]+/g, " ").trim();
  return safe.length > LONGEST_SAID ? `${safe.slice(0, LONGEST_SAID)}…` : safe;
}

/**
 * Matches a secret sign by sign, each as it is or as addresses, forms, JSON and HTML write it: no
 * two writers agree on which signs they escape.
 */
function inAnyForm(secret: string): RegExp {
  const signs = Array.from(secret.toWellFormed(), (sign) => {
    const forms = [percentForm(sign), jsonForm(sign)];
    const code = sign.codePointAt(0)!;
    forms.push(`&#0*${code};`, `&#[xX]0*${anyCase(code.toString(16))};`);
    if (Object.hasOwn(ENTITIES, sign)) forms.push(`&${ENTITIES[sign]};`);
    if (sign === " ") forms.push("\\+");
    if (/[^\w\s]/.test(sign)) forms.push(`\\\\${RegExp.escape(sign)}`);
    // The sign itself comes last: it may be what the longer forms begin with.
    forms.push(RegExp.escape(sign));
    return `(?:${forms.join("|")})`;
  });
  return new RegExp(signs.join(""), "gu");
}

function percentForm(sign: string): string {
  return Array.from(new TextEncoder().encode(sign), (byte) => `%${hex(byte, 2)}`).join("");
}

function jsonForm(sign: string): string {
  return Array.from(
    { length: sign.length },
    (_, i) => `\\\\u${hex(sign.charCodeAt(i), 4)}`,
  ).join("");
}

function hex(code: number, digits: number): string {
  return anyCase(code.toString(16).padStart(digits, "0"));
}

function anyCase(digits: string): string {
  return digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    // What fills it up says nothing, and is left out or escaped as it comes.
    .replace(/=+$/, "");
}
