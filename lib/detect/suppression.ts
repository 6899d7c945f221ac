/** The comments by which people already tell scanners to pass over a line. */

/** On the line itself. */
const SAME_LINE =
  /gitleaks:allow|betterleaks:allow|trufflehog:ignore|pragma:\s?(?:allowlist|whitelist) secret|secretlint-disable-line|nosemgrep|sluice:allow/i;
/** On the line before. */
const LINE_ABOVE =
  /pragma:\s?(?:allowlist|whitelist) nextline secret|secretlint-disable-next-line|sluice:allow-next-line/i;
/** Alone on the line before, as semgrep reads it. */
const COMMENT_ABOVE = /^\s*(?:#|\/\/|\/\*|--|<!--|;|\*)\s*nosemgrep/i;
/** Every comment that acts on lines far below it has this word; lower-case ASCII. */
export const BLOCK_WORD = "secretlint-";
/** How far back an opening block comment is looked for, in characters. */
export const BLOCK_REACH = 8192;

/**
 * Names the comment that suppresses a hit, or null. `before` is the text up to the secret (as much
 * of it as `BLOCK_REACH`), `after` the text behind it up to the end of the line.
 */
export function inlineSuppression(before: string, after: string): string | null {
  const lineStart = before.lastIndexOf("\n") + 1;
  const own = SAME_LINE.exec(before.slice(Math.max(lineStart, before.length - 1000))) ??
    SAME_LINE.exec(after);
  if (own !== null) return `inline comment ${own[0].toLowerCase()}`;
  if (lineStart > 0) {
    const aboveStart = before.lastIndexOf("\n", lineStart - 2) + 1;
    const above = before.slice(Math.max(aboveStart, lineStart - 1000), lineStart);
    const next = LINE_ABOVE.exec(above);
    if (next !== null) return `inline comment ${next[0].toLowerCase()}`;
    if (COMMENT_ABOVE.test(above)) return "inline comment nosemgrep";
  }
  const opened = lastOf(before, /secretlint-disable(?!-)/gi);
  if (opened >= 0 && opened > lastOf(before, /secretlint-enable/gi)) {
    return "inline comment secretlint-disable";
  }
  return null;
}

function lastOf(text: string, pattern: RegExp): number {
  let last = -1;
  if (!text.includes("secretlint-")) return last;
  for (const match of text.matchAll(pattern)) last = match.index;
  return last;
}
