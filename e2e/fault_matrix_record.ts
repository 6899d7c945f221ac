/** `deno task faults:record`: plays the cells whose name holds the argument and prints what came of each, to be judged and kept. */

import { cells } from "@/e2e/fault_matrix.ts";
import { playAll } from "@/e2e/harness/fault_cells.ts";

const only = Deno.args[0] ?? "";
const chosen = cells().filter(({ call, fault }) => `${call.id} × ${fault.id}`.includes(only));
for (const { call, fault, outcome, failure } of await playAll(chosen)) {
  if (failure !== null) console.error(`${call.id} × ${fault.id}: ${failure}`);
  console.log(JSON.stringify({ call: call.id, fault: fault.id, ...outcome }));
}
