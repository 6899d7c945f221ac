import assert from "node:assert/strict";
import { ConfigError, readConfig } from "@/lib/config.ts";

const KEY = btoa("k".repeat(32));

Deno.test("an empty environment gives the defaults of one machine", () => {
  const config = readConfig({}, 4);
  assert.deepEqual(
    [config.host, config.port, config.publicUrl, config.databaseUrl, config.dataDir],
    ["127.0.0.1", 8000, null, "file:./data/sluice.db", "./data"],
  );
  assert.deepEqual(
    [config.secretKey, config.admin, config.threads, config.instanceName, config.queue],
    [null, null, 3, "Sluice", "kv"],
  );
  assert.equal(readConfig({}, 1).threads, 1);
});

Deno.test("values are read, without final slashes, and empty ones count as absent", () => {
  const config = readConfig({
    PORT: "0",
    PUBLIC_URL: "https://sluice.example.com/",
    BITBUCKET_API_URL: "http://127.0.0.1:9/2.0/",
    SECRET_KEY: KEY,
    ADMIN_EMAIL: "ada@example.com",
    ADMIN_PASSWORD: "twelve-chars",
    DATA_DIR: "/srv/sluice",
    SCAN_MAX_PACK_MB: "1",
    HOST: "",
  }, 2);
  assert.equal(config.port, 0);
  assert.equal(config.publicUrl, "https://sluice.example.com");
  assert.equal(config.bitbucket.apiUrl, "http://127.0.0.1:9/2.0");
  assert.equal(config.secretKey?.length, 32);
  assert.deepEqual(config.admin, { email: "ada@example.com", password: "twelve-chars" });
  assert.equal(config.databaseUrl, "file:/srv/sluice/sluice.db");
  assert.equal(config.maxPackBytes, 1024 * 1024);
  assert.equal(config.host, "127.0.0.1");
});

const REFUSED: [env: Record<string, string>, ...problems: RegExp[]][] = [
  [
    { ADMIN_EMAIL: "ada@example.com", ADMIN_PASSWORD: "password" },
    /^ADMIN_PASSWORD: got a value that is not shown, expected at least 12 characters$/,
  ],
  [
    { BITBUCKET_API_URL: `https://ada:${"made" + "up"}@proxy.example.com/2.0` },
    /^BITBUCKET_API_URL: got "https:\/\/…@proxy.example.com\/2.0", expected an address without user/,
  ],
  [
    { BITBUCKET_GIT_URL: "https://proxy.example.com?key=1" },
    /^BITBUCKET_GIT_URL: got "https:\/\/proxy.example.com…", expected an address without user/,
  ],
  [
    { BITBUCKET_API_URL: "https://proxy.example.com/2.0#top" },
    /^BITBUCKET_API_URL: .* expected an address without user/,
  ],
  [{ INSTANCE_NAME: "   " }, /^INSTANCE_NAME: got " {3}", expected a name$/],
  [{ PORT: "eighty" }, /^PORT: got "eighty", expected a whole number/],
  [{ PORT: "65536" }, /^PORT: got "65536", expected at most 65535/],
  [
    { PUBLIC_URL: "sluice.example.com" },
    /^PUBLIC_URL: got "sluice\.example\.com", expected an address/,
  ],
  [
    { TURSO_DATABASE_URL: "mysql://x", SECRET_KEY: KEY },
    /^TURSO_DATABASE_URL: .* expected file:PATH or libsql/,
  ],
  [{ TURSO_DATABASE_URL: "libsql://x" }, /^SECRET_KEY: got nothing, expected 32 bytes/],
  [{ DENO_DEPLOY: "1", SECRET_KEY: KEY }, /^TURSO_DATABASE_URL: got nothing that lasts/],
  [{ ADMIN_EMAIL: "ada@example.com" }, /^ADMIN_PASSWORD: got nothing/],
  [{ ADMIN_PASSWORD: "twelve-chars" }, /^ADMIN_EMAIL: got nothing/],
  [
    { ADMIN_EMAIL: "ada@example.com", ADMIN_PASSWORD: "sluice-admin1" },
    /^ADMIN_PASSWORD: got a value that is not shown, expected none that people guess first/,
  ],
  [
    { OIDC_ISSUER: "https://idp.example.com" },
    /^OIDC_CLIENT_ID: got nothing, expected a value beside OIDC_ISSUER/,
    /^OIDC_CLIENT_SECRET: got nothing/,
  ],
  [{ LOCAL_SIGN_IN: "off" }, /^LOCAL_SIGN_IN: got "off", expected on, as there is no OIDC_ISSUER/],
  [
    { OIDC_ISSUER: "http://idp.example.com", OIDC_CLIENT_ID: "a", OIDC_CLIENT_SECRET: "b" },
    /^OIDC_ISSUER: got "http:\/\/idp\.example\.com", expected the https/,
  ],
  [{ SCAN_THREADS: "0", LOG_LEVEL: "loud" }, /^SCAN_THREADS: got "0"/, /^LOG_LEVEL: got "loud"/],
];

for (const [env, ...expected] of REFUSED) {
  Deno.test(`readConfig() refuses a wrong environment: ${expected.map((one) => one.source).join(", ")}`, () => {
    assert.throws(() => readConfig(env, 2), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.equal(error.problems.length, expected.length, error.problems.join("\n"));
      for (const [index, pattern] of expected.entries()) {
        assert.match(error.problems[index]!, pattern);
      }
      return true;
    });
  });
}

Deno.test("readConfig() never repeats a secret that it refuses", () => {
  const env = {
    SECRET_KEY: "too-short",
    ADMIN_PASSWORD: "short-one",
    ADMIN_EMAIL: "a@example.com",
  };
  assert.throws(() => readConfig(env, 2), (error) => {
    assert.match(String(error), /SECRET_KEY: got a value that is not shown, expected 32 bytes/);
    assert.match(String(error), /ADMIN_PASSWORD: got a value that is not shown/);
    assert.doesNotMatch(String(error), /too-short|short-one/);
    return true;
  });
});

/** A wrong value of every variable that has one; each holds a secret where it could. */
const WRONG: Record<string, string> = {
  PORT: "-1",
  PUBLIC_URL: "ftp://ada:hush@sluice.example.com/?token=hush",
  TURSO_DATABASE_URL: "mysql://ada:hush@db.example.com/sluice?authToken=hush",
  SECRET_KEY: "hush",
  ADMIN_EMAIL: "ada at example",
  ADMIN_PASSWORD: "hush",
  BITBUCKET_API_URL: "ssh://x-token:hush@bitbucket.org",
  BITBUCKET_GIT_URL: "//ada:hush@bitbucket.org#hush",
  LOCAL_SIGN_IN: "maybe",
  OIDC_ISSUER: "https://ada:hush@idp.example.com/?token=hush",
  OIDC_CLIENT_ID: "c".repeat(501),
  OIDC_CLIENT_SECRET: "hush".repeat(501),
  OIDC_SCOPES: "email",
  OIDC_ROLE_CLAIM: "r".repeat(101),
  OIDC_ADMIN_VALUE: "a".repeat(101),
  OIDC_VIEWER_VALUE: "v".repeat(101),
  OIDC_NAME: "n".repeat(61),
  TRUSTED_PROXIES: "10.0.0.0/8, proxy.example.com",
  INSTANCE_NAME: "n".repeat(61),
  SCAN_THREADS: "65",
  SCAN_MAX_PACK_MB: "1.5",
  SCAN_MAX_BLOB_MB: "0",
  SLUICE_QUEUE: "maybe",
  LOG_LEVEL: "loud",
};

Deno.test("readConfig() gives one message for each wrong variable, with its name and no secret", () => {
  assert.throws(() => readConfig(WRONG, 2), (error) => {
    assert.ok(error instanceof ConfigError);
    const names = error.problems.map((problem) =>
      /^([A-Z_]+): got .+, expected ./.exec(problem)?.[1]
    );
    assert.deepEqual(names.toSorted(), Object.keys(WRONG).sort());
    assert.doesNotMatch(String(error), /hush/);
    assert.match(String(error), /db\.example\.com/);
    return true;
  });
});

Deno.test("single sign-on and trusted proxies are read, and are off unless asked for", () => {
  const none = readConfig({}, 2);
  assert.deepEqual([none.oidc, none.localSignIn, none.trustedProxies], [null, true, []]);
  const some = readConfig({
    OIDC_ISSUER: "http://127.0.0.1:9000",
    OIDC_CLIENT_ID: "sluice",
    OIDC_CLIENT_SECRET: "hush",
    OIDC_ROLE_CLAIM: "groups",
    LOCAL_SIGN_IN: "off",
    TRUSTED_PROXIES: "127.0.0.1, fd00::/8",
  }, 2);
  assert.equal(some.localSignIn, false);
  assert.deepEqual(some.trustedProxies.map(({ bits }) => bits), [32, 8]);
  assert.deepEqual(some.oidc, {
    issuer: "http://127.0.0.1:9000",
    clientId: "sluice",
    clientSecret: "hush",
    scopes: "openid email profile",
    roleClaim: "groups",
    adminValue: "admin",
    viewerValue: null,
    name: "single sign-on",
  });
});
