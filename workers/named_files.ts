/** Files that are findings by their names: told apart on the walk, and kept out where content says more. */

import {
  type Judgement,
  maybeSensitiveName,
  nameFingerprint,
  type SensitiveFile,
  sensitiveFile,
} from "@/lib/detect/mod.ts";
import type { BlobPlace, WatchedNames } from "@/lib/git/mod.ts";
import { isHidden, shorten } from "@/lib/hidden_name.ts";
import { type GroupedHit, groupSecrets } from "@/workers/group_secrets.ts";
import type { FoundSecret } from "@/workers/thread_messages.ts";

interface NamedHit extends GroupedHit {
  file: SensitiveFile;
}

/** A name may be as long as a hostile tree makes it; a preview need not. */
const PREVIEW = 100;

/** What the walk is given, and what it found. */
export interface NamedFiles {
  watched: WatchedNames & { found(place: BlobPlace): void };
  /** A finding of content at this path, as it stands or as it is kept: its name then says nothing more. */
  hasContent(path: string): void;
  batches(size: number): Generator<readonly FoundSecret[]>;
}

/**
 * One finding a path, whatever its versions: a person judges the file once. `repository` keeps
 * files of the same path in other repositories apart; `hide` gives names as they are kept.
 */
export function namedFiles(
  { fingerprintKey, repository, hide }: {
    fingerprintKey: Uint8Array;
    repository: string;
    hide: (name: string) => string;
  },
): NamedFiles {
  const groups = groupSecrets<NamedHit>(({ file }) => judgementOf(file));
  const withContent = new Set<string>();
  return {
    watched: {
      mayBe: maybeSensitiveName,
      is: (path) => sensitiveFile(path) !== null,
      found(place) {
        const file = sensitiveFile(place.path);
        if (file === null) return;
        const fingerprint = nameFingerprint(fingerprintKey, repository, place.path);
        const preview = shorten(hide(place.path.slice(place.path.lastIndexOf("/") + 1)), PREVIEW);
        const hit = { ruleId: file.ruleId, preview, fingerprint, file };
        groups.add({ hit, line: 1, column: 1, place });
      },
    },
    hasContent(path) {
      if (sensitiveFile(path) !== null || isHidden(path)) withContent.add(path);
    },
    *batches(size) {
      for (const batch of groups.batches(size)) {
        const rest = batch.filter(({ occurrences: [first] }) =>
          !withContent.has(first!.path) && !withContent.has(hide(first!.path))
        );
        if (rest.length > 0) yield rest;
      }
    },
  };
}

function judgementOf({ severity, pathKind, reasons }: SensitiveFile): Judgement {
  return { severity, confidence: "low", pathKind, reasons, suppressedBy: null };
}
