/** Which branch a repository shows first, and what there is to fetch. */

import type { Ref, RemoteRefs } from "@/lib/git/refs.ts";

const BRANCH = "refs/heads/";
/** Tried in this order where HEAD names no branch that exists. */
const USUAL = ["main", "master", "develop", "trunk"];

/** The default branch and its newest commit; both null in an empty repository. */
export function headOf(refs: RemoteRefs): { branch: string | null; oid: string | null } {
  const branches = refs.refs.filter((ref) => ref.name.startsWith(BRANCH));
  const usual = USUAL.map((name) => branches.find((ref) => ref.name === BRANCH + name))
    .filter((ref) => ref !== undefined);
  // Servers without symbolic refs tell HEAD's id alone.
  const named = branches.find((ref) => ref.name === refs.headTarget) ??
    (refs.headTarget === null && refs.headOid !== null
      ? [...usual, ...branches].find((ref) => ref.oid === refs.headOid)
      : undefined);
  if (named !== undefined) return { branch: named.name.slice(BRANCH.length), oid: named.oid };
  if (refs.headOid !== null) return { branch: null, oid: refs.headOid };
  const first = usual[0] ?? branches[0];
  return first === undefined
    ? { branch: null, oid: null }
    : { branch: first.name.slice(BRANCH.length), oid: first.oid };
}

/** The ids to ask for and those to offer, each once. */
export function chooseWants(
  refs: readonly Ref[],
  headOid: string | null,
  options: { mode: "tip" | "history"; haves: readonly string[]; wants?: readonly string[] },
): { wants: string[]; haves: string[] } {
  if (options.wants) return { wants: [...options.wants], haves: [...options.haves] };
  const haves = new Set(options.haves.filter((have) => /^[0-9a-f]{40}$/.test(have)));
  const all = options.mode === "tip" ? [] : refs.map((ref) => ref.oid);
  if (headOid !== null) all.push(headOid);
  const wants = new Set(all.filter((oid) => !haves.has(oid)));
  return { wants: [...wants], haves: [...haves] };
}
