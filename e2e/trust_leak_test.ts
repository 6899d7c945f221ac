/** Everything secret that an instance meets, planted, used and failed with; then searched for everywhere. */

import assert from "node:assert/strict";
import { startApp } from "@/e2e/harness/app.ts";
import { readRows } from "@/e2e/harness/database.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { untilSettled } from "@/e2e/harness/outcome.ts";
import { plant } from "@/e2e/harness/plant.ts";
import { git, makeRepository } from "@/e2e/harness/repositories.ts";
import {
  githubToken,
  password,
  randomText,
  searchFiles,
  searchText,
} from "@/e2e/harness/secrets.ts";
import { connect, openWorkspace } from "@/e2e/harness/workspace.ts";
import { createSeal } from "@/lib/seal.ts";
import { confirmFactor } from "@/e2e/harness/second_factor.ts";
import { createGuest, type Guest } from "@/routes/test_guest.ts";

Deno.test("after a full run with failures no secret stands in clear anywhere", () =>
  withFolder(async (folder) => {
    const dataDir = `${folder}/data`;
    await Deno.mkdir(dataDir);
    const planted = await plant(folder, 3);
    const inNames = await plantInNames(folder);
    await using workspace = openWorkspace({
      repositories: [...planted.repositories, inNames.repository],
    });
    await connect(dataDir, workspace);
    workspace.fake.faults.add({ on: "POST /acme/r-001*", times: 2, status: 500 });
    workspace.fake.faults.add({ on: "POST /acme/r-002*", skip: 1, times: 1, kind: "truncate" });

    const secrets = new Secrets();
    secrets.add("found", ...planted.secrets);
    secrets.add("found in a name", ...inNames.secrets);
    secrets.add("credential", workspace.token, workspace.pasted);
    secrets.add("admin's password", workspace.admin.password);
    secrets.add("instance's key", workspace.env.SECRET_KEY!);
    const clientSecret = secrets.make("client secret");
    const app = await startApp({
      dataDir,
      env: {
        ...workspace.env,
        LOG_LEVEL: "debug",
        OIDC_ISSUER: "http://127.0.0.1:1",
        OIDC_CLIENT_ID: "sluice",
        OIDC_CLIENT_SECRET: clientSecret,
      },
    });
    let processes: string;
    const seen: string[] = [];
    try {
      const admin = watched(app.url, seen, secrets);
      await failToSignIn(app.url, seen, secrets);
      await signIn(admin, workspace.admin, secrets);
      await makeKeysAndLinks(admin, app.url, seen, secrets);
      await refuseTokens(admin, seen, secrets);
      await untilSettled(dataDir, 4, 120_000);
      secrets.add("webhook secret", await webhookSecret(admin, dataDir, workspace.secretKey));
      await crawl(admin);
      processes = await run("ps", "-ww", "-o", "args=", "-e");
    } finally {
      await app.stop();
    }
    // The search finds what is there: else it would find nothing of anything.
    const { email } = workspace.admin;
    assert.notDeepEqual(await searchFiles(dataDir, [email]), []);
    assert.deepEqual(searchText(seen.join("\n"), [email]), [email]);
    assert.deepEqual(searchText(app.log() + processes, ["level", "main.ts"]), ["level", "main.ts"]);

    const all = secrets.all();
    assert.ok(all.length > 35, `${all.length} were planted`);
    assert.ok(seen.length > 40, `${seen.length} answers were seen`);
    assert.deepEqual(named(await searchFiles(dataDir, all), secrets), [], "files");
    assert.deepEqual(named(searchText(app.log(), all), secrets), [], "log");
    assert.deepEqual(named(searchText(processes, all), secrets), [], "arguments of processes");
    assert.deepEqual(named(searchText(seen.join("\n"), all), secrets), [], "answers and addresses");
    const asked = workspace.fake.log.map(({ path, search }) => path + search).join("\n");
    assert.deepEqual(named(searchText(asked, all), secrets), [], "addresses asked");
    const left = (await Array.fromAsync(Deno.readDir(`${dataDir}/spool`))).map(({ name }) => name);
    assert.deepEqual(left, [], "spool");
  }));

/** A repository with secrets in its names: of files, of people, of a branch and of a tag. */
async function plantInNames(folder: string) {
  const [path, file, name, email, branch, tag] = Array.from({ length: 6 }, githubToken);
  const secrets = [path!, file!, name!, email!, branch!, tag!];
  const dir = `${folder}/names.git`;
  await makeRepository(dir, [
    {
      message: "Start",
      files: { [`keys/${path}.txt`]: `${path}\n`, [`${file}.pem`]: "none\n" },
      author: `${name} <${email}@example.com>`,
    },
    {
      message: "Try",
      files: { "try.txt": `${secrets.join("\n")}\n` },
      branch: `fix-${branch}`,
    },
  ]);
  await git(["-C", dir, "tag", `v-${tag}`, "main"]);
  return { repository: { name: "names", git: dir }, secrets };
}

/** What is looked for, by the kind it is of. */
class Secrets {
  #kinds = new Map<string, string>();

  add(kind: string, ...values: string[]): void {
    for (const value of values) this.#kinds.set(value, kind);
  }

  make(kind: string): string {
    const value = password();
    this.add(kind, value);
    return value;
  }

  all(): string[] {
    return [...this.#kinds.keys()];
  }

  kindOf(value: string): string {
    return this.#kinds.get(value) ?? "unknown";
  }
}

/** A failure tells the kind, and not the secret itself. */
function named(found: readonly string[], secrets: Secrets): string[] {
  return found.map((one) => {
    const value = secrets.all().find((secret) => one.endsWith(secret)) ?? "";
    return one.replace(value, `(${secrets.kindOf(value)})`);
  });
}

/** A guest of the running app, whose cookies are secrets and whose answers are kept. */
function watched(url: string, seen: string[], secrets: Secrets): Guest {
  const guest = createGuest(
    { fetch: (request) => fetch(request, { redirect: "manual" }) },
    { origin: url },
  );
  const keep = async (
    answering: ReturnType<Guest["get"]>,
    shownOnce: boolean,
  ): ReturnType<Guest["get"]> => {
    const answer = await answering;
    for (const [name, value] of guest.cookies) {
      if (!name.includes("flash")) secrets.add(`cookie ${name}`, value);
    }
    seen.push(answer.location ?? "");
    const headers = [...answer.headers].filter(([name]) => name !== "set-cookie");
    if (!shownOnce) seen.push(headers.join("\n") + answer.html);
    return answer;
  };
  const once = (path: string) =>
    /second-factor|recovery|api-keys|embed-keys|invitations|reset|\/webhook$/.test(path);
  return {
    cookies: guest.cookies,
    get: (path, headers) => keep(guest.get(path, headers), once(path)),
    post: (path, form, headers) => keep(guest.post(path, form, headers), once(path)),
  };
}

async function failToSignIn(url: string, seen: string[], secrets: Secrets) {
  const stranger = watched(url, seen, secrets);
  const [typed, wrong] = [secrets.make("password as e-mail"), secrets.make("wrong password")];
  const headers = { "user-agent": secrets.make("password as browser") };
  await stranger.post("/sign-in", { email: "ada@example.com", password: wrong }, headers);
  await stranger.post("/setup", { token: secrets.make("set-up token"), password: wrong });
  await stranger.post("/invitation", { token: secrets.make("dead link"), password: wrong });
  await stranger.get("/sso");
  await stranger.get("/sso/callback?code=x&state=x");
  const asEmail = await stranger.post("/sign-in", { email: "x", password: typed });
  assert.equal(asEmail.status, 422);
}

async function signIn(
  admin: Guest,
  account: { email: string; password: string },
  secrets: Secrets,
) {
  const signedIn = await admin.post("/sign-in", account);
  assert.equal(signedIn.location, "/");
  await admin.post("/account/second-factor", { current: account.password });
  const { html } = await admin.get("/account/second-factor");
  const secret = /secret=([A-Z2-7]{32})/.exec(html)![1]!;
  secrets.add("TOTP secret", secret);
  const on = await confirmFactor(admin, secret);
  const codes = [...on.html.matchAll(/<code>([a-z2-7-]{27})<\/code>/g)].map(([, one]) => one!);
  assert.equal(codes.length, 10);
  secrets.add(
    "recovery code",
    ...codes,
    ...codes.map((one) => one.replaceAll("-", "").toUpperCase()),
  );
  await admin.post("/account/password", {
    current: secrets.make("wrong password of now"),
    password: secrets.make("new password"),
    repeat: secrets.make("another new password"),
  });
  await admin.post("/sign-out");
  await admin.post("/sign-in", account);
  await admin.post("/sign-in/code", { code: "000000" });
  assert.equal((await admin.post("/sign-in/code", { code: codes[0]! })).location, "/");
}

async function makeKeysAndLinks(admin: Guest, url: string, seen: string[], secrets: Secrets) {
  const api = await admin.post("/settings/api-keys", { name: "n", role: "viewer", expires: "" });
  const key = /sluice_api_[0-9A-Za-z]{38}/.exec(api.html)![0];
  const embed = await admin.post("/settings/embed-keys", { name: "n", scope: "all", expires: "" });
  const embedKey = /sluice_embed_[0-9A-Za-z]{38}/.exec(embed.html)![0];
  secrets.add("API key", key);
  secrets.add("embed key", embedKey);
  const invited = await admin.post("/settings/invitations", {
    email: "new@example.com",
    role: "viewer",
  });
  const token = /invitation\?token=([\w-]{43})/.exec(invited.html)![1]!;
  secrets.add("invitation", token);
  const guest = watched(url, seen, secrets);
  const chosen = secrets.make("invited person's password");
  await guest.post("/invitation", { token, password: chosen, repeat: chosen });
  const authorization = `Bearer ${key}`;
  for (const path of ["/api/v1/findings", "/api/v1/findings.csv", "/api/v1/findings.sarif"]) {
    seen.push(await (await fetch(url + path, { headers: { authorization } })).text());
  }
  const wrong = { authorization: `Bearer ${key.slice(0, -1)}x` };
  seen.push(await (await fetch(`${url}/api/v1/findings`, { headers: wrong })).text());
  seen.push(
    await (await fetch(`${url}/api/v1/servers`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: `{"token": "${secrets.make("token in broken JSON")}"`,
    })).text(),
  );
}

/** Tokens that the code server refuses, by form and by API, and bodies that are no form. */
async function refuseTokens(admin: Guest, seen: string[], secrets: Secrets) {
  const refused = "ATA" + "TT3x" + randomText(180);
  secrets.add("refused token", refused);
  const { html } = await admin.get("/servers");
  const id = /\/servers\/([0-9a-z]{20})/.exec(html)![1]!;
  const answer = await admin.post(`/servers/${id}/token`, { token: `ada@example.com:${refused}` });
  assert.equal(answer.status, 422);
  const broken = await admin.post(`/servers/${id}/token`, {
    token: `${secrets.make("no token")}\0`,
  });
  assert.ok(broken.status < 500);
  await admin.post(`/webhooks/bitbucket-cloud/${id}`, { secret: secrets.make("webhook body") }, {
    "x-hub-signature": `sha256=${secrets.make("signature")}`,
  });
  seen.push((await admin.get("/%ff%00?x=%zz")).html);
}

async function webhookSecret(
  admin: Guest,
  dataDir: string,
  key: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const { html } = await admin.get("/servers");
  const id = /\/servers\/([0-9a-z]{20})/.exec(html)![1]!;
  await admin.post(`/servers/${id}/webhook`);
  const sealed =
    readRows(dataDir, "SELECT sealed_webhook_secret AS sealed FROM servers")[0]!.sealed;
  return await (await createSeal(key)).open(String(sealed), `servers:${id}:webhook`);
}

/** Every page that leads from one to another, up to a hundred. */
async function crawl(admin: Guest): Promise<void> {
  const known = new Set(["/repositories", "/findings", "/servers", "/settings", "/account"]);
  for (const path of known) {
    const { html } = await admin.get(path);
    for (const [, href] of html.matchAll(/href="(\/[^"#]*)/g)) {
      const next = href!.replaceAll("&amp;", "&");
      if (known.size < 100 && !/^\/static|sign-out/.test(next)) known.add(next);
    }
  }
}

async function run(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(command, { args }).output();
  return new TextDecoder().decode(stdout);
}
