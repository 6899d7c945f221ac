/** The app beside a stand-in Bitbucket Cloud: `deno task demo [FOLDER...]` with git repositories. */

import { fakeBitbucketCloud } from "@/lib/codeserver/bitbucket_cloud/fake_server.ts";
import { foldersAsRepositories, sampleRepositories } from "@/tools/demo_repositories.ts";
import { ROOT } from "@/tools/files.ts";

const WORKSPACE = "demo";
const EMAIL = "demo@example.com";
// Put together here, so that nothing in this file has the form of a token.
const TOKEN = ["ATATT3x", "demo", "token", "for", "the", "stand", "in"].join("Ff0");

if (import.meta.main) Deno.exit(await demo(Deno.args));

/** Runs until the app ends or the demo is interrupted, and gives the app's exit code. */
async function demo(folders: readonly string[]): Promise<number> {
  const temporary = folders.length === 0 ? await Deno.makeTempDir({ prefix: "demo_" }) : null;
  try {
    const repositories = temporary
      ? await sampleRepositories(temporary)
      : await foldersAsRepositories(folders);
    const fake = fakeBitbucketCloud({
      workspace: WORKSPACE,
      repositories,
      credentials: [{ kind: "api_token", secret: TOKEN, email: EMAIL, username: "demo" }],
    });
    await using running = fake.serve();
    console.log(instructions(running.origin, repositories.map(({ name }) => name)));
    return await runApp({
      BITBUCKET_API_URL: running.apiUrl,
      BITBUCKET_GIT_URL: running.gitUrl,
      DATA_DIR: Deno.env.get("DATA_DIR") ?? "./data/demo",
    });
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("Cannot serve")) throw error;
    console.error(error.message);
    return 1;
  } finally {
    if (temporary) await Deno.remove(temporary, { recursive: true });
  }
}

function instructions(origin: string, names: readonly string[]): string {
  const shown = names.slice(0, 8).join(", ") + (names.length > 8 ? ", ..." : "");
  return [
    `A stand-in Bitbucket Cloud listens on ${origin}.`,
    `It serves ${names.length} git ${names.length === 1 ? "repository" : "repositories"}: ${shown}`,
    "",
    "Connect it in the wizard at /servers/new:",
    `  workspace: ${WORKSPACE}`,
    `  token:     ${EMAIL}:${TOKEN}`,
    "",
  ].join("\n");
}

/** The app under the permissions of `deno task start`, to its end. */
async function runApp(env: Record<string, string>): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-P=start",
      `--allow-read=./static,./migrations,./lib,./workers,${env.DATA_DIR}`,
      `--allow-write=${env.DATA_DIR}`,
      "main.ts",
    ],
    cwd: ROOT,
    env,
    stdin: "null",
  }).spawn();
  // A terminal interrupts both processes at once, so here that signal is only waited out.
  const wait = () => {};
  const end = () => child.kill("SIGTERM");
  Deno.addSignalListener("SIGINT", wait);
  Deno.addSignalListener("SIGTERM", end);
  const { code } = await child.status;
  Deno.removeSignalListener("SIGINT", wait);
  Deno.removeSignalListener("SIGTERM", end);
  return code;
}
