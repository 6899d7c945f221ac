import assert from "node:assert/strict";
import { REPOSITORY_STATES } from "@/lib/status.ts";
import {
  REPOSITORY_SORTS,
  type RepositoryFilter,
  type RepositoryRow,
  type RepositorySort,
} from "@/lib/store/repositories.ts";
import {
  addRepositories,
  addServer,
  addUser,
  claimed,
  COMPLETE,
  discover,
  idsBySlug,
  remote,
  rowsOf,
  secret,
  storeTest,
  storeTestOnBoth,
  type TestStore,
} from "@/lib/store/test_store.ts";

const BY_NAME = { sort: "name", descending: false, limit: 200 } as const;

/** Two servers of 30 repositories in several states, with ties in every column, and a draft. */
async function fill(store: TestStore): Promise<string> {
  const draftId = await store.drafts.create(await addUser(store));
  const hidden = await addServer(store, "hidden", { draftId });
  await discover(store, hidden, [remote("hidden", { fullName: "hidden/api" })]);
  const servers = [await addServer(store, "one"), await addServer(store, "two")];
  for (const [s, serverId] of servers.entries()) {
    await discover(
      store,
      serverId,
      Array.from({ length: 30 }, (_, i) => ({
        ...remote(`r${i}`, {
          fullName: i % 10 === 3 ? "same/name" : `${i % 2 ? "acme" : "Acme"}/r_${i}%${s}`,
          updatedAt: i % 4 === 0 ? null : 1000 + i % 7,
          projectKey: i % 3 ? "PAY" : null,
        }),
        selected: i % 5 !== 0,
      })),
    );
  }
  for (let i = 0; i < 20; i++) {
    if (i % 3 === 0) store.clock.advance(1);
    const job = await claimed(store, "scan");
    const secrets = Array.from({ length: i % 4 }, (_, n) =>
      secret(`${n}`, {
        severity: i % 8 === 1 ? "critical" : "low",
      }));
    await store.scans.record(job, secrets, "history");
    await store.scans.finish(job, { ...COMPLETE, result: i % 6 ? "complete" : "partial" });
  }
  await claimed(store, "scan");
  return servers[0]!;
}

/** What a row is sorted by. */
const VALUE: Record<RepositorySort, (row: RepositoryRow) => string | number> = {
  name: (row) => row.fullName,
  server: (row) => `${row.serverName} ${row.serverId} ${row.fullName}`,
  state: (row) => REPOSITORY_STATES.findIndex((state) => state === row.state),
  findings: (row) => row.critical * 1e9 + row.high * 1e6 + row.medium * 1e3 + row.low,
  scanned: (row) => row.scannedAt,
  updated: (row) => row.remoteUpdatedAt,
};

storeTestOnBoth(
  "list() pages forwards and backwards as the whole sorted list reads",
  async (store) => {
    const serverId = await fill(store);
    const filters: RepositoryFilter[] = [
      {},
      { serverId },
      { state: "findings" },
      { state: "queued", serverId },
      { search: "acme/" },
      { projectKey: "PAY", state: "clean" },
      { state: "gone" },
    ];
    const all = (await store.repositories.list({}, BY_NAME)).rows;
    assert.equal(all.length, 60);
    for (const filter of filters) {
      for (const sort of REPOSITORY_SORTS) {
        for (const descending of [false, true]) {
          const what = JSON.stringify({ ...filter, sort, descending });
          const order = descending ? -1 : 1;
          const value = VALUE[sort === "state" && filter.state ? "name" : sort];
          const compare = (a: string | number, b: string | number) => a < b ? -1 : a > b ? 1 : 0;
          const expected = all.filter((row) =>
            (!filter.serverId || row.serverId === filter.serverId) &&
            (!filter.state || row.state === filter.state) &&
            (!filter.projectKey || row.projectKey === filter.projectKey) &&
            (!filter.search || row.fullName.toLowerCase().includes(filter.search))
          ).sort((a, b) => order * (compare(value(a), value(b)) || compare(a.id, b.id)))
            .map((row) => row.id);

          const pages: string[][] = [];
          let key: string | undefined;
          let back: string | null = null;
          do {
            const page = await store.repositories.list(filter, { sort, descending, key, limit: 7 });
            assert.equal(page.previous === null, pages.length === 0, what);
            pages.push(page.rows.map((row) => row.id));
            back = page.previous;
            key = page.next ?? undefined;
          } while (key);
          assert.deepEqual(pages.flat(), expected, what);
          for (const before of pages.slice(0, -1).reverse()) {
            const page = await store.repositories.list(filter, {
              sort,
              descending,
              key: back!,
              limit: 7,
            });
            assert.deepEqual(page.rows.map((row) => row.id), before, what);
            assert.ok(page.next, what);
            back = page.previous;
          }
          assert.equal(back, null, what);
        }
      }
    }
  },
);

storeTest("a search takes % and _ and \\ as the characters they are", async (store) => {
  const serverId = await addServer(store);
  const names = ["a%b", "a_b", "a\\b", "axb", "A_B"];
  await discover(store, serverId, names.map((name) => remote(name, { fullName: name })));
  const found = async (search: string) =>
    (await store.repositories.list({ search }, BY_NAME)).rows.map((row) => row.fullName);
  assert.deepEqual(await found("%"), ["a%b"]);
  assert.deepEqual(await found("a_b"), ["A_B", "a_b"]);
  assert.deepEqual(await found("\\"), ["a\\b"]);
  assert.deepEqual(await found("'; --"), []);
});

storeTest(
  "a key that was tampered with, or is of another sort, gives the first page",
  async (store) => {
    await fill(store);
    const page = (sort: RepositorySort, key?: string) =>
      store.repositories.list({}, { sort, descending: false, key, limit: 5 });
    const first = await page("updated");
    const next = first.next!;
    assert.notDeepEqual(await page("updated", next), first);
    const forged = (value: unknown) => btoa(encodeURIComponent(JSON.stringify(value)));
    for (
      const key of [
        "",
        "%%%",
        next.slice(0, -5),
        (await page("scanned")).next!,
        forged(["updated", "text", "id", 0]),
        forged(["updated", 1]),
        forged(null),
      ]
    ) {
      assert.deepEqual(await page("updated", key), first, key);
    }
  },
);

storeTest("list() gives at most 200 rows, and the rest behind its key", async (store) => {
  const serverId = await addServer(store);
  await discover(store, serverId, Array.from({ length: 201 }, (_, i) => remote(`r${i}`)));
  const first = await store.repositories.list({}, { ...BY_NAME, limit: 1000 });
  assert.equal(first.rows.length, 200);
  const rest = await store.repositories.list({}, { ...BY_NAME, limit: 1000, key: first.next! });
  assert.equal(rest.rows.length, 1);
  assert.equal((await store.repositories.list({}, { ...BY_NAME, limit: 0 })).rows.length, 1);
});

storeTest(
  "listChanged() gives what changed since a number, find() and list() nothing of a draft",
  async (store) => {
    const { ids } = await addRepositories(store, ["api", "web"]);
    const all = Object.values(ids);
    const before = await store.repositories.changeNumber();
    assert.deepEqual(await store.repositories.listChanged(all, before), []);
    await claimed(store, "scan");
    const changed = await store.repositories.listChanged(all, before);
    assert.deepEqual(changed.map((row) => row.state), ["scanning"]);
    assert.ok(changed[0]!.version > before);
    assert.ok(await store.repositories.changeNumber() >= changed[0]!.version);
    assert.deepEqual(await store.repositories.listChanged([], 0), []);

    const draftId = await store.drafts.create(await addUser(store));
    const hidden = await addServer(store, "hidden", { draftId });
    await discover(store, hidden, [remote("secret")]);
    assert.equal(await store.repositories.find((await idsBySlug(store, hidden)).secret!), null);
  },
);

storeTest("a row tells of its server, its repository and its newest scan", async (store) => {
  const { ids, serverId } = await addRepositories(store, ["api"]);
  const job = await claimed(store, "scan");
  await store.jobs.beat(job, { phase: "reading", blobs: 7 });
  const { scan, version: _, ...row } = (await store.repositories.find(ids.api!))!;
  const now = store.clock.now();
  assert.deepEqual(row, {
    id: ids.api,
    serverId,
    serverName: "ACME",
    workspace: "acme",
    uuid: "{api}",
    slug: "api",
    fullName: "acme/api",
    name: "api",
    projectKey: "PAY",
    projectName: "Payments",
    isPrivate: true,
    sizeBytes: 1000,
    language: "go",
    defaultBranch: "main",
    remoteUpdatedAt: 1000,
    htmlUrl: "https://bitbucket.org/acme/api",
    picked: false,
    selected: true,
    goneAt: null,
    state: "scanning",
    outdatedReason: null,
    scannedAt: 0,
    scannedCommit: null,
    rulesVersion: null,
    critical: 0,
    high: 0,
    medium: 0,
    low: 0,
  });
  assert.deepEqual(
    [scan!.id, scan!.step, scan!.state, scan!.progress, scan!.beatAt, scan!.startedAt],
    [job.id, "history", "running", { phase: "reading", blobs: 7 }, now, now],
  );
  assert.deepEqual(await store.repositories.listScans(ids.api!, 5), [scan]);
});

storeTest("projects, slugs, picks and ids are those of the server and filter", async (store) => {
  const { serverId, ids } = await addRepositories(store, ["api", "web"]);
  await addRepositories(store, ["other"], "other");
  assert.deepEqual(await store.repositories.listProjects(serverId), [
    { key: "PAY", name: "Payments" },
  ]);
  await store.repositories.pick(serverId, [ids.web!, "nobody"], true);
  assert.deepEqual(
    (await store.repositories.listSlugs(serverId)).map(({ slug, picked }) => [slug, picked]).sort(),
    [["api", false], ["web", true]],
  );
  await store.repositories.pick(serverId, [ids.web!], false);
  assert.ok((await store.repositories.listSlugs(serverId)).every(({ picked }) => !picked));
  await store.jobs.fail(await claimed(store, "scan"), "not_found", "");
  assert.deepEqual(await store.repositories.listIds({ serverId, state: "failed" }), [
    { id: ids.api, serverId },
  ]);
  assert.equal((await store.repositories.listIds({})).length, 3);
  assert.equal((await rowsOf(store.db, "SELECT * FROM repositories")).length, 3);
});
