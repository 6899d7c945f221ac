/** Opens code servers: introduces the store's budget and git's ref listing to the drivers. */

import type { CodeServer, Credential, GitRemote, OpenOptions } from "@/lib/codeserver/mod.ts";
import { openCodeServer } from "@/lib/codeserver/open.ts";
import type { Clock } from "@/lib/clock.ts";
import { RemoteError } from "@/lib/errors.ts";
import type { Metrics } from "@/lib/metrics.ts";
import type { Server } from "@/lib/store/servers.ts";
import type { Store } from "@/lib/store/mod.ts";
import { createGitHttp } from "@/lib/git/git_http.ts";
import { LIST_MS, openRepository } from "@/lib/git/smart_http.ts";
import { createHttp } from "@/lib/http.ts";

/** Calls an hour that are kept for what a person asks for. */
const RESERVE = 50;

export interface Opener {
  /**
   * A connected server; its calls are counted against the hour's budget of its credential, of which
   * a part is kept for what is `asked` for by a person.
   */
  openServer(server: Server, options?: { asked?: boolean }): Promise<CodeServer>;
  /** A workspace that is not connected yet, for the pre-flight, whose calls count too. */
  openWorkspace(
    type: Server["type"],
    workspace: string,
    credential: Credential,
  ): CodeServer;
}

/** Opens code servers with their credential and the shared budget of calls. */
export function createOpener(options: {
  store: Store;
  clock: Clock;
  metrics: Metrics;
  apiUrl: string;
  gitUrl: string;
  /** For tests: another way to the network, and another patience with it. */
  http?: Pick<OpenOptions, "fetch" | "timeoutMs">;
}): Opener {
  const { store, clock, metrics, apiUrl, gitUrl, http = {} } = options;

  async function probeGit(remote: GitRemote, { signal }: { signal?: AbortSignal }) {
    const git = createGitHttp(remote, createHttp({ origins: [gitUrl], ...http }), {
      signal,
      beforePackMs: LIST_MS,
    });
    try {
      await openRepository(git, new Map());
    } finally {
      await git.close();
    }
  }

  async function count(
    credentialKey: string,
    { status, limit }: { status: number; limit: number | null },
  ): Promise<void> {
    metrics.restCall(status);
    await store.restCalls.count(credentialKey);
    // A refusal may name the allowance of strangers: 60 an hour.
    if (limit !== null && status >= 200 && status < 300) {
      await store.servers.setRestLimit(credentialKey, limit);
    }
  }

  const way = { apiUrl, gitUrl, ...http, clock, probeGit };

  return {
    async openServer(server, { asked = false } = {}) {
      const credential = await store.servers.openCredential(server);
      const credentialKey = store.servers.credentialKey(credential);
      return openCodeServer(server.type, {
        workspace: server.workspace,
        workspaceUuid: server.workspaceUuid,
        credential,
        ...way,
        async beforeCall() {
          const current = await store.servers.find(server.id) ?? server;
          const budget = await store.restCalls.budget({ ...current, credentialKey });
          if (budget.used >= Math.max(1, budget.limit - (asked ? 0 : RESERVE))) {
            throw new RemoteError(
              "rate_limited",
              `${budget.used} of ${budget.limit} REST calls of this hour are used`,
              { retryAfterMs: Math.max(1_000, (budget.freesAt ?? clock.now()) - clock.now()) },
            );
          }
        },
        afterCall: (call) => count(credentialKey, call),
      });
    },

    openWorkspace: (type, workspace, credential) =>
      openCodeServer(type, {
        workspace,
        credential,
        ...way,
        afterCall: (call) => count(store.servers.credentialKey(credential), call),
      }),
  };
}
