/** `deno task migrate`: brings the configured database up to date; Deno Deploy's step before a release. */

import { ConfigError, processEnvironment, readConfig } from "@/lib/config.ts";
import { announce } from "@/lib/log.ts";
import { openDb } from "@/lib/store/db.ts";

try {
  // The database that it makes is for the owner's eyes only, as the app's own would be.
  if (Deno.build.os !== "windows") Deno.umask(0o077);
  const config = readConfig(processEnvironment(), 1);
  if (!config.onDeploy) await Deno.mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const db = await openDb(config.databaseUrl, config.databaseToken ?? undefined);
  await db.migrate();
  db.close();
  announce("The database is up to date.");
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  announce(`Cannot migrate:\n${error.problems.map((line) => `  ${line}`).join("\n")}`);
  Deno.exit(1);
}
