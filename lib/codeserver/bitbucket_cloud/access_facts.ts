/** What the calls of the pre-flight have shown. */

import type { RemoteError } from "@/lib/errors.ts";

/** The outcome of one call: a value, an error, or null where the call was not made. */
export type Asked<T> = { value: T } | { error: RemoteError } | null;

/** A workspace by its three names. */
export interface FoundWorkspace {
  slug: string;
  uuid: string;
  name: string;
}

/** How many repositories, and one of them. */
export interface Count {
  /** Null when the server does not say. */
  size: number | null;
  sample: { fullName: string; isPrivate: boolean } | null;
  /** As the sample names it. */
  workspace: FoundWorkspace | null;
}

/** All that the checks are read off. */
export interface Facts {
  workspaceId: string;
  workspace: Asked<FoundWorkspace>;
  user: Asked<unknown>;
  all: Asked<Count>;
  onlyPrivate: Asked<Count>;
  git: Asked<true>;
  /** `x-credential-type` of the last answer that had it. */
  credentialType: string | null;
  /** `x-oauth-scopes` of the last answer that had it. */
  granted: readonly string[] | null;
}

/** Why a call failed, or null. */
export function reasonOf(asked: Asked<unknown>): RemoteError["reason"] | null {
  return errorOf(asked)?.reason ?? null;
}

/** The error of a failed call, or null. */
export function errorOf(asked: Asked<unknown>): RemoteError | null {
  return asked && "error" in asked ? asked.error : null;
}

/** What a call gave, or null. */
export function valueOf<T>(asked: Asked<T>): T | null {
  return asked && "value" in asked ? asked.value : null;
}
