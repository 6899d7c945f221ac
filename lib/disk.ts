/** The disk that the database and packs stand on: whether it is full, and how much is left. */

import { statfs } from "node:fs/promises";

/** What the operator is told, on pages and by `/health`. */
export const DISK_FULL =
  "The disk that the data stands on is full. Make room; work goes on by itself.";

/** Whether an error, or what caused it, comes of a disk without room. */
export function isDiskFull(error: unknown): boolean {
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    const code = String((e as { code?: unknown }).code ?? "");
    if (/^(SQLITE_FULL|SQLITE_IOERR_SHMSIZE|ENOSPC|EDQUOT)$/.test(code)) return true;
    if (/database or disk is full|no space left on device|quota exceeded/i.test(e.message)) {
      return true;
    }
  }
  return false;
}

/** Bytes that an ordinary process may still write below `dir`; null where that is not told. */
export async function freeBytes(dir: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(dir);
    return bavail * bsize;
  } catch {
    return null;
  }
}
