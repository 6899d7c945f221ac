/** A stand-in workspace over loopback, the token that opens it, and the app's environment to reach it. */

import {
  type FakeBitbucket,
  fakeBitbucketCloud,
  type FakeSetup,
  type LoggedRequest,
} from "@/lib/codeserver/bitbucket_cloud/fake_server.ts";
import { password, randomText } from "@/e2e/harness/secrets.ts";

/** The slug of the first workspace. */
export const WORKSPACE = "acme";
const EMAIL = "ada@example.com";

export interface Workspace extends AsyncDisposable {
  fake: FakeBitbucket;
  /** As pasted into the wizard: `e-mail:token`. */
  pasted: string;
  token: string;
  /** What the app needs to find it, with a key that tests can open seals with. */
  env: Record<string, string>;
  secretKey: Uint8Array<ArrayBuffer>;
  /** Called before each answer; replaced by a test that wants to hold one. */
  onRequest: (request: LoggedRequest) => void | Promise<void>;
  /** How many listings of the workspace were asked for. */
  listings(): number;
  /** The slugs of the packs asked for, in order. */
  fetches(): string[];
  /** The first admin, as the environment makes it. */
  admin: { email: string; password: string };
}

/** Serves the workspace until it is disposed of. */
export function openWorkspace(setup: Omit<FakeSetup, "workspace" | "onRequest">): Workspace {
  const token = "ATA" + "TT3x" + randomText(180);
  const fake = fakeBitbucketCloud({
    workspace: WORKSPACE,
    credentials: [{ kind: "api_token", secret: token, email: EMAIL, username: "ada" }],
    ...setup,
    onRequest: (request) => workspace.onRequest(request),
  });
  const { apiUrl, gitUrl } = fake.serve();
  const secretKey = crypto.getRandomValues(new Uint8Array(32));
  const admin = { email: EMAIL, password: password() };
  const workspace: Workspace = {
    fake,
    pasted: `${EMAIL}:${token}`,
    token,
    secretKey,
    admin,
    env: {
      BITBUCKET_API_URL: apiUrl,
      BITBUCKET_GIT_URL: gitUrl,
      SECRET_KEY: btoa(String.fromCharCode(...secretKey)),
      ADMIN_EMAIL: admin.email,
      ADMIN_PASSWORD: admin.password,
    },
    onRequest: () => {},
    listings: () => fake.count(`GET /2.0/repositories/${WORKSPACE}`),
    fetches: () =>
      fake.log.flatMap(({ method, path }) => {
        const slug = /^\/[^/]+\/([^/]+?)(?:\.git)?\/git-upload-pack$/.exec(path)?.[1];
        return method === "POST" && slug ? [slug] : [];
      }),
    [Symbol.asyncDispose]: () => fake.close(),
  };
  return workspace;
}

/**
 * Connects the workspace as the wizard's last page does, in rows and before the app starts, for
 * tests that are about what comes after the wizard. By a process of its own: one process must not
 * open a database with two copies of SQLite, and the tests read it with another.
 */
export async function connect(
  dataDir: string,
  workspace: Workspace,
  url = `file:${dataDir}/sluice.db`,
  authToken: string | null = null,
): Promise<void> {
  const { uuid } = workspace.fake.state.workspace(WORKSPACE)!;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("./connect.ts", import.meta.url).pathname],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify({
    url,
    authToken,
    secretKey: [...workspace.secretKey],
    workspace: { slug: WORKSPACE, uuid, name: WORKSPACE },
    credential: { kind: "api_token", user: EMAIL, secret: workspace.token },
  })));
  await writer.close();
  const { success, stderr } = await child.output();
  if (!success) throw new Error(`Cannot connect: ${new TextDecoder().decode(stderr)}`);
}
