/**
 * What makes a finding urgent beside its severity: whether it stands at the tip, and since when.
 *
 * These facts are shown with the severity's reasons and do not move it: a secret that is only in the
 * history still opens what it opens, for everybody who has a clone, until it is revoked; nor does an
 * old secret grow harmless by its age. They change without a scan, so they are told when asked for.
 */

const DAY_MS = 24 * 60 * 60 * 1000;
const YEAR_DAYS = 365;
const MONTH_DAYS = 30;

/** Short facts, the most telling first. `firstDate` is the author's date of the first commit. */
export function urgencyFacts(
  { atTip, firstDate, missingAt = null }: {
    atTip: boolean;
    firstDate: number | null;
    missingAt?: number | null;
  },
  now: number,
): string[] {
  const facts = [
    missingAt !== null
      ? "no longer in the repository, but it was there"
      : atTip
      ? "still at the tip of the default branch"
      : "only in the history, where it can still be read",
  ];
  const days = firstDate === null ? -1 : Math.floor((now - firstDate) / DAY_MS);
  if (days >= 0) facts.push(`known to others for ${age(days)}`);
  return facts;
}

function age(days: number): string {
  const [count, noun] = days >= 2 * YEAR_DAYS
    ? [Math.floor(days / YEAR_DAYS), "year"]
    : days >= 2 * MONTH_DAYS
    ? [Math.floor(days / MONTH_DAYS), "month"]
    : [days, "day"];
  return count === 0 ? "less than a day" : `${count} ${noun}${count === 1 ? "" : "s"}`;
}
