/** What the log keeps of a request that met an error of ours, and what it must not. */

import assert from "node:assert/strict";
import { createLog } from "@/lib/log.ts";
import { appTest } from "./test_app.ts";

const lines: string[] = [];

appTest("a query that fails is logged with its cause, without what was typed", async (app) => {
  lines.length = 0;
  // Whoever types a password into the wrong field has it looked up as an e-mail.
  const typed = `${crypto.randomUUID()}\n    at a (b.ts:1:1)`;
  await app.store.db.execute("ALTER TABLE users RENAME TO users_gone");
  const answer = await app.ask("/sign-in", {
    role: "nobody",
    headers: { "sec-fetch-site": "same-origin" },
    form: { email: typed, password: "rainy lighthouse otter" },
  });
  assert.equal(answer.status, 500);
  assert.ok(!(await answer.text()).includes(typed.slice(0, 36)));
  const log = lines.join("\n");
  const line = JSON.parse(lines.find((one) => one.includes("an error of ours"))!);
  assert.match(line.error, /^Failed query: .*no such table: users/s);
  assert.equal(line.code, "SQLITE_ERROR");
  assert.match(line.stack, /\n {4}at .*users\.ts/);
  assert.ok(!log.includes(typed.slice(0, 36)), log);
}, { log: createLog("debug", (line) => lines.push(line)) });

appTest("the API logs a failed query without its values too", async (app) => {
  lines.length = 0;
  const { key } = await app.store.apiKeys.create({
    name: "k",
    role: "viewer",
    createdBy: "admin@example.com",
    expiresAt: null,
  });
  await app.store.db.execute("ALTER TABLE users RENAME TO users_gone");
  await app.store.db.execute("ALTER TABLE api_keys RENAME TO api_keys_gone");
  const answer = await app.ask("/api/v1/servers", {
    role: "nobody",
    headers: { authorization: `Bearer ${key}` },
  });
  assert.equal(answer.status, 500);
  const line = JSON.parse(lines.find((one) => one.includes("an error of ours"))!);
  assert.match(line.error, /no such table/);
  assert.ok(!lines.join("\n").includes("params"), lines.join("\n"));
}, { log: createLog("debug", (line) => lines.push(line)) });
