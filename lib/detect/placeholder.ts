/** Tells a stand-in that people write into examples from a secret. */

const WORDS =
  /example|placeholder|change[_-]?me|replace[_-]?me|redacted|dummy|x{5}|your[_-]?(?:own|api|key|token|secret|pass|access|client|account|org|app|user|auth|bot|db|private)|[_-]here$|insert[_-]|\bfoo_?bar|<[a-z_ -]{2,40}>|\*{4}|\.{3}|\u2026/i;
const TEMPLATES = /\$\{|\$\(|\{\{|\}\}|<%|%>|#\{|%\(\w+\)s|@@\w|__\w+__/;

/** Says why a value cannot be a real secret, or null. For tokens of a known form, not passwords. */
export function placeholderReason(secret: string): string | null {
  if (WORDS.test(secret)) return "a placeholder by its words";
  if (TEMPLATES.test(secret)) return "a template";
  if (isMonotonous(secret)) return "too regular";
  return null;
}

/** True for `xxxxxxxxxxxx`, `0000-0000`, `1234567890abcdef` and the like. */
export function isMonotonous(secret: string): boolean {
  if (secret.length < 8) return false;
  let steps = 0;
  let run = 1;
  let longestRun = 1;
  const seen = new Set<number>();
  for (let i = 0; i < secret.length; i++) {
    const code = secret.charCodeAt(i);
    seen.add(code);
    if (i === 0) continue;
    const step = code - secret.charCodeAt(i - 1);
    if (step === 0) longestRun = Math.max(longestRun, ++run);
    else run = 1;
    if (step === 0 || step === 1 || step === -1) steps++;
  }
  return longestRun >= Math.max(8, secret.length / 4) ||
    steps >= (secret.length - 1) * 0.7 ||
    (seen.size <= 4 && secret.length >= 12);
}
