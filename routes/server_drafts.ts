/** Wizard drafts: how far each has come, and where it goes on. */

import { stepHref, WIZARD_STEPS, type WizardStep } from "@/components/server_wizard.tsx";
import type { Draft } from "@/lib/store/drafts.ts";
import type { Store } from "@/lib/store/mod.ts";
import type { Server } from "@/lib/store/servers.ts";

/** The last step that a draft may open: each needs what the one before it gave. */
export function reachedStep(draft: Draft): WizardStep {
  if (draft.type === null) return "type";
  if (draft.workspaces.length === 0) return "workspace";
  const ready = draft.workspaces.every((workspace) =>
    draft.access.some((one) => one.workspace === workspace && one.ok && one.serverId !== null)
  );
  return ready ? "save" : "token";
}

/** The servers behind a draft's workspaces; one that is left behind it from before is not among them. */
export async function serversOf(store: Store, draft: Draft): Promise<Server[]> {
  const ids = draft.access.filter((one) => draft.workspaces.includes(one.workspace))
    .map((one) => one.serverId);
  return (await store.servers.listOfDraft(draft.id)).filter((server) => ids.includes(server.id));
}

/** Whether a step may be opened. */
export function mayOpen(draft: Draft, step: WizardStep): boolean {
  return WIZARD_STEPS.indexOf(step) <= WIZARD_STEPS.indexOf(reachedStep(draft));
}

/** A user's open drafts, for the list of servers. */
export async function draftViews(store: Store, userId: string) {
  const drafts = await store.drafts.list(userId);
  return drafts.map((draft) => {
    const step = reachedStep(draft) === "save" ? "repositories" : reachedStep(draft);
    const names = draft.workspaces.length === 0 ? "A new code server" : draft.workspaces.join(", ");
    return {
      id: draft.id,
      href: stepHref(draft.id, step),
      words: `${names}: go on at “${step}”`,
      startedAt: draft.createdAt,
    };
  });
}
