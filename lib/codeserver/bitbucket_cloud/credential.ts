/** The smart token box: what a person pastes, read as one credential or refused with the way out. */

import type { Credential, CredentialKind } from "@/lib/codeserver/mod.ts";
import { basicAuth } from "@/lib/http.ts";

/** Where a person makes an API token. */
export const API_TOKEN_PAGE = "https://id.atlassian.com/manage-profile/security/api-tokens";

/** What to tick when making a token: granular names for API tokens, classic ones for the rest. */
export const TOKEN_SCOPES = {
  needed: { api_token: ["read:repository:bitbucket"], classic: ["repository"] },
  helpful: {
    api_token: ["read:user:bitbucket", "read:workspace:bitbucket"],
    classic: ["account"],
  },
  webhooks: {
    api_token: ["read:webhook:bitbucket", "write:webhook:bitbucket", "delete:webhook:bitbucket"],
    classic: ["webhook"],
  },
} as const;

/** What became of the pasted text; sentences never repeat the secret. */
export type ParsedToken =
  | { ok: true; credential: Credential }
  | { ok: false; sentence: string; link?: string };

const ACCESS_TOKEN_USER = "x-token-auth";
const API_TOKEN_USER = "x-bitbucket-api-token-auth";
const EMAIL = /^[^\s@:]+@[^\s@:]+\.[^\s@:.]+$/;
/** An e-mail address among other text; its lengths are bounded, so that no text makes it slow. */
const EMAIL_INSIDE =
  /[^\s@:;,|<>()[\]{}"'`=&/\\]{1,64}@[^\s@:;,|<>()[\]{}"'`=&/\\]{1,250}\.[a-z]{2,24}/gi;
const KNOWN_TOKEN = /^AT(ATT|CTT|BB)/;
const SHORTEST = 8;
const LONGEST = 4096;
const LONGEST_TEXT = 10_000;

/**
 * Reads `e-mail:API token`, a bare access token, or either of them as found in a header, a curl
 * line or a clone address. `hint` is the person's own choice of kind and decides where the
 * prefix of a token, which Atlassian does not promise, would guess otherwise.
 */
export function parseToken(text: string, hint?: CredentialKind): ParsedToken {
  if (text.length > LONGEST_TEXT) {
    return refuse("This is too long to be a token. Copy the token alone.");
  }
  const plain = visible(text);
  const { user, secret } = findToken(plain) ?? split(unwrap(plain));
  if (secret === "") {
    return refuse("Paste the token: an API token as e-mail:token, an access token alone.");
  }
  const misread = user === null || !EMAIL.test(user) ? noToken(secret, unwrap(plain)) : null;
  if (misread !== null) return refuse(misread);
  if (secret.startsWith("ATBB")) {
    return refuse(
      "This is an app password. Bitbucket removed app passwords on 2026-07-28, so it opens nothing " +
        "any more. Make an API token with scopes and paste it as e-mail:token.",
      API_TOKEN_PAGE,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    return refuse(
      "There is a space or another sign inside the token that no token has. Copy it again.",
    );
  }
  if (secret.length < SHORTEST || secret.length > LONGEST) {
    return refuse(
      `A token has at least ${SHORTEST} and at most ${LONGEST} characters. Copy all of it.`,
    );
  }
  const kind = hint ?? guessKind(user, secret);
  if (kind === "api_token") return apiToken(user, secret);
  if (kind === null) {
    return refuse(
      `Bitbucket wants the e-mail address of your Atlassian account before an API token, not the ` +
        `user name: e-mail:token. An access token of a workspace is pasted alone.`,
      API_TOKEN_PAGE,
    );
  }
  // An access token belongs to no person, so what stands before it is left out.
  return { ok: true, credential: { kind, user: null, secret } };
}

/** The user name that git gives over HTTPS: never the e-mail, which git's side refuses. */
export function gitUser(credential: Credential): string {
  return credential.kind === "api_token" ? API_TOKEN_USER : ACCESS_TOKEN_USER;
}

/** The `Authorization` header of a REST call. */
export function restAuthorization(credential: Credential): string {
  return credential.kind === "api_token"
    ? basicAuth(credential.user ?? "", credential.secret)
    : `Bearer ${credential.secret}`;
}

function apiToken(user: string | null, secret: string): ParsedToken {
  // Mail programs copy an address with the person's name before it.
  const email = user === null || EMAIL.test(user) ? user : lastEmail(user);
  if (email !== null) return { ok: true, credential: { kind: "api_token", user: email, secret } };
  const needed = "An API token needs the e-mail address of its Atlassian account: e-mail:token.";
  if (user === null) return refuse(`${needed} Write yours and a colon before the token.`);
  if (user === API_TOKEN_USER || user === ACCESS_TOKEN_USER) {
    return refuse(`${needed} ${user} is a user name for git alone; the API refuses it.`);
  }
  return refuse(
    user.includes("@")
      ? `${needed} What stands before the colon is not a complete address.`
      : `${needed} The Bitbucket user name before the colon does not work.`,
  );
}

function guessKind(user: string | null, secret: string): CredentialKind | null {
  if (secret.startsWith("ATATT")) return "api_token";
  if (secret.startsWith("ATCTT")) return "access_token";
  if (user === null || user === ACCESS_TOKEN_USER) return "access_token";
  if (user === API_TOKEN_USER || user.includes("@")) return "api_token";
  return null;
}

/**
 * A token known by its form, out of text that cannot be read as `user:token`: a variable, JSON,
 * another sign than the colon. Null where there is none, or where the text can be read without.
 */
function findToken(text: string): { user: string | null; secret: string } | null {
  const { secret } = split(unwrap(text));
  if (KNOWN_TOKEN.test(secret) && !/["'{}]/.test(secret)) return null;
  const found = [
    ...text.matchAll(/AT(?:ATT|CTT)3x[\w=-]{8,}|(?<![A-Za-z0-9])ATBB[A-Za-z0-9]{8,}/g),
  ];
  const [token] = found;
  if (token === undefined) return null;
  // Which of two was meant is for the person to say; the signs between them are refused below.
  if (new Set(found.map(([one]) => one)).size > 1) {
    return { user: null, secret: found.map(([one]) => one).join(" ") };
  }
  return { user: lastEmail(text.slice(0, token.index)), secret: token[0] };
}

function lastEmail(text: string): string | null {
  return text.match(EMAIL_INSIDE)?.at(-1) ?? null;
}

/** Why something that no e-mail stands before cannot be a token, or null. */
function noToken(secret: string, text: string): string | null {
  if (EMAIL.test(secret) && lastEmail(secret) === secret) {
    return "This is only the e-mail; add a colon and the token.";
  }
  if (/AT(?:ATT|CTT|BB)\S* AT(?:ATT|CTT|BB)/.test(secret)) {
    return "There is more than one token in this. Paste the one that is meant.";
  }
  if (KNOWN_TOKEN.test(secret)) return null;
  if (/^[[{]/.test(text)) return "This looks like JSON. Paste the token alone.";
  if (/(^|\s)((https?|ssh|git):\/\/|git@)/i.test(text)) {
    return "This is an address without a token in it. Paste the token itself.";
  }
  if (!secret.includes("@")) return null;
  return lastEmail(secret) === null
    ? "There is an @ in this, which no token has. An API token is pasted as e-mail:token."
    : "Put a colon between the e-mail and the token: e-mail:token.";
}

/** Takes out what nobody sees: signs without a width come along from web pages. */
function visible(text: string): string {
  return text
    .replace(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, "")
    .replace(/[\u00a0\u2007\u202f]/g, " ")
    .replace(/\\\r?\n/g, " ")
    .trim();
}

/** Takes off what people copy along: quotes, headers, variables, curl and git lines. */
function unwrap(text: string): string {
  let rest = unquote(fromCommand(text) ?? text);
  rest = unquote(
    rest.replace(/^(?:export\s+)?\w*(?:TOKEN|SECRET|PASSWORD|AUTH|KEY)\w*=(?=.)/i, ""),
  );
  rest = rest.replace(/^(proxy-)?authorization\s*:\s*/i, "");
  const basic = rest.match(/^basic\s+([A-Za-z0-9+/_-]+={0,2})$/i)?.[1];
  if (basic !== undefined) return decodeBase64(basic) ?? rest;
  rest = rest.replace(/^(bearer|token)[\s:=]+/i, "");
  return unquote(rest);
}

function fromCommand(text: string): string | null {
  if (/^(\$?\s*(curl|git|wget|http)\s|-u\s|--user[\s=])/i.test(text)) {
    const user = text.match(/(?:^|\s)(?:-u|--user)[\s=]*("[^"]*"|'[^']*'|\S+)/)?.[1];
    if (user !== undefined) return user;
    const header = text.match(/(["'])(authorization\s*:[^"']*)\1/i)?.[2];
    if (header !== undefined) return header;
  }
  const pair = text.match(/https?:\/\/([^/\s@"']+(?:@[^/\s@"']+)?)@[^\s"']+/i)?.[1];
  // Bitbucket's own clone addresses have a user without a token.
  if (pair === undefined || !(pair.includes(":") || KNOWN_TOKEN.test(pair))) return null;
  try {
    return decodeURIComponent(pair);
  } catch {
    return pair;
  }
}

function unquote(text: string): string {
  return text.trim().replace(
    /^["'`\u2018\u201c\u201e\u00ab<]+|["'`\u2018\u2019\u201c\u201d\u00bb>,;]+$/g,
    "",
  ).trim();
}

/** On the first colon, since a token may hold one; a token's own prefix is never a user. */
function split(text: string): { user: string | null; secret: string } {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== "");
  // E-mail and token on two lines or with a space between them.
  const words = (lines.length === 1 ? lines[0]! : lines.join(" ")).split(/\s+/);
  const [first, ...rest] = words;
  const apart = lines.length > 1 ? rest.length === lines.length - 1 : rest.length === 1;
  if (first !== undefined && apart && EMAIL.test(first) && !rest[0]!.startsWith(":")) {
    return { user: first, secret: unquote(rest.join("")) };
  }
  const joined = lines.join("");
  const colon = joined.indexOf(":");
  if (colon < 0 || KNOWN_TOKEN.test(joined)) return { user: null, secret: joined };
  const user = unquote(joined.slice(0, colon));
  return { user: user === "" ? null : user, secret: unquote(joined.slice(colon + 1)) };
}

function decodeBase64(text: string): string | null {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder().decode(Uint8Array.from(binary, (sign) => sign.charCodeAt(0)));
  } catch {
    return null;
  }
}

function refuse(sentence: string, link?: string): ParsedToken {
  return { ok: false, sentence, ...(link === undefined ? {} : { link }) };
}
