/** Moments with their exact time in UTC behind a readable one. */

import { formatClock, formatDate, formatMoment, formatRelative, isoTime } from "@/lib/format.ts";

/** `5 min ago`, with the full moment as its title; `now` is the moment of rendering. */
export function Ago(props: { at: number; now: number }) {
  return (
    <time datetime={isoTime(props.at)} title={formatMoment(props.at)}>
      {formatRelative(props.at, props.now)}
    </time>
  );
}

/** `14:05 UTC`. */
export function ClockTime(props: { at: number }) {
  return <time datetime={isoTime(props.at)}>{formatClock(props.at)}</time>;
}

/** `2026-11-24`. */
export function Day(props: { at: number }) {
  return (
    <time datetime={isoTime(props.at)} title={formatMoment(props.at)}>{formatDate(props.at)}</time>
  );
}

/** `2026-11-24 14:05 UTC`. */
export function Moment(props: { at: number }) {
  return <time datetime={isoTime(props.at)}>{formatMoment(props.at)}</time>;
}
