/** Databases and warehouses, and who hosts them. */
import { toBase64Url } from "../checks/base64.ts";
import { jwtParts } from "../checks/jwt.ts";
import { kept } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { readsAndChanges } from "./help.ts";
import { alnum, base64url, hex, lower, pick, uuid } from "./samples.ts";
import { named, prefixed, UUID } from "./shapes.ts";

const planetscale = {
  vendor: "PlanetScale",
  revokeUrl: "https://app.planetscale.com/",
  docsUrl: "https://planetscale.com/docs/concepts/service-tokens",
};

/** A JSON Web Token with a payload, for the examples. */
function token(payload: Record<string, unknown>): string {
  const head = toBase64Url(JSON.stringify({ alg: "HS256", typ: "JWT" }));
  return `${head}.${toBase64Url(JSON.stringify(payload))}.${base64url(43)}`;
}

export const rules: readonly Rule[] = [
  prefixed({
    ...planetscale,
    id: "planetscale-password",
    name: "PlanetScale database password",
    severity: "critical",
    prefix: "pscale_pw_",
    body: "[A-Za-z0-9_.=-]{32,64}",
    edge: "A-Za-z0-9_-",
    help: readsAndChanges("one branch of a database", "the database's Settings, Passwords"),
    samples: () => ["pscale_pw_" + base64url(43)],
  }),
  prefixed({
    ...planetscale,
    id: "planetscale-service-token",
    name: "PlanetScale service token",
    prefix: "pscale_tkn_",
    body: "[A-Za-z0-9_.=-]{32,64}",
    edge: "A-Za-z0-9_-",
    help: "Manages databases, by its rights. Delete it under Settings, Service tokens.",
    samples: () => ["pscale_tkn_" + base64url(43)],
  }),
  prefixed({
    ...planetscale,
    id: "planetscale-oauth-token",
    name: "PlanetScale OAuth token",
    prefix: "pscale_oauth_",
    body: "[A-Za-z0-9_.=-]{32,64}",
    edge: "A-Za-z0-9_-",
    help: "Manages databases for a person, by its scopes. Revoke it under Settings, Applications.",
    samples: () => ["pscale_oauth_" + base64url(43)],
  }),
  prefixed({
    id: "supabase-access-token",
    name: "Supabase personal access token",
    vendor: "Supabase",
    severity: "critical",
    prefix: "sbp_",
    body: "(?:v0_|oauth_)?[0-9a-f]{40}",
    help: "Manages all projects of its owner. Delete it under Account, Access tokens.",
    revokeUrl: "https://supabase.com/dashboard/account/tokens",
    docsUrl: "https://supabase.com/docs/reference/api/introduction",
    samples: () => ["sbp_" + hex(40), "sbp_oauth_" + hex(40)],
  }),
  prefixed({
    id: "supabase-secret-key",
    name: "Supabase secret key",
    vendor: "Supabase",
    severity: "critical",
    prefix: "sb_secret_",
    body: "[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{8}",
    edge: "A-Za-z0-9_-",
    help:
      "Reads and changes all data, past every row policy. Delete it under Project settings, API keys.",
    revokeUrl: "https://supabase.com/dashboard/project/_/settings/api-keys",
    docsUrl: "https://supabase.com/docs/guides/api/api-keys",
    samples: () => [`sb_secret_${base64url(22)}_${base64url(8)}`],
    ignores: () => [`sb_publishable_${base64url(22)}_${base64url(8)}`],
  }),
  {
    id: "supabase-service-role-key",
    name: "Supabase service role key",
    vendor: "Supabase",
    severity: "critical",
    confidence: "high",
    // The payload starts with {"iss":"supabase" in base64.
    keywords: ["eyjpc3mioijzdxbhymfzzs"],
    pattern:
      /(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]{20,80}\.eyJpc3MiOiJzdXBhYmFzZS[A-Za-z0-9_-]{40,200}\.[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])/,
    check: (secret) => {
      const payload = jwtParts(secret)?.payload;
      if (payload?.["role"] !== "service_role") return { keep: false };
      return kept(`of project ${String(payload["ref"])}`);
    },
    help:
      "Reads and changes all data, past every row policy. Move to secret keys and disable the old ones under Project settings, API keys. The anon key is public.",
    revokeUrl: "https://supabase.com/dashboard/project/_/settings/api-keys",
    docsUrl: "https://supabase.com/docs/guides/api/api-keys",
    version: 1,
    matches: () => {
      const key = token({ iss: "supabase", ref: lower(20), role: "service_role", iat: 1, exp: 2 });
      return [`SUPABASE_SERVICE_ROLE_KEY=${key}`, `createClient(url, "${key}")`];
    },
    ignores: () => [
      `SUPABASE_ANON_KEY=${
        token({ iss: "supabase", ref: lower(20), role: "anon", iat: 1, exp: 2 })
      }`,
      `key = "${token({ iss: "supabase-demo", role: "anon", iat: 1, exp: 2 })}"`,
    ],
  },
  prefixed({
    id: "neon-api-key",
    name: "Neon API key",
    vendor: "Neon",
    severity: "critical",
    prefix: "napi_",
    body: "[a-z0-9]{64}",
    help: "Manages all projects of its owner. Revoke it under Account settings, API keys.",
    revokeUrl: "https://console.neon.tech/app/settings/api-keys",
    docsUrl: "https://neon.com/docs/manage/api-keys",
    samples: () => ["napi_" + lower(64)],
  }),
  prefixed({
    id: "neon-role-password",
    name: "Neon database password",
    vendor: "Neon",
    severity: "critical",
    prefix: "npg_",
    body: "[A-Za-z0-9]{12}",
    help: readsAndChanges("the databases of its role", "the branch, Roles, Reset password"),
    revokeUrl: "https://console.neon.tech/",
    docsUrl: "https://neon.com/docs/manage/roles",
    check: (secret) => ({ keep: /\d/.test(secret) && /[A-Z]/.test(secret) }),
    samples: () => ["npg_" + alnum(12)],
  }),
  prefixed({
    id: "mongodb-atlas-service-account-secret",
    name: "MongoDB Atlas service account secret",
    vendor: "MongoDB",
    severity: "critical",
    prefix: "mdb_sa_sk_",
    body: "[A-Za-z0-9_-]{40}",
    edge: "A-Za-z0-9_-",
    help:
      "Manages clusters, by its roles. Generate a new secret and revoke this one under Access manager, Applications.",
    revokeUrl: "https://cloud.mongodb.com/",
    docsUrl: "https://www.mongodb.com/docs/atlas/api/service-accounts-overview/",
    samples: () => ["mdb_sa_sk_" + base64url(40)],
    ignores: () => ["mdb_sa_id_" + hex(24)],
  }),
  named({
    id: "mongodb-atlas-private-key",
    name: "MongoDB Atlas private API key",
    vendor: "MongoDB",
    severity: "critical",
    word: "atlas|mongo",
    noun: "private_?key|secret|api_?key",
    variable: "MONGODB_ATLAS_PRIVATE_KEY",
    keywords: ["atlas", "mongodb"],
    value: UUID,
    help: "Manages clusters, by its roles. Delete it under Access manager, API keys.",
    revokeUrl: "https://cloud.mongodb.com/",
    docsUrl: "https://www.mongodb.com/docs/atlas/configure-api-access/",
    samples: () => [uuid()],
  }),
  named({
    id: "redis-cloud-key",
    name: "Redis Cloud API secret key",
    vendor: "Redis",
    word: "redis_?cloud|rediscloud",
    noun: "secret|api_?key|access_?key",
    variable: "REDISCLOUD_SECRET_KEY",
    keywords: ["rediscloud", "redis_cloud"],
    value: "[SA][a-z0-9]{48,54}",
    help: "Manages subscriptions and databases. Delete it under Access management, API keys.",
    revokeUrl: "https://cloud.redis.io/",
    docsUrl: "https://redis.io/docs/latest/operate/rc/api/get-started/manage-api-keys/",
    samples: () => ["S" + lower(50)],
  }),
  named({
    id: "upstash-token",
    name: "Upstash REST token",
    vendor: "Upstash",
    severity: "critical",
    word: "upstash",
    noun: "token|key|secret|passw",
    variable: "UPSTASH_REDIS_REST_TOKEN",
    value: "A[A-Za-z0-9_-]{2}[AgQw][A-Za-z0-9_-]{36,90}={0,2}",
    help: readsAndChanges("the database", "the database's details, Reset password"),
    revokeUrl: "https://console.upstash.com/",
    docsUrl: "https://upstash.com/docs/redis/features/restapi",
    check: (secret) => ({ keep: /\d/.test(secret) && /[A-Z]/.test(secret.slice(1)) }),
    samples: () => ["AYQg" + base64url(48), "AX3A" + base64url(58) + "=="],
  }),
  {
    id: "turso-auth-token",
    name: "Turso database token",
    vendor: "Turso",
    severity: "critical",
    confidence: "high",
    keywords: ["libsql", "turso"],
    pattern:
      /(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]{15,80}\.eyJ[A-Za-z0-9_-]{10,250}\.[A-Za-z0-9_-]{86})(?![A-Za-z0-9_-])/,
    check: (secret) => ({ keep: jwtParts(secret)?.header["alg"] === "EdDSA" }),
    help: readsAndChanges("the database", "the database, with `turso db tokens invalidate`"),
    docsUrl: "https://docs.turso.tech/cli/db/tokens/create",
    version: 1,
    matches: () => {
      const key = `${toBase64Url('{"alg":"EdDSA","typ":"JWT"}')}.${
        toBase64Url(`{"a":"rw","iat":1,"id":"${uuid()}"}`)
      }.${base64url(86)}`;
      return [
        `TURSO_AUTH_TOKEN=${key}`,
        `createClient({ url: "libsql://a", authToken: "${key}" })`,
      ];
    },
    ignores:
      () => [`TURSO_AUTH_TOKEN=${token({ a: "rw" })}`, "TURSO_DATABASE_URL=libsql://a.turso.io"],
  },
  prefixed({
    id: "fauna-secret",
    name: "Fauna key",
    vendor: "Fauna",
    prefix: ["fnAE", "fnAC", "fnAD", "fnAF"],
    body: "[A-Za-z0-9_-]{36}",
    edge: "A-Za-z0-9_-",
    help:
      "Opened a database of Fauna, whose service ended in May 2025. Make sure that it is used nowhere else.",
    docsUrl: "https://github.com/fauna",
    check: (secret) => ({ keep: /\d/.test(secret) && /[A-Z]/.test(secret.slice(4)) }),
    samples: () => ["fnAE" + base64url(36)],
    severity: "low",
  }),
  {
    id: "snowflake-programmatic-token",
    name: "Snowflake programmatic access token",
    vendor: "Snowflake",
    severity: "critical",
    confidence: "medium",
    keywords: ["snowflake"],
    pattern:
      /snowflake[^\n]{0,60}?["'= :](eyJraWQiOi[A-Za-z0-9_-]{20,90}\.eyJ[A-Za-z0-9_-]{20,180}\.[A-Za-z0-9_-]{80,120})(?![A-Za-z0-9_-])/i,
    check: (secret) => ({ keep: jwtParts(secret) !== null }),
    help:
      "Signs in as a user within one role. Remove it with ALTER USER … REMOVE PROGRAMMATIC ACCESS TOKEN.",
    docsUrl: "https://docs.snowflake.com/en/user-guide/programmatic-access-tokens",
    version: 1,
    matches: () => {
      const key = `${toBase64Url('{"kid":"12345678901","alg":"ES256"}')}.${
        toBase64Url('{"p":"1:2","iss":"SF:1009","exp":1}')
      }.${base64url(86)}`;
      return [`SNOWFLAKE_PAT=${key}`, `snowflake_token: "${key}"`];
    },
    ignores:
      () => ["SNOWFLAKE_ACCOUNT=xy12345.eu-central-1", `snowflake: "${token({ iss: "x" })}"`],
  },
  prefixed({
    id: "databricks-token",
    name: "Databricks personal access token",
    vendor: "Databricks",
    severity: "critical",
    prefix: "dapi",
    body: "[0-9a-f]{32}(?:-\\d)?",
    help:
      "Acts as its owner: reads data and runs code on clusters. Revoke it under Settings, Developer, Access tokens.",
    docsUrl: "https://docs.databricks.com/aws/en/dev-tools/auth/pat",
    samples: () => ["dapi" + hex(32), `dapi${hex(32, 2)}-3`],
  }),
  prefixed({
    id: "databricks-oauth-secret",
    name: "Databricks OAuth secret of a service principal",
    vendor: "Databricks",
    severity: "critical",
    prefix: "dose",
    body: "[0-9a-f]{32}",
    help:
      "Signs in as a service principal. Delete it in the account console, Service principals, Secrets.",
    docsUrl: "https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m",
    samples: () => ["dose" + hex(32)],
  }),
  named({
    id: "influxdb-token",
    name: "InfluxDB API token",
    vendor: "InfluxData",
    word: "influx",
    noun: "token|key|secret",
    variable: "INFLUXDB_TOKEN",
    value: "(?:[A-Za-z0-9_-]{86}==|apiv3_[A-Za-z0-9_-]{86})",
    confidence: "high",
    help: "Reads and writes buckets, by its rights. Delete it under Load data, API tokens.",
    docsUrl: "https://docs.influxdata.com/influxdb/v2/admin/tokens/",
    samples: () => [base64url(86) + "=="],
  }),
  prefixed({
    id: "aiven-token",
    name: "Aiven service password",
    vendor: "Aiven",
    severity: "critical",
    prefix: "AVNS_",
    body: "[A-Za-z0-9_-]{19}",
    edge: "A-Za-z0-9_-",
    help: readsAndChanges("one service's data", "the service's Users, Reset password"),
    revokeUrl: "https://console.aiven.io/",
    docsUrl: "https://aiven.io/docs/platform/howto/reset-service-password",
    samples: () => ["AVNS_" + base64url(19)],
  }),
  prefixed({
    id: "cockroach-api-key",
    name: "CockroachDB Cloud API key",
    vendor: "Cockroach Labs",
    severity: "critical",
    prefix: "CCDB1_",
    body: "[A-Za-z0-9]{22}_[A-Za-z0-9]{40}",
    help: "Manages clusters, by its roles. Delete it under Access management, Service accounts.",
    revokeUrl: "https://cockroachlabs.cloud/",
    docsUrl: "https://www.cockroachlabs.com/docs/cockroachcloud/managing-access",
    samples: () => [`CCDB1_${alnum(22)}_${alnum(40)}`],
  }),
  prefixed({
    id: "datastax-astra-token",
    name: "DataStax Astra application token",
    vendor: "DataStax",
    severity: "critical",
    prefix: "AstraCS:",
    body: "[A-Za-z]{24}:[0-9a-f]{64}",
    help: readsAndChanges("databases of the organisation", "Settings, Application tokens"),
    revokeUrl: "https://astra.datastax.com/",
    docsUrl:
      "https://docs.datastax.com/en/astra-db-serverless/administration/manage-application-tokens.html",
    samples: () => [
      `AstraCS:${pick("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 24)}:${hex(64)}`,
    ],
  }),
  prefixed({
    id: "tinybird-token",
    name: "Tinybird token",
    vendor: "Tinybird",
    severity: "medium",
    prefix: "p.eyJ1Ijog",
    body: "[A-Za-z0-9_-]{60,200}\\.[A-Za-z0-9_-]{43}",
    edge: "A-Za-z0-9_-",
    help: readsAndChanges("a workspace's data", "Tokens, Refresh"),
    docsUrl: "https://www.tinybird.co/docs/forward/administration/tokens",
    samples: () => [`p.eyJ1Ijog${alnum(100)}.${base64url(43)}`],
  }),
  prefixed({
    id: "materialize-app-password",
    name: "Materialize app password",
    vendor: "Materialize",
    severity: "critical",
    prefix: "mzp_",
    body: "[0-9a-f]{64}",
    help: readsAndChanges("its owner's databases", "Console, App passwords"),
    revokeUrl: "https://console.materialize.com/access",
    docsUrl:
      "https://materialize.com/docs/security/cloud/users-service-accounts/create-service-accounts/",
    samples: () => ["mzp_" + hex(64)],
  }),
];
