/** The `admin` commands for the whole of the data: another key, a backup, and back from it. */

import { DatabaseSync } from "node:sqlite";
import { type Config, decodeSecretKey } from "@/lib/config.ts";
import { plural } from "@/lib/format.ts";
import {
  createSeal,
  keyFromFile,
  keyIdOf,
  readKeyFile,
  type Seal,
  writeKeyFile,
} from "@/lib/seal.ts";
import { lockDatabase } from "@/lib/store/database_file.ts";
import { openStore, refuseNewer, type Store } from "@/lib/store/mod.ts";
import { endShortLived, keepRevoked } from "@/tools/admin_restored.ts";
import { AdminError, type Asked, databaseFile, exists, WHO } from "@/tools/admin_store.ts";
import { systemReason, unwritable } from "@/tools/caller.ts";

/** A write that the app began under the old key has long ended by then. */
const LATE_WRITES_MS = 1_000;

/** Seals everything under a new key. May be broken off anywhere and run again. */
export async function rotateKey(config: Config, { tell }: Asked): Promise<string> {
  if (config.secretKey !== null) return await rotateSecretKey(config, config.secretKey, tell);
  const path = `${config.dataDir}/key`;
  await keyFromFile(path);
  let keys = await readKeyFile(path);
  if (keys.length > 1) tell("A rotation was broken off before; it is finished now.");
  const old = await createSeal(keys.at(-1)!);
  await withSealed(config, old, async (store) => {
    // While only the old key is known: whoever starts from now on must not derive another.
    if (keys.length === 1) {
      await store.sealed.keepFingerprintKey();
      keys = [crypto.getRandomValues(new Uint8Array(32)), ...keys];
      // Both keys stand in the file until nothing needs the old one; the app reads it as it goes.
      await writeKeyFile(path, keys);
    }
    const fresh = await createSeal(keys[0]!);
    await resealAll(store, old, fresh, tell);
    await writeKeyFile(path, [keys[0]!]);
    await store.audit.add({ who: WHO, action: "key.rotated", detail: `now ${fresh.keyId}` });
  });
  tell(`The key in ${path} is new. Keep a copy of it apart from the backups.`);
  return "";
}

/** Where the key comes from the environment, the new one does too: it is never made here and lost. */
async function rotateSecretKey(
  config: Config,
  key: Uint8Array<ArrayBuffer>,
  tell: Asked["tell"],
): Promise<string> {
  const given = Deno.env.get("NEW_SECRET_KEY") ?? "";
  const next = decodeSecretKey(given);
  if (next === null) {
    throw new AdminError(
      "NEW_SECRET_KEY is not set: give the new key there, as `openssl rand -base64 32` prints it",
    );
  }
  const [old, fresh] = [await createSeal(key), await createSeal(next)];
  await withSealed(config, old, async (store) => {
    // A run that was broken off may have sealed the fingerprints' key with the new one already.
    await store.sealed.keepFingerprintKey();
    await resealAll(store, old, fresh, tell);
    await store.audit.add({ who: WHO, action: "key.rotated", detail: `now ${fresh.keyId}` });
  });
  tell("Set SECRET_KEY to the new key and start the app again now: it opens nothing until then.");
  return "";
}

async function resealAll(store: Store, old: Seal, fresh: Seal, tell: Asked["tell"]) {
  const first = await store.sealed.reseal(old, fresh);
  await new Promise((resolve) => setTimeout(resolve, LATE_WRITES_MS));
  const late = await store.sealed.reseal(old, fresh);
  const resealed = first.resealed + late.resealed;
  tell(`${plural(resealed, "sealed value has", "sealed values have")} the new key.`);
  if (late.unreadable > 0) {
    tell(
      `${
        plural(late.unreadable, "value stays as it is", "values stay as they are")
      }: sealed with a key that is not known here. Replace those tokens in the app.`,
    );
  }
}

/** Copies the embedded database to a new file. */
export async function backup(config: Config, { file, tell }: Asked): Promise<string> {
  if (databaseFile(config) === null) {
    throw new AdminError("only an embedded database is copied; Turso has backups of its own");
  }
  if (await exists(file)) throw new AdminError(`${file} is there already`);
  const problem = await unwritable(file);
  if (problem !== null) throw new AdminError(problem);
  await withSealed(config, null, async (store) => {
    await store.backup(file).catch((error) => {
      throw new AdminError(`cannot write ${file}: ${systemReason(error)}`);
    });
    await store.audit.add({ who: WHO, action: "backup.made" });
  });
  check(file);
  const { size } = await Deno.stat(file);
  tell(`${size} bytes are in ${file}. Without the key it opens no token: keep both, apart.`);
  return "";
}

/** Puts a copy in the place of the database, which is kept beside it. Refused while the app runs. */
export async function restore(config: Config, { file, tell }: Asked): Promise<string> {
  const target = databaseFile(config);
  if (target === null) throw new AdminError("only an embedded database is restored");
  if (!await exists(file)) throw new AdminError(`there is no file ${file}`);
  await Deno.mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  // The same lock that the app holds while it runs.
  using lock = await Deno.open(`${config.dataDir}/lock`, { create: true, write: true });
  if (!await lock.tryLock(true)) throw new AdminError("the app runs: stop it first");
  const claim = await lockDatabase(config.databaseUrl);
  if (claim === null) throw new AdminError("the app runs: stop it first");
  using _ = { [Symbol.dispose]: () => claim.release() };
  const sealedWith = await checkKnown(file);
  let aside: string | null = null;
  if (await exists(target)) {
    aside = `${target}.before-restore-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
    foldBeside(target);
    await Deno.rename(target, aside);
    // What could not be folded in, as where the file is damaged, stays with it.
    if (await exists(`${target}-wal`)) await Deno.rename(`${target}-wal`, `${aside}-wal`);
    tell(`What was there before is in ${aside}.`);
  }
  for (const beside of ["-wal", "-shm"]) {
    if (await exists(target + beside)) await Deno.remove(target + beside);
  }
  await Deno.copyFile(file, `${target}.next`);
  if (Deno.build.os !== "windows") await Deno.chmod(`${target}.next`, 0o600);
  await Deno.rename(`${target}.next`, target);
  const seal = await createSeal(config.secretKey ?? await keyFromFile(`${config.dataDir}/key`));
  // Opened once, so that an older copy has the tables of today before it is compared.
  await withSealed(config, seal, () => Promise.resolve());
  endShortLived(target, tell);
  const detail = aside === null ? null : keepRevoked(target, aside, tell);
  await withSealed(config, seal, async ({ audit }) => {
    await audit.add({ who: WHO, action: "database.restored", detail });
  });
  if (sealedWith !== null && sealedWith !== seal.keyId) {
    tell(
      `The copy was sealed with key ${sealedWith}, this installation has ${seal.keyId}: put ` +
        `that key back, or replace the tokens.`,
    );
  }
  tell(`${file} is the database now.`);
  return "";
}

/**
 * Folds what stands beside a database into it, so that the file alone is whole. To open and close it
 * does not: nothing is folded in before something was read.
 */
function foldBeside(file: string): void {
  try {
    using database = new DatabaseSync(file);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.exec("PRAGMA journal_mode = DELETE");
  } catch {
    // Damaged: there may be no other reason to restore.
  }
}

/** The same for one that is to be used: of this version or an older one. @throws `NewerDatabaseError` too. */
async function checkKnown(file: string): Promise<string | null> {
  const sealedWith = check(file);
  using database = new DatabaseSync(file, { readOnly: true });
  const row = database.prepare("SELECT max(created_at) AS at FROM __drizzle_migrations").get();
  await refuseNewer(Number((row as { at: number | null }).at ?? 0));
  return sealedWith;
}

/** Reads a copy whole; gives the key that its tokens are sealed with. @throws `AdminError`. */
function check(file: string): string | null {
  let database;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    const { integrity_check: verdict } = database.prepare("PRAGMA integrity_check").get() as {
      integrity_check: string;
    };
    if (verdict !== "ok") throw new AdminError(`${file} is damaged: ${verdict}`);
    const tables = database.prepare(
      "SELECT count(*) AS n FROM sqlite_master WHERE name IN ('servers', '__drizzle_migrations')",
    ).get() as { n: number };
    if (tables.n !== 2) throw new AdminError(`${file} is no database of Sluice`);
    const row = database.prepare("SELECT sealed_secret AS sealed FROM servers LIMIT 1").get();
    return row ? keyIdOf(String((row as { sealed: string }).sealed)) : null;
  } catch (error) {
    if (error instanceof AdminError) throw error;
    throw new AdminError(`${file} is no database of Sluice`);
  } finally {
    database?.close();
  }
}

/** Runs with the store under a given key; null where nothing sealed is touched. */
async function withSealed(
  config: Config,
  seal: Seal | null,
  use: (store: Store) => Promise<void>,
): Promise<void> {
  const file = databaseFile(config);
  if (file !== null && !await exists(file)) throw new AdminError(`there is no database ${file}`);
  const store = await openStore({
    url: config.databaseUrl,
    authToken: config.databaseToken,
    seal: seal ??
      await createSeal(config.secretKey ?? await keyFromFile(`${config.dataDir}/key`)),
  });
  try {
    await use(store);
  } finally {
    store.close();
  }
}
