import assert from "node:assert/strict";
import { describeError, withoutValues } from "@/lib/error_facts.ts";

/** A failed query as drizzle reports it, with its values in message and stack. */
function failedQuery(values: string, cause?: Error): Error {
  return new Error(`Failed query: select 1 from users where email = ?\nparams: ${values}`, {
    cause,
  });
}

function driverError(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

Deno.test("describeError() tells the query and the driver's word, and no value", () => {
  const value = `${crypto.randomUUID()}\n    at somewhere (file.ts:1:1)`;
  const error = failedQuery(
    value,
    driverError("SQLITE_ERROR: no such table: users", "SQLITE_ERROR"),
  );
  const facts = describeError(error);
  assert.equal(
    facts.error,
    "Failed query: select 1 from users where email = ?: SQLITE_ERROR: no such table: users",
  );
  assert.equal(facts.code, "SQLITE_ERROR");
  assert.match(facts.stack!, /^Error: Failed query[^\n]*\n {4}at failedQuery .*error_facts_test/);
  assert.ok(!JSON.stringify(facts).includes(value.slice(0, 36)));
  assert.ok(!facts.stack!.includes("somewhere"));
});

Deno.test("describeError() gives up a stack that it cannot tell the values from", () => {
  const error = failedQuery("hunter2");
  // It is written down when it is first read.
  assert.match(error.stack!, /hunter2/);
  error.message = "changed later";
  assert.deepEqual(describeError(error), { error: "changed later" });
});

Deno.test("describeError() tells anything that is thrown, and ends in a circle of causes", () => {
  assert.deepEqual(describeError("plain text\nparams: hunter2"), { error: "plain text" });
  assert.deepEqual(describeError(null), { error: "null" });
  const [one, two] = [new Error("one"), new Error("two")];
  one.cause = two;
  two.cause = one;
  assert.equal(describeError(one).error, "one: two");
  // A driver that wraps its own error says the same twice.
  assert.equal(describeError(new Error("same", { cause: new Error("same") })).error, "same");
});

Deno.test("withoutValues() is for who throws on: the same error, or one that tells no value", () => {
  const harmless = new TypeError("bad");
  assert.equal(withoutValues(harmless), harmless);
  const full = driverError("database or disk is full", "SQLITE_FULL");
  const cleaned = withoutValues(failedQuery("hunter2", full));
  assert.equal(cleaned.cause, full);
  assert.ok(!Deno.inspect(cleaned).includes("hunter2"));
  assert.match(Deno.inspect(cleaned), /Failed query.*failedQuery/s);
  const nested = withoutValues(new Error("outer", { cause: failedQuery("hunter2", full) }));
  assert.ok(!Deno.inspect(nested).includes("hunter2"));
  assert.equal(nested.cause, full);
});
