/**
 * Globs over the names of repositories: `*`, `?`, `[a-z]`, `[!a]` and `{one,two}`, without regard
 * to case. No expression is built: one with several stars takes minutes over a name that almost
 * fits (measured: 3 s at six), while this takes name times pattern at most.
 */

/** Braces may come to so many patterns; what is left over of them is taken as it stands. */
const MAX_ALTERNATIVES = 64;

/** What one place of a pattern takes: any number of characters, or one that passes. */
type Token = "any" | ((char: string) => boolean);

/** Gives the test whether a name fits one of the globs. Without a glob nothing fits. */
export function globTest(globs: readonly string[]): (name: string) => boolean {
  const patterns = globs.flatMap((glob) => alternatives(glob.toLowerCase())).map(tokens);
  return (name) => {
    const chars = [...name.toLowerCase()];
    return patterns.some((pattern) => fits(chars, pattern));
  };
}

/** Writes out `{a,b}`, the leftmost innermost first. */
function alternatives(glob: string): string[] {
  let open = [glob];
  for (let i = 0; i < open.length && open.length < MAX_ALTERNATIVES;) {
    const pattern = open[i]!;
    const braces = /\{([^{}]*)\}/.exec(pattern);
    if (!braces) {
      i++;
      continue;
    }
    const before = pattern.slice(0, braces.index);
    const after = pattern.slice(braces.index + braces[0].length);
    const written = braces[1]!.split(",").map((choice) => before + choice + after);
    open = [...open.slice(0, i), ...written, ...open.slice(i + 1)];
  }
  return open.slice(0, MAX_ALTERNATIVES);
}

function tokens(pattern: string): Token[] {
  const found: Token[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    const set = char === "[" ? /^\[(!?)([^\]]+)\]/.exec(pattern.slice(i)) : null;
    if (char === "*") {
      if (found.at(-1) !== "any") found.push("any");
    } else if (char === "?") {
      found.push(() => true);
    } else if (set) {
      const [whole, not, members] = set;
      found.push((one) => within(one, members!) !== (not === "!"));
      i += whole.length - 1;
    } else {
      found.push((one) => one === char);
    }
  }
  return found;
}

/** Whether `char` is among the members of a set such as `a-z0-9_`. */
function within(char: string, members: string): boolean {
  for (let i = 0; i < members.length; i++) {
    const last = members[i + 1] === "-" ? members[i + 2] : undefined;
    if (last === undefined) {
      if (char === members[i]) return true;
    } else {
      if (char >= members[i]! && char <= last) return true;
      i += 2;
    }
  }
  return false;
}

/** On a mismatch only the last star takes one character more: earlier ones need no second try. */
function fits(chars: readonly string[], pattern: readonly Token[]): boolean {
  let place = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < chars.length) {
    const token = pattern[place];
    if (token === "any") {
      star = place++;
      starAt = at;
    } else if (token?.(chars[at]!)) {
      place++;
      at++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  while (pattern[place] === "any") place++;
  return place === pattern.length;
}
