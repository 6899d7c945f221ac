import assert from "node:assert/strict";
import { addRepositories, claimed, secret } from "@/lib/store/test_store.ts";
import { appTest } from "./test_app.ts";
import { showSigns } from "./visible_signs.ts";

Deno.test("showSigns() shows what turns text around or is a control, and leaves every language", () => {
  assert.equal(showSigns("evil\u202egnp.exe\u0007"), "evil[U+202E]gnp.exe[U+0007]");
  const fine = "Größe\tשלום\u200f مرحبا می\u200cخواهم 🏳️\u200d🌈\n";
  assert.equal(showSigns(fine), fine);
});

appTest("a page shows the signs in a path, and its links still lead to the path", async (app) => {
  await addRepositories(app.store, ["a"]);
  const path = "src/evil\u202egnp.exe";
  await app.store.scans.record(await claimed(app.store, "scan"), [
    secret("one", { place: { path } }),
  ], "history");
  const html = await (await app.ask("/findings")).text();
  assert.match(html, /src\/evil\[U\+202E\]gnp\.exe/);
  assert.ok(!html.includes("\u202e"));
  const { rows: [row] } = await app.store.findings.list({}, { limit: 1 });
  const page = await (await app.ask(`/findings/${row!.id}`)).text();
  assert.match(page, /src\/evil%E2%80%AEgnp\.exe/);
  const json = await (await app.ask(`/api/v1/findings/${row!.id}`)).json();
  assert.equal(json.firstSeen.path, path);
});
