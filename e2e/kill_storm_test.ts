/** SIGKILL at any moment, many times over: every repository is read once in the end, exactly. */

import assert from "node:assert/strict";
import { withFolder } from "@/e2e/harness/folder.ts";
import { keepBusy, storm } from "@/e2e/harness/storm.ts";

/** `deno task storm` asks for the whole storm; beside other tests a gust must do. */
const KILLS = Number(Deno.env.get("STORM_KILLS") ?? 8);
const REPOSITORIES = KILLS < 50 ? 60 : 200;

for (const queue of ["kv", "off"]) {
  Deno.test(`${KILLS} kills with the queue ${queue} leave exactly the expected rows and no file`, () =>
    withFolder(async (folder) => {
      const report = await storm(folder, {
        repositories: REPOSITORIES,
        kills: KILLS,
        env: { SLUICE_QUEUE: queue },
      });
      console.log(JSON.stringify({ queue, ...report }));
      assert.equal(report.killsAtWork, KILLS, "each kill strikes while there is work");
    }));
}

Deno.test("kills while another writer keeps the database busy leave exactly the expected rows", () =>
  withFolder(async (folder) => {
    const report = await storm(folder, {
      repositories: 20,
      kills: KILLS < 50 ? 3 : 20,
      disturb: keepBusy,
    });
    console.log(JSON.stringify({ database: "busy", ...report }));
  }));
