/** `/settings/suppressions`: rules by which an admin suppresses findings, and their removal. */

import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import type { FormView } from "@/components/forms.tsx";
import { type SuppressionField, SuppressionsPage } from "@/components/suppressions_page.tsx";
import { RULES, SENSITIVE_FILE_RULES } from "@/lib/detect/mod.ts";
import { plural } from "@/lib/format.ts";
import { FINGERPRINT_START, type SuppressionRule } from "@/lib/suppression.ts";
import { addressOf } from "./address.ts";
import { leaveFlash } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { loadRuleWords } from "./finding_views.ts";
import { readForm } from "./forms.ts";
import { frameOf } from "./middleware.ts";

/** Each is tried on every finding. */
const MOST_RULES = 200;

const glob = z.string().trim().max(200, "Use at most 200 characters.").default("");
const ruleForm = z.object({
  path: glob,
  rule: z.string().trim().max(100, "Use at most 100 characters.").default(""),
  fingerprint: z.string().trim().toLowerCase().default("").refine(
    (text) => text === "" || /^[0-9a-f]{16,64}$/.test(text),
    "A fingerprint has 16 to 64 digits from 0 to f.",
  ),
  repositories: glob,
  reason: z.string().trim().min(1, "Say why.").max(200, "Use at most 200 characters."),
});

const KNOWN_RULES = new Set([...RULES, ...SENSITIVE_FILE_RULES].map(({ id }) => id));

/** Rules that suppress: the list, a new one, and one less; each counts at once. */
export function suppressionRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store } = deps;
  const app = new Hono<AppEnv>();

  app.get("/settings/suppressions", async (c) => {
    const like = await findingLike(c.req.query("finding"));
    return await page(c, like?.form ?? { values: {}, errors: {} }, like?.shown ?? null);
  });

  app.post("/settings/suppressions", async (c) => {
    const read = await readForm(c, ruleForm);
    if (!read.ok) return await page(c, read.form, null, 422);
    const { path, rule, fingerprint, repositories, reason } = read.data;
    const errors: FormView<SuppressionField>["errors"] = {};
    if (path + rule + fingerprint === "") {
      errors.path =
        "Name a path, a rule or a fingerprint: otherwise everything would be suppressed.";
    }
    if (rule !== "" && !await isKnown(rule)) errors.rule = "There is no rule with this id.";
    if ((await store.suppressions.listRules()).length >= MOST_RULES) {
      errors.reason = `There are ${MOST_RULES} rules already. Remove one first.`;
    }
    if (Object.keys(errors).length > 0) {
      return await page(c, { values: read.data, errors }, null, 422);
    }
    const added: SuppressionRule = {
      path: path || null,
      ruleId: rule || null,
      fingerprint: fingerprint || null,
      repositories: repositories || null,
      reason,
    };
    const id = await store.suppressions.addRule(added, c.get("user").email);
    const count = await store.suppressions.apply({ added });
    await log(c, "suppression.created", id, added);
    leaveFlash(c, "good", `${plural(count, "open finding")} suppressed.`);
    return c.redirect("/settings/suppressions", 303);
  });

  app.post("/settings/suppressions/:id/removal", async (c) => {
    const id = c.req.param("id");
    const rule = (await store.suppressions.listRules()).find((one) => one.id === id);
    if (rule === undefined) throw new HTTPException(404, { message: "There is no such rule." });
    await store.suppressions.removeRule(id);
    const count = await store.suppressions.apply({ removed: true });
    await log(c, "suppression.removed", id, rule);
    leaveFlash(c, "good", `The rule is removed; ${plural(count, "finding")} open again.`);
    return c.redirect("/settings/suppressions", 303);
  });

  async function isKnown(ruleId: string): Promise<boolean> {
    return KNOWN_RULES.has(ruleId) ||
      (await store.customRules.list()).some(({ id }) => `custom-${id}` === ruleId);
  }

  /** What a rule for findings like this one says; the person takes away what should not count. */
  async function findingLike(id: string | undefined) {
    const row = id === undefined ? null : await store.findings.find(id);
    if (row === null) return null;
    const words = await loadRuleWords(deps);
    const form: FormView<SuppressionField> = {
      values: {
        path: row.firstPath,
        rule: row.ruleId,
        fingerprint: row.fingerprint.slice(0, FINGERPRINT_START),
        repositories: row.repositoryFullName,
      },
      errors: {},
    };
    const shown = { id: row.id, words: `${words(row.ruleId).name} in ${row.repositoryFullName}` };
    return { form, shown };
  }

  async function log(c: Context<AppEnv>, action: string, id: string, rule: SuppressionRule) {
    const { path, ruleId, fingerprint, repositories, reason } = rule;
    await store.audit.add({
      who: c.get("user").email,
      action,
      target: `${reason} (${id})`,
      detail: JSON.stringify({ path, ruleId, fingerprint, repositories }),
      address: addressOf(c),
    });
  }

  async function page(
    c: Context<AppEnv>,
    form: FormView<SuppressionField>,
    like: { id: string; words: string } | null,
    status: 200 | 422 = 200,
  ) {
    const rules = await store.suppressions.listRules();
    return c.html(
      <SuppressionsPage frame={frameOf(c, deps)} rules={rules} form={form} like={like} />,
      status,
    );
  }

  return app;
}
