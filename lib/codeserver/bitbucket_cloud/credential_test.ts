import assert from "node:assert/strict";
import type { Credential } from "@/lib/codeserver/mod.ts";
import { API_TOKEN_PAGE, gitUser, parseToken, restAuthorization } from "./credential.ts";

const TAIL = "3xFfGF0" + "madeup".repeat(5);
const API = "ATATT" + TAIL + "=0A1B2C3D";
const ACCESS = "ATCTT" + TAIL + "=0A1B2C3D";
const APP = "ATBB" + "madeup1234";
const EMAIL = "ana@example.com";
const PERSON: Credential = { kind: "api_token", user: EMAIL, secret: API };
const WORKSPACE: Credential = { kind: "access_token", user: null, secret: ACCESS };
const OLD: Credential = { kind: "access_token", user: null, secret: "madeup-without-prefix" };

const accepted: [string, string, Credential][] = [
  ["e-mail and API token", `${EMAIL}:${API}`, PERSON],
  ["spaces and a line end around", `  ${EMAIL}:${API}\r\n`, PERSON],
  ["spaces around the colon", `${EMAIL} : ${API}`, PERSON],
  ["straight quotes", `"${EMAIL}:${API}"`, PERSON],
  ["curly quotes", `\u201c${EMAIL}:${API}\u201d`, PERSON],
  ["backticks and a comma", `\`${EMAIL}:${API}\`,`, PERSON],
  ["zero-width signs", `\ufeff${EMAIL}:\u200b${API}`, PERSON],
  ["two lines", `${EMAIL}\n${API}\n`, PERSON],
  ["a space instead of the colon", `${EMAIL} ${API}`, PERSON],
  ["a token wrapped over two lines", `${EMAIL}:${API.slice(0, 20)}\n${API.slice(20)}`, PERSON],
  ["curl -u", `curl -u ${EMAIL}:${API} https://api.bitbucket.org/2.0/user`, PERSON],
  [
    "curl --user in quotes",
    `curl --request GET --user '${EMAIL}:${API}' \\\n --url 'https://x'`,
    PERSON,
  ],
  ["a Basic header", restAuthorization(PERSON), PERSON],
  ["a whole Basic header line", `Authorization: ${restAuthorization(PERSON)}`, PERSON],
  [
    "a clone address",
    `git clone https://ana%40example.com:${encodeURIComponent(API)}@bitbucket.org/a/b.git`,
    PERSON,
  ],
  ["a bare access token", ACCESS, WORKSPACE],
  ["an access token wrapped over lines", `${ACCESS.slice(0, 9)}\n${ACCESS.slice(9)}`, WORKSPACE],
  ["x-token-auth", `x-token-auth:${ACCESS}`, WORKSPACE],
  ["Bearer", `Bearer ${ACCESS}`, WORKSPACE],
  ["a whole Bearer line", `authorization: bearer ${ACCESS}`, WORKSPACE],
  ["curl with a Bearer header", `curl -H "Authorization: Bearer ${ACCESS}" https://x`, WORKSPACE],
  [
    "a clone address of x-token-auth",
    `https://x-token-auth:${ACCESS}@bitbucket.org/a/b.git`,
    WORKSPACE,
  ],
  ["an access token after a name", `team-ci:${ACCESS}`, WORKSPACE],
  ["an access token after an e-mail", `${EMAIL}:${ACCESS}`, WORKSPACE],
  ["an unknown prefix alone", "madeup-without-prefix", OLD],
  ["a semicolon instead of the colon", `${EMAIL};${API}`, PERSON],
  ["a bar instead of the colon", `${EMAIL}|${API}`, PERSON],
  ["a comma instead of the colon", `${EMAIL},${API}`, PERSON],
  ["e-mail and API token run together", `${EMAIL}${API}`, PERSON],
  ["an e-mail after a name", `Ana Example <${EMAIL}>:${API}`, PERSON],
  ["mailto", `mailto:${EMAIL}:${API}`, PERSON],
  ["Bearer behind the colon", `${EMAIL}:Bearer ${API}`, PERSON],
  ["the option of curl alone", `-u ${EMAIL}:${API}`, PERSON],
  ["the long option of curl alone", `--user=${EMAIL}:madeup-without-prefix`, {
    ...PERSON,
    secret: "madeup-without-prefix",
  }],
  ["a variable", `BITBUCKET_TOKEN=${ACCESS}`, WORKSPACE],
  ["a variable with its export", `export BITBUCKET_TOKEN="${ACCESS}"`, WORKSPACE],
  ["a variable with e-mail and token", `BITBUCKET_AUTH='${EMAIL}:${API}'`, PERSON],
  ["a variable with an unknown prefix", "BITBUCKET_TOKEN=madeup-without-prefix", OLD],
  ["JSON", `{"token":"${ACCESS}"}`, WORKSPACE],
  ["JSON with an e-mail", `{"user": "${EMAIL}", "token": "${API}"}`, PERSON],
  ["x-token-auth and a tab", `x-token-auth\t${ACCESS}`, WORKSPACE],
  ["a token as the user of an address", `https://${ACCESS}@bitbucket.org/a/b.git`, WORKSPACE],
  ["a token with a colon in it", `${EMAIL}:madeup:with:colon`, {
    kind: "api_token",
    user: EMAIL,
    secret: "madeup:with:colon",
  }],
];

for (const [name, text, credential] of accepted) {
  Deno.test(`parseToken() reads ${name}`, () => {
    const parsed = parseToken(text);
    assert.ok(parsed.ok, parsed.ok ? "" : parsed.sentence);
    assert.deepEqual(parsed.credential, credential);
  });
}

const refused: [string, string, RegExp][] = [
  ["nothing", "  \n", /Paste the token/],
  ["an e-mail without a token", `${EMAIL}:`, /Paste the token/],
  ["a bare API token", API, /e-mail:token/],
  ["a user name before an API token", `ana:${API}`, /user name before the colon does not work/],
  ["half an e-mail", `ana@example:${API}`, /not a complete address/],
  ["git's user of API tokens", `x-bitbucket-api-token-auth:${API}`, /for git alone/],
  ["x-token-auth before an API token", `x-token-auth:${API}`, /for git alone/],
  ["a user name before an unknown prefix", "ana:madeup-without-prefix", /not the user name/],
  ["an app password", `ana:${APP}`, /2026-07-28/],
  ["a bare app password", APP, /2026-07-28/],
  ["an app password of x-token-auth", `x-token-auth:${APP}`, /2026-07-28/],
  ["a space inside", `${EMAIL}:${API.slice(0, 9)} ${API.slice(9)}`, /a space or another sign/],
  ["a sign outside ASCII", `${EMAIL}:${API}\u2026`, /a space or another sign/],
  ["an e-mail alone", EMAIL, /^This is only the e-mail; add a colon and the token\.$/],
  ["an unknown prefix after a semicolon", `${EMAIL};madeup-without-prefix`, /Put a colon between/],
  ["a secret with an @ and nobody before it", "made-up@secret", /no token has/],
  [
    "JSON without a token known by its form",
    '{"token":"madeup-without-prefix"}',
    /looks like JSON/,
  ],
  ["a variable with an API token alone", `TOKEN=${API}`, /Write yours and a colon/],
  ["an app password after a semicolon", `${EMAIL};${APP}`, /2026-07-28/],
  ["two tokens", `TOKENS=${API} ${ACCESS}`, /more than one token/],
  ["an address", "https://bitbucket.org/acme/shop.git", /^This is an address without a token/],
  ["an address with a user", "https://ana@bitbucket.org/a/b.git", /an address without a token/],
  [
    "an address of x-token-auth without its token",
    "https://x-token-auth@bitbucket.org/acme/shop.git",
    /an address without a token/,
  ],
  ["a clone line without a token", "git clone git@bitbucket.org:a/b.git", /without a token/],
  ["a few letters", "abc", /at least 8/],
  ["a whole page", "x".repeat(5000), /at most 4096/],
  ["a whole book", "@. ".repeat(100_000), /too long to be a token/],
  ["signs made to be slow", "@.".repeat(4_999), /at least 8|no token|at most/],
];

for (const [name, text, sentence] of refused) {
  Deno.test(`parseToken() refuses ${name} and says why, without the secret`, () => {
    const parsed = parseToken(text);
    assert.ok(!parsed.ok);
    assert.match(parsed.sentence, sentence);
    for (const secret of [API, APP, ACCESS, "madeup-without-prefix"]) {
      assert.ok(!parsed.sentence.includes(secret));
    }
  });
}

Deno.test("parseToken() links a dead app password to the page of API tokens", () => {
  const parsed = parseToken(`ana:${APP}`);
  assert.equal(parsed.ok ? undefined : parsed.link, API_TOKEN_PAGE);
});

Deno.test("parseToken() lets the person's choice decide over the prefix", () => {
  assert.deepEqual(parseToken("ana:madeup-without-prefix", "access_token"), {
    ok: true,
    credential: OLD,
  });
  const oauth = parseToken("madeup-without-prefix", "oauth");
  assert.equal(oauth.ok && oauth.credential.kind, "oauth");
  assert.equal(parseToken("madeup-without-prefix", "api_token").ok, false);
});

Deno.test("gitUser() and restAuthorization() follow the kind", () => {
  assert.equal(gitUser(PERSON), "x-bitbucket-api-token-auth");
  assert.equal(gitUser(WORKSPACE), "x-token-auth");
  assert.equal(gitUser({ ...WORKSPACE, kind: "oauth" }), "x-token-auth");
  assert.equal(restAuthorization(PERSON), `Basic ${btoa(`${EMAIL}:${API}`)}`);
  assert.equal(restAuthorization(WORKSPACE), `Bearer ${ACCESS}`);
});
