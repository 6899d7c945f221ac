/** The repository that the list of findings is narrowed to: by link, by name, by part of a name. */

import assert from "node:assert/strict";
import {
  addRepositories,
  addServer,
  claimed,
  discover,
  remote,
  secret,
} from "@/lib/store/test_store.ts";
import { appTest, type TestApp } from "./test_app.ts";

/** Repositories of one server with one secret each, called after its repository. */
async function addFound(app: TestApp, slugs: readonly string[]) {
  const added = await addRepositories(app.store, slugs);
  for (const _ of slugs) await recordNext(app);
  return added;
}

async function recordNext(app: TestApp): Promise<void> {
  const scan = await claimed(app.store, "scan");
  const row = await app.store.repositories.find(scan.repositoryId!);
  await app.store.scans.record(scan, [secret(row!.slug)], "history");
}

async function read(app: TestApp, path: string, role: "admin" | "viewer" = "admin") {
  const response = await app.ask(path, { role });
  assert.equal(response.status, 200);
  const html = await response.text();
  const field = html.match(/<input id="repository"[^>]*>/)![0];
  const error = html.match(/id="repository-error".*?<span>(.*?)<\/span>/s)?.[1];
  return {
    html,
    places: [...html.matchAll(/([\w-]+)\.env:3/g)].map(([, slug]) => slug).sort(),
    text: field.match(/ value="([^"]*)"/)?.[1] ?? "",
    invalid: field.includes('aria-invalid="true"'),
    error,
  };
}

const names = async (app: TestApp, query: string) => {
  const response = await app.ask(`/findings/repositories?${query}`, { role: "viewer" });
  assert.equal(response.status, 200);
  const html = await response.text();
  assert.doesNotMatch(html, /<html|<datalist/);
  return [...html.matchAll(/<option value="([^"]*)"/g)].map(([, name]) => name);
};

appTest(
  "the link with a repository's id still narrows, and the field has its name",
  async (app) => {
    const { ids } = await addFound(app, ["api", "web"]);
    const page = await read(app, `/findings?repository=${ids.api}`);
    assert.deepEqual([page.places, page.text, page.error], [["api"], "acme/api", undefined]);
  },
);

appTest("a full name wins over longer ones, and part of one finds the only one", async (app) => {
  await addFound(app, ["api", "api-docs", "web"]);
  const exact = await read(app, "/findings?repository=+Acme/API+");
  assert.deepEqual([exact.places, exact.text, exact.error], [["api"], "acme/api", undefined]);
  const part = await read(app, "/findings?repository=doc", "viewer");
  assert.deepEqual([part.places, part.text, part.error], [
    ["api-docs"],
    "acme/api-docs",
    undefined,
  ]);
});

appTest(
  "several that fit are named beside the field and linked, and none is listed",
  async (app) => {
    const { ids } = await addFound(app, ["api", "api-a", "api-b", "api-c"]);
    for (const group of ["", "&group=secret"]) {
      const page = await read(app, `/findings?repository=api&severity=high${group}`);
      assert.deepEqual([page.places, page.text, page.invalid], [[], "api", true]);
      assert.doesNotMatch(page.html, /aria-label="(Secrets|Findings)"/);
      assert.equal(
        page.error,
        "4 repositories fit; say more: acme/api, acme/api-a, acme/api-b…",
      );
      const link = page.html.match(/<a href="([^"]*)">acme\/api-c<\/a>/)![1]!.replaceAll(
        "&amp;",
        "&",
      );
      assert.equal(
        new URL(link, "http://sluice.test").searchParams.get("repository"),
        ids["api-c"],
      );
      assert.match(link, /severity=high/);
    }
  },
);

appTest("of very many that fit the first twenty are offered", async (app) => {
  const slugs = Array.from({ length: 22 }, (_, at) => `api-${10 + at}`);
  await addRepositories(app.store, slugs);
  const page = await read(app, "/findings?repository=api");
  assert.match(page.error!, /^More than 20 repositories fit; say more: acme\/api-10, /);
  assert.match(page.html, /Choose one of the first 20, or type more of its full name\./);
  assert.deepEqual(
    await names(app, "repository=api"),
    slugs.slice(0, 20).map((slug) => `acme/${slug}`),
  );
});

appTest("a name that nothing fits is said, as it was typed", async (app) => {
  await addFound(app, ["api"]);
  const page = await read(app, "/findings?repository=%3Cb%3E%25_");
  assert.deepEqual([page.places, page.invalid], [[], true]);
  assert.equal(page.error, "No repository is called “&lt;b&gt;%_”.");
  assert.match(page.html, /No such repository/);
});

appTest("the chosen server bounds what a name can be, and what is offered", async (app) => {
  const { serverId, ids } = await addFound(app, ["api"]);
  const other = await addServer(app.store, "globex");
  await discover(app.store, other, [remote("globex-api", { fullName: "globex/api" })]);
  await recordNext(app);
  assert.match((await read(app, "/findings?repository=api")).error!, /^2 repositories fit/);
  const own = await read(app, `/findings?repository=api&server=${other}`);
  assert.deepEqual([own.places, own.text], [["globex-api"], "globex/api"]);
  const foreign = await read(app, `/findings?repository=acme/api&server=${other}`);
  assert.equal(foreign.error, "No repository of this code server is called “acme/api”.");
  const linked = await read(app, `/findings?repository=${ids.api}&server=${other}`);
  assert.deepEqual([linked.places, linked.error], [[], foreign.error]);
  assert.deepEqual(await names(app, "repository=api"), ["acme/api", "globex/api"]);
  assert.deepEqual(await names(app, `repository=api&server=${serverId}`), ["acme/api"]);
});

appTest("tabs, pages, groups and a refused judgement stay with the repository", async (app) => {
  const { ids } = await addRepositories(app.store, ["api", "web"]);
  for (const _ of [1, 2]) {
    const scan = await claimed(app.store, "scan");
    const row = await app.store.repositories.find(scan.repositoryId!);
    const secrets = Array.from({ length: 60 }, (_, at) => secret(`${row!.slug}-${at}`));
    await app.store.scans.record(scan, secrets, "history");
  }
  const all = (page: Awaited<ReturnType<typeof read>>, slug: string, count: number) => {
    assert.equal(page.places.length, count);
    assert.ok(page.places.every((place) => place!.startsWith(slug)), page.places.join());
    assert.equal(page.text, `acme/${slug}`);
  };
  for (const group of ["", "&group=secret"]) {
    const first = await read(app, `/findings?repository=ap${group}`);
    if (group === "") all(first, "api", 50);
    const next = first.html.match(/href="([^"]*)" rel="next"/)![1]!.replaceAll("&amp;", "&");
    // By its id, so that one that fits as well later on changes nothing for who turns the page.
    assert.ok(next.includes(`repository=${ids.api}`), next);
    const second = await read(app, next);
    assert.equal(second.text, "acme/api");
    if (group === "") all(second, "api", 10);
    assert.match(second.html, /10 shown|51–60 of 60/);
  }
  const page = await read(app, "/findings?repository=ap");
  const tab = page.html.match(/href="(\/findings\?state=all[^"]*)"/)![1]!.replaceAll("&amp;", "&");
  all(await read(app, tab), "api", 50);
  const back = page.html.match(/name="back" value="([^"]*)"/)![1]!.replaceAll("&amp;", "&");
  const refused = await app.ask("/findings/triage", {
    form: { state: "revoked", reason: "", back },
  });
  assert.equal(refused.status, 422);
  const html = await refused.text();
  assert.match(html, /<input id="repository"[^>]* value="acme\/api"/);
  assert.equal(html.match(/name="finding"/g)?.length, 50);
  const ticked = page.html.match(/name="finding" value="(\w+)"/)![1]!;
  const done = await app.ask("/findings/triage", {
    form: { state: "revoked", reason: "", back, finding: [ticked] },
  });
  assert.equal(done.headers.get("Location"), `/findings?repository=${ids.api}`);
});
