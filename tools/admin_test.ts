import assert from "node:assert/strict";
import { COMMANDS } from "@/tools/admin_commands.ts";
import { ROOT } from "@/tools/files.ts";

Deno.test("the admin task may read every variable that the start task may", async () => {
  const { permissions } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const allowed = new Set<string>(permissions.admin.env);
  const missing = permissions.start.env.filter((name: string) => !allowed.has(name));
  assert.deepEqual(missing, []);
});

Deno.test("the help names every command", async () => {
  const source = await Deno.readTextFile(`${ROOT}tools/admin.ts`);
  for (const name of Object.keys(COMMANDS)) assert.match(source, new RegExp(`^  ${name} `, "m"));
});
