/** The two requests of git over HTTP to one repository, as one user, counted. */

import type { Clock } from "@/lib/clock.ts";
import { RemoteError, type RemoteReason } from "@/lib/errors.ts";
import { createPacketReader, type PacketReader } from "@/lib/git/pkt_line.ts";
import { basicAuth, createHttp, type Http, type HttpAnswer } from "@/lib/http.ts";
import { seconds } from "@/lib/http_watch.ts";
import { secretsOf } from "@/lib/said.ts";

/** Where and as whom to fetch. */
export interface GitRemote {
  url: string;
  user: string;
  password: string;
}

/** Both throw `RemoteError`; an answer of another content type than git's is `malformed`. */
export interface GitHttp {
  /** Origin and path, without credential: what capabilities may be remembered by. */
  readonly origin: string;
  /** The advertisement of `git-upload-pack`, asked for in protocol version 2. */
  advertisement(): Promise<PacketReader>;
  uploadPack(body: string, version: 0 | 2): Promise<PacketReader>;
  /** How many requests went out. */
  requests(): number;
  /** Closes what is still open; harmless when nothing is. */
  close(): Promise<void>;
}

/** A removed repository is 404; 410 is how Bitbucket answers to a retired app password. */
const REASONS: Readonly<Record<number, RemoteReason>> = { 410: "unauthorized" };
const SERVICE = "git-upload-pack";
const AGENT = "git/sluice";
/**
 * From the first request to the first byte of a pack: a host may list refs and count objects for
 * minutes, and its signs of life keep it from being idle. As long as any scan may stand still.
 */
const BEFORE_PACK_MS = 10 * 60_000;
/** Others are not repeated: a server may write what it likes there, our password too. */
const NAMED_TYPES: ReadonlyMap<string, string> = new Map([
  ["text/html", "an HTML page"],
  ["text/plain", "content type text/plain"],
  ["application/json", "content type application/json"],
  ["application/octet-stream", "content type application/octet-stream"],
  ["", "no content type"],
]);

/** How a remote is asked. */
export interface GitHttpOptions {
  signal?: AbortSignal | undefined;
  /** Milliseconds since whenever, by a watch that nobody sets: a clock put on a day is no delay. */
  elapsedMs?: () => number;
  /** From the first request to the first byte of a pack (10 minutes). */
  beforePackMs?: number;
}

/** A door of its own to one remote; a wait of `idleMs` for a byte ends it. */
export function connect(
  remote: GitRemote,
  options: GitHttpOptions & { idleMs: number; clock?: Clock; fetch?: typeof fetch },
): GitHttp {
  const { idleMs, clock, fetch } = options;
  const door = createHttp({
    origins: [new URL(remote.url).origin],
    timeoutMs: idleMs,
    idleMs,
    ...(clock === undefined ? {} : { clock }),
    ...(fetch === undefined ? {} : { fetch }),
  });
  return createGitHttp(remote, door, options);
}

/** Nothing is sent before the first call. */
export function createGitHttp(
  remote: GitRemote,
  http: Http,
  options: GitHttpOptions = {},
): GitHttp {
  const { signal, beforePackMs = BEFORE_PACK_MS } = options;
  const elapsedMs = options.elapsedMs ?? (() => performance.now());
  const base = remote.url.replace(/\/+$/, "");
  const headers: Record<string, string> = { "user-agent": AGENT };
  // A public repository may be read without a credential.
  if (remote.user !== "" || remote.password !== "") {
    headers["authorization"] = basicAuth(remote.user, remote.password);
  }
  const secrets = secretsOf(remote.user, remote.password);
  let sent = 0;
  let firstSentAt = 0;
  const answers = new Set<HttpAnswer>();

  function onChunkBeforePack(): void {
    if (elapsedMs() - firstSentAt <= beforePackMs) return;
    const limit = seconds(beforePackMs);
    throw new RemoteError("unavailable", `Cannot read git's answer: it takes longer than ${limit}`);
  }

  async function send(
    url: string,
    wanted: string,
    init: { method?: string; headers: Record<string, string>; body?: string },
  ): Promise<PacketReader> {
    if (sent++ === 0) firstSentAt = elapsedMs();
    const answer = await http.request(url, {
      ...init,
      headers: { ...headers, ...init.headers },
      reasons: REASONS,
      signal,
    });
    const type = answer.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
    if (type === wanted) {
      answers.add(answer);
      return createPacketReader(answer.chunks(), { secrets, onChunkBeforePack });
    }
    await answer.cancel();
    const what = NAMED_TYPES.get(type) ?? "another content type than git's";
    throw new RemoteError("malformed", `Cannot read git's answer: ${what}`, {
      status: answer.status,
    });
  }

  return {
    origin: new URL(base).origin,
    advertisement: () =>
      send(`${base}/info/refs?service=${SERVICE}`, `application/x-${SERVICE}-advertisement`, {
        headers: { "git-protocol": "version=2" },
      }),
    uploadPack: (body, version) =>
      send(`${base}/${SERVICE}`, `application/x-${SERVICE}-result`, {
        method: "POST",
        headers: {
          "content-type": `application/x-${SERVICE}-request`,
          "accept": `application/x-${SERVICE}-result`,
          ...(version === 2 ? { "git-protocol": "version=2" } : {}),
        },
        body,
      }),
    requests: () => sent,
    async close() {
      for (const answer of answers) await answer.cancel();
      answers.clear();
    },
  };
}
