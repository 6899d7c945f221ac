/** What polls cost the app's process, beside a greeting by Hono in the same process. */

import type { Seen, Viewing } from "@/bench/pages_viewers.ts";
import type { Workspace } from "@/e2e/harness/workspace.ts";
import { openDb } from "@/lib/store/db.ts";

const MOVING = 2_000;

/** A line of the table. */
interface Load {
  "requests a second": number;
  "p50, ms": number;
  "p99, ms": number;
  "p99 with news, ms": number;
  "processor a request, µs": number;
  "of Hono's, %": number;
  "queries a request": number;
  errors: number;
}

/** Measures each kind of request at rest and while scans run. */
export async function underLoad(
  dataDir: string,
  workspace: Workspace,
): Promise<Record<string, Load>> {
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
    const app = await lines.next<
      { port: number; helloPort: number; session: string; serverId: string; embedKey: string }
    >();
    const headers = { Cookie: `sluice=${app.session}`, "HX-Request": "true" };
    const page = await (await fetch(`http://127.0.0.1:${app.port}/repositories`, { headers }))
      .text();
    const [, href, tag] = /id="live"[^>]*hx-get="([^"]+)"[^>]*hx-ptag="([^"]+)"/.exec(page)!;
    const poll = { path: href!.replaceAll("&amp;", "&"), headers, follow: true };
    const embed = `/embed/servers/${app.serverId}`;
    const key = `key=${app.embedKey}`;
    const figures: Record<string, Load> = {};
    let helloCpu = 0;
    const measure = async (name: string, given: Partial<Viewing>) => {
      const before = [await threadMs(child.pid), (await say("figures")).queries] as const;
      const seen = await viewers({
        port: app.port,
        viewers: 16,
        everyMs: 0,
        seconds: 4,
        path: "/",
        headers: {},
        follow: false,
        ...given,
      });
      const ms = await threadMs(child.pid) - before[0];
      const queries = (await say("figures")).queries - before[1];
      const cpu = ms * 1000 / seen.requests;
      if (given.port === app.helloPort) helloCpu = cpu;
      const round = (value: number, digits = 1) => Number(value.toFixed(digits));
      figures[name] = {
        "requests a second": Math.round(seen.perSecond),
        "p50, ms": round(seen.p50),
        "p99, ms": round(seen.p99),
        "p99 with news, ms": round(seen.changedP99),
        "processor a request, µs": Math.round(cpu),
        "of Hono's, %": Math.round(100 * helloCpu / cpu),
        "queries a request": round(queries / seen.requests, 3),
        errors: seen.errors,
      };
    };
    await measure("Hono's hello", { port: app.helloPort });
    await measure("unchanged poll", { ...poll, headers: { ...headers, "HX-PTag": tag! } });
    await measure("embed fragment", { path: `${embed}/fragment?${key}` });
    await measure("badge", { path: `${embed}/badge.svg?${key}` });
    await say("scan");
    await measure("all rows, scans run", {
      path: poll.path.replace(/since=[^&]+&?/, ""),
      headers,
      viewers: 1,
      everyMs: 100,
      seconds: 5,
    });
    await measure("whole page, scans run", {
      path: "/repositories",
      headers,
      viewers: 1,
      everyMs: 100,
      seconds: 5,
    });
    await measure("1,000 viewers every 2 s, scans run", {
      ...poll,
      viewers: 1000,
      everyMs: 2000,
      seconds: 12,
    });
    return figures;
  } finally {
    await input.close();
    await child.status;
  }
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
