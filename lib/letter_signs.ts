/** Digits and signs that people write for the letters they look like. */

const LETTERS: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  "$": "s",
  "!": "i",
};

/** The text with letters in the place of such signs, sign for sign. */
export function lettersOf(text: string): string {
  return text.replace(/[013457@$!]/g, (sign) => LETTERS[sign]!);
}
