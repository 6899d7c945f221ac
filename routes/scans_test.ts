/** Asking for scans and ending them, with and without scripts. */

import assert from "node:assert/strict";
import { addRepositories, claimed, COMPLETE } from "@/lib/store/test_store.ts";
import { appTest } from "./test_app.ts";

const HTMX = { "HX-Request": "true" };

appTest(
  "POST /scans asks for one scan, rings, and goes back to where it was asked",
  async (app) => {
    const { ids } = await addRepositories(app.store, ["a"]);
    await app.store.scans.finish(await claimed(app.store, "scan"), COMPLETE);
    const form = { repository: ids.a!, back: "/repositories?q=a" };
    for (let i = 0; i < 2; i++) {
      const response = await app.ask("/scans", { form });
      assert.equal(response.status, 303);
      assert.equal(response.headers.get("Location"), "/repositories?q=a");
    }
    assert.equal(app.rings.length, 1);
    const scans = await app.store.repositories.listScans(ids.a!, 10);
    // Both may be of one millisecond, so their order says nothing.
    assert.deepEqual(scans.map((scan) => scan.state).sort(), ["queued", "succeeded"]);
  },
);

appTest("POST /scans moves what stands in line before all that nobody asked for", async (app) => {
  const { ids } = await addRepositories(app.store, ["a", "b", "c"]);
  const html = await (await app.ask("/repositories")).text();
  assert.match(html, /Scan next <span class="visually-hidden">acme\/c/);
  assert.equal((await app.ask("/scans", { form: { repository: ids.c! } })).status, 303);
  assert.deepEqual(app.rings, [ids.c]);
  const after = await (await app.ask(`/repositories/${ids.c}`)).text();
  assert.match(after, /Cancel scan/);
  assert.doesNotMatch(after, /Scan next/);
  assert.equal((await claimed(app.store, "scan")).repositoryId, ids.c);
  // A second wish changes nothing, nor one for what runs.
  await app.ask("/scans", { form: { repository: ids.c! } });
  assert.equal(app.rings.length, 1);
});

appTest("POST /scans gives htmx the row, and wakes the list's poller", async (app) => {
  const { ids } = await addRepositories(app.store, ["a"]);
  await app.store.scans.finish(await claimed(app.store, "scan"), COMPLETE);
  const response = await app.ask("/scans", {
    form: { repository: ids.a!, back: "/repositories?state=clean" },
    headers: HTMX,
  });
  assert.equal(response.status, 200);
  const html = await response.text();
  assert.match(html, new RegExp(`^<tr id="repository-${ids.a}"`));
  assert.match(html, /queued/);
  assert.match(html, /hx-target="#live".*hx-get="\/repositories\/refresh\?state=clean/);
});

appTest("a scan is cancelled by form and by DELETE, and twice does no harm", async (app) => {
  const { ids } = await addRepositories(app.store, ["a", "b"]);
  const first = await claimed(app.store, "scan");
  const second = await claimed(app.store, "scan");
  const page = await app.ask(`/scans/${first.id}/cancellation`, {
    form: { back: "/repositories" },
  });
  assert.equal(page.status, 303);
  for (let i = 0; i < 2; i++) {
    const row = await app.ask(`/scans/${second.id}?show=scan`, { method: "DELETE", headers: HTMX });
    const html = await row.text();
    assert.match(html, /cancelled/);
    assert.doesNotMatch(html, /hx-trigger/);
  }
  assert.equal((await app.store.repositories.find(ids.a!))?.state, "cancelled");
  assert.equal((await app.store.repositories.find(ids.b!))?.state, "cancelled");
});

appTest("POST /scans/retries tries only the failed ones again", async (app) => {
  const { ids } = await addRepositories(app.store, ["a", "b"]);
  const failing = await claimed(app.store, "scan");
  await app.store.jobs.fail(failing, "unavailable", "no answer");
  const list = await (await app.ask("/repositories")).text();
  assert.match(list, /Retry all failed \(1\)/);
  const response = await app.ask("/scans/retries", { form: { server: "", back: "/repositories" } });
  assert.equal(response.status, 303);
  const states = await Promise.all(
    [ids.a!, ids.b!].map(async (id) => (await app.store.repositories.find(id))?.state),
  );
  assert.deepEqual(states, ["queued", "queued"]);
  assert.equal((await app.store.repositories.listScans(failing.repositoryId!, 10)).length, 2);
});

appTest("a way back to another site is not taken", async (app) => {
  const { ids } = await addRepositories(app.store, ["a"]);
  for (const back of ["//evil.example", "https://evil.example", "/\\evil.example"]) {
    const response = await app.ask("/scans", { form: { repository: ids.a!, back } });
    assert.equal(response.headers.get("Location"), `/repositories/${ids.a}`);
  }
});

appTest("a viewer changes nothing, and a stranger is asked to sign in", async (app) => {
  const { ids } = await addRepositories(app.store, ["a"]);
  const viewer = await app.ask("/scans", { role: "viewer", form: { repository: ids.a! } });
  assert.equal(viewer.status, 403);
  assert.match(await viewer.text(), /only an admin can change it/);
  const stranger = await app.ask("/repositories", { role: "nobody" });
  assert.equal(stranger.headers.get("Location"), "/sign-in?next=%2Frepositories");
});

appTest("POST /scans of a repository that is not there says so", async (app) => {
  assert.equal((await app.ask("/scans", { form: { repository: "nothing" } })).status, 404);
  assert.equal((await app.ask("/scans", { form: {} })).status, 422);
});
