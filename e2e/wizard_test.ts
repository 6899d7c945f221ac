/** The wizard by forms alone: each mistake has its sentence, nothing is lost, nothing is connected twice. */

import assert from "node:assert/strict";
import { type App, startApp } from "@/e2e/harness/app.ts";
import { signIn } from "@/e2e/harness/flow.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { textOf } from "@/e2e/harness/html.ts";
import { statesOf, untilSettled } from "@/e2e/harness/outcome.ts";
import { plant } from "@/e2e/harness/plant.ts";
import { randomText, searchText } from "@/e2e/harness/secrets.ts";
import type { Answer, Visitor } from "@/e2e/harness/visitor.ts";
import { openWorkspace, WORKSPACE, type Workspace } from "@/e2e/harness/workspace.ts";
import type { FakeCredential } from "@/lib/codeserver/bitbucket_cloud/fake_state.ts";

const apiToken = () => "ATA" + "TT3x" + randomText(180);
const blind = apiToken();
const narrow = apiToken();
const CREDENTIALS: FakeCredential[] = [
  {
    kind: "api_token",
    secret: narrow,
    email: "narrow@example.com",
    scopes: ["read:user:bitbucket"],
  },
  { kind: "api_token", secret: blind, email: "blind@example.com", repositories: [] },
];

interface Mistake {
  workspace?: string;
  token: (workspace: Workspace) => string;
  sentence: RegExp;
}

const MISTAKES: Record<string, Mistake> = {
  "an app password": {
    token: () => "ada@example.com:" + "ATB" + "B" + randomText(32),
    sentence: /app password/i,
  },
  "a username where the e-mail belongs": {
    token: ({ token }) => `ada:${token}`,
    sentence: /e-mail/i,
  },
  "nothing": { token: () => "", sentence: /token/i },
  "a token that nobody made": {
    token: () => `ada@example.com:${apiToken()}`,
    sentence: /refuses this e-mail and token/,
  },
  "a token without the scope to read": {
    token: () => `narrow@example.com:${narrow}`,
    sentence: /read:repository:bitbucket/,
  },
  "a token that sees no repository": {
    token: () => `blind@example.com:${blind}`,
    sentence: /no repositor/i,
  },
  "a workspace that is not there": {
    workspace: "nowhere",
    token: ({ pasted }) => pasted,
    sentence: /nowhere/,
  },
};

for (const [name, mistake] of Object.entries(MISTAKES)) {
  Deno.test(`the wizard explains ${name}, keeps the draft, and goes on with what is right`, () =>
    withApp(async ({ app, ada, workspace }) => {
      await toTokenStep(ada, mistake.workspace ?? WORKSPACE);
      const draft = ada.page().path;
      const refused = await checkToken(ada, mistake.token(workspace));
      assert.match(textOf(refused.html), mistake.sentence);
      assert.doesNotMatch(refused.html, /All checks passed/);
      const later = await ada.open(draft.replace(/token.*$/, "save"));
      assert.match(later.path, /\/token$/, "no way around the checks");

      if (mistake.workspace) {
        await ada.open(draft.replace(/token.*$/, "workspace"));
        await ada.submit({ workspaces: WORKSPACE }, { button: /Next/ });
      }
      const passed = await checkToken(ada, workspace.pasted);
      assert.match(textOf(passed.html), /All checks passed/);
      assert.deepEqual(searchText(refused.html + passed.html + app.log(), [workspace.token]), []);
    }));
}

for (const fault of [{ status: 500 }, { kind: "html" as const }, { status: 429 }]) {
  Deno.test(`the wizard survives a Bitbucket that only answers ${JSON.stringify(fault)}`, () =>
    withApp(async ({ ada, workspace }) => {
      workspace.fake.faults.add({ on: "GET /2.0/*", ...fault });
      await toTokenStep(ada, WORKSPACE);
      const refused = await checkToken(ada, workspace.pasted);
      assert.match(textOf(refused.html), /cannot be used yet|mend/);
      workspace.fake.faults.clear();
      const passed = await checkToken(ada, "");
      assert.match(textOf(passed.html), /All checks passed/, "the kept token is checked again");
    }));
}

Deno.test("a workspace is connected once, and only what is selected is scanned", () =>
  withApp(async ({ ada, workspace, dataDir }) => {
    await toTokenStep(ada, `https://bitbucket.org/${WORKSPACE}/`);
    await checkToken(ada, workspace.pasted);
    await ada.submit({}, { button: /Next: repositories/ });
    await ada.submit({ mode: "all", patterns: "!r-00[12]" }, { button: /Next: save/ });
    assert.match(textOf(ada.page().html), /Ready to start/);
    const saved = await ada.submit({}, { button: /Save and start/ });
    assert.match(saved.path, /^\/repositories/);
    await untilSettled(dataDir, 3);
    assert.deepEqual(statesOf(dataDir), {
      "r-000": "findings",
      "r-001": "not_selected",
      "r-002": "not_selected",
    });

    await ada.open("/servers/new");
    await ada.submit({ type: "bitbucket_cloud" });
    const refused = await ada.submit({ workspaces: WORKSPACE.toUpperCase() }, { button: /Next/ });
    assert.equal(refused.status, 422);
    assert.match(textOf(refused.html), /connected already/i);
  }));

interface Setting {
  app: App;
  ada: Visitor;
  workspace: Workspace;
  dataDir: string;
}

async function withApp(use: (setting: Setting) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const dataDir = `${folder}/data`;
    const { repositories } = await plant(folder, 3);
    await using workspace = openWorkspace({ repositories });
    workspace.fake.credentials.push(...CREDENTIALS);
    const app = await startApp({ dataDir, env: workspace.env });
    try {
      await use({ app, ada: await signIn(app, workspace), workspace, dataDir });
    } finally {
      await app.stop();
    }
  });
}

async function toTokenStep(ada: Visitor, workspace: string): Promise<void> {
  await ada.open("/servers/new");
  await ada.submit({ type: "bitbucket_cloud" });
  await ada.submit({ workspaces: workspace }, { button: /Next/ });
  assert.match(ada.page().path, /\/token$/);
}

/** Sends the token and looks again until the checks are over, as the page without scripts does. */
async function checkToken(ada: Visitor, token: string): Promise<Answer> {
  let answer = await ada.submit({ token }, { action: /\/token$/ });
  for (const until = Date.now() + 300_000; /Checking the token/.test(answer.html);) {
    assert.ok(Date.now() < until, textOf(answer.html));
    await new Promise((resolve) => setTimeout(resolve, 100));
    answer = await ada.open(answer.path);
  }
  return answer;
}
