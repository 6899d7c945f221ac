import assert from "node:assert/strict";
import { testDoorbell } from "./conformance.ts";
import { localDoorbell } from "./local.ts";

testDoorbell("localDoorbell", localDoorbell);

Deno.test("localDoorbell: a ring has woken by the time it returns", () => {
  const doorbell = localDoorbell();
  let woken = 0;
  doorbell.answer(() => woken++);
  const ringing = doorbell.ring("job 1");
  assert.equal(woken, 1);
  return ringing;
});
