/** Runs a draft's pre-flight: every workspace in turn, each check shown as it is known. */

import type { PreflightView } from "@/components/token_form.tsx";
import type { AccessCheck, Credential } from "@/lib/codeserver/mod.ts";
import { RemoteError } from "@/lib/errors.ts";
import { REASON_SENTENCES } from "@/lib/status.ts";
import type { Draft, DraftAccess } from "@/lib/store/drafts.ts";
import type { RouteDeps } from "./deps.ts";

/** A run that takes longer has lost its way; the person may start another. */
const MOST_MS = 120_000;

interface Run {
  lists: PreflightView[];
  startedAt: number;
  ended: Promise<void>;
}

/** Pre-flights of this process; what they found is kept with the draft. */
export interface Preflights {
  /** Begins a run and forgets the one before it. */
  start(draft: Draft, credential: Credential): void;
  /** What a run has found so far; null when none runs. */
  running(draftId: string): readonly PreflightView[] | null;
  /** Resolves when no run of the draft is under way. */
  settled(draftId: string): Promise<void>;
}

/** Checks a workspace and a token before anything is saved, once at a time for each draft. */
export function createPreflights(deps: RouteDeps): Preflights {
  const runs = new Map<string, Run>();

  return {
    start(draft, credential) {
      const run: Run = {
        lists: draft.workspaces.map((workspace) => ({
          workspace,
          checks: [],
          running: true,
          repositoryCount: null,
        })),
        startedAt: deps.clock.now(),
        ended: Promise.resolve(),
      };
      runs.set(draft.id, run);
      run.ended = execute(draft, credential, run).catch((error) => {
        deps.log.error("A pre-flight met an error of ours", {
          draft: draft.id,
          error: error instanceof Error ? error.message : String(error),
        });
      }).finally(() => {
        if (runs.get(draft.id) === run) runs.delete(draft.id);
      });
    },

    running(draftId) {
      const run = runs.get(draftId);
      if (run === undefined || deps.clock.now() - run.startedAt > MOST_MS) return null;
      return run.lists;
    },

    async settled(draftId) {
      await runs.get(draftId)?.ended;
    },
  };

  async function execute(draft: Draft, credential: Credential, run: Run): Promise<void> {
    const found: DraftAccess[] = [];
    for (const [index, workspace] of draft.workspaces.entries()) {
      const list = run.lists[index]!;
      const access = await checkOne(draft, workspace, credential, (check) => {
        run.lists[index] = { ...run.lists[index]!, checks: [...run.lists[index]!.checks, check] };
      });
      run.lists[index] = { ...list, checks: access.checks, running: false };
      found.push(access);
      // Another run began with another token: its findings count, not these.
      if (runs.get(draft.id) !== run) return;
    }
    await deps.store.drafts.setAccess(draft.id, found);
  }

  async function checkOne(
    draft: Draft,
    workspace: string,
    credential: Credential,
    onCheck: (check: AccessCheck) => void,
  ): Promise<DraftAccess> {
    const result: DraftAccess = {
      workspace,
      ok: false,
      checks: [],
      repositoryCount: null,
      serverId: null,
      otherWorkspaces: [],
    };
    try {
      const server = deps.openWorkspace(draft.type!, workspace, credential);
      const access = await server.checkAccess({ onCheck });
      result.checks = access.checks;
      result.repositoryCount = access.repositoryCount;
      result.otherWorkspaces = access.otherWorkspaces;
      if (!access.ok || access.workspace === null) return result;
      const connected = await deps.store.servers.findByWorkspace(access.workspace);
      if (connected !== null) {
        return refused(result, `${access.workspace.name} is connected already, as another ID.`);
      }
      result.serverId = await hiddenServer(draft, access.workspace, credential);
      result.ok = true;
      return result;
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      return refused(result, `${REASON_SENTENCES[error.reason]} (${error.message})`);
    }
  }

  /** The server behind the draft: made once a workspace, discovered while the wizard goes on. */
  async function hiddenServer(
    draft: Draft,
    workspace: { slug: string; uuid: string; name: string },
    credential: Credential,
  ): Promise<string> {
    const { store, doorbell } = deps;
    const hidden = await store.servers.listOfDraft(draft.id);
    let id = hidden.find((server) => server.workspaceUuid === workspace.uuid)?.id ?? null;
    if (id !== null) await store.servers.replaceCredential(id, credential, draft.tokenExpiresAt);
    id ??= await store.servers.create({
      draftId: draft.id,
      type: draft.type!,
      workspace,
      credential,
      tokenExpiresAt: draft.tokenExpiresAt,
    });
    const job = await store.jobs.requestDiscovery(id, "wizard");
    if (job !== null) await doorbell.ring(job);
    return id;
  }
}

function refused(access: DraftAccess, sentence: string): DraftAccess {
  const check: AccessCheck = { id: "workspace", state: "failed", sentence };
  return {
    ...access,
    ok: false,
    checks: [check, ...access.checks.filter((one) => one.id !== "workspace")],
  };
}
