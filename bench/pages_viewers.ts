/**
 * Run by the bench of pages as a process of its own: viewers over kept connections, each asking again
 * as soon as it is answered or every so many milliseconds, and what they saw as one line of JSON.
 */

/** What the viewers do, as JSON in the first argument. */
export interface Viewing {
  port: number;
  viewers: number;
  /** 0: at once. */
  everyMs: number;
  seconds: number;
  path: string;
  headers: Record<string, string>;
  /** The viewers' sessions, dealt out in turn; none: they ask as nobody. */
  sessions: readonly string[];
  /** Each viewer tells the tag of its last answer, and asks for what came after it. */
  follow: boolean;
}

/** What they saw; times in milliseconds. */
export interface Seen {
  requests: number;
  errors: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Until the first byte of an answer. */
  firstP50: number;
  firstP99: number;
  /** The same over answers with news in them. */
  changed: number;
  changedP50: number;
  changedP99: number;
  /** Of the largest answer, with its head. */
  bytes: number;
}

async function view(viewing: Viewing): Promise<Seen> {
  const all: number[] = [];
  const firsts: number[] = [];
  const changed: number[] = [];
  let [errors, bytes] = [0, 0];
  const start = performance.now();
  const end = start + viewing.seconds * 1000;
  await Promise.all(
    Array.from({ length: viewing.viewers }, async (_, index) => {
      const session = viewing.sessions[index % Math.max(1, viewing.sessions.length)];
      const headers = session === undefined
        ? viewing.headers
        : { ...viewing.headers, Cookie: `sluice=${session}` };
      if (viewing.everyMs > 0 && viewing.viewers > 1) await pause(Math.random() * viewing.everyMs);
      const connection = await Deno.connect({ hostname: "127.0.0.1", port: viewing.port });
      connection.setNoDelay();
      let tag: string | null = viewing.headers["HX-PTag"] ?? null;
      while (performance.now() < end) {
        const before = performance.now();
        const answer = await ask(connection, { ...viewing, headers }, tag);
        const taken = performance.now() - before;
        all.push(taken);
        firsts.push(answer.firstAt - before);
        bytes = Math.max(bytes, answer.bytes);
        if (answer.status === 200) changed.push(taken);
        if (answer.status !== 200 && answer.status !== 304) errors++;
        if (viewing.follow && answer.tag) tag = answer.tag;
        if (viewing.everyMs > 0) await pause(viewing.everyMs - taken);
      }
      connection.close();
    }).map((viewer) => viewer.catch(() => errors++)),
  );
  const seconds = (performance.now() - start) / 1000;
  return {
    requests: all.length,
    errors,
    perSecond: all.length / seconds,
    p50: at(all, 0.5),
    p99: at(all, 0.99),
    firstP50: at(firsts, 0.5),
    firstP99: at(firsts, 0.99),
    changed: changed.length,
    changedP50: at(changed, 0.5),
    changedP99: at(changed, 0.99),
    bytes,
  };
}

async function ask(connection: Deno.Conn, { path, headers, follow }: Viewing, tag: string | null) {
  const since = /^(\d+)/.exec(tag ?? "")?.[1];
  const href = follow && since ? path.replace(/since=\d+/, `since=${since}`) : path;
  const sent = { Host: "127.0.0.1", "Accept-Encoding": "gzip", ...headers };
  const lines = Object.entries(tag === null ? sent : { ...sent, "HX-PTag": tag })
    .map(([name, value]) => `${name}: ${value}\r\n`).join("");
  await connection.write(new TextEncoder().encode(`GET ${href} HTTP/1.1\r\n${lines}\r\n`));
  return await answered(connection);
}

/** Reads one answer to its end: by length, by its last chunk, or without a body. */
async function answered(connection: Deno.Conn) {
  const buffer = new Uint8Array(64 * 1024);
  let text = "";
  let firstAt = 0;
  for (;;) {
    const read = await connection.read(buffer);
    if (read === null) throw new Error("Cannot read an answer: the connection ended");
    firstAt ||= performance.now();
    text += latin1(buffer.subarray(0, read));
    const body = text.indexOf("\r\n\r\n") + 4;
    if (body < 4) continue;
    const head = text.slice(0, body);
    const status = Number(head.slice(9, 12));
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    const over = status === 304 ||
      (length === undefined
        ? text.endsWith("\r\n0\r\n\r\n")
        : text.length >= body + Number(length));
    if (!over) continue;
    const tag = /\r\nhx-ptag: ([^\r]+)/i.exec(head)?.[1] ?? null;
    return { status, tag, firstAt, bytes: text.length };
  }
}

const decoder = new TextDecoder("latin1");
const latin1 = (bytes: Uint8Array) => decoder.decode(bytes);

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}

function at(times: number[], share: number): number {
  if (times.length === 0) return 0;
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * share)]!;
}

if (import.meta.main) console.log(JSON.stringify(await view(JSON.parse(Deno.args[0]!))));
