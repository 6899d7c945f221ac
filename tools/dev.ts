/** `deno task dev [FOLDER...]`: the demo, started again whenever a source file changes. */

import { ROOT } from "@/tools/files.ts";

const WATCHED = [
  "main.ts",
  "compose.ts",
  "routes",
  "components",
  "lib",
  "workers",
  "static",
  "migrations",
];

/** An editor writes several files at once, and some of them twice. */
const SETTLE_MS = 200;

if (import.meta.main) await develop(Deno.args);

/** Runs until it is interrupted. */
async function develop(folders: readonly string[]): Promise<void> {
  let child = start(folders);
  let stopping = false;
  const stop = async () => {
    stopping = true;
    end(child);
    await child.status;
    Deno.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stop);

  for await (const path of changes()) {
    if (stopping) return;
    console.log(`\n${path} changed: starting again.\n`);
    end(child);
    await child.status;
    child = start(folders);
  }
}

/** One path for each burst of changes to what runs; tests and temporary files are passed over. */
async function* changes(): AsyncGenerator<string> {
  const watcher = Deno.watchFs(WATCHED.map((name) => `${ROOT}${name}`));
  let quietUntil = 0;
  for await (const { kind, paths } of watcher) {
    const path = paths.find((one) =>
      /\.(tsx?|css|js|svg|sql)$/.test(one) && !/_test\.tsx?$/.test(one)
    );
    if (!path || kind === "access" || Date.now() < quietUntil) continue;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    yield path.slice(ROOT.length);
    quietUntil = Date.now() + SETTLE_MS;
  }
}

function start(folders: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tools/demo.ts", ...folders],
    cwd: ROOT,
    stdin: "null",
  }).spawn();
}

function end(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGTERM");
  } catch {
    // It has ended by itself, perhaps over a mistake that the next change mends.
  }
}
