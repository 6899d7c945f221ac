/** What polls have in common: how often, the version tag, and the answer when nothing changed. */

import type { Context } from "hono";
import type { Clock } from "@/lib/clock.ts";
import type { Store } from "@/lib/store/mod.ts";

/** While something runs, while something only waits, and none at all when all is over. */
export const FAST_SECONDS = 2;
export const SLOW_SECONDS = 15;
/** While what is left stands still until somebody acts, who may do so in another window. */
export const STILL_SECONDS = 60;

/** A running scan's signs of life grow old without any write: shown anew this often. */
const BREATH_MS = 30_000;

/** How often a page asks, by what its repositories and servers are doing. */
export function everySeconds(counts: Record<string, number>, discovering: boolean): number | null {
  if ((counts.scanning ?? 0) > 0 || discovering) return FAST_SECONDS;
  return (counts.queued ?? 0) + (counts.waiting ?? 0) > 0 ? SLOW_SECONDS : null;
}

/** Running scans write all the time: a page's news is at most this old. */
const NEWS_MS = 1000;

/** The number of the newest change, as polls are told it. */
export interface Changes {
  now(): Promise<number>;
  /** As `now`, from memory alone; null when the database has to be asked. */
  recall(): number | null;
}

/**
 * Asks the database not at all while this process wrote nothing, where only it writes, and
 * otherwise once a second: so many viewers are told the same news, which is rendered once.
 */
export function watchChanges(store: Store, clock: Clock): Changes {
  let known: { writes: number; change: number; at: number } | null = null;
  const recall = () => {
    if (known === null) return null;
    if (known.writes === store.writes && !store.shared) return known.change;
    // Either way, as a clock may be set back.
    return Math.abs(clock.now() - known.at) < NEWS_MS ? known.change : null;
  };
  return {
    recall,
    async now() {
      const recalled = recall();
      if (recalled !== null) return recalled;
      const [at, writes] = [clock.now(), store.writes];
      const change = await store.repositories.changeNumber();
      known = { writes, change, at };
      return change;
    },
  };
}

/** Answers that several viewers get: made once for the same key as long as `mark` stays. */
export function shareAnswers<Answer>(): (
  mark: string,
  key: string,
  make: () => Promise<Answer>,
) => Promise<Answer> {
  let present = { mark: "", answers: new Map<string, Promise<Answer>>() };
  return (mark, key, make) => {
    if (present.mark !== mark || present.answers.size >= MAX_ANSWERS) {
      present = { mark, answers: new Map() };
    }
    const { answers } = present;
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = make();
    answers.set(key, answer);
    // A failure is this viewer's; the next one tries anew.
    answer.catch(() => answers.delete(key));
    return answer;
  };
}

/** A fragment as it goes out: its tag, its markup, and the same packed. */
export interface Fragment {
  tag: string;
  html: string;
  packed: Uint8Array<ArrayBuffer>;
}

/** The news of the present mark as they were told, by the address that asked and for whom. */
export interface News {
  recall(mark: string, search: string, admin: boolean): Fragment | null;
  keep(mark: string, search: string, admin: boolean, told: Fragment): void;
}

/** Keeps them until the mark is another. */
export function keepNews(): News {
  let present = { mark: "", told: new Map<string, Fragment>() };
  const name = (search: string, admin: boolean) => `${admin ? "admin" : "viewer"} ${search}`;
  return {
    recall: (mark, search, admin) =>
      present.mark === mark ? present.told.get(name(search, admin)) ?? null : null,
    keep(mark, search, admin, told) {
      if (present.mark !== mark || present.told.size >= MAX_ANSWERS) {
        present = { mark, told: new Map() };
      }
      present.told.set(name(search, admin), told);
    },
  };
}

/** Each is up to 100 KB of markup. */
const MAX_ANSWERS = 200;

/** The tag of a fragment: the change it shows, and while something runs a slow beat. */
export function tagOf(change: number, interval: number | null, now: number): string {
  return interval === FAST_SECONDS ? `${change}.${Math.floor(now / BREATH_MS)}` : String(change);
}

/** Whether a tag is that of the present change, and while something runs of the same half minute. */
export function isPresent(tag: string, change: number, now: number): boolean {
  return tag === String(change) || tag === tagOf(change, FAST_SECONDS, now);
}

/** 304 when the poller has this tag already; else null, and the tag goes out with the answer. */
export function unchanged(c: Context, tag: string): Response | null {
  c.header("HX-PTag", tag);
  c.header("Cache-Control", "no-store");
  return c.req.header("HX-PTag") === tag ? c.body(null, 304) : null;
}

/** Packs text once for all who are told it: for each anew it would cost more than all the rest. */
export async function pack(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return await new Response(packed).bytes();
}

/** Whether an answer may be packed by gzip. */
export function takesPacked(headers: Headers): boolean {
  return /\bgzip\b/.test(headers.get("Accept-Encoding") ?? "");
}
