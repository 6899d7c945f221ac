import assert from "node:assert/strict";
import { createSeal } from "@/lib/seal.ts";
import { addServer } from "@/lib/store/test_store.ts";
import { createStore } from "@/lib/store/mod.ts";
import { createVitals } from "@/lib/vitals.ts";
import { checkHealth, type HealthCheck } from "./health.ts";
import { appTest, type TestApp } from "./test_app.ts";

const MINUTE_MS = 60_000;

async function health(app: TestApp) {
  const response = await app.ask("/health", { role: "nobody" });
  const { live, ready, checks } = await response.json();
  const troubles = (checks as HealthCheck[]).filter(({ state }) => state !== "passed");
  return { status: response.status, live, ready, troubles };
}

const WELL = { status: 200, live: true, ready: true, troubles: [] };

appTest("GET /health passes every part, as JSON and as text, for anyone", async (app) => {
  assert.deepEqual(await health(app), WELL);
  const text = await app.ask("/health", { role: "nobody", headers: { Accept: "text/plain" } });
  assert.equal(
    await text.text(),
    ["ready", "database", "migrations", "key", "queue", "clock", "worker", "disk"]
      .map((name, index) => index === 0 ? name : `${name}: passed`).join("\n") + "\n",
  );
});

appTest("GET /health/live says only that the process answers", async (app) => {
  app.store.db.close();
  const response = await app.ask("/health/live", { role: "nobody" });
  assert.deepEqual([response.status, await response.json()], [200, { live: true }]);
});

appTest("GET /health is 503 with the reason when the database does not answer", async (app) => {
  app.store.db.close();
  const { status, ready, troubles } = await health(app);
  assert.deepEqual([status, ready], [503, false]);
  assert.deepEqual(troubles, [
    { name: "database", state: "failed", reason: "The database does not answer" },
  ]);
});

appTest("GET /health is 503 when another version has changed the tables", async (app) => {
  await app.store.db.execute(
    "INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('newer', ?)",
    [Date.UTC(2100, 0, 1)],
  );
  const { status, troubles } = await health(app);
  assert.equal(status, 503);
  assert.match(troubles[0]!.reason!, /Another version of Sluice/);
});

appTest("checkHealth() fails when tokens were sealed with another key", async (app) => {
  await addServer(app.store);
  const seal = await createSeal(new Uint8Array(32).fill(8));
  const store = createStore(app.store.db, app.clock, seal);
  const checks = await checkHealth({ store, vitals: createVitals(app.clock, null) });
  assert.deepEqual(
    checks.filter(({ state }) => state === "failed").map(({ name }) => name),
    ["key"],
  );
});

appTest(
  "GET /health warns of work that is due while nothing runs, and names nothing",
  async (app) => {
    const id = await addServer(app.store, "private-name");
    await app.store.jobs.requestDiscovery(id, "schedule");
    app.clock.advance(11 * MINUTE_MS);
    const { status, troubles } = await health(app);
    assert.equal(status, 200);
    assert.deepEqual(troubles.map(({ name, state }) => [name, state]), [
      ["queue", "warning"],
      ["worker", "warning"],
    ]);
    assert.doesNotMatch(JSON.stringify(troubles), /private-name/);
    assert.ok(await app.store.jobs.claim("discovery", "test"));
    assert.deepEqual((await health(app)).troubles.map(({ name }) => name), ["worker"]);
  },
);

appTest("GET /health warns of a clock that was set back", async (app) => {
  await app.store.clockSteps.note();
  app.clock.advance(-60 * MINUTE_MS);
  assert.deepEqual((await health(app)).troubles, [{
    name: "clock",
    state: "warning",
    reason: "The clock stands 1 h behind what it showed before",
  }]);
});
