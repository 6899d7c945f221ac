/** Names that attack: put into everything that people, servers and histories name, and shown everywhere. */

import assert from "node:assert/strict";
import { withSignedIn } from "@/e2e/harness/signed_in.ts";
import { addServer, claimed, discover, remote, secret } from "@/lib/store/test_store.ts";
import { appTest, type TestApp } from "@/routes/test_app.ts";

/** Each does harm where it is not escaped for its place: text, attribute, address, formula, terminal. */
const HOSTILE = [
  `<script>window.harmed=1</script>`,
  `"><img src=x onerror="window.harmed=1">`,
  `' onfocus='window.harmed=1' autofocus x='`,
  `" hx-get="/sign-out" hx-trigger="load" x="`,
  `</title><svg onload=window.harmed=1>`,
  `javascript:window.harmed=1`,
  `=HYPERLINK("https://evil.example","x")`,
  `+1|cmd`,
  `@SUM(1)`,
  `evil\u202egnp.exe\u2066`,
  `bell\u0007\u001b[31mred`,
  `{{7*7}}\${7*7}`,
  `%0d%0aSet-Cookie: harmed=1`,
];

/** A store in which everything has such a name; gives the pages that show them. */
async function harmful(app: TestApp): Promise<string[]> {
  const { store } = app;
  const serverId = await addServer(store, HOSTILE[0]);
  await discover(
    store,
    serverId,
    HOSTILE.map((name, at) =>
      remote(`r${at}`, {
        slug: name,
        name,
        fullName: `acme/${name}`,
        projectKey: name,
        projectName: name,
        language: name,
        defaultBranch: name,
        // As the driver makes it: the configured address and a name.
        htmlUrl: `https://bitbucket.org/acme/${name}`,
      })
    ),
  );
  for (const [at, name] of HOSTILE.entries()) {
    await store.scans.record(await claimed(store, "scan"), [
      secret(name, {
        preview: name,
        reasons: [name],
        ruleId: at === 0 ? name : "aws-access-key",
        place: { path: name, authorName: name, authorEmail: name, commit: name, blob: name },
      }),
    ], "history");
  }
  await store.users.create({ email: HOSTILE[1]!, passwordHash: "x", role: "viewer" });
  await store.oneTimeTokens.create("invitation", {
    email: HOSTILE[1]!,
    role: "viewer",
    createdBy: HOSTILE[2]!,
  });
  for (const name of HOSTILE) {
    await store.audit.add({ who: name, action: "test.done", target: name, detail: name });
    await store.apiKeys.create({ name, role: "viewer", createdBy: name, expiresAt: null });
  }
  const { rows: findings } = await store.findings.list({}, { limit: 50 });
  assert.equal(findings.length, HOSTILE.length);
  const { rows: repositories } = await store.repositories.list({}, {
    sort: "name",
    descending: false,
    limit: 50,
  });
  assert.equal(repositories.length, HOSTILE.length);
  const embed = await store.embedKeys.create({
    name: HOSTILE[1]!,
    serverIds: [],
    repositoryIds: [],
    origins: [],
    showCounts: true,
    createdBy: HOSTILE[2]!,
    expiresAt: null,
  });
  const q = encodeURIComponent(HOSTILE[1]!);
  const embeds = [
    `/embed/servers/${serverId}`,
    ...repositories.map(({ id }) => `/embed/repositories/${id}`),
  ];
  return [
    ...embeds.flatMap((path) =>
      ["", "/fragment", "/badge.svg", "/status.json"].flatMap((form) => [
        `${path}${form}?key=${embed.key}`,
        `${path}${form}?key=${q}`,
      ])
    ),
    `/embed/${q}`,
    `/settings/embed-keys/${embed.id}`,
    `/settings/embed-keys/${embed.id}?for=${q}`,
    "/repositories",
    `/repositories?q=${q}&state=${q}&server=${q}&sort=${q}`,
    "/findings",
    "/findings?group=secret",
    `/findings?q=${q}&rule=${q}&state=${q}&fingerprint=${q}`,
    `/findings?repository=${q}`,
    "/findings?repository=a",
    "/findings/repositories?repository=",
    "/servers",
    `/servers/${serverId}`,
    `/servers/${serverId}/selection`,
    "/settings",
    "/settings/invitations",
    "/settings/api-keys",
    "/settings/embed-keys",
    "/settings/audit",
    `/settings/audit?q=${q}&action=${q}`,
    "/account",
    `/sign-in?next=${q}`,
    `/nowhere/${q}`,
    ...repositories.map(({ id }) => `/repositories/${id}`),
    ...findings.map(({ id }) => `/findings/${id}`),
  ];
}

appTest("hostile names do no harm in any page", async (app) => {
  const paths = await harmful(app);
  await withSignedIn(app, async ({ context, page, complaints, url }) => {
    const foreign: string[] = [];
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== url) foreign.push(request.url());
      if (request.url().includes("/sign-out")) foreign.push(request.url());
    });
    page.on("dialog", (dialog) => {
      foreign.push(dialog.message());
      return dialog.dismiss();
    });
    const wrong: string[] = [];
    let shown = 0;
    for (const path of paths) {
      const answer = await page.goto(url + path);
      const found = await page.evaluate(() => {
        const attributes = [...document.querySelectorAll("*")].flatMap((element) =>
          [...element.attributes].map(({ name, value }) => ({ name, value, element }))
        );
        // A badge opened by itself is a document of another kind.
        const text = document.body?.innerText ?? document.documentElement.textContent ?? "";
        return {
          harmed: "harmed" in globalThis,
          handlers: attributes.filter(({ name }) => /^on/.test(name)).map(({ name }) => name),
          scripts: [...document.scripts].map((script) => script.getAttribute("src") ?? "inline"),
          links: attributes.filter(({ name, value }) =>
            ["href", "src", "action", "formaction", "hx-get", "hx-post"].includes(name) &&
            !/^(https?:\/\/|\/|#|\?|otpauth:)/.test(value)
          ).map(({ name, value }) => `${name}=${value}`),
          unseen: document.contentType !== "application/json" &&
            // deno-lint-ignore no-control-regex
            /[\u202a-\u202e\u2066-\u2069\u0007\u001b]/.test(
              document.documentElement.outerHTML,
            ),
          hostile: text.includes("onerror=") || text.includes("gnp.exe") ||
            text.includes("<script>"),
        };
      });
      if (found.hostile) shown++;
      const bad = [
        answer!.status() >= 500 ? `status ${answer!.status()}` : "",
        found.harmed ? "a script ran" : "",
        ...found.handlers,
        ...found.scripts.filter((src) => !/^\/(static|embed)\/\w/.test(src)),
        ...found.links,
        found.unseen ? "unseen signs" : "",
      ].filter((one) => one !== "");
      if (bad.length > 0) wrong.push(`${path}: ${bad.join(", ")}`);
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual(foreign, []);
    assert.deepEqual(complaints.filter((one) => !/40[0134]|422/.test(one)), []);
    assert.ok(shown > HOSTILE.length, `only ${shown} pages showed a hostile name`);
    assert.ok(!(await context.cookies()).some(({ name }) => name === "harmed"));
  });
});

appTest("hostile names do no harm in exports", async (app) => {
  await harmful(app);
  const csvs = ["/api/v1/findings.csv", "/settings/audit.csv"];
  for (const path of csvs) {
    const answer = await app.ask(path);
    assert.equal(answer.status, 200, path);
    assert.match(answer.headers.get("content-type")!, /text\/csv/);
    assert.match(answer.headers.get("content-disposition")!, /^attachment/);
    for (const [cell] of (await answer.text()).matchAll(/(?<=^|,)"(?:[^"]|"")*"/gm)) {
      assert.doesNotMatch(cell, /^"\s*[=+@|%\t-]/, path);
    }
  }
  const sarif = await app.ask("/api/v1/findings.sarif");
  assert.match(sarif.headers.get("content-disposition")!, /^attachment/);
  const { runs } = await sarif.json();
  assert.equal(runs[0].results.length, HOSTILE.length);
  for (const { locations } of runs[0].results) {
    const { uri } = locations[0].physicalLocation.artifactLocation;
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(uri, /[\s"<>\\^`{|}\u0000-\u001f\u202e]/);
  }
  const json = await app.ask("/api/v1/findings");
  assert.match(json.headers.get("content-type")!, /^application\/json/);
  assert.equal(json.headers.get("x-content-type-options"), "nosniff");
});
