/** The embedded database as a file: one process at a time on it, and why it cannot be opened. */

/** Held until it is released, or the process ends in whatever way. */
export interface DatabaseLock {
  release(): void;
}

/**
 * Claims the database for this process; null where another one has it. The claim is a write
 * transaction on an empty database beside it, which needs no more leave than the database itself,
 * wherever it lies, and ends with the process.
 */
export async function lockDatabase(url: string): Promise<DatabaseLock | null> {
  if (!url.startsWith("file:") || url.startsWith("file::memory:")) return { release() {} };
  const { createClient } = await import("@libsql/client");
  // The same spelling of the path, so that the driver reads it as it reads the database's.
  const client = createClient({ url: `${url.replace(/[?#].*$/s, "")}.lock`, timeout: 0 });
  try {
    const held = await client.transaction("write");
    return {
      release() {
        held.close();
        client.close();
      },
    };
  } catch (error) {
    client.close();
    if (codesOf(error).some((code) => code.startsWith("SQLITE_BUSY"))) return null;
    throw error;
  }
}

/** Why a database's file is of no use, as the end of a sentence about it; null for other errors. */
export function fileProblem(error: unknown): string | null {
  const codes = codesOf(error);
  const is = (...known: string[]) =>
    known.some((one) => codes.some((code) => code.startsWith(one)));
  if (is("SQLITE_NOTADB")) return "it is no database";
  if (is("SQLITE_CORRUPT")) return "it is damaged";
  if (is("SQLITE_CANTOPEN")) return "it cannot be opened or made there";
  if (is("SQLITE_READONLY")) return "we may not write it";
  return null;
}

/** The codes of an error and of what caused it. */
function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let one = error; one instanceof Error; one = one.cause) {
    if ("code" in one) codes.push(String(one.code));
    // The driver throws some before it gives them a code.
    codes.push(...one.message.match(/SQLITE_[A-Z_]+/g) ?? []);
    if (/file is not a database/i.test(one.message)) codes.push("SQLITE_NOTADB");
    if (/unable to open/i.test(one.message)) codes.push("SQLITE_CANTOPEN");
  }
  return codes;
}
