/** What follows from the state that a person gives a finding. */

import type { FindingState } from "./status.ts";

/** Whether somebody still has to act: what repositories, servers and embeds count. */
export function isUnresolved(state: string): boolean {
  return state === "open" || state === "to_fix";
}

/** What is asked of who gives one of these states without a reason. */
export const WHY_SENTENCES: Partial<Record<FindingState, string>> = {
  false_positive: "Say why it is a false positive.",
  accepted: "Say why it is accepted.",
};
