/**
 * Run by the bench of pages as a process of its own: the app's pages over a database of the bench,
 * whose scans beat as asked, a thread that burns what scans burn, and figures of both on standard
 * output, a line for each line of standard input.
 */

import { Hono } from "hono";
import { systemClock } from "@/lib/clock.ts";
import { openCodeServer } from "@/lib/codeserver/open.ts";
import { silentLog } from "@/lib/log.ts";
import { createMetrics } from "@/lib/metrics.ts";
import { createSeal } from "@/lib/seal.ts";
import { type Db, openDb } from "@/lib/store/db.ts";
import { createStore } from "@/lib/store/mod.ts";
import { createVitals } from "@/lib/vitals.ts";
import { createApp } from "@/routes/mod.ts";

const [url, secretKey] = Deno.args as [string, string];
const key = Uint8Array.from(atob(secretKey), (char) => char.charCodeAt(0));
const opened = await openDb(url);
let queries = 0;
// Typed reads go through a door of their own, so they are counted there.
const query = new Proxy(opened.query, {
  get(target, name) {
    const value = Reflect.get(target, name);
    if (typeof value !== "function") return value;
    return (...args: unknown[]) => {
      queries++;
      return value.apply(target, args);
    };
  },
});
const db: Db = {
  ...opened,
  query,
  get writes() {
    return opened.writes;
  },
  get accessWrites() {
    return opened.accessWrites;
  },
  execute: (sql, args) => {
    queries++;
    return opened.execute(sql, args);
  },
  batch: (statements) => {
    queries += statements.length;
    return opened.batch(statements);
  },
};
const store = createStore(db, systemClock, await createSeal(key));
const VIEWERS = 1000;
const userId = await store.users.create({
  email: `bench-${crypto.randomUUID()}@example.com`,
  passwordHash: "scrypt$x",
  role: "viewer",
});
// One each, as browsers have: what is kept of one session serves no other.
const sessions: string[] = [];
for (let i = 0; i < VIEWERS; i++) sessions.push(await store.sessions.start(userId!));
const [server] = await store.servers.list();
const embed = await store.embedKeys.create({
  name: "bench",
  serverIds: [],
  repositoryIds: [],
  origins: [],
  showCounts: true,
  createdBy: userId!,
  expiresAt: null,
});

const listening = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen() {} },
  (request, info) => app.fetch(request, info),
);
const publicUrl = `http://127.0.0.1:${listening.addr.port}`;
const app = createApp({
  store,
  clock: systemClock,
  log: silentLog,
  doorbell: { ring: () => Promise.resolve(), answer() {}, close() {} },
  metrics: createMetrics(),
  vitals: createVitals(systemClock, null),
  runningSteps: () => 0,
  threads: () => ({ busy: 0, size: 1 }),
  instanceName: "Sluice",
  publicUrl,
  trustedProxies: [],
  anyHost: false,
  localSignIn: true,
  sso: null,
  rulesVersion: "1",
  openServer: () => Promise.reject(new Error("Cannot open a server in a bench")),
  openWorkspace: (type, workspace, credential) =>
    openCodeServer(type, {
      workspace,
      credential,
      apiUrl: "http://127.0.0.1:1/2.0",
      gitUrl: "https://bitbucket.org",
    }),
});
const hello = new Hono().get("/", (c) => c.text("hello"));
const greeting = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen() {} },
  (request, info) => hello.fetch(request, info),
);

console.log(JSON.stringify({
  port: listening.addr.port,
  helloPort: greeting.addr.port,
  sessions,
  serverId: server!.id,
  embedKey: embed.key,
}));

const burning = new URL("./pages_burn.ts", import.meta.url);
let burner: Worker | null = null;
let timer: ReturnType<typeof setInterval> | undefined;
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  for (const word of text.trim().split("\n")) {
    if (word === "scan") {
      burner = new Worker(burning, { type: "module" });
      timer = setInterval(beat, 100);
    } else if (word === "rest") {
      burner?.terminate();
      clearInterval(timer);
    }
    console.log(JSON.stringify({ queries, writes: store.writes }));
  }
}
Deno.exit(0);

/** Twenty of the moving ones a tick, two hundred a second, the first page among them. */
async function beat(): Promise<void> {
  await opened.execute(
    `UPDATE jobs SET beat_at = ?1 WHERE state = 'running' AND repository_id IN
       (SELECT id FROM repositories WHERE state = 'scanning' ORDER BY full_name
        LIMIT 20 OFFSET abs(random()) % 3 * 20)`,
    [Date.now()],
  );
}
