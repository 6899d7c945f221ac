/**
 * Single sign-on by OpenID Connect: authorization code with PKCE (RFC 7636), state and nonce, all
 * three made of one secret that the browser keeps, so that nothing of a sign-in is kept in clear.
 */

import * as client from "openid-client";
import { z } from "zod";
import type { Clock } from "@/lib/clock.ts";
import type { OidcConfig } from "@/lib/config.ts";
import { RemoteError } from "@/lib/errors.ts";
import { createHttp } from "@/lib/http.ts";
import { isPrivateAddress } from "@/lib/network.ts";
import { sha256Hex } from "@/lib/seal.ts";

/** What the provider says of a person; a role of null may not come in. */
export interface SsoPerson {
  issuer: string;
  subject: string;
  email: string | null;
  /** Only by the provider's own word. */
  emailVerified: boolean;
  /** `unknown` where no claim was configured to tell. */
  role: "admin" | "viewer" | "unknown" | null;
  /** When the provider itself last asked who this is, in milliseconds; null where it does not say. */
  authenticatedAt: number | null;
}

export interface Sso {
  /** As the button calls it. */
  readonly name: string;
  /**
   * Where the browser is sent; `afresh` asks the provider to let nobody pass on the strength of an
   * earlier sign-in. @throws `SsoError`.
   */
  start(secret: string, afresh?: boolean): Promise<URL>;
  /** Who came back; `query` is that of the call back. @throws `SsoError`. */
  finish(query: string, secret: string): Promise<SsoPerson>;
}

/** The provider did not answer as it should; the message may be shown and logged. */
export class SsoError extends Error {
  override readonly name = "SsoError";
}

const METADATA_MS = 60 * 60 * 1000;
const MOST_BYTES = 1024 * 1024;
const TIMEOUT_MS = 10_000;

/** Everything but a success that the library is to judge for itself. */
const REFUSALS = Array.from({ length: 100 }, (_, index) => 400 + index);

const claims = z.looseObject({
  sub: z.string().min(1).max(255),
  email: z.string().max(254).optional().catch(undefined),
  email_verified: z.union([z.boolean(), z.enum(["true", "false"])]).optional().catch(undefined),
  auth_time: z.number().nonnegative().optional().catch(undefined),
});

/** A door to the provider; nothing is asked before the first sign-in. */
export function createSso(
  config: OidcConfig,
  options: { redirectUri: string; clock: Clock; fetch?: typeof fetch },
): Sso {
  const issuer = new URL(config.issuer);
  let known: { at: number; provider: Promise<client.Configuration> } | null = null;

  async function discover(): Promise<client.Configuration> {
    const insecure = issuer.protocol === "http:";
    const send = (origins: readonly string[]) => sender(origins, options.fetch);
    const found = await client.discovery(issuer, config.clientId, {}, client.None(), {
      timeout: TIMEOUT_MS / 1000,
      [client.customFetch]: send([issuer.origin]),
      execute: insecure ? [client.allowInsecureRequests] : [],
    });
    const metadata = found.serverMetadata();
    const endpoints = ["token_endpoint", "jwks_uri", "userinfo_endpoint"].flatMap((name) => {
      const url = metadata[name];
      return typeof url === "string" ? [checkedEndpoint(name, url, issuer).origin] : [];
    });
    const methods = metadata.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
    const authentication = methods.includes("client_secret_basic")
      ? client.ClientSecretBasic(config.clientSecret)
      : client.ClientSecretPost(config.clientSecret);
    const provider = new client.Configuration(metadata, config.clientId, {}, authentication);
    provider.timeout = TIMEOUT_MS / 1000;
    provider[client.customFetch] = send([issuer.origin, ...endpoints]);
    if (insecure) client.allowInsecureRequests(provider);
    return provider;
  }

  /** Asked again after an hour, and at once after a failure. */
  async function provider(): Promise<client.Configuration> {
    const now = options.clock.now();
    if (known === null || known.at + METADATA_MS <= now) {
      const fresh = { at: now, provider: discover() };
      known = fresh;
      fresh.provider.catch(() => {
        if (known === fresh) known = null;
      });
    }
    return await known.provider;
  }

  return {
    name: config.name,

    start: (secret, afresh = false) =>
      plainly(async () => {
        const { state, nonce, verifier } = await madeOf(secret);
        return client.buildAuthorizationUrl(await provider(), {
          redirect_uri: options.redirectUri,
          response_type: "code",
          scope: config.scopes,
          state,
          nonce,
          code_challenge: await client.calculatePKCECodeChallenge(verifier),
          code_challenge_method: "S256",
          // OpenID Connect Core 1.0, section 3.1.2.1; with `max_age` the answer tells when it was.
          ...(afresh ? { prompt: "login", max_age: "0" } : {}),
        });
      }),

    finish: (query, secret) =>
      plainly(async () => {
        const { state, nonce, verifier } = await madeOf(secret);
        const asked = await provider();
        const tokens = await client.authorizationCodeGrant(
          asked,
          new URL(query, options.redirectUri),
          {
            expectedState: state,
            expectedNonce: nonce,
            pkceCodeVerifier: verifier,
            idTokenExpected: true,
          },
        );
        const told = claims.parse(tokens.claims());
        // Many providers tell the e-mail and groups here only; the subject must be the same.
        const more = asked.serverMetadata().userinfo_endpoint === undefined
          ? {}
          : await client.fetchUserInfo(asked, tokens.access_token, told.sub);
        const all = claims.parse({ ...more, ...told });
        return {
          issuer: asked.serverMetadata().issuer,
          subject: all.sub,
          email: z.email().safeParse(all.email).data ?? null,
          emailVerified: all.email_verified === true || all.email_verified === "true",
          role: roleOf(all, config),
          // Of the signed token only.
          authenticatedAt: told.auth_time === undefined ? null : told.auth_time * 1000,
        };
      }),
  };
}

/** The role by the configured claim, which is a text or a list, perhaps inside another claim. */
function roleOf(all: Record<string, unknown>, config: OidcConfig): SsoPerson["role"] {
  if (config.roleClaim === null) return "unknown";
  const direct = all[config.roleClaim];
  const value = direct ?? config.roleClaim.split(".").reduce<unknown>(
    (inner, name) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, name)
        ? Reflect.get(inner, name)
        : undefined,
    all,
  );
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.includes(config.adminValue)) return "admin";
  return config.viewerValue === null || values.includes(config.viewerValue) ? "viewer" : null;
}

/** Three values of 256 bits each that only who holds `secret` can make. */
async function madeOf(secret: string) {
  const [state, nonce, verifier] = await Promise.all(
    ["state", "nonce", "verifier"].map((use) => sha256Hex(`sluice sso ${use}:${secret}`)),
  );
  return { state: state!, nonce: nonce!, verifier: verifier! };
}

/** What the issuer's own document names is asked, but nothing inside this network beside it. */
function checkedEndpoint(name: string, text: string, issuer: URL): URL {
  const url = new URL(text);
  const secure = url.protocol === "https:" || url.protocol === issuer.protocol;
  const inside = url.hostname === "localhost" || isPrivateAddress(url.hostname);
  if (!secure || (inside && url.hostname !== issuer.hostname)) {
    throw new SsoError(`The sign-in provider names a ${name} that is not asked: ${url.origin}`);
  }
  return url;
}

/** A `fetch` for the library, by our own door: pinned origins, bounded in time and size. */
function sender(origins: readonly string[], send: typeof fetch | undefined): client.CustomFetch {
  const http = createHttp({ origins, timeoutMs: TIMEOUT_MS, ...(send ? { fetch: send } : {}) });
  return async (url, { method, headers, body, signal }) => {
    const answer = await http.request(url, {
      method,
      headers: { ...headers },
      ...(body === undefined || body === null ? {} : { body: body as BodyInit }),
      signal,
      accept: REFUSALS,
    });
    const bytes = await answer.bytes(MOST_BYTES, TIMEOUT_MS);
    return new Response(bytes.length === 0 ? null : bytes, {
      status: answer.status,
      headers: answer.headers,
    });
  };
}

/** The library's errors may carry tokens in their causes: only their code goes on. */
async function plainly<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof SsoError) throw error;
    throw new SsoError(`The sign-in provider's answer cannot be used: ${whyOf(error)}`);
  }
}

function whyOf(error: unknown): string {
  if (error instanceof client.WWWAuthenticateChallengeError && error.status === 401) {
    return "it does not take OIDC_CLIENT_ID with OIDC_CLIENT_SECRET";
  }
  if (
    error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError
  ) {
    return error.error.replaceAll(/[^\w-]/g, "").slice(0, 60);
  }
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof RemoteError) return inner.message;
  }
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "no answer";
}
