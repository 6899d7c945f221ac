/** `deno task soak`: runs the soak for an hour, or for `--minutes N`, and prints its figures as JSON. */

import { parseArgs } from "node:util";
import { withFolder } from "@/e2e/harness/folder.ts";
import { soak } from "@/e2e/harness/soak.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: { minutes: { type: "string", default: "60" } },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error("--minutes is a number above 0");
  Deno.exit(2);
}
const report = await withFolder((folder) =>
  soak(folder, {
    minutes,
    repositories: 12,
    // About as many changes in a short run as in a long one.
    changeEveryMs: Math.min(5_000, Math.max(500, minutes * 200)),
    lookEveryMs: 2_000,
    tell: (line) => console.error(line),
  })
);
console.log(JSON.stringify(report, null, 2));
