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
  | { kind: "unclear"; error: string; fits: readonly NamedRepository[] };

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
    return { kind: "unclear", error: noneSentence(fullName, serverId), fits: [] };
  }
  const exact = await store.repositoryNames.find(text, serverId);
  if (exact !== null) return { kind: "one", ...exact };
  const found = await store.repositoryNames.list(text, { serverId, limit: SHOWN_NAMES + 1 });
  const [only] = found;
  if (only === undefined) {
    return { kind: "unclear", error: noneSentence(text, serverId), fits: [] };
  }
  if (found.length === 1) return { kind: "one", ...only };
  return { kind: "unclear", error: severalSentence(found), fits: found.slice(0, SHOWN_NAMES) };
}

function noneSentence(text: string, serverId: string | undefined): string {
  return serverId === undefined
    ? `No repository is called “${text}”.`
    : `No repository of this code server is called “${text}”.`;
}

function severalSentence(found: readonly NamedRepository[]): string {
  const count = found.length > SHOWN_NAMES ? `More than ${SHOWN_NAMES}` : `${found.length}`;
  const names = found.slice(0, SAID_NAMES).map((one) => one.fullName).join(", ");
  return `${count} repositories fit; say more: ${names}${found.length > SAID_NAMES ? "…" : ""}`;
}
