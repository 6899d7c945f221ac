/** What polls have in common: how often, the version tag, and the answer when nothing changed. */

import type { Context } from "hono";
import type { Store } from "@/lib/store/mod.ts";

/** While something runs, while something only waits, and none at all when all is over. */
export const FAST_SECONDS = 2;
export const SLOW_SECONDS = 15;

/** A running scan's signs of life grow old without any write: shown anew this often. */
const BREATH_MS = 30_000;

/** How often a page asks, by what its repositories and servers are doing. */
export function everySeconds(counts: Record<string, number>, discovering: boolean): number | null {
  if ((counts.scanning ?? 0) > 0 || discovering) return FAST_SECONDS;
  return (counts.queued ?? 0) + (counts.waiting ?? 0) > 0 ? SLOW_SECONDS : null;
}

/** Knows the number of the newest change without asking the database while nothing was written. */
export interface Changes {
  now(): Promise<number>;
}

/** One for all pages: where only this process writes, its own count of writes tells enough. */
export function watchChanges(store: Store): Changes {
  let known: { writes: number; change: number } | null = null;
  return {
    async now() {
      const writes = store.writes;
      if (known !== null && known.writes === writes && !store.shared) return known.change;
      const change = await store.repositories.changeNumber();
      known = { writes, change };
      return change;
    },
  };
}

/** The tag of a fragment: the change it shows, and while something runs a slow beat. */
export function tagOf(change: number, interval: number | null, now: number): string {
  return interval === FAST_SECONDS ? `${change}.${Math.floor(now / BREATH_MS)}` : String(change);
}

/** 304 when the poller has this tag already; else null, and the tag goes out with the answer. */
export function unchanged(c: Context, tag: string): Response | null {
  c.header("HX-PTag", tag);
  c.header("Cache-Control", "no-store");
  return c.req.header("HX-PTag") === tag ? c.body(null, 304) : null;
}
