/** The list of code servers: what an admin does with one without opening it. */

import assert from "node:assert/strict";
import { addRepositories } from "@/lib/store/test_store.ts";
import { appTest, type TestApp } from "./test_app.ts";

/** The words of the buttons and links in the actions of the only row. */
async function actions(app: TestApp, path = "/servers"): Promise<string[]> {
  const html = await (await app.ask(path)).text();
  const cell = /data-label="Actions"[^>]*>([^]*?)<\/td>/.exec(html)?.[1] ?? "";
  return [...cell.matchAll(/<(button|a) [^]*?<\/\1>/g)].map((one) =>
    one[0].replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ").trim()
  );
}

appTest("an admin discovers, pauses and resumes from the list, and stays there", async (app) => {
  const { serverId } = await addRepositories(app.store, ["a"]);
  const usual = ["Discover now ACME", "Pause ACME", "Open ACME"];
  assert.deepEqual(await actions(app), usual);
  assert.deepEqual(await actions(app, "/servers/status"), usual);
  const send = async (what: string, form: Record<string, string>) => {
    const response = await app.ask(`/servers/${serverId}/${what}`, {
      form: { ...form, back: "/servers" },
    });
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("Location"), "/servers");
  };
  app.clock.advance(1000);
  await send("discoveries", {});
  assert.equal((await app.store.servers.find(serverId))?.state, "discovering");
  await send("pause", { paused: "yes" });
  assert.equal((await app.store.servers.find(serverId))?.state, "paused");
  assert.deepEqual(await actions(app), ["Resume ACME", "Open ACME"]);
  await send("pause", { paused: "no" });
  assert.equal((await app.store.servers.find(serverId))?.state, "discovering");
});

appTest("the list has no actions for a viewer, nor a way back to another site", async (app) => {
  const { serverId } = await addRepositories(app.store, ["a"]);
  const html = await (await app.ask("/servers", { role: "viewer" })).text();
  assert.match(html, /ACME/);
  assert.doesNotMatch(html, /Discover now|Pause|Actions/);
  const response = await app.ask(`/servers/${serverId}/discoveries`, {
    form: { back: "//evil.example" },
  });
  assert.equal(response.headers.get("Location"), `/servers/${serverId}`);
});
