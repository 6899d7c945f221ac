/** The plan of the house as a table: path, source, the messages expected. */

import assert from "node:assert/strict";
import plugin from "@/tools/house_rules.ts";

type Row = readonly [path: string, source: string, ...messages: string[]];

const TABLES: Record<string, readonly Row[]> = {
  "house/rooms": [
    ["main.ts", `import "@/routes/mod.ts"; import "./workers/mod.ts"; import "@/lib/log.ts";`],
    ["routes/scans.tsx", `import { ScanStatus } from "@/components/scan_status.tsx";`],
    ["routes/api/mod.ts", `import "../../lib/store/db.ts"; import "../middleware.ts";`],
    ["routes/scans.tsx", `import "@/workers/mod.ts";`, "routes/ may not import workers/"],
    [
      "routes/scans.tsx",
      `import type { Tip } from "@/workers/tip.ts";`,
      "routes/ may not import workers/",
    ],
    ["routes/scans.tsx", `import "../main.ts";`, "nothing imports main.ts"],
    ["e2e/flow_test.ts", `import "../main.ts";`, "nothing imports main.ts"],
    ["workers/tip.ts", `import "./pool.ts"; import "@/lib/store/jobs.ts";`],
    ["workers/tip.ts", `export * from "@/routes/mod.ts";`, "workers/ may not import routes/"],
    ["workers/tip.ts", `import "../components/layout.tsx";`, "workers/ may not import components/"],
    ["components/forms.tsx", `import "@/routes/mod.ts";`, "components/ may not import routes/"],
    ["lib/store/jobs.ts", `export { a } from "@/workers/tip.ts";`, "lib/ may not import workers/"],
    ["lib/format.ts", `await import("@/components/forms.tsx");`, "lib/ may not import components/"],
    [
      "routes/servers.tsx",
      `import "@/lib/codeserver/bitbucket_cloud/fake_server.ts";`,
      "lib/codeserver/bitbucket_cloud/fake_server.ts is for tests, e2e, bench and tools",
    ],
    [
      "lib/git/walk.ts",
      `import "./fake_git_server.ts";`,
      "lib/git/fake_git_server.ts is for tests, e2e, bench and tools",
    ],
    ["workers/tip.ts", `import "@/tools/x.ts";`, "tools/x.ts is for tests, e2e, bench and tools"],
    ["lib/codeserver/bitbucket_cloud/fake_server.ts", `import "@/lib/git/fake_git_server.ts";`],
    [
      "lib/store/jobs.ts",
      `import "./test_store.ts";`,
      "lib/store/test_store.ts is for tests, e2e, bench and tools",
    ],
    ["workers/tip_test.ts", `import "@/routes/mod.ts"; import "@/lib/git/fake_git_server.ts";`],
    ["tools/demo.ts", `import "@/workers/mod.ts"; import "@/lib/git/fake_git_server.ts";`],
  ],
  "house/strangers": [
    ["lib/store/jobs.ts", `import "@/lib/clock.ts"; import "./db.ts"; import "../id.ts";`],
    [
      "lib/store/jobs.ts",
      `import "@/lib/detect/mod.ts";`,
      "lib/store/jobs.ts may not import lib/detect/mod.ts: the rooms of lib are strangers but for the types of codeserver/mod.ts",
    ],
    [
      "lib/store/jobs.ts",
      `import type { Rule } from "../detect/rule.ts";`,
      "lib/store/jobs.ts may not import lib/detect/rule.ts: the rooms of lib are strangers but for the types of codeserver/mod.ts",
    ],
    ["lib/codeserver/bitbucket_cloud/mod.ts", `import "../mod.ts"; import "@/lib/http.ts";`],
    [
      "lib/codeserver/bitbucket_cloud/mod.ts",
      `import("../../git/walk.ts");`,
      "lib/codeserver/bitbucket_cloud/mod.ts may not import lib/git/walk.ts: the rooms of lib are strangers but for the types of codeserver/mod.ts",
    ],
    ["lib/store/servers.ts", `import type { Credential } from "@/lib/codeserver/mod.ts";`],
    ["lib/http.ts", `import "@/lib/errors.ts"; import "./log.ts";`],
    [
      "lib/http.ts",
      `import "./store/db.ts";`,
      "lib/http.ts may not import lib/store/db.ts: files directly in lib import each other only",
    ],
    [
      "components/scan_status.tsx",
      `import { f } from "@/lib/format.ts"; import { s } from "../lib/status.ts";
       import type { Job } from "@/lib/store/jobs.ts"; import { type Id } from "@/lib/id.ts";`,
    ],
    [
      "components/scan_status.tsx",
      `import { type Job, find } from "@/lib/store/jobs.ts";`,
      "components/scan_status.tsx may not import lib/store/jobs.ts: components take types of lib, lib/format.ts and lib/status.ts",
    ],
    ["workers/scan_thread.ts", `import "./read_repository.ts"; import "@/lib/git/walk.ts";`],
    ["workers/read_repository.ts", `import "@/lib/detect/mod.ts"; import "@/lib/http.ts";`],
    [
      "workers/scan_thread.ts",
      `import "@/lib/store/mod.ts"; import "./pool.ts";`,
      "workers/scan_thread.ts may not import lib/store/mod.ts: a scan thread takes messages, lib/git, lib/detect and files directly in lib",
      "workers/scan_thread.ts may not import workers/pool.ts: a scan thread takes messages, lib/git, lib/detect and files directly in lib",
    ],
    ["workers/tip.ts", `import "@/lib/store/mod.ts"; import "@/lib/codeserver/mod.ts";`],
    ["lib/store/jobs_test.ts", `import "@/lib/detect/mod.ts";`],
    ["lib/git/fake_git_server.ts", `import "@/lib/detect/mod.ts";`],
  ],
  "house/packages": [
    ["lib/store/jobs.ts", `import { eq } from "drizzle-orm"; import "@libsql/client/web";`],
    [
      "routes/scans.tsx",
      `import { eq } from "drizzle-orm/sql";`,
      "drizzle-orm belongs in lib/store/",
    ],
    ["workers/mod.ts", `import("@libsql/client");`, "@libsql/client belongs in lib/store/"],
    ["components/forms.tsx", `import type { FC } from "hono/jsx"; import "./layout.tsx";`],
    ["lib/http.ts", `import { Hono } from "hono";`, "hono belongs in routes/, components/"],
    ["lib/config.ts", `import { z } from "zod";`],
    ["components/forms.tsx", `import { z } from "zod";`, "zod belongs in lib/, routes/, workers/"],
    ["lib/git/pack.ts", `import { inflateSync } from "node:zlib";`],
    [
      "lib/git/pack.ts",
      `import "node:child_process";`,
      "node:child_process belongs in tests and tools",
    ],
    ["lib/git/pack_test.ts", `import assert from "node:assert/strict"; import "hono";`],
    [
      "lib/id.ts",
      `import "left-pad";`,
      "left-pad has no home: give it a line in tools/house_plan.ts",
    ],
    [
      "lib/id.ts",
      `import "npm:zod@4";`,
      "name the package in deno.json instead of npm:zod@4",
    ],
    [
      "lib/id.ts",
      `import "node:os";`,
      "node:os has no home: give it a line in tools/house_plan.ts",
    ],
    ["e2e/flow_browser_test.ts", `import "playwright-core"; import "node:os";`],
    [
      "e2e/flow_browser_test.ts",
      `import "p";`,
      "p has no home: give it a line in tools/house_plan.ts",
    ],
  ],
  "house/globals": [
    ["lib/config.ts", `const port = Deno.env.get("PORT");`],
    ["workers/tip.ts", `const port = Deno.env.get("PORT");`, "Deno.env belongs in lib/config.ts"],
    ["workers/tip.ts", `const { env } = Deno;`, "Deno.env belongs in lib/config.ts"],
    ["workers/tip.ts", `globalThis.fetch("/");`, "fetch belongs in lib/http.ts"],
    ["workers/tip.ts", `const get = fetch;`, "fetch belongs in lib/http.ts"],
    ["workers/tip.ts", `const deps = { fetch };`, "fetch belongs in lib/http.ts"],
    ["workers/tip.ts", `const run = (x = fetch) => x;`, "fetch belongs in lib/http.ts"],
    ["workers/tip.ts", `const run = (fetch: Get) => fetch("/");`],
    ["workers/tip.ts", `const run = ({ fetch }: Deps) => fetch("/");`],
    ["workers/tip.ts", `deps.fetch(); class A { fetch() {} } type F = typeof fetch;`],
    ["workers/tip.ts", `import { fetch } from "@/lib/http.ts"; fetch("/");`],
    ["workers/tip.ts", `interface Deps { fetch: Get }`],
    ["workers/tip.ts", `import { fetch as get } from "@/lib/http.ts";`],
    ["main.ts", `Deno.serve(app); Deno.cron("x", "* * * * *", f); await Deno.openKv();`],
    ["routes/mod.ts", `Deno.serve(app);`, "Deno.serve belongs in main.ts"],
    ["workers/pool.ts", `new Worker(url);`],
    ["workers/mod.ts", `new Worker(url);`, "Worker belongs in workers/pool.ts"],
    [
      "lib/store/jobs.ts",
      `Date.now(); new Date(); new Date(5);`,
      "Date.now belongs in lib/clock.ts, lib/id.ts",
      "new Date() belongs in lib/clock.ts, lib/log.ts",
    ],
    ["lib/store/jobs.ts", `crypto.randomUUID();`, "crypto.randomUUID belongs in lib/id.ts"],
    ["lib/seal.ts", `crypto.getRandomValues(iv);`],
    ["lib/git/walk.ts", `new Deno.Command("git");`, "Deno.Command belongs in tools"],
    ["lib/git/fake_git_server.ts", `new Deno.Command("git");`],
    ["lib/store/test_store.ts", `Deno.makeTempDir();`],
    ["lib/log.ts", `console.log("{}");`],
    ["routes/scans.tsx", `console.log("here");`, "console belongs in lib/log.ts"],
    ["static/embed.js", `fetch("/"); setTimeout(f, 1);`],
    ["tools/dev.ts", `console.log("here"); setTimeout(f, 1);`],
  ],
};

for (const [rule, rows] of Object.entries(TABLES)) {
  for (const [path, source, ...messages] of rows) {
    const says = messages.length ? "reports" : "accepts";
    Deno.test(`${rule} ${says} in ${path}: ${source.replaceAll(/\s+/g, " ")}`, () => {
      const found = Deno.lint.runPlugin(plugin, path, source)
        .filter(({ id }) => id === rule).map(({ message }) => message);
      assert.deepEqual(found, messages);
    });
  }
}
