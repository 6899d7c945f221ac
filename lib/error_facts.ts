/**
 * What may be told of an error that was not expected. drizzle writes the values of a failed query
 * into its message, password hashes and what somebody typed among them: they stay untold.
 */

/** As the log takes it. */
export type ErrorFacts = {
  /** The error's sentence, and those of its causes. */
  error: string;
  /** The driver's or the system's word, such as SQLITE_ERROR. */
  code?: string;
  stack?: string;
};

/** What stands before the values in drizzle's message; everything behind it is theirs. */
const VALUES = "\nparams:";

/** A chain of causes is looked at so far: one may lead back to its beginning. */
const MOST_CAUSES = 5;

/** A text without the values of a query that stand at its end. */
export function cutValues(text: string): string {
  const at = text.indexOf(VALUES);
  return at < 0 ? text : text.slice(0, at);
}

/** An error with its causes and the driver's code, and without the values of a query. */
export function describeError(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { error: cutValues(String(error)) };
  const chain = causesOf(error);
  const messages = new Set(chain.map(({ message }) => cutValues(message)));
  const code = chain.map(codeOf).findLast((one) => one !== null) ?? null;
  const stack = stackOf(error);
  return {
    error: [...messages].join(": "),
    ...(code === null ? {} : { code }),
    ...(stack === null ? {} : { stack }),
  };
}

/** The error itself, or, where it or a cause tells values, one in its place that does not. */
export function withoutValues<Thrown>(error: Thrown): Thrown | Error {
  if (!(error instanceof Error)) return error;
  const chain = causesOf(error);
  const last = chain.findLastIndex(({ message, stack }) =>
    message.includes(VALUES) || (stack ?? "").includes(VALUES)
  );
  if (last < 0) return error;
  const { error: message, stack } = describeError(error);
  const cleaned = new Error(message, { cause: chain[last + 1] });
  cleaned.stack = stack ?? message;
  return cleaned;
}

function causesOf(error: Error): Error[] {
  const chain: Error[] = [];
  for (let one: unknown = error; one instanceof Error && chain.length < MOST_CAUSES;) {
    if (chain.includes(one)) break;
    chain.push(one);
    one = one.cause;
  }
  return chain;
}

function codeOf(error: Error): string | null {
  return "code" in error && typeof error.code === "string" ? error.code : null;
}

/**
 * The stack with the message cut in it. Null where the values cannot be told from the frames, which
 * they may imitate.
 */
function stackOf({ message, stack }: Error): string | null {
  if (stack === undefined || !stack.includes(VALUES)) return stack ?? null;
  const at = stack.indexOf(message);
  if (message === "" || at < 0) return null;
  const frames = stack.slice(at + message.length);
  return frames.includes(VALUES) ? null : stack.slice(0, at) + cutValues(message) + frames;
}
