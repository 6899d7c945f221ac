/**
 * Globs over names and paths: `*`, `?`, `[a-z]`, `[!a]`, `{one,two}`, and in paths a part `**` for
 * any number of folders. No expression is built: one with six stars takes seconds over a name that
 * almost fits (measured), while this takes pattern times name at most, whoever wrote the pattern.
 */

/** Braces may come to so many patterns; what is left over of them is taken as it stands. */
const MAX_ALTERNATIVES = 64;

/** What a place of a pattern takes: one character that passes, or one of these runs. */
type Token =
  | ((char: string) => boolean)
  /** Any characters, in a path none that ends a folder's name. */
  | "run"
  /** Nothing, or whole folders with their slashes. */
  | "folders"
  /** Nothing, or a slash and whatever comes. */
  | "below";

/** How globs are read. */
export interface GlobOptions {
  /** Whether a slash parts folders, which only `**` crosses. */
  paths?: boolean;
  /** Whether `A` is another letter than `a`. */
  cased?: boolean;
  /** The work that is left, counted down here: once it is used up, nothing fits any more. */
  steps?: Steps;
}

/** Work, in places of patterns looked at for one character: some 40 ns each (measured). */
export interface Steps {
  left: number;
}

/** Gives the test whether a name fits one of the globs. Without a glob nothing fits. */
export function globTest(
  globs: readonly string[],
  { paths = false, cased = false, steps = { left: Infinity } }: GlobOptions = {},
): (name: string) => boolean {
  const fold = (text: string) => cased ? text : text.toLowerCase();
  const patterns = globs.flatMap((glob) => alternatives(fold(glob)))
    .map((pattern) => paths ? pathTokens(pattern) : tokens(pattern, () => true));
  const inRun = paths ? notSlash : () => true;
  return (name) => {
    if (steps.left <= 0) return false;
    const chars = [...fold(name)];
    steps.left -= chars.length;
    return patterns.some((pattern) => fits(chars, pattern, inRun, steps));
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

/** The tokens of a path: those of its parts, with a part `**` as folders or as all below. */
function pathTokens(pattern: string): Token[] {
  const parts = pattern.split("/").filter((part, i, all) => part !== "**" || all[i + 1] !== "**");
  return parts.flatMap((part, i): Token[] => {
    const last = i === parts.length - 1;
    const deep = part === "**";
    if (deep && last) return i === 0 ? ["folders", "run"] : ["below"];
    if (deep) return ["folders"];
    const slash = !last && !(parts[i + 1] === "**" && i + 1 === parts.length - 1);
    return [...tokens(part, notSlash), ...(slash ? [(char: string) => char === "/"] : [])];
  });
}

const notSlash = (char: string) => char !== "/";

function tokens(pattern: string, any: (char: string) => boolean): Token[] {
  const found: Token[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    const set = char === "[" ? /^\[(!?)([^\]]+)\]/.exec(pattern.slice(i)) : null;
    if (char === "*") {
      if (found.at(-1) !== "run") found.push("run");
    } else if (char === "?") {
      found.push(any);
    } else if (set) {
      const [whole, not, members] = set;
      found.push((one) => any(one) && within(one, members!) !== (not === "!"));
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

/** Follows all places that the pattern may have come to, a character at a time. */
function fits(
  chars: readonly string[],
  pattern: readonly Token[],
  inRun: (char: string) => boolean,
  steps: Steps,
): boolean {
  let places = new Set<number>();
  /** A run may be empty, so that the place after it is reached at once. */
  const enter = (place: number, into: Set<number>) => {
    for (; !into.has(place); place++) {
      into.add(place);
      if (typeof pattern[place] !== "string") return;
    }
  };
  enter(0, places);
  for (const char of chars) {
    steps.left -= places.size;
    if (steps.left <= 0) return false;
    const next = new Set<number>();
    for (const place of places) {
      const token = pattern[place];
      if (token === "run") {
        if (inRun(char)) enter(place, next);
      } else if (token === "folders") {
        // Within a folder's name the place after is out of reach until its slash.
        next.add(place);
        if (char === "/") enter(place + 1, next);
      } else if (token === "below") {
        if (char === "/") return true;
      } else if (token?.(char)) enter(place + 1, next);
    }
    if (next.size === 0) return false;
    places = next;
  }
  return places.has(pattern.length);
}
