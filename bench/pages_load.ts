/** What polls cost the app's process, beside a greeting by Hono in the same process. */

import type { Seen, Viewing } from "@/bench/pages_viewers.ts";
import type { Workspace } from "@/e2e/harness/workspace.ts";
import { openDb } from "@/lib/store/db.ts";

const MOVING = 2_000;

/** A line of the table; `null` where it says nothing. */
interface Load {
  "a second": number;
  "p50, ms": number;
  "p99, ms": number;
  "first byte p50": number;
  "first byte p99": number;
  "with news p50": number | null;
  "with news p99": number | null;
  "µs of processor": number;
  "of hello's, %": number | null;
  "queries each": number;
  "KB": number;
  asked: number;
  errors: number;
}

/** What the child tells when it is up. */
interface Up {
  port: number;
  helloPort: number;
  sessions: string[];
  serverId: string;
  embedKey: string;
}

/** What the first load of the page weighs. */
const WEIGHED = "weight of the first load";

/** Measures each kind of request at rest and while scans run. */
export async function underLoad(
  dataDir: string,
  workspace: Workspace,
): Promise<Record<string, Load | { KB: number }>> {
  const url = `file:${dataDir}/sluice.db`;
  await move(url);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      path("pages_app.ts"),
      url,
      btoa(String.fromCharCode(...workspace.secretKey)),
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const lines = linesOf(child.stdout);
  const input = child.stdin.getWriter();
  const say = async (word: string) => {
    await input.write(new TextEncoder().encode(`${word}\n`));
    return await lines.next<{ queries: number }>();
  };
  try {
    const app = await lines.next<Up>();
    const { port, sessions } = app;
    const headers = { "HX-Request": "true" };
    const page = await (await fetch(`http://127.0.0.1:${port}/repositories`, {
      headers: { Cookie: `sluice=${sessions[0]}` },
    })).text();
    const [, href, tag] = /id="live"[^>]*hx-get="([^"]+)"[^>]*hx-ptag="([^"]+)"/.exec(page)!;
    const poll = { path: href!.replaceAll("&amp;", "&"), headers, sessions, follow: true };
    const quiet = { ...poll, headers: { ...headers, "HX-PTag": tag! } };
    const embed = `/embed/servers/${app.serverId}`;
    const key = `key=${app.embedKey}`;
    const usual: Viewing = {
      port,
      viewers: 16,
      everyMs: 0,
      seconds: 5,
      path: "/",
      headers: {},
      sessions: [],
      follow: false,
    };
    const paced = { headers, sessions, viewers: 2, everyMs: 50, seconds: 10 };
    const figures: Record<string, Load | { KB: number }> = {};
    let helloCpu = 0;
    const measure = async (name: string, given: Partial<Viewing>, isHello = false) => {
      const viewing = { ...usual, ...given };
      // Who looks on is there already: sessions are known, and the code is warm.
      await viewers({ ...viewing, seconds: viewing.everyMs === 0 ? 1 : 3 });
      const before = [await threadMs(child.pid), (await say("figures")).queries] as const;
      const seen = await viewers(viewing);
      const cpu = (await threadMs(child.pid) - before[0]) * 1000 / seen.requests;
      const queries = (await say("figures")).queries - before[1];
      if (isHello) helloCpu = helloCpu === 0 ? cpu : (helloCpu + cpu) / 2;
      figures[name] = lineOf(seen, cpu, queries);
    };
    await measure("Hono's hello", { port: app.helloPort }, true);
    await measure("unchanged poll", quiet);
    await measure("embed fragment", { path: `${embed}/fragment?${key}` });
    const told = await fetch(`http://127.0.0.1:${port}${embed}/fragment?${key}`);
    await told.body?.cancel();
    await measure("unchanged embed", {
      path: `${embed}/fragment?${key}`,
      headers: { "HX-PTag": told.headers.get("HX-PTag")! },
    });
    await measure("badge", { path: `${embed}/badge.svg?${key}` });
    await measure("Hono's hello again", { port: app.helloPort }, true);
    for (const one of Object.values(figures) as Load[]) {
      one["of hello's, %"] = Math.round(100 * helloCpu / one["µs of processor"]);
    }
    figures[WEIGHED] = { KB: await weigh(app, page) };
    await say("scan");
    await measure("all 50 rows, scans run", {
      ...paced,
      path: poll.path.replace(/since=[^&]+&?/, ""),
    });
    await measure("whole page, scans run", { ...paced, path: "/repositories" });
    await measure("1,000 viewers every 2 s, scans run", {
      ...poll,
      viewers: sessions.length,
      everyMs: 2000,
      seconds: 20,
    });
    return figures;
  } finally {
    await input.close();
    await child.status;
  }
}

function lineOf(seen: Seen, cpu: number, queries: number): Load {
  const round = (value: number, digits = 1) => Number(value.toFixed(digits));
  const news = seen.changed > 0 && seen.changed < seen.requests;
  return {
    "a second": Math.round(seen.perSecond),
    "p50, ms": round(seen.p50),
    "p99, ms": round(seen.p99),
    "first byte p50": round(seen.firstP50),
    "first byte p99": round(seen.firstP99),
    "with news p50": news ? round(seen.changedP50) : null,
    "with news p99": news ? round(seen.changedP99) : null,
    "µs of processor": round(cpu),
    "of hello's, %": null,
    "queries each": round(queries / seen.requests, 3),
    "KB": round(seen.bytes / 1024),
    asked: seen.requests,
    errors: seen.errors,
  };
}

/** The page and all that it names, packed, heads included, in KB. */
async function weigh({ port, sessions }: Up, page: string): Promise<number> {
  const names = new Set(
    [...page.matchAll(/(?:src|href)="(\/static\/[^"#]+)/g)].map(([, path]) => path!),
  );
  let bytes = 0;
  for (const path of ["/repositories", ...names]) {
    const seen = await viewers({
      port,
      viewers: 1,
      everyMs: 100,
      seconds: 0.1,
      path,
      headers: {},
      sessions: sessions.slice(0, 1),
      follow: false,
    });
    if (seen.errors > 0) throw new Error(`Cannot weigh ${path}`);
    bytes += seen.bytes;
  }
  return Math.round(bytes / 102.4) / 10;
}

/** Has the first repositories by name scanned, as far as their rows tell. */
async function move(url: string): Promise<void> {
  const db = await openDb(url);
  const now = Date.now();
  await db.execute(
    `UPDATE jobs SET state = 'running', step = 'history', result = NULL, finished_at = NULL,
       lease_until = ?1, beat_at = ?2, started_at = ?2,
       progress = '{"phase":"reading","objectsDone":120,"objectsTotal":900,"packBytes":65536}'
     WHERE id IN (SELECT scan_id FROM repositories ORDER BY full_name LIMIT ?3)`,
    [now + 3_600_000, now, MOVING],
  );
  db.close();
}

async function viewers(viewing: Viewing): Promise<Seen> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", path("pages_viewers.ts"), JSON.stringify(viewing)],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("Cannot measure: the viewers failed");
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** The main thread's time alone: pages run there, scans do not. In hundredths of a second; Linux. */
async function threadMs(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/task/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async next<Line>(): Promise<Line> {
      while (!text.includes("\n")) {
        const { value, done } = await reader.read();
        if (done) throw new Error("Cannot measure: the app ended");
        text += value;
      }
      const end = text.indexOf("\n");
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      return JSON.parse(line);
    },
  };
}

function path(name: string): string {
  return new URL(`./${name}`, import.meta.url).pathname;
}
