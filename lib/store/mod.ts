/** The store: every table's functions over one database, opened once and passed on. */

import { type Clock, systemClock } from "@/lib/clock.ts";
import type { Seal } from "@/lib/seal.ts";
import { apiCallStore } from "./api_calls.ts";
import { apiKeyStore } from "./api_keys.ts";
import { auditStore } from "./audit.ts";
import { choiceStore } from "./choices.ts";
import { customRuleStore } from "./custom_rules.ts";
import { clockStepStore } from "./clock_steps.ts";
import { type Db, openDb } from "./db.ts";
import { discoveryStore } from "./discoveries.ts";
import { draftStore } from "./drafts.ts";
import { embedKeyStore } from "./embed_keys.ts";
import { exportStore } from "./exports.ts";
import { findingStore } from "./findings.ts";
import { idempotencyStore } from "./idempotency.ts";
import { jobStore } from "./jobs.ts";
import { operationStore } from "./operations.ts";
import { oneTimeTokenStore } from "./one_time_tokens.ts";
import { pickStore } from "./picks.ts";
import { repositoryStore } from "./repositories.ts";
import { repositoryNameStore } from "./repository_names.ts";
import { restCallStore } from "./rest_calls.ts";
import { scanStore } from "./scans.ts";
import { secondFactorStore } from "./second_factors.ts";
import { sealedStore } from "./sealed.ts";
import { secretStore } from "./secrets.ts";
import { selectionEditStore } from "./selection_edits.ts";
import { serverStore } from "./servers.ts";
import { sessionStore } from "./sessions.ts";
import { settingStore } from "./settings.ts";
import { signInStore } from "./sign_ins.ts";
import { summaryStore } from "./summaries.ts";
import { suppressionStore } from "./suppressions.ts";
import { userStore } from "./users.ts";
import { webhookStore } from "./webhooks.ts";

export { NewerDatabaseError, refuseNewer } from "@/lib/store/db.ts";

export interface StoreOptions {
  url: string;
  authToken?: string | null;
  seal: Seal;
  clock?: Clock;
}

export type Store = ReturnType<typeof createStore>;

/** Opens and migrates the database. @throws when a newer version of Sluice made it. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const db = await openDb(options.url, options.authToken ?? undefined);
  await db.migrate();
  return createStore(db, options.clock ?? systemClock, options.seal);
}

/** The store over a database that is open and migrated. */
export function createStore(db: Db, clock: Clock, seal: Seal) {
  return {
    apiCalls: apiCallStore(db, clock),
    apiKeys: apiKeyStore(db, clock),
    audit: auditStore(db, clock),
    choices: choiceStore(db),
    customRules: customRuleStore(db, clock),
    clockSteps: clockStepStore(db, clock),
    discoveries: discoveryStore(db, clock),
    drafts: draftStore(db, clock, seal),
    embedKeys: embedKeyStore(db, clock),
    exports: exportStore(db),
    findings: findingStore(db, clock),
    idempotency: idempotencyStore(db, clock),
    jobs: jobStore(db, clock),
    operations: operationStore(db, clock),
    oneTimeTokens: oneTimeTokenStore(db, clock),
    picks: pickStore(db, clock),
    repositories: repositoryStore(db),
    repositoryNames: repositoryNameStore(db),
    restCalls: restCallStore(db, clock),
    scans: scanStore(db, clock),
    secondFactors: secondFactorStore(db, clock, seal),
    sealed: sealedStore(db, seal),
    secrets: secretStore(db),
    selectionEdits: selectionEditStore(db, clock),
    servers: serverStore(db, clock, seal),
    sessions: sessionStore(db, clock),
    settings: settingStore(db),
    signIns: signInStore(db, clock),
    summaries: summaryStore(db),
    suppressions: suppressionStore(db, clock),
    users: userStore(db, clock),
    webhooks: webhookStore(db, clock, seal),
    /** Raised by every write of this process; equal numbers mean that nothing changed here. */
    get writes() {
      return db.writes;
    },
    /** As `writes`, without those that change nobody's rights. */
    get accessWrites() {
      return db.accessWrites;
    },
    /** True where other processes write too, so that `writes` alone proves nothing. */
    shared: db.shared,
    /** Copies a file's database to a new file, in one state, while others write. @throws if it is there. */
    async backup(path: string): Promise<void> {
      await db.execute("VACUUM INTO ?", [path]);
    },
    close: () => db.close(),
  };
}
