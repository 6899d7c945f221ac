/**
 * Scans a folder, a repository's history or standard input for secrets, from a terminal.
 *
 * Usage: deno task scan [--format text|json|sarif] [--no-history] [--no-fail] [--sensitive-files]
 *        [--output FILE] PATH|GIT-URL|-
 */

import { parseArgs } from "node:util";
import { RULES, RULES_VERSION } from "@/lib/detect/mod.ts";
import { decodeSecretKey, SECRET_KEY_FORM } from "@/lib/config.ts";
import { plural } from "@/lib/format.ts";
import { SENSITIVE_FILE_RULES } from "@/lib/detect/sensitive_file.ts";
import { callerPath, systemReason, unreadable, unwritable } from "@/tools/caller.ts";
import { sarifHead, sarifResult, type SarifRule, sarifTail } from "@/lib/sarif.ts";
import {
  type Finding,
  scanFolder,
  scanLocalHistory,
  type ScanOptions,
  scanRemote,
  scanText,
} from "@/tools/scan_sources.ts";

const USAGE = `Usage: deno task scan [options] PATH|GIT-URL|-

Reads a git repository's whole history, any other folder as files, - as standard input.

  --format text|json|sarif   how to write the findings (text)
  --no-history               of a repository read the files alone, not its history
  --no-fail                  exit with 0 even when there are findings
  --sensitive-files          report files such as keystores by their names, too
  --output FILE              write there instead of to standard output
`;

/** Fingerprints from a terminal are comparable with each other; SECRET_KEY makes them secret. */
const TERMINAL_KEY = new TextEncoder().encode("sluice scan from a terminal, no secret");

/** How findings become text: what comes first, between, and last. */
interface Writer {
  head: string;
  one: (finding: Finding) => string;
  between: string;
  tail: string;
  /** Whether suppressed findings are shown. */
  suppressed: boolean;
}

/** Runs one scan; gives the exit code: 0 nothing found, 1 something, 2 it could not be done. */
export async function main(args: readonly string[]): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        "format": { type: "string", default: "text" },
        "no-history": { type: "boolean", default: false },
        "no-fail": { type: "boolean", default: false },
        "sensitive-files": { type: "boolean", default: false },
        "output": { type: "string" },
        "help": { type: "boolean", default: false },
      },
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals: [target, ...more] } = parsed;
  const writer = WRITERS[values.format];
  if (values.help) return await print(USAGE, Deno.stdout).then(() => 0);
  if (target === undefined || more.length > 0) return refuse("name one path, address or -");
  if (writer === undefined) return refuse(`unknown format: ${values.format}`);

  const key = fingerprintKey();
  if (key === null) {
    // The value stays out of the message, as it is a secret.
    printSync(`error: SECRET_KEY: expected ${SECRET_KEY_FORM}\n`, Deno.stderr);
    return 2;
  }
  const options: ScanOptions = {
    fingerprintKey: key,
    sensitiveFiles: values["sensitive-files"],
    onNote: (sentence) => printSync(`note: ${sentence}\n`, Deno.stderr),
  };
  const out = await output(values.output).catch((error) => {
    printSync(`error: cannot write ${values.output}: ${systemReason(error)}\n`, Deno.stderr);
    return null;
  });
  if (out === null) return 2;
  let found = 0;
  let suppressed = 0;
  try {
    await print(writer.head, out);
    let written = 0;
    for await (const finding of source(target, !values["no-history"], options)) {
      if (finding.suppressedBy === null) found++;
      else suppressed++;
      if (finding.suppressedBy !== null && !writer.suppressed) continue;
      await print((written++ === 0 ? "" : writer.between) + writer.one(finding), out);
    }
    await print(writer.tail, out);
  } catch (error) {
    // Whoever reads has had enough, such as `head`: no failure of ours.
    if (error instanceof Deno.errors.BrokenPipe) return exitCode(found);
    printSync(`error: ${systemReason(error)}\n`, Deno.stderr);
    return 2;
  } finally {
    if (out !== Deno.stdout) (out as Deno.FsFile).close();
  }
  printSync(`${plural(found, "finding")}, ${suppressed} suppressed\n`, Deno.stderr);
  return exitCode(found);

  function exitCode(found: number): number {
    return found > 0 && !values["no-fail"] ? 1 : 0;
  }
}

/** Standard output where no file is named. */
async function output(file: string | undefined): Promise<typeof Deno.stdout | Deno.FsFile> {
  if (file === undefined) return Deno.stdout;
  const path = callerPath(file);
  const problem = await unwritable(path);
  if (problem !== null) throw new Error(problem);
  return await Deno.open(path, { write: true, create: true, truncate: true });
}

async function* source(
  target: string,
  history: boolean,
  options: ScanOptions,
): AsyncGenerator<Finding> {
  if (target === "-") {
    const bytes = new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer());
    yield* scanText(bytes, "-", options);
  } else if (/^https?:\/\//.test(target)) {
    yield* scanRemote(target, history ? "history" : "tip", options);
  } else {
    if (/^(?:ssh|git):\/\/|^[\w.-]+@[\w.-]+:/.test(target)) {
      throw new Error("repositories elsewhere are read by http and https alone");
    }
    const folder = callerPath(target.replace(/^file:\/\//, ""));
    const problem = await unreadable(folder);
    if (problem !== null) throw new Error(`cannot read ${target}: ${problem}`);
    if (history && await isRepository(folder)) yield* scanLocalHistory(folder, options);
    else yield* scanFolder(folder, options);
  }
}

/** A work tree with its `.git`, or a bare repository. */
async function isRepository(folder: string): Promise<boolean> {
  const has = (name: string) => Deno.stat(`${folder}/${name}`).then(() => true, () => false);
  return await has(".git") ||
    (await has("HEAD") && await has("objects") && await has("refs"));
}

/** Null when what is given is no key. */
function fingerprintKey(): Uint8Array | null {
  const given = Deno.env.get("SECRET_KEY");
  return given ? decodeSecretKey(given) : TERMINAL_KEY;
}

const WRITERS: Readonly<Record<string, Writer>> = {
  text: {
    head: "",
    one: ({ rule, severity, path, line, preview, reasons, commit }) =>
      `${severity.padEnd(8)} ${rule}  ${path}:${line}  ${preview}` +
      (commit === null ? "" : `  in ${commit.slice(0, 12)}`) +
      (reasons.length === 0 ? "" : `  (${reasons.join(", ")})`) + "\n",
    between: "",
    tail: "",
    suppressed: false,
  },
  json: {
    head: "[",
    one: ({ rule, severity, path, line, commit, author, date, preview, fingerprint }) =>
      "\n" +
      JSON.stringify({ rule, severity, path, line, commit, author, date, preview, fingerprint }),
    between: ",",
    tail: "\n]\n",
    suppressed: false,
  },
  sarif: {
    head: sarifHead(describedRules(), `0.1.0+rules.${RULES_VERSION}`),
    one: sarifResult,
    between: ",",
    tail: sarifTail + "\n",
    suppressed: true,
  },
};

function describedRules(): SarifRule[] {
  return [
    ...RULES.map((rule) => ({
      id: rule.id,
      name: rule.name,
      help: rule.help,
      severity: rule.severity,
      ...(rule.docsUrl === undefined ? {} : { helpUri: rule.docsUrl }),
    })),
    ...SENSITIVE_FILE_RULES.map((rule) => ({ ...rule, severity: "low" as const })),
  ];
}

function refuse(sentence: string): number {
  printSync(`error: ${sentence}\n\n${USAGE}`, Deno.stderr);
  return 2;
}

async function print(text: string, out: { write(bytes: Uint8Array): Promise<number> }) {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) done += await out.write(bytes.subarray(done));
}

function printSync(text: string, out: { writeSync(bytes: Uint8Array): number }) {
  out.writeSync(new TextEncoder().encode(text));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
