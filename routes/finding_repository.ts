/** Which repository the list of findings is of: an id of a link, or what a person typed. */

import { z } from "zod";
import type { NamedRepository } from "@/lib/store/repository_names.ts";
import type { RouteDeps } from "./deps.ts";

/** As many names as a person looks through. */
const SHOWN_NAMES = 20;
/** As many as stand beside the field. */
const SAID_NAMES = 3;

/** An id or a full name, or part of one; what cannot be read is left out, never an error. */
export const repositoryText = z.string().trim().max(200).catch("");

/** The query of the names to choose from. */
export const repositoryNameQuery = z.object({
  repository: repositoryText,
  server: z.string().max(40).catch(""),
});
type RepositoryNameQuery = z.infer<typeof repositoryNameQuery>;

/** What was asked for; `unclear` is several, of which the first are given, or none at all. */
export type AskedRepository =
  | { kind: "any" }
  | ({ kind: "one" } & NamedRepository)
  | {
    kind: "unclear";
    /** What is said beside the field. */
    error: string;
    /** What to do about it. */
    advice: string;
    fits: readonly NamedRepository[];
  };

/** The first names that fit, of the chosen server or of all. */
export async function listRepositoryNames(
  { store }: Pick<RouteDeps, "store">,
  query: RepositoryNameQuery,
): Promise<string[]> {
  const found = await store.repositoryNames.list(query.repository, {
    serverId: query.server || undefined,
    limit: SHOWN_NAMES,
  });
  return found.map((one) => one.fullName);
}

/** Finds the repository by id, by its full name, or as the only one whose name holds the text. */
export async function findAskedRepository(
  { store }: Pick<RouteDeps, "store">,
  { repository: text, server }: RepositoryNameQuery,
): Promise<AskedRepository> {
  if (text === "") return { kind: "any" };
  const serverId = server || undefined;
  // Every full name has a slash, and no id has.
  const linked = text.includes("/") ? null : await store.repositories.find(text);
  if (linked !== null) {
    const { id, fullName } = linked;
    if (serverId === undefined || serverId === linked.serverId) {
      return { kind: "one", id, fullName };
    }
    return none(fullName, serverId);
  }
  const exact = await store.repositoryNames.find(text, serverId);
  if (exact !== null) return { kind: "one", ...exact };
  const found = await store.repositoryNames.list(text, { serverId, limit: SHOWN_NAMES + 1 });
  const [only] = found;
  if (only === undefined) return none(text, serverId);
  if (found.length === 1) return { kind: "one", ...only };
  return several(found);
}

function none(text: string, serverId: string | undefined): AskedRepository {
  const where = serverId === undefined ? "No repository" : "No repository of this code server";
  return {
    kind: "unclear",
    error: `${where} is called “${text}”.`,
    advice: serverId === undefined
      ? "Type all or part of its full name, the workspace before the slash."
      : "Type all or part of its full name, or choose another code server.",
    fits: [],
  };
}

function several(found: readonly NamedRepository[]): AskedRepository {
  const fits = found.slice(0, SHOWN_NAMES);
  const more = found.length > SHOWN_NAMES;
  const count = more ? `More than ${SHOWN_NAMES}` : `${found.length}`;
  const names = fits.slice(0, SAID_NAMES).map((one) => one.fullName).join(", ");
  return {
    kind: "unclear",
    error: `${count} repositories fit; say more: ${names}${found.length > SAID_NAMES ? "…" : ""}`,
    advice: `Choose one${
      more ? ` of the first ${SHOWN_NAMES}` : ""
    }, or type more of its full name.`,
    fits,
  };
}
