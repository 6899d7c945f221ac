/** The app as a process of its own, as an operator starts it: found by its log, killed and started again. */

import { waitFor } from "@/e2e/harness/wait.ts";
import { dataFolder } from "@/tools/data_folder.ts";
import { ROOT } from "@/tools/files.ts";

/** Far beyond what a start takes on a busy machine. */
const ANSWER_MS = 300_000;

export interface AppOptions {
  /** Kept by the caller, so that a second start finds the first one's data. */
  dataDir: string;
  env?: Record<string, string>;
}

export interface App {
  /** Without a final slash. */
  url: string;
  /** Everything printed so far, on both outputs, of this start. */
  log(): string;
  /** The process's id, while it runs. */
  pid: number;
  /** Bytes the process holds in memory now, and at most so far; Linux only. */
  memory(): Promise<{ nowBytes: number; peakBytes: number }>;
  /** The link that sets up the first admin; null when none was printed. */
  setupUrl: string | null;
  /** SIGKILL: nothing is tidied up. */
  kill(): Promise<void>;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number>;
}

/** Starts the app and waits until it answers. @throws when it ends first, with what it printed. */
export async function startApp({ dataDir, env = {} }: AppOptions): Promise<App> {
  const port = env.PORT ?? String(freePort());
  const url = `http://127.0.0.1:${port}`;
  const { child, log, ended } = await spawnApp({ dataDir, env: { PORT: port, ...env } });
  const over = ended.then((code) => {
    throw new Error(`Cannot start the app: it ended with ${code}\n${log()}`);
  });
  over.catch(() => {});
  await Promise.race([over, answers(`${url}/health`, child)]);
  await Promise.race([
    over,
    waitFor("the welcome", () => log().includes("Sluice is ready")),
  ]);
  const signal = async (name: Deno.Signal) => {
    try {
      child.kill(name);
    } catch {
      // It has ended by itself; what its exit code says is for the caller.
    }
    return await ended;
  };
  return {
    url,
    log,
    pid: child.pid,
    memory: () => readMemory(child.pid),
    get setupUrl() {
      return /https?:\/\/\S+\/setup\S*/.exec(log())?.[0] ?? null;
    },
    kill: async () => void await signal("SIGKILL"),
    stop: () => signal("SIGTERM"),
  };
}

/** Runs the app to its end, for starts that must fail. Killed after `timeoutMs`, as code -1. */
export async function runApp(
  options: AppOptions,
  timeoutMs = 300_000,
): Promise<{ code: number; log: string }> {
  const { child, log, ended } = await spawnApp(options);
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  const code = await ended;
  clearTimeout(timer);
  return { code: code === 137 ? -1 : code, log: log() };
}

/** A port that nothing listens on at this moment. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

/** Starts the process without waiting for anything; `ended` gives its exit code. */
export async function spawnApp({ dataDir, env = {} }: AppOptions) {
  const child = new Deno.Command(Deno.execPath(), {
    args: await startArguments(dataDir),
    cwd: ROOT,
    clearEnv: true,
    env: {
      ...inherited(),
      HOST: "127.0.0.1",
      DATA_DIR: dataDir,
      SCAN_THREADS: "1",
      NO_COLOR: "1",
      ...env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let printed = "";
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) printed += text;
  };
  const ended = Promise.all([child.status, read(child.stdout), read(child.stderr)])
    .then(([status]) => status.code);
  return { child, log: () => printed, ended };
}

/** The `start` task's own command, so that these tests run under the permissions it grants. */
export async function startArguments(dataDir: string): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const command: string = tasks.start.command ?? tasks.start;
  const found = /&& deno (run [^&|;]+)$/.exec(command);
  if (!found) throw new Error(`Cannot start the app: no deno run behind && in "${command}"`);
  return found[1]!.trim().split(/\s+/).map((one) =>
    one.replaceAll('"', "").replaceAll("$FOLDER", dataFolder(dataDir))
  );
}

function inherited(): Record<string, string> {
  const names = ["PATH", "HOME", "DENO_DIR", "TMPDIR"];
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}

async function answers(url: string, child: Deno.ChildProcess): Promise<void> {
  for (const until = Date.now() + ANSWER_MS; Date.now() < until;) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
      await response.body?.cancel();
      if (response.status < 500) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill("SIGKILL");
  throw new Error("Cannot start the app: it did not answer within five minutes");
}

async function readMemory(pid: number) {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const kilobytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]);
  return { nowBytes: kilobytes("VmRSS") * 1024, peakBytes: kilobytes("VmHWM") * 1024 };
}
