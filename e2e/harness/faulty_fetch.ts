/** A way to the network on which one call goes wrong, by true sockets where the fault is one of sockets. */

import type { MatrixCall, MatrixFault } from "@/e2e/fault_matrix.ts";

export interface FaultyFetch extends AsyncDisposable {
  fetch: typeof fetch;
  /** Whether the call goes wrong now. */
  on: boolean;
  /** How often it did. */
  hits: number;
}

/** What a fault does to the world rather than to the answer. */
export type Deeds = Partial<Record<string, () => void>>;

const PIECES = 10;
const PIECE_MS = 15;

/** Nothing goes wrong before `on`. */
export function faultyFetch(call: MatrixCall, fault: MatrixFault, deeds: Deeds): FaultyFetch {
  const sockets = new Set<Deno.Conn>();
  let payload = new Uint8Array();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = (async () => {
    for await (const socket of listener) {
      sockets.add(socket);
      void handle(socket).catch(() => {});
    }
  })();

  /** Closed at once, silent, or with less than it promised. */
  async function handle(socket: Deno.Conn): Promise<void> {
    if (fault.id === "reset") return socket.close();
    await socket.read(new Uint8Array(65_536));
    if (fault.id === "hang") return;
    const writer = socket.writable.getWriter();
    await writer.write(payload);
    if (fault.id === "length") await writer.close();
  }

  const elsewhere = (init: RequestInit, to = listener) =>
    fetch(`http://127.0.0.1:${to.addr.port}/`, { signal: init.signal ?? null });

  async function goWrong(url: URL, init: RequestInit): Promise<Response> {
    switch (fault.id) {
      case "refused": {
        const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
        closed.close();
        return await elsewhere(init, closed);
      }
      case "reset":
      case "hang":
        return await elsewhere(init);
      case "malformed":
        return await spoiled(url, init, () => fault.body!);
      case "sign-in page":
        return new Response("<html><body>Log in</body></html>", {
          headers: { "content-type": "text/html" },
        });
      case "length":
      case "stall": {
        const answer = await fetch(url, init);
        payload = promised(answer, new Uint8Array(await answer.arrayBuffer()));
        return await elsewhere(init);
      }
      case "truncated":
        return await spoiled(url, init, (bytes) => bytes.slice(0, bytes.length / 2));
      case "corrupt":
        return await spoiled(url, init, (bytes) => {
          bytes[spoiledAt(bytes)]! ^= 0x55;
          return bytes;
        });
      case "drip":
        return await spoiled(url, init, drip);
      case "page again":
      case "twice":
        return await spoiled(url, init, (bytes) => {
          const body = JSON.parse(new TextDecoder().decode(bytes));
          if (fault.id === "page again") body.next = url.href;
          else body.values = body.values.flatMap((item: unknown) => [item, item]);
          return JSON.stringify(body);
        });
    }
    if (fault.status !== undefined) {
      const { status, body = "Refused", headers = {} } = fault;
      const type = body.startsWith("<") ? "text/html" : "text/plain";
      return new Response(body, { status, headers: { "content-type": type, ...headers } });
    }
    deeds[fault.id]!();
    return await fetch(url, init);
  }

  const faulty: FaultyFetch = {
    on: false,
    hits: 0,
    fetch: (input, init = {}) => {
      const url = new URL(String(input));
      const asked = { method: init.method ?? "GET", url, body: String(init.body ?? "") };
      if (!faulty.on || !call.fits(asked)) return fetch(input, init);
      faulty.hits++;
      return goWrong(url, init);
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const socket of sockets) {
        try {
          socket.close();
        } catch {
          // The other side was first.
        }
      }
      await accepting;
    },
  };
  return faulty;
}

/** The true answer with another body. */
async function spoiled(
  url: URL,
  init: RequestInit,
  body: (bytes: Uint8Array<ArrayBuffer>) => BodyInit,
): Promise<Response> {
  const answer = await fetch(url, init);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  if (answer.status === 204) return new Response(null, { status: 204, headers });
  return new Response(body(bytes), { status: answer.status, headers });
}

/** Half of an answer, under a header that promises the whole. */
function promised(answer: Response, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: ${answer.headers.get("content-type")}\r\n` +
    `content-length: ${Math.max(1, bytes.length)}\r\n\r\n`;
  const start = new TextEncoder().encode(head);
  const whole = new Uint8Array(start.length + Math.floor(bytes.length / 2));
  whole.set(start);
  whole.set(bytes.subarray(0, whole.length - start.length), start.length);
  return whole;
}

function drip(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  let at = 0;
  const size = Math.ceil(bytes.length / PIECES);
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, PIECE_MS));
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, at += size));
    },
  }, { highWaterMark: 0 });
}

/**
 * Which byte is changed: the sign that parts a JSON name from its value, the space that parts an id
 * from its name in a list of refs, else the one in the middle. Ids differ from run to run, and one
 * that was changed may be an id still.
 */
function spoiledAt(bytes: Uint8Array): number {
  if (bytes[0] === "{".charCodeAt(0)) return bytes.indexOf(":".charCodeAt(0));
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 45));
  return /^[0-9a-f]{44} /.test(head) ? 44 : Math.floor(bytes.length / 2);
}
