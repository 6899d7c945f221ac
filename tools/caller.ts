/** The terminal that a task was called from: its folder, and the system's errors in plain words. */

import { dirname, resolve } from "node:path";
import { ROOT } from "@/tools/files.ts";

/**
 * A path as the person who typed it means it. A task runs in the project's root, and `INIT_CWD` then
 * says where it was called; a variable left over from another program's start says nothing to us.
 */
export function callerPath(path: string): string {
  const called = Deno.env.get("INIT_CWD");
  return resolve(called && `${Deno.cwd()}/` === ROOT ? called : Deno.cwd(), path);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  EACCES: "we are not allowed to",
  EPERM: "we are not allowed to",
  EROFS: "the disk is read-only",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is no folder",
  EEXIST: "it exists already",
  ENOSPC: "the disk is full",
  ENAMETOOLONG: "its name is too long",
};

/** Why the system refused, without the names of its calls; any other error speaks for itself. */
export function systemReason(error: unknown): string {
  return knownReason(error) ?? (error instanceof Error ? error.message : String(error));
}

/** The same, and null for an error that is not the system's. */
export function knownReason(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const code = "code" in error ? String(error.code) : "";
  if (/SQLITE_CANTOPEN|unable to open database/.test(`${code} ${error.message}`)) {
    return "the file cannot be opened or made there";
  }
  return REASONS[code] ?? null;
}

/** Why nothing can be read at a path, or null. */
export async function unreadable(path: string): Promise<string | null> {
  return await Deno.stat(path).then(() => null, systemReason);
}

/** Why no file can be made at a path, as far as its folder says, or null. */
export async function unwritable(path: string): Promise<string | null> {
  const folder = dirname(path);
  const info = await Deno.stat(folder).catch(() => null);
  return info?.isDirectory ? null : `there is no folder ${folder}`;
}
