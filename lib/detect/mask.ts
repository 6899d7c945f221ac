/** What a person may see of a secret. */

const STARS = "********";

/**
 * The first 4 and last 2 characters of a secret of 20 or more, fewer of a shorter one, nothing of
 * one under 8. The stars are always eight, so that the length stays unknown.
 */
export function mask(secret: string): string {
  const [head, tail] = secret.length >= 20
    ? [4, 2]
    : secret.length >= 12
    ? [2, 1]
    : secret.length >= 8
    ? [1, 0]
    : [0, 0];
  return printable(secret.slice(0, head)) + STARS +
    printable(secret.slice(secret.length - tail));
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}
