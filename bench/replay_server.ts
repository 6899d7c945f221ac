/**
 * Answers git's requests as real git answered them the first time, so that its work is done before
 * the time of reading is taken, and two readings get the same bytes.
 */

import { fakeGitServer } from "@/lib/git/fake_git_server.ts";

/** A git server that gives the same answers again without a git process. */
export interface ReplayServer extends AsyncDisposable {
  /** With a trailing slash; a repository's name follows. */
  url: string;
}

/** Serves the folders by their names; answers are kept as files in `dir`. */
export function replayServer(repositories: Record<string, string>, dir: string): ReplayServer {
  const git = fakeGitServer({ repositories });
  const kept = new Map<string, Promise<{ path: string; headers: Headers; status: number }>>();

  async function ask(request: Request, key: string, body: Uint8Array<ArrayBuffer>) {
    const { pathname, search } = new URL(request.url);
    const answer = await fetch(git.url + pathname.slice(1) + search, {
      method: request.method,
      headers: request.headers,
      ...(request.method === "GET" ? {} : { body }),
    });
    const path = `${dir}/answer-${key}`;
    await Deno.writeFile(path, answer.body!);
    return { path, headers: answer.headers, status: answer.status };
  }

  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const body = new Uint8Array(await request.arrayBuffer());
      const asked = new TextEncoder().encode(
        request.method + request.url + request.headers.get("git-protocol"),
      );
      const digest = await crypto.subtle.digest("SHA-256", new Uint8Array([...asked, ...body]));
      const key = Array.from(new Uint8Array(digest, 0, 12), (byte) => byte.toString(16)).join("-");
      let answer = kept.get(key);
      if (answer === undefined) {
        answer = ask(request, key, body);
        kept.set(key, answer);
      }
      const { path, headers, status } = await answer;
      const file = await Deno.open(path, { read: true });
      return new Response(file.readable, { status, headers });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await git.close();
    },
  };
}
