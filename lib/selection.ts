/** Which repositories of a server are watched: all or picked ones, narrowed by globs. */

import { globTest } from "./glob.ts";

/** A server's selection; globs are matched against the slug, without regard to case. */
export interface Selection {
  mode: "all" | "custom";
  include: readonly string[];
  exclude: readonly string[];
}

/**
 * Gives the test for one selection. All: everything but what `exclude` matches. Custom: what was
 * picked by hand or `include` matches, but for what `exclude` matches unless picked by hand.
 */
export function selectionTest(
  selection: Selection,
): (repository: { slug: string; picked: boolean }) => boolean {
  const included = globTest(selection.include);
  const excluded = globTest(selection.exclude);
  return ({ slug, picked }) => {
    if (selection.mode === "all") return !excluded(slug);
    return picked || (included(slug) && !excluded(slug));
  };
}

/**
 * Splits what a person typed into globs (`payments-*`) and exclusions (`!*-archive`), separated
 * by commas, spaces or lines; each of at most 200 characters.
 */
export function parseGlobs(
  text: string,
): { include: string[]; exclude: string[]; problem: string | null } {
  const include: string[] = [];
  const exclude: string[] = [];
  for (const glob of text.split(/[\s,]+/).filter(Boolean)) {
    const bare = glob.replace(/^!/, "");
    if (bare.startsWith("!")) {
      return { include, exclude, problem: `“${glob}” excludes twice. Write one “!”.` };
    }
    if (bare === "") return { include, exclude, problem: "A lone “!” excludes nothing." };
    if (bare.length > 200) {
      return { include, exclude, problem: "A pattern has at most 200 characters." };
    }
    if (!/^[\w.*?[\]{}!-]+$/.test(bare)) {
      return {
        include,
        exclude,
        problem:
          `“${bare}” holds a character that no repository ID has. Use letters, digits, - _ . and the wildcards * ? [ ].`,
      };
    }
    (glob.startsWith("!") ? exclude : include).push(bare);
  }
  return { include, exclude, problem: null };
}
