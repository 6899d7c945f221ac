/** A real OpenID provider over loopback, with people as a test makes them: oidc-provider, certified. */

import { createServer } from "node:http";
import Provider from "oidc-provider";

/** One person at the provider, by subject. */
export type Claims = Record<string, unknown>;

export interface FakeOidcProvider extends AsyncDisposable {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** By subject; the tests may change them at any time. */
  people: Map<string, Claims>;
  /** Goes through the provider's pages as a person; gives the address that it sends the browser to. */
  signIn(authorization: string, subject: string): Promise<string>;
}

/** Starts it for one client with one address to come back to. */
export async function startOidcProvider(redirectUri: string): Promise<FakeOidcProvider> {
  // It listens before the provider is made, as a port that is only looked up may be taken by then.
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const issuer = `http://127.0.0.1:${portOf(server.address())}`;
  const [clientId, clientSecret] = ["sluice", "client " + crypto.randomUUID()];
  const people = new Map<string, Claims>();
  const { privateKey } = await crypto.subtle.generateKey(
    { name: "ECDSA", namedCurve: "P-256" },
    true,
    ["sign", "verify"],
  );
  const key = await crypto.subtle.exportKey("jwk", privateKey);
  const provider = new Provider(issuer, {
    clients: [{
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [redirectUri],
      id_token_signed_response_alg: "ES256",
    }],
    claims: {
      openid: ["sub"],
      email: ["email", "email_verified"],
      profile: ["groups", "name"],
    },
    cookies: { keys: [crypto.randomUUID()] },
    jwks: { keys: [{ ...key, alg: "ES256", use: "sig", kid: "test" }] },
    pkce: { required: () => true },
    findAccount: (_context: unknown, subject: string) => ({
      accountId: subject,
      claims: () => ({ sub: subject, ...people.get(subject) }),
    }),
  });
  server.on("request", provider.callback());
  return {
    issuer,
    clientId,
    clientSecret,
    people,
    signIn: (authorization, subject) => walk(authorization, subject, redirectUri),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Follows redirects and submits the provider's forms, with cookies, until it leads back to us. */
async function walk(authorization: string, subject: string, redirectUri: string): Promise<string> {
  const cookies = new Map<string, string>();
  let [url, body]: [string, URLSearchParams | undefined] = [authorization, undefined];
  for (let step = 0; step < 12; step++) {
    const response: Response = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      redirect: "manual",
      headers: { cookie: [...cookies].map((pair) => pair.join("=")).join("; ") },
      ...(body === undefined ? {} : { body }),
    });
    const html = await response.text();
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      if (value === "") cookies.delete(name!);
      else cookies.set(name!, value!);
    }
    const location = response.headers.get("location");
    if (location !== null) {
      url = new URL(location, url).href;
      if (url.startsWith(redirectUri)) return url;
      body = undefined;
      continue;
    }
    const action = /<form[^>]*action="([^"]+)"/.exec(html)?.[1];
    if (action === undefined) throw new Error(`Cannot sign in at the provider: ${html}`);
    url = new URL(action, url).href;
    body = /name="login"/.test(html)
      ? new URLSearchParams({ prompt: "login", login: subject, password: "x" })
      : new URLSearchParams({ prompt: "consent" });
  }
  throw new Error("Cannot sign in at the provider: no end of pages");
}

function portOf(address: { port: number } | string | null): number {
  if (address === null || typeof address === "string") throw new Error("Cannot find the port");
  return address.port;
}
