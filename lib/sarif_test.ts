import assert from "node:assert/strict";
import { sarifHead, sarifResult, sarifTail } from "@/lib/sarif.ts";
import { checkedSarif } from "@/lib/test_sarif_schema.ts";

const rule = {
  id: "acme-token",
  name: "Acme token",
  help: "Revoke it under Settings.",
  helpUri: "https://acme.example/tokens",
  severity: "high",
} as const;
const finding = {
  rule: "acme-token",
  severity: "medium",
  path: "src/a file.ts",
  line: 7,
  column: 3,
  preview: "acme********xy",
  fingerprint: "ab12",
} as const;

function report(...results: string[]) {
  return JSON.parse(sarifHead([rule], "1.2.3") + results.join(",") + sarifTail);
}

Deno.test("sarifHead() and sarifTail make a whole report without results", () => {
  const { version, runs } = report();
  assert.equal(version, "2.1.0");
  assert.deepEqual(runs[0].results, []);
  const [described] = runs[0].tool.driver.rules;
  assert.equal(described.help.text, rule.help);
  assert.equal(described.helpUri, rule.helpUri);
  assert.equal(described.defaultConfiguration.level, "error");
});

Deno.test("sarifResult() carries place, level and fingerprint, and escapes the path", () => {
  const [result] = report(sarifResult(finding)).runs[0].results;
  assert.equal(result.level, "warning");
  assert.deepEqual(result.partialFingerprints, { "secret/v1": "ab12" });
  const { artifactLocation, region } = result.locations[0].physicalLocation;
  assert.equal(artifactLocation.uri, "src/a%20file.ts");
  assert.deepEqual(region, { startLine: 7, startColumn: 3 });
  assert.equal("suppressions" in result, false);
});

Deno.test("sarifResult() leads out of the sources by no name, and shows where one would", () => {
  const uriOf = (path: string): string =>
    JSON.parse(sarifResult({ ...finding, path })).locations[0].physicalLocation.artifactLocation
      .uri;
  const root = "file:///home/src/";
  for (
    const [path, shown] of [
      ["acme/pay/../../../../etc/passwd", "acme/pay/…/…/…/…/etc/passwd"],
      ["/etc/passwd", "…/etc/passwd"],
      ["//evil.test/a", "…/…/evil.test/a"],
      ["a/./b//c/..", "a/…/b/…/c/…"],
      ["a/%2e%2e/.%2E/...", "a/%2e%2e/.%2E/..."],
      ["file:/a", "file:/a"],
    ] as const
  ) {
    const uri = uriOf(path);
    assert.equal(decodeURIComponent(uri), shown);
    assert.equal(decodeURIComponent(new URL(uri, root).href), root + shown);
  }
});

Deno.test("sarifResult() says what suppresses a finding and where git has it", () => {
  const [result] = report(
    sarifResult({ ...finding, suppressedBy: ".gitleaksignore", commit: "c0ffee", author: null }),
  ).runs[0].results;
  assert.deepEqual(result.suppressions, [{
    kind: "inSource",
    justification: ".gitleaksignore",
  }]);
  assert.equal(result.properties.commit, "c0ffee");
  assert.equal("author" in result.properties, false);
});

Deno.test("a report is SARIF 2.1.0 by the schema of OASIS, whatever its findings hold", async () => {
  const results = [
    sarifResult(finding),
    sarifResult({ ...finding, path: "a?b#c/ü \ud800", preview: '"<>\u0000', fingerprint: "" }),
    sarifResult({
      ...finding,
      suppressedBy: "inline comment nosemgrep",
      commit: "c0ffee",
      author: "Ada",
      date: "2026-01-01T00:00:00.000Z",
      reasons: ["checksum is right"],
    }),
    sarifResult({ ...finding, accepted: "accepted: dead since 2020" }),
  ];
  const report = await checkedSarif(sarifHead([rule], "1.2.3+rules.v1") + results + sarifTail);
  assert.equal(report.runs[0].results.length, 4);
  assert.deepEqual(report.runs[0].results[3].suppressions, [
    { kind: "external", status: "accepted", justification: "accepted: dead since 2020" },
  ]);
  assert.equal("partialFingerprints" in report.runs[0].results[1], false);
});

Deno.test("the schema's check refuses what is no SARIF", async () => {
  await assert.rejects(checkedSarif('{"version":"2.1.0"}'), /runs/);
  const text = sarifHead([rule], "1") + sarifResult({ ...finding, line: 0 }) + sarifTail;
  await assert.rejects(checkedSarif(text), /startLine must be >= 1/);
});
