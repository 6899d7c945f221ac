import assert from "node:assert/strict";
import { awsAccountOf } from "./aws_account.ts";

Deno.test("awsAccountOf() reads the account of the key id in the article that described it", () => {
  assert.equal(awsAccountOf("ASIA" + "QNZGKIQY56JQ7WML"), "029608264753");
});

Deno.test("awsAccountOf() gives null for old key ids and for what is none", () => {
  assert.equal(awsAccountOf("AKIA" + "IOSFODNN7EXAMPLE"), null);
  assert.equal(awsAccountOf("AKIA" + "Q".repeat(15)), null);
  assert.equal(awsAccountOf("AKIA" + "Q1111111111111111".slice(0, 16)), null);
});
