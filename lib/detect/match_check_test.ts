import assert from "node:assert/strict";
import { createMatchCheck } from "@/lib/detect/match_check.ts";
import type { MatchContext, Rule } from "@/lib/detect/rule.ts";

function setup(rule: Partial<Rule> = {}) {
  const asked: [string, MatchContext][] = [];
  const check = createMatchCheck({
    keepsPlaceholders: true,
    check: (secret: string, context: MatchContext) => {
      asked.push([secret, context]);
      return { keep: !context.after.includes("no"), reason: `of ${secret}` };
    },
    ...rule,
  } as Rule);
  /** The secret is what stands in `<>`, the match what stands in `[]`. */
  const of = (marked: string) => {
    const text = marked.replace(/[[\]<>]/g, "");
    const at = (sign: string) =>
      marked.slice(0, marked.indexOf(sign)).replace(/[[\]<>]/g, "").length;
    const matchStart = at("[");
    const match = text.slice(matchStart, at("]"));
    return check({ text, start: at("<"), end: at(">"), matchStart, match });
  };
  return { asked, of };
}

Deno.test("a check sees the line, the line above, and what stands before the match", () => {
  const { asked, of } = setup();
  of("first\nabove\nbefore [key=<secret>;] after\nbelow");
  assert.deepEqual(asked, [["secret", {
    before: "before key=",
    after: "; after",
    match: "key=secret;",
    above: "above",
    lead: "first\nabove\nbefore ",
  }]]);
});

Deno.test("a check is asked once about the same in the same surroundings, wherever it stands", () => {
  const { asked, of } = setup();
  const far = "-".repeat(100);
  const first = of(`${far}\nx [key=<secret>] no`);
  assert.equal(first, null);
  assert.equal(of(`\n\n${far}\nx [key=<secret>] no\nbelow`), null);
  assert.equal(asked.length, 1);
  assert.deepEqual(of(`${far}\nx [key=<secret>] yes`), {
    canonical: "secret",
    verdict: { keep: true, reason: "of secret" },
  });
  assert.equal(asked.length, 2);
});

Deno.test("surroundings that differ in where they are cut are not taken for the same", () => {
  const { asked, of } = setup();
  of("a[b=<c>]");
  of("[ab=<c>]");
  of("a[b=<c>]\n");
  assert.equal(asked.length, 2);
});

Deno.test("what was not asked for of late is forgotten, and then judged anew", () => {
  const { asked, of } = setup();
  for (let i = 0; i < 20_000; i++) of(`[key=<secret${i}>]`);
  of("[key=<secret19000>]");
  assert.equal(asked.length, 20_000);
  of("[key=<secret1>]");
  assert.equal(asked.length, 20_001);
});

Deno.test("long matches are forgotten sooner, so that they do not fill the memory", () => {
  const { asked, of } = setup();
  const long = "x".repeat(8000);
  for (let i = 0; i < 1500; i++) of(`[key=<${long}${i}>]`);
  of("[key=<" + long + "1490>]");
  assert.equal(asked.length, 1500);
  of("[key=<" + long + "1>]");
  assert.equal(asked.length, 1501);
});

Deno.test("a placeholder is dropped before its rule looks at it", () => {
  const { asked, of } = setup({ keepsPlaceholders: false });
  assert.equal(of("[key=<changeme>]"), null);
  assert.equal(asked.length, 0);
});

Deno.test("what one rule said is not what another says, whatever their ids", () => {
  const [one, other] = [setup({ id: "acme" }), setup({ id: "acme" })];
  one.of("[key=<secret>]");
  other.of("[key=<secret>]");
  assert.deepEqual([one.asked.length, other.asked.length], [1, 1]);
});
