/** The fault matrix: cells are played and compared with what is expected of them. */

import assert from "node:assert/strict";
import { CALLS, cells, FAULTS } from "@/e2e/fault_matrix.ts";
import { PAGE, pageOf, readExpected } from "@/e2e/fault_matrix_page.ts";
import { playAll } from "@/e2e/harness/fault_cells.ts";

/** `deno task faults` plays every cell; beside other tests every eighth must do. */
const EVERY = Number(Deno.env.get("FAULTS_EVERY") ?? 8);
const CELLS = EVERY === 1 ? "every cell" : `each ${EVERY}th cell`;

Deno.test(`${CELLS} of the fault matrix comes to the state, sentence and end expected`, async () => {
  const expected = (await readExpected()).filter((_, index) => index % EVERY === 0);
  const chosen = expected.map(({ call, fault }) => ({
    call: CALLS.find(({ id }) => id === call)!,
    fault: FAULTS.find(({ id }) => id === fault)!,
  }));
  const played = (await playAll(chosen)).map(({ call, fault, outcome, failure }) => ({
    call: call.id,
    fault: fault.id,
    ...(outcome ?? { failure }),
  }));
  assert.deepEqual(played, expected);
  console.log(`${played.length} cells played`);
});

Deno.test("docs/faults.md says what is expected", async () => {
  assert.equal(await Deno.readTextFile(PAGE), pageOf(await readExpected()));
});

Deno.test("every call with every fault that it knows has a cell", async () => {
  const expected = (await readExpected()).map(({ call, fault }) => `${call} × ${fault}`);
  assert.deepEqual(expected.toSorted(), cells().map((c) => `${c.call.id} × ${c.fault.id}`).sort());
});
