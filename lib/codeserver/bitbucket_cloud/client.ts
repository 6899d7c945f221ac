/** One REST call to Bitbucket Cloud: signed, counted by whoever keeps the budget, on one origin. */

import type { ZodType } from "zod";
import type { OpenOptions } from "@/lib/codeserver/mod.ts";
import { restAuthorization } from "@/lib/codeserver/bitbucket_cloud/credential.ts";
import { RemoteError } from "@/lib/errors.ts";
import { createHttp } from "@/lib/http.ts";
import { rateLimit } from "@/lib/rate_headers.ts";

/** What a call may add. */
export interface CallInit {
  signal?: AbortSignal | undefined;
  method?: string;
  body?: unknown;
  /** Gets the headers of any answer, refusals included. */
  onHeaders?: (headers: Headers) => void;
}

/** Calls below `apiUrl`, or at an address that Bitbucket gave (`next`), which must share its origin. */
export interface Client {
  json<T>(address: string, schema: ZodType<T>, init?: CallInit): Promise<T>;
  /** For an answer without a body. */
  send(address: string, init: CallInit): Promise<void>;
}

/** A client for one workspace's credential; it holds no state but the options. */
export function createClient(options: OpenOptions): Client {
  const base = options.apiUrl.replace(/\/+$/, "");
  const http = createHttp({
    origins: [base],
    ...(options.fetch ? { fetch: options.fetch } : {}),
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.timeoutMs ? { timeoutMs: options.timeoutMs, idleMs: options.timeoutMs } : {}),
  });

  function resolve(address: string): string {
    if (address.startsWith("/")) return base + address;
    if (URL.parse(address)?.origin !== new URL(base).origin) {
      throw new RemoteError("malformed", "Cannot follow the next page: it is on another host");
    }
    return address;
  }

  async function counted<T>(
    init: CallInit,
    call: (onAnswer: (status: number, headers: Headers) => Promise<void>) => Promise<T>,
  ): Promise<T> {
    await options.beforeCall?.();
    let answered = false;
    try {
      return await call(async (status, headers) => {
        answered = true;
        init.onHeaders?.(headers);
        await options.afterCall?.({ status, ...rateLimit(headers) });
      });
    } catch (error) {
      if (!answered) await options.afterCall?.({ status: 0, limit: null, remaining: null });
      throw error;
    }
  }

  function request(init: CallInit) {
    return {
      signal: init.signal,
      method: init.method ?? "GET",
      headers: {
        authorization: restAuthorization(options.credential),
        ...(init.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    };
  }

  return {
    json: async (address, schema, init = {}) => {
      const url = resolve(address);
      return await counted(
        init,
        (onAnswer) => http.json(url, schema, { ...request(init), onAnswer }),
      );
    },
    send: async (address, init) => {
      const url = resolve(address);
      await counted(init, async (onAnswer) => {
        const answer = await http.request(url, { ...request(init), onAnswer });
        await answer.cancel();
      });
    },
  };
}

/**
 * What an error of a workspace's list says of the workspace. A 410 there means that Bitbucket marked
 * it as spam, unless the answer names the change that removed an address of the API.
 */
export function listError(error: unknown, workspace: string): unknown {
  if (!(error instanceof RemoteError)) return error;
  const { reason, details, message } = error;
  if (reason === "not_found") {
    const said = `Bitbucket knows no workspace ${workspace} that this token may see`;
    return new RemoteError("not_found", said, details);
  }
  if (details.status === 410 && !message.includes("CHANGE-")) {
    return new RemoteError("closed", `Bitbucket has closed the workspace ${workspace}`, details);
  }
  return error;
}

/** A path segment; braces of a uuid fail unless encoded. */
export function segment(text: string): string {
  if (text === "" || text === "." || text === "..") {
    // An empty workspace would address the removed list of all repositories.
    throw new RemoteError("not_found", "Cannot ask for a workspace without an ID");
  }
  return encodeURIComponent(text);
}
