import assert from "node:assert/strict";
import { manualClock } from "@/lib/clock.ts";
import { startOidcProvider } from "@/lib/fake_oidc_provider.ts";
import { createSso, SsoError } from "@/lib/sso.ts";

const CALLBACK = "http://sluice.test/sso/callback";
const CONFIG = {
  issuer: "https://idp.example",
  clientId: "sluice",
  clientSecret: "hush",
  scopes: "openid email profile",
  roleClaim: null,
  adminValue: "admin",
  viewerValue: null,
  name: "Acme",
};

/** A provider whose metadata says what a test wants, and which counts how often it is asked. */
function saying(metadata: Record<string, unknown>, issuer = CONFIG.issuer) {
  const asked: string[] = [];
  const sso = createSso({ ...CONFIG, issuer }, {
    redirectUri: CALLBACK,
    clock: manualClock(),
    fetch: (url) => {
      asked.push(String(url));
      return Promise.resolve(Response.json({
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        ...metadata,
      }));
    },
  });
  return { sso, asked };
}

for (
  const [name, url] of [
    ["token_endpoint", "https://169.254.169.254/token"],
    ["token_endpoint", "http://idp.example/token"],
    ["jwks_uri", "https://127.0.0.1:8080/jwks"],
    ["jwks_uri", "https://[::1]/jwks"],
    ["userinfo_endpoint", "https://localhost/me"],
    ["userinfo_endpoint", "https://[::ffff:10.0.0.1]/me"],
  ] as const
) {
  Deno.test(`start() refuses a provider that names ${url} as its ${name}`, async () => {
    const { sso } = saying({ [name]: url });
    await assert.rejects(sso.start("secret"), (error) => {
      assert.ok(error instanceof SsoError);
      assert.match(error.message, new RegExp(`names a ${name} that is not asked`));
      return true;
    });
  });
}

Deno.test("start() asks a provider once for its metadata, again after a failure", async () => {
  const { sso, asked } = saying({ userinfo_endpoint: "https://api.idp.example/me" });
  const [first, second] = [await sso.start("one"), await sso.start("two")];
  assert.deepEqual(asked, ["https://idp.example/.well-known/openid-configuration"]);
  assert.equal(first.origin, "https://idp.example");
  assert.notEqual(first.searchParams.get("state"), second.searchParams.get("state"));
  const liar = saying({ issuer: "https://other.example" });
  await assert.rejects(liar.sso.start("one"), SsoError);
  await assert.rejects(liar.sso.start("one"), SsoError);
  assert.equal(liar.asked.length, 2);
});

const ROLES: [
  given: Partial<typeof CONFIG> | { roleClaim: string },
  claims: object,
  role: unknown,
][] = [
  [{}, { groups: "admin" }, "unknown"],
  [{ roleClaim: "groups" }, { groups: "admin" }, "admin"],
  [{ roleClaim: "groups" }, { groups: ["a", "admin"] }, "admin"],
  [{ roleClaim: "groups" }, { groups: ["administrator"] }, "viewer"],
  [{ roleClaim: "groups" }, {}, "viewer"],
  [{ roleClaim: "name.constructor" }, { name: {} }, "viewer"],
];

for (const [given, claims, role] of ROLES) {
  Deno.test(`finish() reads ${JSON.stringify(claims)} by ${JSON.stringify(given)} as ${role}`, async () => {
    await using provider = await startOidcProvider(CALLBACK);
    provider.people.set("1", { email: "ada@example.com", email_verified: true, ...claims });
    const { issuer, clientId, clientSecret } = provider;
    const config = { ...CONFIG, issuer, clientId, clientSecret, ...given };
    const sso = createSso(config, { redirectUri: CALLBACK, clock: manualClock() });
    const back = await provider.signIn((await sso.start("secret")).href, "1");
    const person = await sso.finish(new URL(back).search, "secret");
    assert.deepEqual(person, {
      authenticatedAt: null,
      issuer,
      subject: "1",
      email: "ada@example.com",
      emailVerified: true,
      role,
    });
  });
}
