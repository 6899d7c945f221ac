/** Which repositories a page of the list is about: read from its address, or from a form on it. */

import { z } from "zod";
import { REPOSITORY_STATES } from "@/lib/status.ts";
import type { Store } from "@/lib/store/mod.ts";
import { REPOSITORY_SORTS, type RepositoryFilter } from "@/lib/store/repositories.ts";

const SORT_WORDS = REPOSITORY_SORTS.flatMap((sort) => [sort, `-${sort}`] as const);

/** The query of the list's address; what cannot be read is left out, never an error. */
export const listQuery = z.object({
  q: z.string().trim().max(200).catch(""),
  server: z.string().max(40).catch(""),
  project: z.string().max(200).catch(""),
  state: z.enum(["", ...REPOSITORY_STATES]).catch(""),
  sort: z.enum(["", ...SORT_WORDS]).catch(""),
  key: z.string().max(2000).catch(""),
});
export type ListQuery = z.infer<typeof listQuery>;

/** The query as the store asks by it. */
export function filterOf(query: Omit<ListQuery, "sort" | "key">): RepositoryFilter {
  return {
    serverId: query.server || undefined,
    state: query.state || undefined,
    search: query.q || undefined,
    projectKey: query.project || undefined,
  };
}

/** Whether fewer are shown than are counted by server and state. */
export function narrows(query: ListQuery): boolean {
  return query.q !== "" || query.project !== "";
}

/** How many failed ones the page shows; none on a tab of another state. */
export async function countFailed(
  store: Store,
  query: ListQuery,
  counts: Record<string, number>,
): Promise<number> {
  const failed = counts.failed ?? 0;
  if (failed === 0 || (query.state !== "" && query.state !== "failed")) return 0;
  if (!narrows(query)) return failed;
  return await store.repositories.count(filterOf({ ...query, state: "failed" }));
}
