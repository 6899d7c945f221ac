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
  const { user, secret } = split(unwrap(text));
  if (secret === "") {
    return refuse("Paste the token: an API token as e-mail:token, an access token alone.");
  }
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
  if (user !== null && EMAIL.test(user)) {
    return { ok: true, credential: { kind: "api_token", user, secret } };
  }
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

/** Takes off what people copy along: quotes, invisible signs, headers, curl and git lines. */
function unwrap(text: string): string {
  let rest = text
    // Zero-width signs, byte order mark and soft hyphen come along from web pages.
    .replace(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, "")
    .replace(/[\u00a0\u2007\u202f]/g, " ")
    .replace(/\\\r?\n/g, " ")
    .trim();
  rest = fromCommand(rest) ?? rest;
  rest = unquote(rest);
  rest = rest.replace(/^(proxy-)?authorization\s*:\s*/i, "");
  const basic = rest.match(/^basic\s+([A-Za-z0-9+/_-]+={0,2})$/i)?.[1];
  if (basic !== undefined) return decodeBase64(basic) ?? rest;
  rest = rest.replace(/^(bearer|token)[\s:=]+/i, "");
  return unquote(rest);
}

function fromCommand(text: string): string | null {
  if (/^\$?\s*(curl|git|wget|http)\s/i.test(text)) {
    const user = text.match(/(?:^|\s)(?:-u|--user)[\s=]*("[^"]*"|'[^']*'|\S+)/)?.[1];
    if (user !== undefined) return user;
    const header = text.match(/(["'])(authorization\s*:[^"']*)\1/i)?.[2];
    if (header !== undefined) return header;
  }
  const pair = text.match(/https?:\/\/([^/\s@"']+(?:@[^/\s@"']+)?)@[^\s"']+/i)?.[1];
  if (pair === undefined) return null;
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
  if (colon < 0 || /^AT(ATT|CTT|BB)/.test(joined)) return { user: null, secret: joined };
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
