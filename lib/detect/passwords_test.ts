import assert from "node:assert/strict";
import { judgePassword } from "@/lib/detect/passwords.ts";

Deno.test("judgePassword() has more confidence in random passwords and real hosts", () => {
  const random = "q8Zt3LmW0pRv7XsY";
  const remote = judgePassword(random, { user: "app", host: "db7.acme-corp.net" });
  assert.deepEqual([remote.keep, remote.confidence], [true, "high"]);
  assert.equal(judgePassword(random, { host: "localhost" }).confidence, "medium");
  assert.equal(judgePassword("Falcon1987!", { host: "db7.acme-corp.net" }).confidence, "medium");
});

Deno.test("judgePassword() drops what software ships with and what examples hold", () => {
  for (
    const password of [
      "postgres",
      "password",
      "changeme",
      "admin",
      "${PASS}",
      "xx",
      `"+pw()+"`,
      "' + pass + '",
    ]
  ) {
    assert.equal(judgePassword(password, { host: "db7.acme-corp.net" }).keep, false, password);
  }
});

Deno.test("judgePassword() drops the user's name again on a host of one's own only", () => {
  const at = (host: string) => judgePassword("lakecombs", { user: "lakecombs", host }).keep;
  assert.equal(at("localhost:5432"), false);
  assert.equal(at("db7.acme-corp.net"), true);
});

Deno.test("judgePassword() keeps weak passwords of real hosts, as a doubt", () => {
  const verdict = judgePassword("sunshine", { user: "ops", host: "db7.acme-corp.net" });
  assert.deepEqual([verdict.keep, verdict.confidence], [true, "low"]);
  assert.equal(judgePassword("sunshine", { user: "ops", host: "example.com" }).keep, false);
});
