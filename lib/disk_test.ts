import assert from "node:assert/strict";
import { freeBytes, isDiskFull } from "@/lib/disk.ts";

Deno.test("isDiskFull() knows what SQLite, the system and a thread say", () => {
  const coded = (code: string) => Object.assign(new Error("failed"), { code });
  assert.ok(isDiskFull(coded("SQLITE_FULL")));
  assert.ok(isDiskFull(coded("ENOSPC")));
  assert.ok(isDiskFull(new Error("No space left on device (os error 28)")));
  assert.ok(isDiskFull(new Error("Failed query", { cause: coded("SQLITE_FULL") })));
  assert.equal(isDiskFull(coded("SQLITE_BUSY")), false);
  assert.equal(isDiskFull("database or disk is full"), false);
});

Deno.test("freeBytes() gives a number for a folder, and null for none", async () => {
  assert.ok((await freeBytes("."))! > 0);
  assert.equal(await freeBytes("/no/such/folder"), null);
});
