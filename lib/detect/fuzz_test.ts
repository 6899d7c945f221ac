import assert from "node:assert/strict";
import { createDetector } from "@/lib/detect/detector.ts";
import { nameKind } from "@/lib/detect/names.ts";
import { judgePassword } from "@/lib/detect/passwords.ts";
import type { Rule } from "@/lib/detect/rule.ts";
import { RULES } from "@/lib/detect/rules/mod.ts";
import { likenessOf, rejectedBy } from "@/lib/detect/values.ts";

const SIZE = 4 * 1024;
/** A microsecond a byte; what stays below cannot be made to stall a scan and is not looked into. */
const QUICK_MS = SIZE / 1000;

/** Stuffing that makes bounded repetitions try every length: of one sign, of two, of lines. */
const STUFFING = ["a", "A0", "aZ9_-", "=", ": ", "\n ", '"', ".a", "/@", "\\n"];

/** Texts that are nothing but beginnings of what a rule looks for. */
function adversarial(rule: Rule): string[] {
  const keywords = [...rule.keywords, ...rule.keywords.map((keyword) => keyword.toUpperCase())];
  const beginnings = rule.matches().slice(0, 1).flatMap((text) => [
    text.slice(0, Math.ceil(text.length / 2)),
    text.slice(0, -3),
  ]);
  const heads = [keywords[0]!, keywords.slice(0, 40).join(" "), ...beginnings];
  return heads.flatMap((head) => [
    head.repeat(Math.ceil(SIZE / head.length)),
    ...STUFFING.map((stuffing) =>
      (head + stuffing.repeat(Math.ceil(400 / stuffing.length))).repeat(
        Math.ceil(SIZE / (head.length + 400)),
      )
    ),
  ]).map((text) => text.slice(0, SIZE));
}

/** Slow, or a busy machine: one quiet moment in sixty tells which. */
function growsLinearly(rule: Rule, text: string, attempts = 60): boolean {
  const detector = createDetector({ fingerprintKey: new Uint8Array(32), rules: [rule] });
  const time = (bytes: Uint8Array) => {
    const start = performance.now();
    detector.detect(bytes);
    return performance.now() - start;
  };
  const single = new TextEncoder().encode(text);
  const fourfold = new TextEncoder().encode(text.repeat(4));
  for (let attempt = 0; attempt < attempts; attempt++) {
    const once = Math.min(time(single), time(single), time(single));
    if (once < QUICK_MS) return true;
    if (once < 50 * QUICK_MS && Math.min(time(fourfold), time(fourfold)) < 7 * once) return true;
  }
  return false;
}

for (let part = 0; part < 8; part++) {
  Deno.test(`no rule takes more than linear time on texts made to slow it down, part ${part}`, () => {
    for (const rule of RULES.filter((_, index) => index % 8 === part)) {
      const detector = createDetector({ fingerprintKey: new Uint8Array(32), rules: [rule] });
      for (const text of adversarial(rule)) {
        const bytes = new TextEncoder().encode(text);
        const start = performance.now();
        detector.detect(bytes);
        if (performance.now() - start < QUICK_MS) continue;
        assert.ok(growsLinearly(rule, text), `${rule.id}: ${text.slice(0, 60)}`);
      }
    }
  });
}

Deno.test("the measure tells a rule that takes more than linear time", () => {
  const slow: Rule = {
    ...RULES[0]!,
    keywords: ["aaa"],
    marker: "aaa",
    window: { before: 0, after: 8000 },
    pattern: /aaa[\s\S]{0,7000}!/,
  };
  // Of several looks one will do: whatever else runs may lengthen the shorter time.
  const looks = [1, 2, 3, 4, 5, 6, 7, 8];
  assert.ok(looks.some(() => !growsLinearly(slow, "a".repeat(SIZE), 1)));
});

Deno.test("judging a value takes no more than linear time, whatever the value", () => {
  const heads = ["", "0.", "$", "a.", "{{", "http://", "%", "eyJ", "<", "\\", "A-", "Bearer "];
  for (const head of heads) {
    for (const stuffing of STUFFING) {
      const judge = (length: number) => {
        const value = (head + stuffing.repeat(length)).slice(0, length) + "!";
        const start = performance.now();
        for (let i = 0; i < 5; i++) {
          nameKind(value);
          rejectedBy({ name: value, value, quoted: i % 2 === 0 });
          likenessOf(value);
          judgePassword(value, { host: value });
        }
        return performance.now() - start;
      };
      const least = (length: number) => Math.min(judge(length), judge(length), judge(length));
      // Quick, or on a slow machine no more than twice what four times the length may take.
      const isLinear = () => {
        const whole = least(160);
        return whole < 20 || whole < 8 * least(40);
      };
      assert.ok(Array.from({ length: 20 }).some(isLinear), `${head}${stuffing}`);
    }
  }
});
