import assert from "node:assert/strict";
import { inlineSuppression } from "@/lib/detect/suppression.ts";

Deno.test("inlineSuppression() hears the comments people use, on the line", () => {
  for (
    const comment of [
      "# gitleaks:allow",
      "// pragma: allowlist secret",
      "/* secretlint-disable-line */",
      "# nosemgrep: generic.secrets",
      "# sluice:allow",
    ]
  ) {
    assert.match(inlineSuppression('x = "', `" ${comment}`) ?? "", /inline comment/, comment);
  }
  assert.equal(inlineSuppression('x = "', '" # see gitleaks'), null);
});

Deno.test("inlineSuppression() hears the line above only where the comment means it", () => {
  assert.match(
    inlineSuppression("# pragma: allowlist nextline secret\nx = ", "") ?? "",
    /nextline/,
  );
  assert.match(inlineSuppression("// nosemgrep\nx = ", "") ?? "", /nosemgrep/);
  assert.equal(inlineSuppression("y = 1 # gitleaks:allow\nx = ", ""), null);
});

Deno.test("inlineSuppression() follows a secretlint block until it is closed", () => {
  assert.match(inlineSuppression("/* secretlint-disable */\na\nb\nx = ", "") ?? "", /disable/);
  assert.equal(
    inlineSuppression("/* secretlint-disable */\na\n/* secretlint-enable */\nx = ", ""),
    null,
  );
});
