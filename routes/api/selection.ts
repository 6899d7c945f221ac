/** A selection as the API takes it: uuids become picked repositories, globs are checked. */

import type { z } from "zod";
import type { CodeServer, RemoteRepository } from "@/lib/codeserver/mod.ts";
import { parseGlobs, type Selection } from "@/lib/selection.ts";
import { ApiProblem } from "./problems.ts";
import type { selectionInput } from "./schemas.ts";

export type SelectionInput = z.output<typeof selectionInput>;

/** 20,000 repositories, at 100 a page: more than a caller would name by hand. */
const MOST_PAGES = 200;

/** The selection without the uuids. @throws `ApiProblem` for a glob that nothing can match. */
export function readSelection(input: SelectionInput): Selection {
  const include = input.mode === "custom" ? input.include ?? [] : [];
  const exclude = input.exclude ?? [];
  for (const glob of [...include, ...exclude]) {
    const { problem } = parseGlobs(glob);
    if (problem !== null || glob.startsWith("!") || /[\s,]/.test(glob)) {
      throw new ApiProblem(422, `The glob “${glob}” cannot be used. ${problem ?? ""}`.trim(), {
        type: "invalid-request",
        errors: [{ path: "body.selection", message: problem ?? "One glob each, without “!”" }],
      });
    }
  }
  if (input.mode === "custom" && input.repositories.length + include.length === 0) {
    const message = "Name at least one repository, or a glob to include";
    throw new ApiProblem(422, `${message}.`, {
      type: "invalid-request",
      errors: [{ path: "body.selection.repositories", message }],
    });
  }
  return { mode: input.mode, include, exclude };
}

/** Looks up what `uuids` name at the code server. @throws `ApiProblem` when one is not there. */
export async function findRemote(
  codeServer: CodeServer,
  uuids: readonly string[],
  signal: AbortSignal,
): Promise<RemoteRepository[]> {
  const wanted = new Set(uuids);
  const found = new Map<string, RemoteRepository>();
  let cursor: string | null = null;
  for (let pages = 0; found.size < wanted.size && pages < MOST_PAGES; pages++) {
    const page: Awaited<ReturnType<CodeServer["listRepositories"]>> = await codeServer
      .listRepositories(cursor, { signal });
    for (const one of page.items) if (wanted.has(one.uuid)) found.set(one.uuid, one);
    if (page.next === null) break;
    cursor = page.next;
  }
  refuseUnknown([...wanted].filter((uuid) => !found.has(uuid)));
  return [...found.values()];
}

/** @throws `ApiProblem` that names the uuids, when there are any. */
export function refuseUnknown(uuids: readonly string[]): void {
  if (uuids.length === 0) return;
  throw new ApiProblem(422, `The workspace has no repository ${uuids.slice(0, 5).join(", ")}.`, {
    type: "invalid-request",
    errors: uuids.slice(0, 100).map((uuid) => ({
      path: "body.selection.repositories",
      message: `No repository of the workspace has the uuid ${uuid}`,
    })),
  });
}
