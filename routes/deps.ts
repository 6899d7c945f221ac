/** What the routes are given, and what they share in a request. */

import type { CodeServer, Credential } from "@/lib/codeserver/mod.ts";
import type { Clock } from "@/lib/clock.ts";
import type { Doorbell } from "@/lib/doorbell/mod.ts";
import type { Log } from "@/lib/log.ts";
import type { AddressRange } from "@/lib/network.ts";
import type { Sso } from "@/lib/sso.ts";
import type { Metrics } from "@/lib/metrics.ts";
import type { Vitals } from "@/lib/vitals.ts";
import type { Server } from "@/lib/store/servers.ts";
import type { Store } from "@/lib/store/mod.ts";
import type { SessionUser } from "@/lib/store/sessions.ts";

/** Opened once in `compose.ts` and passed on. */
export interface RouteDeps {
  store: Store;
  doorbell: Doorbell;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  vitals: Vitals;
  /** The scan threads of this process. */
  threads: () => { busy: number; size: number };
  /** How many steps run in this process. */
  runningSteps: () => number;
  instanceName: string;
  /** The address that people use, without a final slash. */
  publicUrl: string;
  /** True where a platform in front hands on requests for its own names only. */
  anyHost: boolean;
  /** From whom forwarded addresses are believed. */
  trustedProxies: readonly AddressRange[];
  /** False where people sign in by the provider only. */
  localSignIn: boolean;
  /** Null where no provider is configured. */
  sso: Sso | null;
  rulesVersion: string;
  /** A connected server. @throws `SealError` when the key does not fit. */
  openServer(server: Server): Promise<CodeServer>;
  /** A workspace that is not connected yet, for the pre-flight. */
  openWorkspace(type: Server["type"], workspace: string, credential: Credential): CodeServer;
}

/** Hono's type of a request that passed the middleware. */
export interface AppEnv {
  Variables: {
    requestId: string;
    /** The client's network address, where it is told. */
    address: string | null;
    /** Whether people come over TLS, by the configured address. */
    overTls: boolean;
    /** Set behind `signedIn`. */
    user: SessionUser;
  };
}
