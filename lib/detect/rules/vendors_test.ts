/** Every vendor rule finds its own examples, and nothing in its look-alikes. */
import assert from "node:assert/strict";
import type { Rule } from "../rule.ts";
import { vendorRules } from "./vendors.ts";

/** The secrets a rule finds in a text with its pattern and its check alone. */
function find(rule: Rule, text: string): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(new RegExp(rule.pattern, rule.pattern.flags + "g"))) {
    const secret = match[1] ?? match[0];
    const at = match.index + match[0].indexOf(secret);
    const verdict = rule.check?.(secret, {
      before: text.slice(0, at),
      after: text.slice(at + secret.length),
      match: match[0],
      above: "",
    });
    if (verdict?.keep !== false) found.push(secret);
  }
  return found;
}

Deno.test("no two vendor rules share an id, and each id is kebab-case", () => {
  const ids = vendorRules.map((rule) => rule.id);
  assert.deepEqual(ids.filter((id, at) => ids.indexOf(id) !== at), []);
  assert.deepEqual(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)), []);
});

Deno.test("every vendor rule has facts, keywords and enough examples", () => {
  for (const rule of vendorRules) {
    assert.ok(rule.keywords.length > 0, rule.id);
    for (const word of rule.keywords) assert.match(word, /^[\x21-\x40\x5b-\x7e ]{3,}$/, rule.id);
    assert.ok(rule.help.length > 30 && rule.help.endsWith("."), rule.id);
    // Sluice's own keys are revoked in the instance that made them, which has no fixed address.
    const address = rule.revokeUrl ?? rule.docsUrl;
    assert.ok(address !== undefined || rule.vendor === "Sluice", `${rule.id} has no address`);
    for (const url of [rule.revokeUrl, rule.docsUrl]) {
      if (url !== undefined) assert.ok(URL.canParse(url) && url.startsWith("https://"), rule.id);
    }
    assert.ok(rule.matches().length >= 2, `${rule.id} has too few matches`);
    assert.ok(rule.ignores().length >= 2, `${rule.id} has too few look-alikes`);
    assert.equal(rule.pattern.flags.replace(/[imsu]/g, ""), "", rule.id);
  }
});

Deno.test("every vendor rule finds one secret in each of its matches, near a keyword", () => {
  const wrong: string[] = [];
  for (const rule of vendorRules) {
    for (const text of rule.matches()) {
      const count = find(rule, text).length;
      if (count !== 1) wrong.push(`${rule.id} finds ${count} in ${text}`);
      const lower = text.toLowerCase();
      if (!rule.keywords.some((word) => lower.includes(word))) wrong.push(`${rule.id}: ${text}`);
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("every vendor rule finds nothing in its look-alikes", () => {
  const wrong = vendorRules.flatMap((rule) =>
    rule.ignores().filter((text) => find(rule, text).length > 0).map((text) =>
      `${rule.id}: ${text}`
    )
  );
  assert.deepEqual(wrong, []);
});
