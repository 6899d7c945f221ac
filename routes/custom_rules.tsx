/** `/settings/rules`: written, tried, changed, switched off and deleted by an admin. */

import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import {
  type CustomRuleField,
  CustomRulePage,
  CustomRulesPage,
  type TriedView,
} from "@/components/custom_rules_page.tsx";
import type { FormView } from "@/components/forms.tsx";
import { createDetector, customRule, SEVERITIES } from "@/lib/detect/mod.ts";
import { plural } from "@/lib/format.ts";
import { SEVERITY_WORDS } from "@/lib/status.ts";
import type { CustomRuleRow } from "@/lib/store/custom_rules.ts";
import { addressOf } from "./address.ts";
import { leaveFlash } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { readForm } from "./forms.ts";
import { frameOf } from "./middleware.ts";
import { ruleProblems } from "./rule_problems.ts";

/** Characters of a text that a rule is tried on. */
const LONGEST_SAMPLE = 100_000;
const SHOWN_HITS = 20;
/** Each takes its part of every scan's time. */
const MOST_RULES = 100;
/** Repositories that are sent to be read again at once; the sweep sends the rest. */
const OUTDATED_AT_ONCE = 500;

const ruleForm = z.object({
  name: z.string().trim().min(1, "Give it a name.").max(100, "Use at most 100 characters."),
  pattern: z.string().trim().min(1, "Enter a pattern.").max(1000, "Use at most 1,000 characters."),
  keywords: z.string().max(4000, "That is too long."),
  severity: z.enum(SEVERITIES, { error: "Choose a severity." }),
  help: z.string().trim().max(1000, "Use at most 1,000 characters.").default(""),
  sample: z.string().max(LONGEST_SAMPLE, "Use at most 100,000 characters.").default(""),
  act: z.enum(["save", "try"]).catch("save"),
});
type RuleForm = z.infer<typeof ruleForm>;

const EMPTY: FormView<CustomRuleField> = { values: {}, errors: {} };

/** The rules of the installation: a list, a form with a trial, and what follows from a change. */
export function customRuleRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store } = deps;
  const problemsOf = ruleProblems();
  const app = new Hono<AppEnv>();

  app.get("/settings/rules", async (c) => {
    const rules = await store.customRules.list();
    const problems = problemsOf(rules);
    return c.html(
      <CustomRulesPage
        frame={frameOf(c, deps)}
        rules={rules.map((rule) => ({
          ...rule,
          severity: SEVERITY_WORDS[rule.severity],
          problem: problems.get(rule.id) ?? null,
        }))}
      />,
    );
  });

  app.get("/settings/rules/new", (c) => page(c, null, EMPTY, null));

  app.post("/settings/rules", async (c) => {
    const read = await checked(c);
    if (!read.ok) return page(c, null, read.form, null, 422);
    if (read.tried) return page(c, null, read.form, read.tried);
    const { facts, values } = read;
    if ((await store.customRules.list()).length >= MOST_RULES) {
      const errors = { name: `There are ${MOST_RULES} rules already. Delete one first.` };
      return page(c, null, { values, errors }, null, 422);
    }
    const who = c.get("user").email;
    const start = slugOf(facts.name);
    let id = start;
    for (let n = 2; !await store.customRules.create(id, facts, who); n++) id = `${start}-${n}`;
    // One of this name may have been there before.
    await judgeAnew(id);
    await changed(c, "custom_rule.created", { ...facts, id }, facts.pattern);
    leaveFlash(c, "good", `${facts.name} is followed from now on. Repositories are read again.`);
    return c.redirect("/settings/rules", 303);
  });

  app.get("/settings/rules/:id", async (c) => {
    const rule = await found(c.req.param("id"));
    const { name, pattern, severity, help } = rule;
    const values = { name, pattern, severity, help, keywords: rule.keywords.join("\n") };
    return page(c, rule, { values, errors: {} }, null);
  });

  app.post("/settings/rules/:id", async (c) => {
    const rule = await found(c.req.param("id"));
    const read = await checked(c);
    if (!read.ok) return page(c, rule, read.form, null, 422);
    if (read.tried) return page(c, rule, read.form, read.tried);
    await store.customRules.update(rule.id, read.facts, c.get("user").email);
    await changed(c, "custom_rule.changed", { ...read.facts, id: rule.id }, read.facts.pattern);
    leaveFlash(c, "good", `${read.facts.name} is changed.`);
    return c.redirect("/settings/rules", 303);
  });

  app.post("/settings/rules/:id/state", async (c) => {
    const rule = await found(c.req.param("id"));
    const read = await readForm(c, z.object({ enabled: z.enum(["yes", "no"]) }));
    if (!read.ok) throw new HTTPException(422, { message: "Say yes or no." });
    const enabled = read.data.enabled === "yes";
    await store.customRules.switch(rule.id, enabled, c.get("user").email);
    await changed(c, enabled ? "custom_rule.switched_on" : "custom_rule.switched_off", rule);
    const count = plural(await judgeAnew(rule.id), "finding");
    const said = enabled ? `on; ${count} open again` : `off; ${count} suppressed`;
    leaveFlash(c, "good", `${rule.name} is ${said}.`);
    return c.redirect("/settings/rules", 303);
  });

  app.post("/settings/rules/:id/removal", async (c) => {
    const rule = await found(c.req.param("id"));
    await store.customRules.remove(rule.id);
    await changed(c, "custom_rule.removed", rule, rule.pattern);
    const count = plural(await judgeAnew(rule.id), "finding");
    leaveFlash(c, "good", `${rule.name} is deleted; ${count} suppressed.`);
    return c.redirect("/settings/rules", 303);
  });

  /** Logs the act, and sends repositories to be read by today's rules; never a pasted text. */
  async function changed(
    c: Context<AppEnv>,
    action: string,
    rule: { id: string; name: string },
    detail: string | null = null,
  ): Promise<void> {
    await store.audit.add({
      who: c.get("user").email,
      action,
      target: `${rule.name} (custom-${rule.id})`,
      detail,
      address: addressOf(c),
    });
    const version = await store.customRules.version(deps.rulesVersion);
    if (await store.jobs.rescanOutdated(version, OUTDATED_AT_ONCE) > 0) {
      await deps.doorbell.ring(rule.id);
    }
  }

  /** What a rule found before follows it; gives how many of its findings changed their state. */
  async function judgeAnew(id: string): Promise<number> {
    const ruleId = `custom-${id}`;
    const count = await store.suppressions.apply({ ruleId });
    await store.suppressions.apply({ filesBeside: ruleId });
    return count;
  }

  function page(
    c: Context<AppEnv>,
    rule: CustomRuleRow | null,
    form: FormView<CustomRuleField>,
    tried: TriedView | null,
    status: 200 | 422 = 200,
  ) {
    return c.html(
      <CustomRulePage
        frame={frameOf(c, deps)}
        rule={rule}
        form={form}
        severities={SEVERITIES.map((value) => ({ value, word: SEVERITY_WORDS[value].word }))}
        tried={tried}
      />,
      status,
    );
  }

  async function found(id: string): Promise<CustomRuleRow> {
    const rule = await store.customRules.find(id);
    if (rule === null) throw new HTTPException(404, { message: "There is no such rule." });
    return rule;
  }

  return app;
}

/** A form that was looked at: refused, tried, or ready to be saved. */
async function checked(c: Context<AppEnv>) {
  const read = await readForm(c, ruleForm);
  if (!read.ok) return { ok: false, form: read.form } as const;
  const { sample, act, ...said } = read.data;
  const values = { ...said, sample };
  const facts = { ...said, keywords: keywordsOf(said) };
  const made = customRule({ id: slugOf(facts.name), ...facts });
  if ("problem" in made) {
    const field = made.field === "id" ? "name" : made.field;
    return { ok: false, form: { values, errors: { [field]: made.problem } } } as const;
  }
  if (act === "save") return { ok: true, facts, values, tried: null } as const;
  if (sample === "") {
    const errors = { sample: "Paste a text to try it on." };
    return { ok: false, form: { values, errors } } as const;
  }
  // Fingerprints are thrown away with the rest, so that any key does.
  const detector = createDetector({ fingerprintKey: new Uint8Array(32), rules: [made.rule] });
  const { hits } = detector.detect(new TextEncoder().encode(sample));
  const shown = hits.slice(0, SHOWN_HITS).map(({ line, preview }) => ({ line, preview }));
  const tried: TriedView = { hits: shown, total: hits.length };
  return { ok: true, facts, values, tried, form: { values, errors: {} } } as const;
}

function keywordsOf({ keywords }: Pick<RuleForm, "keywords">): string[] {
  return [...new Set(keywords.split(/[\r\n]+/).map((one) => one.trim()).filter(Boolean))];
}

/** The id that a name gives; it stays when the name changes. */
function slugOf(name: string): string {
  const words = name.normalize("NFKD").toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.join("-").slice(0, 40).replace(/-$/, "") || "rule";
}
