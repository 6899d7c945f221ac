/** What the `admin` commands share: what was asked, how they refuse, and the store of the app. */

import type { Config } from "@/lib/config.ts";
import { createSeal, keyFromFile } from "@/lib/seal.ts";
import { openStore, type Store } from "@/lib/store/mod.ts";

/** How the audit log names who sits at the machine. */
export const WHO = "admin command";

/** Refused with a sentence for the operator. */
export class AdminError extends Error {
  override readonly name = "AdminError";

  constructor(message: string, readonly exitCode: 1 | 2 = 1) {
    super(message);
  }
}

/** What was asked on the command line. */
export interface Asked {
  options: Record<string, string | undefined>;
  /** The one argument without a name, as a whole path; empty where the command takes none. */
  file: string;
  /** Says something to the operator that is not the result: on standard error. */
  tell(sentence: string): void;
}

/** Runs with the store of the configuration; makes it, and says so, where there is none yet. */
export async function withStore<Result>(
  config: Config,
  tell: Asked["tell"],
  use: (store: Store) => Promise<Result>,
): Promise<Result> {
  const file = databaseFile(config);
  if (file !== null && !await exists(file)) {
    await Deno.mkdir(config.dataDir, { recursive: true, mode: 0o700 });
    tell(`There was no database ${file} yet; a new one is made.`);
  }
  const seal = await createSeal(config.secretKey ?? await keyFromFile(`${config.dataDir}/key`));
  const store = await openStore({
    url: config.databaseUrl,
    authToken: config.databaseToken,
    seal,
  });
  try {
    return await use(store);
  } finally {
    store.close();
  }
}

/** The path of the embedded database; null for one behind an address. */
export function databaseFile(config: Config): string | null {
  return config.databaseUrl.startsWith("file:") ? config.databaseUrl.slice("file:".length) : null;
}

/** Whether a file or folder is there. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
