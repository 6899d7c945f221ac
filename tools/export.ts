/** `deno task export`: all rows that concern one server, as lines of JSON, also while the app runs. */

import { parseArgs } from "node:util";
import { ConfigError, processEnvironment, readConfig } from "@/lib/config.ts";
import { describeError } from "@/lib/error_facts.ts";
import type { Store } from "@/lib/store/mod.ts";
import { AdminError, databaseFile, exists, WHO, withStore } from "@/tools/admin_store.ts";
import { callerPath, knownReason, unwritable } from "@/tools/caller.ts";

const USAGE = `Usage: deno task export SERVER [--output FILE]

SERVER is a workspace's ID as on Bitbucket, or the server's own id; FILE must not exist yet, and
without it the lines go to standard output. The environment says which database, as for the app.
`;

/** A way to write lines, each at once. */
type Write = (line: string) => Promise<void>;

/** Writes a first line that says what it is, a line a row, and a last one with the counts. */
async function exportServer(store: Store, named: string, write: Write): Promise<void> {
  const servers = (await store.servers.list()).filter(({ id, workspace }) =>
    id === named || workspace === named
  );
  const [server] = servers;
  if (server === undefined) throw new AdminError(`no server ${named} is connected`);
  const line = (value: unknown) => write(`${JSON.stringify(value)}\n`);
  await line({
    format: "sluice-export",
    version: 1,
    at: new Date().toISOString(),
    server: { id: server.id, type: server.type, workspace: server.workspace },
  });
  const counts: Record<string, number> = {};
  for await (const row of store.exports.rows(server.id)) {
    counts[row.table] = (counts[row.table] ?? 0) + 1;
    await line(row);
  }
  await line({ end: true, counts });
}

async function main(): Promise<number> {
  try {
    const { positionals: [named, ...more], values } = parseArgs({
      args: Deno.args,
      allowPositionals: true,
      options: { output: { type: "string" } },
    });
    if (named === undefined || more.length > 0) {
      throw new AdminError(`name one server\n\n${USAGE}`, 2);
    }
    if (Deno.build.os !== "windows") Deno.umask(0o077);
    const config = readConfig(processEnvironment(), 1);
    const file = databaseFile(config);
    if (file !== null && !await exists(file)) throw new AdminError(`there is no database ${file}`);
    const output = values.output === undefined ? undefined : callerPath(values.output);
    if (output !== undefined) {
      if (await exists(output)) throw new AdminError(`${output} exists already`);
      const problem = await unwritable(output);
      if (problem !== null) throw new AdminError(problem);
    }
    await withStore(config, (sentence) => console.error(sentence), async (store) => {
      const opened = output === undefined
        ? null
        : await Deno.open(output, { write: true, createNew: true, mode: 0o600 });
      const writer = (opened ?? Deno.stdout).writable.getWriter();
      const encoder = new TextEncoder();
      try {
        await exportServer(store, named, (text) => writer.write(encoder.encode(text)));
        await store.audit.add({ who: WHO, action: "server.exported", target: named });
      } finally {
        if (opened) await writer.close();
        else writer.releaseLock();
      }
    });
    return 0;
  } catch (error) {
    const said = error instanceof ConfigError
      ? error.problems.join("\n       ")
      : knownReason(error) ?? describeError(error).error;
    console.error(`error: ${said}`);
    return error instanceof AdminError ? error.exitCode : 1;
  }
}

if (import.meta.main) Deno.exit(await main());
