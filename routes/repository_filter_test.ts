/** What a filter leaves of the list, and that the bulk act follows it. */

import assert from "node:assert/strict";
import { addRepositories, claimed, discover, remote } from "@/lib/store/test_store.ts";
import { appTest, type TestApp } from "./test_app.ts";

async function html(app: TestApp, path: string): Promise<string> {
  return await (await app.ask(path)).text();
}

/** The fields of the form that tries again what failed; null where there is none. */
function retryForm(page: string): Record<string, string> | null {
  const form = /action="\/scans\/retries">([^]*?)<\/form>/.exec(page)?.[1];
  if (form === undefined) return null;
  return Object.fromEntries(
    [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map((one) => [
      one[1]!,
      one[2]!.replaceAll("&amp;", "&"),
    ]),
  );
}

/** Three failed repositories: two of `acme` in two projects, one of `other`. */
async function setup(app: TestApp): Promise<{ acme: string; other: string }> {
  const { serverId: acme } = await addRepositories(app.store, []);
  await discover(app.store, acme, [
    remote("pay-api"),
    remote("docs", { projectKey: "DOC", projectName: "Documents" }),
  ]);
  const { serverId: other } = await addRepositories(app.store, ["pay-web"], "other");
  for (let count = 0; count < 3; count++) {
    await app.store.jobs.fail(await claimed(app.store, "scan"), "not_found", "");
  }
  return { acme, other };
}

appTest("what is tried again is what the page shows, and the filters stay", async (app) => {
  const { acme, other } = await setup(app);
  const states = async () => (await app.store.repositories.countByState()).failed ?? 0;
  for (
    const [query, count] of [
      ["", 3],
      [`?server=${acme}`, 2],
      [`?q=pay`, 2],
      [`?server=${acme}&project=DOC&state=failed`, 1],
    ] as const
  ) {
    const page = await html(app, `/repositories${query}`);
    assert.match(page, new RegExp(`Retry all failed \\(${count}\\)`), query);
    assert.equal(retryForm(page)!.back, `/repositories${query}`);
  }
  // A tab of another state shows nothing that failed.
  assert.equal(retryForm(await html(app, "/repositories?state=clean")), null);
  assert.equal(retryForm(await html(app, "/repositories?q=nothing")), null);
  const form = retryForm(await html(app, `/repositories?server=${acme}&q=pay`))!;
  const response = await app.ask("/scans/retries", { form });
  assert.equal(response.headers.get("Location"), `/repositories?q=pay&server=${acme}`);
  assert.equal(await states(), 2);
  const left = retryForm(await html(app, `/repositories?server=${other}`))!;
  await app.ask("/scans/retries", { form: left });
  assert.equal(await states(), 1);
  assert.match(await html(app, `/repositories?server=${acme}`), /Retry all failed \(1\)/);
});

appTest("a poll brings the button to try again when a scan fails, to an admin", async (app) => {
  await addRepositories(app.store, ["a", "b"]);
  const page = await html(app, "/repositories");
  assert.equal(retryForm(page), null);
  const href = /hx-get="(\/repositories\/refresh[^"]*)"/.exec(page)![1]!.replaceAll("&amp;", "&");
  await app.store.jobs.fail(await claimed(app.store, "scan"), "not_found", "");
  app.clock.advance(1000);
  assert.match(await html(app, href), /hx-target="#retry-all"[^]*Retry all failed \(1\)/);
  const viewer = await (await app.ask(href, { role: "viewer" })).text();
  assert.doesNotMatch(viewer, /Retry all failed/);
});

appTest("a project of another server than the chosen one hides nothing", async (app) => {
  const { other } = await setup(app);
  const page = await html(app, `/repositories?server=${other}&project=DOC`);
  assert.match(page, /acme\/pay-web/);
  assert.match(page, /<option value="PAY"/);
  assert.match(await html(app, "/repositories?project=DOC"), /acme\/pay-web/);
});

appTest("projects are offered as a discovery finds them", async (app) => {
  const { serverId } = await addRepositories(app.store, []);
  await app.store.jobs.requestDiscovery(serverId, "person");
  const job = await claimed(app.store, "discovery");
  const path = `/repositories?server=${serverId}`;
  assert.doesNotMatch(await html(app, path), /id="project"/);
  await app.store.discoveries.savePage(job, {
    repositories: [{ ...remote("a"), selected: true }],
    cursor: "x",
    total: 2,
  });
  assert.match(await html(app, path), /id="project"[^]*Payments/);
});

appTest("a click's answer lets the next poll bring all rows", async (app) => {
  const { ids } = await addRepositories(app.store, ["a", "b"]);
  await app.store.jobs.fail(await claimed(app.store, "scan"), "not_found", "");
  const failed = (await app.store.repositories.listIds({ state: "failed" }))[0]!.id;
  const answer = await app.ask("/scans", {
    form: { repository: failed, back: "/repositories?state=failed" },
    headers: { "HX-Request": "true" },
  });
  const live = /id="live"[^>]*hx-get="([^"]+)"[^>]*hx-ptag="([^"]+)"/.exec(await answer.text())!;
  const poll = await app.ask(live[1]!, { headers: { "HX-PTag": live[2]! } });
  assert.equal(poll.status, 200);
  const told = await poll.text();
  assert.match(told, /hx-target="#repository-list"[^]*Nothing fits/);
  assert.doesNotMatch(told, new RegExp(`acme/${failed === ids.a ? "a" : "b"}<`));
});
