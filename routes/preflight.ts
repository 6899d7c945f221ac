/** Runs a draft's pre-flight: a few workspaces at once, each check shown as it is known. */

import type { PreflightView } from "@/components/token_form.tsx";
import type { AccessCheck, Credential } from "@/lib/codeserver/mod.ts";
import { describeError } from "@/lib/error_facts.ts";
import { RemoteError } from "@/lib/errors.ts";
import { reasonSentence } from "@/lib/status.ts";
import type { Draft, DraftAccess } from "@/lib/store/drafts.ts";
import type { RouteDeps } from "./deps.ts";
import { oneAfterAnother, whileItAnswers } from "./patience.ts";

/** Fifty workspaces one by one would take minutes; more at once would look like an attack. */
const AT_ONCE = 3;

/** The order in which the checks of a workspace are made. */
const CHECKS: readonly AccessCheck["id"][] = [
  "workspace",
  "credential",
  "scopes",
  "rest",
  "git",
  "repositories",
];

interface Run {
  lists: PreflightView[];
  end: AbortController;
  ended: Promise<void>;
}

/** Pre-flights of this process; what they found is kept with the draft. */
export interface Preflights {
  /** Begins a run, once the one before it has ended. */
  start(draft: Draft, credential: Credential): void;
  /** What a run has found so far; null when none runs. */
  running(draftId: string): readonly PreflightView[] | null;
  /** Ends a run without keeping what it found; once this resolves, it writes nothing more. */
  stop(draftId: string): Promise<void>;
}

/** Checks workspaces and a token before anything is saved, one run at a time for each draft. */
export function createPreflights(deps: RouteDeps): Preflights {
  const runs = new Map<string, Run>();

  return {
    start(draft, credential) {
      const before = runs.get(draft.id);
      before?.end.abort();
      const run: Run = {
        lists: draft.workspaces.map((workspace) => ({
          workspace,
          checks: [],
          running: true,
          repositoryCount: null,
        })),
        end: new AbortController(),
        ended: Promise.resolve(),
      };
      runs.set(draft.id, run);
      run.ended = Promise.resolve(before?.ended)
        .then(() => execute(draft, credential, run))
        .catch((error) => tell(draft, error))
        .finally(() => {
          if (runs.get(draft.id) === run) runs.delete(draft.id);
        });
    },

    running: (draftId) => runs.get(draftId)?.lists ?? null,

    async stop(draftId) {
      const run = runs.get(draftId);
      run?.end.abort();
      await run?.ended;
    },
  };

  async function execute(draft: Draft, credential: Credential, run: Run): Promise<void> {
    const found: DraftAccess[] = [];
    const inTurn = oneAfterAnother();
    // All take from the same list, so that a slow workspace holds up no other.
    const waiting = draft.workspaces.entries();
    const work = async () => {
      for (const [index, workspace] of waiting) {
        if (run.end.signal.aborted) return;
        const show = (view: Partial<PreflightView>) => {
          run.lists[index] = { ...run.lists[index]!, ...view };
        };
        const access = await checkOne(
          { draft, workspace, credential, end: run.end.signal, inTurn },
          (checks) => show({ checks }),
        );
        show({ checks: access.checks, running: false });
        found[index] = access;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const listed = await listedNow(draft, run.end.signal);
    // A run that was ended belongs to another token or another list.
    if (listed.length === 0) return;
    await deps.store.drafts.setAccess(
      draft.id,
      found.filter((one) => listed.includes(one.workspace)),
    );
  }

  /** The workspaces that the draft lists by now; none where the run was ended or the draft left. */
  async function listedNow(draft: Draft, end: AbortSignal): Promise<readonly string[]> {
    const now = await deps.store.drafts.find(draft.id, draft.userId);
    return end.aborted || now === null ? [] : now.workspaces;
  }

  async function checkOne(
    { draft, workspace, credential, end, inTurn }: {
      draft: Draft;
      workspace: string;
      credential: Credential;
      end: AbortSignal;
      inTurn: ReturnType<typeof oneAfterAnother>;
    },
    onChecks: (checks: readonly AccessCheck[]) => void,
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
      const access = await whileItAnswers(
        deps.clock,
        end,
        (signal, answered) =>
          server.checkAccess({
            signal,
            onCheck(check) {
              answered();
              result.checks = [...result.checks, check];
              onChecks(result.checks);
            },
          }),
      );
      result.checks = access.checks;
      result.repositoryCount = access.repositoryCount;
      result.otherWorkspaces = access.otherWorkspaces;
      const found = access.workspace;
      if (!access.ok || found === null) return result;
      // In turn, since two IDs may name the same workspace.
      return await inTurn(() => settle(result, draft, found, credential, end));
    } catch (error) {
      // The signal's own error: nobody waits for this sentence any more.
      if (end.aborted) return result;
      const reason = error instanceof RemoteError ? error.reason : "internal";
      if (!(error instanceof RemoteError)) {
        tell(draft, error);
        return refused(result, reasonSentence(reason));
      }
      return refused(result, `${reasonSentence(reason)} (${error.message})`);
    }
  }

  /** Puts a server behind a workspace that passed, unless it is connected or no longer wanted. */
  async function settle(
    result: DraftAccess,
    draft: Draft,
    workspace: { slug: string; uuid: string; name: string },
    credential: Credential,
    end: AbortSignal,
  ): Promise<DraftAccess> {
    const connected = await deps.store.servers.findByWorkspace(workspace);
    if (connected !== null) {
      return {
        ...refused(
          { ...result, checks: result.checks.filter((one) => one.id !== "workspace") },
          `${workspace.name} is connected already, as another ID.`,
        ),
        connectedId: connected.id,
      };
    }
    if (!(await listedNow(draft, end)).includes(result.workspace)) return result;
    return { ...result, ok: true, serverId: await hiddenServer(draft, workspace, credential) };
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

  function tell(draft: Draft, error: unknown): void {
    deps.log.error("A pre-flight met an error of ours", {
      draft: draft.id,
      ...describeError(error),
    });
  }
}

/** The first check that was not made stands for what ended them. */
function refused(access: DraftAccess, sentence: string): DraftAccess {
  const made = access.checks.map((check) => check.id);
  const id = CHECKS.find((one) => !made.includes(one)) ?? "workspace";
  return {
    ...access,
    ok: false,
    checks: [...access.checks.filter((one) => one.id !== id), { id, state: "failed", sentence }],
  };
}
