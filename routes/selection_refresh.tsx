/** The poll of a choice of repositories: how far the list has come, and the rows that came with it. */

import type { Context } from "hono";
import { ChoosableRows, SelectionLive } from "@/components/selection_rows.tsx";
import { MatchesWords } from "@/components/selection_form.tsx";
import type { Server } from "@/lib/store/servers.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { unchanged } from "./live.ts";
import { type ChoiceQuery, selectionView } from "./selection.ts";

/** Ticks that were not sent yet stay: a morph leaves what a person changed. */
export async function refreshSelection(
  c: Context<AppEnv>,
  deps: RouteDeps,
  servers: readonly Server[],
  query: ChoiceQuery,
  change: number,
): Promise<Response> {
  const same = unchanged(c, String(change));
  if (same) return same;
  const action = c.req.path.replace(/\/refresh$/, "");
  const view = await selectionView(deps, servers, query, action, null, change);
  return c.html(
    <>
      <SelectionLive view={view} />
      <hx-partial hx-target="#rows" hx-swap="outerMorph">
        <ChoosableRows view={view} />
      </hx-partial>
      <hx-partial hx-target="#matches" hx-swap="innerMorph">
        <MatchesWords matches={view.matches} />
      </hx-partial>
    </>,
  );
}
