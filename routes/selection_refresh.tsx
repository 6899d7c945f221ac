/** The poll of a choice of repositories: how far the list has come, and the rows that came with it. */

import type { Context } from "hono";
import { SelectionRefresh } from "@/components/selection_rows.tsx";
import type { Server } from "@/lib/store/servers.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { unchanged } from "./live.ts";
import { findEdit } from "./selection.ts";
import { type ChoiceQuery, choosableList } from "./selection_list.ts";

/**
 * Ticks that were not sent yet stay: a morph leaves what a person changed. How many fit is not told,
 * as only the form knows what was typed: it asks itself when more repositories have come.
 */
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
  const edit = await findEdit(deps, servers, query.edit);
  const list = await choosableList(deps, servers, query, {
    action,
    editId: edit?.id ?? null,
    change,
  });
  if (c.req.query("found") !== String(list.found)) c.header("HX-Trigger", "arrived");
  return c.html(<SelectionRefresh list={list} />);
}
