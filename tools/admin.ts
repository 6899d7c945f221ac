/**
 * Administers an installation from a terminal, also while the app runs.
 *
 * Usage: deno task admin COMMAND [options]
 */

import { parseArgs } from "node:util";
import { ConfigError, processEnvironment, readConfig } from "@/lib/config.ts";
import { describeError } from "@/lib/error_facts.ts";
import { COMMANDS } from "@/tools/admin_commands.ts";
import { AdminError } from "@/tools/admin_store.ts";
import { callerPath, knownReason } from "@/tools/caller.ts";

const USAGE = `Usage: deno task admin COMMAND [options]

  api-key --name N --role admin|viewer [--days D]   makes an API key and prints it
  user --email E --role admin|viewer                makes an account; the password comes from
                                                    standard input, else one is made and printed
  reset-password --email E                          a new password, likewise; ends all sessions
  reset-factor --email E                            takes the second factor away; ends all sessions
  rotate-key                                        seals everything under a new key
  backup FILE                                       copies the database, also while the app runs
  restore FILE                                      puts a copy back; only while the app is stopped

The environment says which database, as for the app: DATA_DIR, or TURSO_DATABASE_URL and SECRET_KEY.
With SECRET_KEY, rotate-key takes the new one from NEW_SECRET_KEY.
`;

/** Runs one command; gives the exit code: 0 done, 1 it could not be done, 2 not understood. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "help" || args.includes("--help")) {
    say(USAGE, name === undefined ? Deno.stderr : Deno.stdout);
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS[name];
  if (command === undefined) return refuse(`there is no command ${name}`);
  let parsed;
  try {
    parsed = parseArgs({
      args: rest,
      allowPositionals: true,
      options: Object.fromEntries(command.options.map((one) => [one, { type: "string" as const }])),
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  const { positionals } = parsed;
  if (positionals.length !== command.positionals) {
    return refuse(
      command.positionals === 0 ? `${name} takes options only` : `${name} needs one FILE`,
    );
  }
  try {
    if (Deno.build.os !== "windows") Deno.umask(0o077);
    const config = readConfig(processEnvironment(), 1);
    const printed = await command.run(config, {
      options: parsed.values as Record<string, string | undefined>,
      file: positionals[0] === undefined ? "" : callerPath(positionals[0]),
      tell: (sentence) => say(`${sentence}\n`, Deno.stderr),
    });
    if (printed !== "") say(`${printed}\n`, Deno.stdout);
    return 0;
  } catch (error) {
    if (error instanceof ConfigError) {
      say(`error: ${error.problems.join("\n       ")}\n`, Deno.stderr);
    } else if (error instanceof AdminError) {
      say(`error: ${error.message}\n`, Deno.stderr);
      return error.exitCode;
    } else {
      const said = knownReason(error) ?? describeError(error).error;
      say(
        `error: ${said}
`,
        Deno.stderr,
      );
    }
    return 1;
  }
}

function refuse(problem: string): number {
  say(`error: ${problem}\n\n${USAGE}`, Deno.stderr);
  return 2;
}

function say(text: string, out: { writeSync(bytes: Uint8Array): number }): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.slice(out.writeSync(bytes));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
