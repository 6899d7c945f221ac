/** Tells text made by chance from text made by people, such as `xxxx…` or `0123456789abcdef`. */

const SPOKEN =
  /example|placeholder|change[_-]?me|replace|redacted|dummy|x{5}|\*{3}|your[_-]|[_-]here|insert[_-]/i;

/** Whether a value could have come from a random generator. */
export function looksMadeByChance(value: string): boolean {
  if (SPOKEN.test(value)) return false;
  if (new Set(value).size < Math.min(7, Math.ceil(value.length / 3))) return false;
  return longestRun(value) < 6 && longestStep(value) < 7 && !repeats(value);
}

/** A value with letters and digits: identifiers and words rarely hold a digit. */
export function hasLettersAndDigits(value: string): boolean {
  return /[A-Za-z]/.test(value) && /\d/.test(value);
}

function longestRun(value: string): number {
  return longest(value, 0);
}

function longestStep(value: string): number {
  return Math.max(longest(value, 1), longest(value, -1));
}

function longest(value: string, step: number): number {
  let best = 1;
  let length = 1;
  for (let at = 1; at < value.length; at++) {
    length = value.charCodeAt(at) - value.charCodeAt(at - 1) === step ? length + 1 : 1;
    if (length > best) best = length;
  }
  return best;
}

function repeats(value: string): boolean {
  for (let unit = 1; unit <= 8 && unit * 3 <= value.length; unit++) {
    if (value.slice(unit) === value.slice(0, -unit)) return true;
  }
  return false;
}
