/** Structured lines on standard error: one JSON object each, never a secret. */

import { cutValues } from "./error_facts.ts";

const LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = typeof LEVELS[number];

/** Facts beside a message; ids and counts, no credential, no secret, no file content. */
export type LogFacts = Record<string, string | number | boolean | null | undefined>;

export interface Log {
  debug(message: string, facts?: LogFacts): void;
  info(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  error(message: string, facts?: LogFacts): void;
  /** A log whose every line carries `facts`. */
  with(facts: LogFacts): Log;
}

/** Writes lines of `level` and above through `write`. */
export function createLog(
  level: LogLevel,
  write: (line: string) => void = writeToStderr,
  always: LogFacts = {},
): Log {
  const line = (own: LogLevel) => (message: string, facts: LogFacts = {}) => {
    if (LEVELS.indexOf(own) < LEVELS.indexOf(level)) return;
    const all = { at: new Date().toISOString(), level: own, message, ...always, ...facts };
    // Whoever logs an error's message as it came would log the values of a query that failed.
    write(
      JSON.stringify(all, (_name, value) => typeof value === "string" ? cutValues(value) : value),
    );
  };
  return {
    debug: line("debug"),
    info: line("info"),
    warn: line("warn"),
    error: line("error"),
    with: (facts) => createLog(level, write, { ...always, ...facts }),
  };
}

/** A log that says nothing, for tests. */
export const silentLog: Log = createLog("error", () => {});

/** Tells the operator something in plain words, on standard output. */
export function announce(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text + "\n"));
}

function writeToStderr(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(line + "\n"));
}
