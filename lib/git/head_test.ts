import assert from "node:assert/strict";
import { chooseWants, headOf } from "@/lib/git/head.ts";

const [A, B, C] = ["a", "b", "c"].map((sign) => sign.repeat(40)) as [string, string, string];
const branch = (name: string, oid: string) => ({ name: `refs/heads/${name}`, oid, peeled: null });

Deno.test("headOf() takes the branch that HEAD names", () => {
  const refs = [branch("main", A), branch("dev", B)];
  assert.deepEqual(headOf({ refs, headTarget: "refs/heads/dev", headOid: B }), {
    branch: "dev",
    oid: B,
  });
});

Deno.test("headOf() guesses where the server says less", () => {
  const refs = [branch("dev", A), branch("master", A), branch("x", B)];
  const told = (headTarget: string | null, headOid: string | null) =>
    headOf({ refs, headTarget, headOid });
  assert.deepEqual(told(null, A), { branch: "master", oid: A }, "no symbolic refs");
  assert.deepEqual(told(null, C), { branch: null, oid: C }, "detached");
  assert.deepEqual(told("refs/heads/gone", null), { branch: "master", oid: A }, "unborn");
  assert.deepEqual(headOf({ refs: [], headTarget: "refs/heads/main", headOid: null }), {
    branch: null,
    oid: null,
  });
});

Deno.test("chooseWants() asks for each id once and for none that is there", () => {
  const refs = [branch("main", A), branch("same", A), branch("dev", B)];
  const history = (haves: string[]) => chooseWants(refs, C, { mode: "history", haves });
  assert.deepEqual(history([]), { wants: [A, B, C], haves: [] });
  assert.deepEqual(history([B, B, "no id"]), { wants: [A, C], haves: [B] });
  assert.deepEqual(chooseWants(refs, A, { mode: "tip", haves: [] }).wants, [A]);
  assert.deepEqual(chooseWants(refs, null, { mode: "tip", haves: [] }).wants, []);
});
