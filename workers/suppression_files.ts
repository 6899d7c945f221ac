/** Reads the files by which a repository suppresses findings, from its default branch's newest commit. */

import { MAX_SUPPRESSION_BYTES, readSuppressions } from "@/lib/detect/mod.ts";
import { fetchBlob } from "@/lib/git/one_blob.ts";
import type { GitRemote } from "@/lib/git/mod.ts";
import type { PlainOptions } from "@/lib/git/plain_pack.ts";
import type { FoundSuppressions, TipFile } from "@/workers/thread_messages.ts";

/** Both lie in the root. */
export const SUPPRESSION_FILES = [".sluice.yml", ".gitleaksignore"] as const;

/**
 * What the files say, or null when they are those of `before`. `root` has the ids of the files in
 * the root by name. Costs two git requests for each file that is new, and none where there is none.
 * @throws RemoteError, or the signal's reason
 */
export async function readSuppressionFiles(
  remote: GitRemote,
  root: ReadonlyMap<string, string>,
  before: readonly TipFile[] = [],
  options: PlainOptions,
): Promise<FoundSuppressions | null> {
  const files = SUPPRESSION_FILES.flatMap((name) => {
    const oid = root.get(name);
    return oid === undefined ? [] : [{ name, oid }];
  });
  const isKnown = (file: TipFile) =>
    before.some(({ name, oid }) => name === file.name && oid === file.oid);
  if (files.length === before.length && files.every(isKnown)) return null;
  const unread: string[] = [];
  const texts = new Map<string, string>();
  for (const { name, oid } of files) {
    const bytes = await fetchBlob(remote, oid, options);
    if (bytes === null || bytes.length > MAX_SUPPRESSION_BYTES) {
      unread.push(
        bytes === null
          ? `${name} is not followed: the server does not give it out alone`
          : `${name} is not followed: it is larger than ${MAX_SUPPRESSION_BYTES / 1024} KB`,
      );
    } else texts.set(name, new TextDecoder().decode(bytes));
  }
  const { entries, problems } = readSuppressions({
    sluiceYml: texts.get(".sluice.yml") ?? "",
    gitleaksIgnore: texts.get(".gitleaksignore") ?? "",
  });
  return { files, entries, problems: [...unread, ...problems] };
}
