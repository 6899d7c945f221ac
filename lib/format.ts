/** Numbers, sizes, spans and moments as people read them: English, UTC, no locale of the machine. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `1266` as `1,266`. */
export function formatCount(count: number): string {
  return Math.round(count).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** `1 repository`, `1,266 repositories`; `many` defaults to `one` with an s. */
export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Bytes in powers of 1,024, with one decimal below ten: `0 B`, `1.5 KB`, `76 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  // 999.5 would be printed as 1,000 of the smaller unit.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const shown = unit === 0 || value >= 10 ? formatCount(value) : value.toFixed(1).replace(".0", "");
  return `${shown} ${units[unit]}`;
}

/** A span in at most two units: `0 s`, `42 s`, `4 min 10 s`, `2 h 5 min`, `3 days 4 h`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / SECOND));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return two(Math.floor(seconds / 60), "min", seconds % 60, "s");
  if (seconds < 86_400) {
    return two(Math.floor(seconds / 3600), "h", Math.floor(seconds / 60) % 60, "min");
  }
  const days = Math.floor(seconds / 86_400);
  return two(days, days === 1 ? "day" : "days", Math.floor(seconds / 3600) % 24, "h");
}

/** How long something took, in words: `less than a second`, `4 min 10 s`. */
export function formatTook(ms: number): string {
  return ms < SECOND ? "less than a second" : formatDuration(ms);
}

/** How far `at` lies from `now`, in one unit: `just now`, `5 min ago`, `in 3 days`. */
export function formatRelative(at: number, now: number): string {
  const distance = Math.abs(now - at);
  if (distance < 2 * SECOND) return "just now";
  const span = oneUnit(distance);
  return at <= now ? `${span} ago` : `in ${span}`;
}

/** A moment for `<time datetime>`: ISO 8601 in UTC, to the second. */
export function isoTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** `2026-11-24`. */
export function formatDate(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** `2026-11-24 15:03 UTC`. */
export function formatMoment(at: number): string {
  return `${formatDate(at)} ${formatClock(at)}`;
}

/** `15:03 UTC`. */
export function formatClock(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`;
}

/** The whole percent that is done, never 100 before the end; 0 of 0 is all. */
export function percent(done: number, total: number): number {
  if (total <= 0 || done >= total) return 100;
  return Math.min(99, Math.max(0, Math.floor((done / total) * 100)));
}

/** The first ten characters of an object id, as Bitbucket and git show them. */
export function shortCommit(oid: string): string {
  return oid.slice(0, 10);
}

function two(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

function oneUnit(distance: number): string {
  if (distance < MINUTE) return `${Math.floor(distance / SECOND)} s`;
  if (distance < HOUR) return `${Math.floor(distance / MINUTE)} min`;
  if (distance < DAY) return `${Math.floor(distance / HOUR)} h`;
  const days = Math.floor(distance / DAY);
  if (days < 60) return days === 1 ? "1 day" : `${days} days`;
  if (days < 730) return `${Math.floor(days / 30)} months`;
  return `${Math.floor(days / 365)} years`;
}
