/** The environment, read once and checked; every message names its variable, never a secret's value. */

import { z } from "zod";
import { isCommonPassword } from "@/lib/common_passwords.ts";
import { type AddressRange, parseRange } from "@/lib/network.ts";

const whole = (least: number, most: number) =>
  z.string().regex(/^\d+$/, `a whole number from ${least} to ${most}`).transform(Number)
    .pipe(z.number().min(least, `at least ${least}`).max(most, `at most ${most}`));

const httpUrl = z.string().refine((text) => {
  try {
    return ["http:", "https:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}, "an address that starts with http:// or https://").transform((text) => text.replace(/\/+$/, ""));

/** Paths are put behind it, and a credential in it would be sent along to wherever it names. */
const serviceUrl = httpUrl.refine((text) => {
  const url = URL.parse(text);
  return url !== null && url.username === "" && url.password === "" && !/[?#]/.test(text);
}, "an address without user, password, ? and #");

const databaseUrl = z.string().regex(
  /^(file:.+|(libsql|https?|wss?):\/\/.+)$/,
  "file:PATH or libsql://HOST",
);

/** What `SECRET_KEY` must be, as messages say it. */
export const SECRET_KEY_FORM = "32 bytes in base64, as `openssl rand -base64 32` prints them";

/** 32 bytes in base64 or base64url. */
const secretKey = z.string().refine((text) => decodeSecretKey(text) !== null, {
  message: SECRET_KEY_FORM,
});

/** The addresses of proxies before us, of which alone we believe what they forward. */
const addressRanges = z.string().transform((text, context) => {
  const ranges = text.split(/[\s,]+/).filter((one) => one !== "").map(parseRange);
  if (ranges.every((range) => range !== null)) return ranges;
  context.addIssue("addresses or ranges such as 127.0.0.1, 10.0.0.0/8");
  return z.NEVER;
});

/** A provider is asked over TLS, but for one on this machine. */
const issuerUrl = z.string().refine((text) => {
  const url = URL.parse(text);
  if (url === null || url.search !== "" || url.hash !== "" || url.username !== "") return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}, "the https:// address that the provider names as its issuer");

const claim = z.string().min(1).max(100, "a claim of at most 100 characters");

const environment = z.object({
  PORT: whole(0, 65535).default(8000),
  HOST: z.string().min(1, "a host name or address").default("127.0.0.1"),
  PUBLIC_URL: httpUrl.optional(),
  TURSO_DATABASE_URL: databaseUrl.optional(),
  TURSO_AUTH_TOKEN: z.string().optional(),
  DATA_DIR: z.string().min(1, "a folder").default("./data"),
  SECRET_KEY: secretKey.optional(),
  ADMIN_EMAIL: z.email("an e-mail address").optional(),
  ADMIN_PASSWORD: z.string().min(12, "at least 12 characters").max(256, "at most 256 characters")
    .refine((text) => !isCommonPassword(text, ["sluice"]), "none that people guess first")
    .optional(),
  BITBUCKET_API_URL: serviceUrl.default("https://api.bitbucket.org/2.0"),
  BITBUCKET_GIT_URL: serviceUrl.default("https://bitbucket.org"),
  LOCAL_SIGN_IN: z.enum(["on", "off"], "on or off").default("on"),
  OIDC_ISSUER: issuerUrl.optional(),
  OIDC_CLIENT_ID: z.string().max(500, "at most 500 characters").optional(),
  OIDC_CLIENT_SECRET: z.string().max(2000, "at most 2,000 characters").optional(),
  OIDC_SCOPES: z.string().regex(/^openid( [\w.:/-]+)*$/, "openid and other scopes, by spaces")
    .default("openid email profile"),
  OIDC_ROLE_CLAIM: claim.optional(),
  OIDC_ADMIN_VALUE: claim.default("admin"),
  OIDC_VIEWER_VALUE: claim.optional(),
  OIDC_NAME: z.string().min(1).max(60, "at most 60 characters").default("single sign-on"),
  TRUSTED_PROXIES: addressRanges.optional(),
  INSTANCE_NAME: z.string().trim().min(1, "a name").max(60, "at most 60 characters").default(
    "Sluice",
  ),
  SCAN_THREADS: whole(1, 64).optional(),
  SCAN_MAX_PACK_MB: whole(1, 16384).default(4096),
  SCAN_MAX_BLOB_MB: whole(1, 1024).default(25),
  /** `off` rings no KV queue: the timer and the sweep do all. */
  SLUICE_QUEUE: z.enum(["kv", "off"], "kv or off").default("kv"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"], "debug, info, warn or error")
    .default("info"),
});

/** How people sign in by an OpenID provider. */
export interface OidcConfig {
  issuer: string;
  clientId: string;
  clientSecret: string;
  scopes: string;
  /** Null: a new person is a viewer, and an admin gives other roles. */
  roleClaim: string | null;
  /** The claim's value, or one of its values, that makes an admin. */
  adminValue: string;
  /** Null: who is no admin is a viewer. Else who has neither value may not come in. */
  viewerValue: string | null;
  /** As the button calls it. */
  name: string;
}

/** What the rest of the program may know of its surroundings. */
export interface Config {
  port: number;
  host: string;
  /** Without a final slash; null means `http://localhost:` and the port that was bound. */
  publicUrl: string | null;
  databaseUrl: string;
  databaseToken: string | null;
  /** The folder for the embedded database, the key file and spooled packs. */
  dataDir: string;
  /** Null where the key file in `dataDir` is to be used. */
  secretKey: Uint8Array<ArrayBuffer> | null;
  admin: { email: string; password: string } | null;
  bitbucket: { apiUrl: string; gitUrl: string };
  /** False where people sign in by the provider only. */
  localSignIn: boolean;
  oidc: OidcConfig | null;
  /** From whom forwarded addresses are believed; empty: from nobody. */
  trustedProxies: readonly AddressRange[];
  instanceName: string;
  threads: number;
  maxPackBytes: number;
  maxBlobBytes: number;
  queue: "kv" | "off";
  onDeploy: boolean;
  logLevel: "debug" | "info" | "warn" | "error";
}

const SECRET_NAMES = new Set([
  "SECRET_KEY",
  "ADMIN_PASSWORD",
  "TURSO_AUTH_TOKEN",
  "OIDC_CLIENT_SECRET",
]);

/** Thrown for a wrong environment; `problems` has one line per variable. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(readonly problems: readonly string[]) {
    super(`Cannot start: ${problems.join("; ")}`);
  }
}

/** The variables that concern us, read one by one so that the process needs leave for no other. */
export function processEnvironment(): Record<string, string | undefined> {
  const names = [...Object.keys(environment.shape), "DENO_DEPLOY"];
  return Object.fromEntries(names.map((name) => [name, Deno.env.get(name)]));
}

/** Reads the configuration from an environment. @throws `ConfigError`. */
export function readConfig(env: Record<string, string | undefined>, cores: number): Config {
  const given = Object.fromEntries(
    Object.keys(environment.shape).flatMap((name) => {
      const value = env[name];
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
  const parsed = environment.safeParse(given);
  const named = new Set<string>();
  const problems = parsed.success ? [] : parsed.error.issues.flatMap((issue) => {
    const name = String(issue.path[0]);
    // What is wrong first is enough: mending it shows whether more is.
    if (named.has(name)) return [];
    named.add(name);
    const value = SECRET_NAMES.has(name) ? "a value that is not shown" : quote(given[name] ?? "");
    return [`${name}: got ${value}, expected ${issue.message}`];
  });
  const onDeploy = env.DENO_DEPLOY !== undefined;
  if (given.ADMIN_PASSWORD && !given.ADMIN_EMAIL) {
    problems.push("ADMIN_EMAIL: got nothing, expected an e-mail address beside ADMIN_PASSWORD");
  }
  if (given.ADMIN_EMAIL && !given.ADMIN_PASSWORD) {
    problems.push("ADMIN_PASSWORD: got nothing, expected a password beside ADMIN_EMAIL");
  }
  const oidcNames = ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"];
  const oidcGiven = oidcNames.filter((name) => given[name]);
  if (oidcGiven.length > 0) {
    for (const name of oidcNames.filter((name) => !given[name])) {
      problems.push(`${name}: got nothing, expected a value beside ${oidcGiven[0]}`);
    }
  }
  if (given.LOCAL_SIGN_IN === "off" && oidcGiven.length === 0) {
    problems.push(
      'LOCAL_SIGN_IN: got "off", expected on, as there is no OIDC_ISSUER to sign in by',
    );
  }
  const remote = given.TURSO_DATABASE_URL && !given.TURSO_DATABASE_URL.startsWith("file:");
  if ((remote || onDeploy) && !given.SECRET_KEY) {
    problems.push(
      "SECRET_KEY: got nothing, expected 32 bytes in base64 (a shared database needs it)",
    );
  }
  if (onDeploy && !remote) {
    problems.push(
      "TURSO_DATABASE_URL: got nothing that lasts, expected libsql://HOST on Deno Deploy",
    );
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const values = parsed.data;
  return {
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.PUBLIC_URL ?? null,
    databaseUrl: values.TURSO_DATABASE_URL ?? `file:${values.DATA_DIR}/sluice.db`,
    databaseToken: values.TURSO_AUTH_TOKEN ?? null,
    dataDir: values.DATA_DIR,
    secretKey: values.SECRET_KEY ? decodeSecretKey(values.SECRET_KEY) : null,
    admin: values.ADMIN_EMAIL && values.ADMIN_PASSWORD
      ? { email: values.ADMIN_EMAIL, password: values.ADMIN_PASSWORD }
      : null,
    bitbucket: { apiUrl: values.BITBUCKET_API_URL, gitUrl: values.BITBUCKET_GIT_URL },
    localSignIn: values.LOCAL_SIGN_IN === "on",
    oidc: values.OIDC_ISSUER && values.OIDC_CLIENT_ID && values.OIDC_CLIENT_SECRET
      ? {
        issuer: values.OIDC_ISSUER,
        clientId: values.OIDC_CLIENT_ID,
        clientSecret: values.OIDC_CLIENT_SECRET,
        scopes: values.OIDC_SCOPES,
        roleClaim: values.OIDC_ROLE_CLAIM ?? null,
        adminValue: values.OIDC_ADMIN_VALUE,
        viewerValue: values.OIDC_VIEWER_VALUE ?? null,
        name: values.OIDC_NAME,
      }
      : null,
    trustedProxies: values.TRUSTED_PROXIES ?? [],
    instanceName: values.INSTANCE_NAME,
    threads: values.SCAN_THREADS ?? Math.max(1, cores - 1),
    maxPackBytes: values.SCAN_MAX_PACK_MB * 1024 * 1024,
    maxBlobBytes: values.SCAN_MAX_BLOB_MB * 1024 * 1024,
    queue: values.SLUICE_QUEUE,
    onDeploy,
    logLevel: values.LOG_LEVEL,
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || (/^127\.|^\[::1\]$/.test(hostname));
}

/** An address may carry a password before its host, or a token behind its path. */
function quote(value: string): string {
  return `"${value.replace(/\/\/[^/]*@/, "//…@").replace(/[?#].*$/s, "…")}"`;
}

/** The key behind 32 bytes in base64 or base64url; null for any other text. */
export function decodeSecretKey(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const plain = text.trim().replaceAll("-", "+").replaceAll("_", "/");
    const key = Uint8Array.from(atob(plain), (char) => char.charCodeAt(0));
    return key.length === 32 ? key : null;
  } catch {
    return null;
  }
}
