import assert from "node:assert/strict";
import { dataFolder, folderProblem } from "@/tools/data_folder.ts";

Deno.test("the folder is that of DATA_DIR, and ./data where that says nothing", () => {
  assert.equal(dataFolder("/srv/my sluice's data"), "/srv/my sluice's data");
  assert.equal(dataFolder(""), "./data");
  assert.equal(dataFolder(undefined), "./data");
});

Deno.test("a comma would grant two folders and is refused", () => {
  assert.match(folderProblem("/srv/a,/etc") ?? "", /DATA_DIR: got "\/srv\/a,\/etc"/);
  assert.equal(folderProblem("/srv/a"), null);
});

Deno.test("as a program it ends with an error before anything is granted", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--allow-env=DATA_DIR", "tools/data_folder.ts"],
    cwd: new URL("..", import.meta.url).pathname,
    env: { DATA_DIR: "/srv/a,/etc" },
  }).output();
  assert.equal(code, 1);
  assert.equal(new TextDecoder().decode(stdout), "");
  assert.match(new TextDecoder().decode(stderr), /expected a folder without a comma/);
});
