/** No act is written to the audit log without a test that looks for it there. */

import assert from "node:assert/strict";
import { listFiles, ROOT } from "@/tools/files.ts";

/** As the code names an act: in the table of forms, or where it writes the line itself. */
const ACT =
  /(?:\baction: |\bact\("[^"]*", |\baudit\(c, deps, |\btell\((?:c, )?)"([a-z_]+\.[a-z_]+)"/g;

Deno.test("every act that the code writes down is looked for by a test", async () => {
  const acts = new Set<string>();
  const tests: string[] = [];
  for (const path of await listFiles(/\.tsx?$/)) {
    const text = await Deno.readTextFile(ROOT + path);
    if (/_test\.tsx?$/.test(path)) tests.push(text);
    else if (/^(routes|tools\/(?:admin|export))/.test(path)) {
      for (const [, name] of text.matchAll(ACT)) acts.add(name!);
    }
  }
  assert.ok(acts.size > 30, [...acts].join(" "));
  const unseen = [...acts].filter((name) => !tests.some((text) => text.includes(`"${name}"`)));
  assert.deepEqual(unseen, []);
});
