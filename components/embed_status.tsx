/** What other portals show of a code server or a repository: a page for frames, and its fragment. */

import { raw } from "hono/html";
import type { SeverityCounts } from "./scan_status.tsx";
import { formatCount, formatMoment, isoTime } from "@/lib/format.ts";
import type { StateWords, Tone } from "@/lib/status.ts";

/** States and counts, never a finding's content. */
export interface EmbedView {
  kind: "server" | "repository";
  id: string;
  name: string;
  words: StateWords;
  /** Why it is in this state, or how far it has come. */
  detail: string | null;
  progress: { done: number; total: number | null; unit: string } | null;
  /** Unresolved findings; null where the key hides them, or before the first scan. */
  counts: SeverityCounts | null;
  /** Of a server: repositories by state, in words; null where the key hides them. */
  states: readonly { word: string; count: number }[] | null;
  lastScanAt: number | null;
  /** Where the whole story is, for those who may sign in. */
  href: string;
  /** The fragment's own absolute address. */
  src: string;
  /** Asked again after so many seconds. */
  everySeconds: number;
  instanceName: string;
}

/** A sign beside the word, so that no state is told by its colour alone. */
const SIGNS: Record<Tone, string> = {
  neutral: "○",
  active: "◐",
  waiting: "◷",
  good: "✓",
  warning: "!",
  danger: "✕",
  critical: "✕",
  muted: "–",
};

/** The fragment: its own poller, by attributes that htmx 2 and 4 know, and `data-` for our script. */
export function EmbedFragment(props: { view: EmbedView }) {
  const { view } = props;
  return (
    <section
      id={`sluice-${view.kind}-${view.id}`}
      class="sluice-embed"
      aria-label={`${view.instanceName}: ${view.name}`}
      hx-get={view.src}
      hx-trigger={`every ${view.everySeconds}s`}
      hx-swap="outerHTML"
      hx-target="this"
      data-sluice-src={view.src}
      data-sluice-every={String(view.everySeconds)}
    >
      <p class="sluice-head">
        <a href={view.href} target="_blank" rel="noopener">{view.name}</a>{" "}
        <span class={`sluice-state sluice-${view.words.tone}`} title={view.words.sentence}>
          <span aria-hidden="true">{SIGNS[view.words.tone]}</span> {view.words.word}
        </span>
      </p>
      {view.progress && <Progress view={view} progress={view.progress} />}
      {view.detail && <p class="sluice-detail">{view.detail}</p>}
      {view.counts && <Counts counts={view.counts} />}
      {view.states && view.states.length > 0 && (
        <p class="sluice-detail">
          Repositories:{" "}
          {view.states.map(({ word, count }) => `${word} ${formatCount(count)}`).join(", ")}
        </p>
      )}
      {view.lastScanAt !== null && (
        <p class="sluice-detail">
          Last scan <time datetime={isoTime(view.lastScanAt)}>{formatMoment(view.lastScanAt)}</time>
        </p>
      )}
    </section>
  );
}

function Progress(
  props: { view: EmbedView; progress: NonNullable<EmbedView["progress"]> },
) {
  const { done, total, unit } = props.progress;
  return (
    <p class="sluice-progress">
      <progress
        aria-label={`Progress of ${props.view.name}`}
        {...(total === null ? {} : { max: Math.max(total, 1), value: Math.min(done, total) })}
      >
      </progress>{" "}
      <span class="sluice-detail">
        {total === null ? formatCount(done) : `${formatCount(done)} of ${formatCount(total)}`}{" "}
        {unit}
      </span>
    </p>
  );
}

function Counts(props: { counts: SeverityCounts }) {
  const shown = (["critical", "high", "medium", "low"] as const)
    .filter((severity) => props.counts[severity] > 0);
  if (shown.length === 0) return <p class="sluice-detail">No unresolved finding</p>;
  return (
    <ul class="sluice-counts" aria-label="Unresolved findings">
      {shown.map((severity) => (
        <li class={`sluice-${severity}`}>{formatCount(props.counts[severity])} {severity}</li>
      ))}
    </ul>
  );
}

/** The page for an `<iframe>`: complete in itself, styled, and refreshed by a script of ours. */
export function EmbedPage(props: { view: EmbedView }) {
  const { view } = props;
  return (
    <EmbedDocument title={`Status of ${view.name}`} refresh={view.everySeconds}>
      <EmbedFragment view={view} />
    </EmbedDocument>
  );
}

/** Why nothing is shown, as a fragment; without a poller, so that nobody goes on asking. */
export function EmbedRefusal(props: { sentence: string }) {
  return (
    <section class="sluice-embed">
      <p class="sluice-detail" role="alert">{props.sentence}</p>
    </section>
  );
}

/** Why a frame shows nothing. */
export function EmbedRefusalPage(props: { sentence: string }) {
  return (
    <EmbedDocument title="Not shown" refresh={null}>
      <EmbedRefusal sentence={props.sentence} />
    </EmbedDocument>
  );
}

function EmbedDocument(
  // deno-lint-ignore no-explicit-any
  props: { title: string; refresh: number | null; children?: any },
) {
  return (
    <>
      {raw("<!doctype html>")}
      <html lang="en" class="sluice-page">
        <head>
          <meta charset="utf-8" />
          <title>{props.title}</title>
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <link rel="stylesheet" href="/embed/embed.css" />
          <script src="/embed/embed.js" defer></script>
          {props.refresh !== null && (
            <noscript>
              <meta http-equiv="refresh" content={String(props.refresh)} />
            </noscript>
          )}
        </head>
        <body>
          <main>
            <h1 class="sluice-hidden">{props.title}</h1>
            {props.children}
          </main>
        </body>
      </html>
    </>
  );
}
