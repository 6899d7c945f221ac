/** `/settings/rules`: the rules that admins wrote, and the form of one, with a place to try it. */

import { ErrorSummary, FormInput, FormTextArea, type FormView, SelectField } from "./forms.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { EmptyState, Notice } from "./notices.tsx";
import { Question } from "./question.tsx";
import { StateBadge } from "./scan_status.tsx";
import { SettingsTabs } from "./settings_tabs.tsx";
import { CardTable, Cell } from "./table.tsx";
import { Day } from "./time.tsx";
import { formatCount, plural } from "@/lib/format.ts";
import type { StateWords } from "@/lib/status.ts";

/** A rule in the list. */
export interface CustomRuleView {
  id: string;
  name: string;
  severity: StateWords;
  keywords: readonly string[];
  enabled: boolean;
  /** Why scans pass over it although it is switched on, or null. */
  problem: string | null;
  updatedBy: string;
  updatedAt: number;
}

/** The fields of the form. */
export type CustomRuleField = "name" | "pattern" | "keywords" | "severity" | "help" | "sample";

/** What a rule finds in a pasted text; the secrets are masked. */
export interface TriedView {
  hits: readonly { line: number; preview: string }[];
  total: number;
}

/** The list. */
export function CustomRulesPage(props: { frame: Frame; rules: readonly CustomRuleView[] }) {
  const { frame } = props;
  const admin = frame.user.role === "admin";
  return (
    <Layout frame={frame} title="Rules" place="settings">
      <PageHead
        title="Rules"
        lede={
          <p>
            Your own kinds of secret, beside the built-in ones. A changed rule has every repository
            read again, behind all other work.
          </p>
        }
      >
        {admin && <a class="button primary" href="/settings/rules/new">New rule</a>}
      </PageHead>
      <SettingsTabs current="rules" />
      {props.rules.length === 0
        ? (
          <section class="card">
            <EmptyState icon="search" title="No rule of your own yet">
              <p>Write one for tokens that your own systems give out.</p>
            </EmptyState>
          </section>
        )
        : (
          <section class="card flush" aria-label="Rules">
            <CardTable
              label="Rules"
              heads={["Name", "Severity", "Keywords", "State", "Changed", ""]}
            >
              {props.rules.map((rule) => <RuleRow rule={rule} admin={admin} />)}
            </CardTable>
          </section>
        )}
    </Layout>
  );
}

function RuleRow(props: { rule: CustomRuleView; admin: boolean }) {
  const { rule } = props;
  const action = `/settings/rules/${rule.id}`;
  return (
    <tr role="row">
      <Cell label="Name" kind="lead">
        <div class="cell-main">
          {props.admin ? <a href={action}>{rule.name}</a> : rule.name}
          <code class="cell-sub">custom-{rule.id}</code>
        </div>
      </Cell>
      <Cell label="Severity">
        <StateBadge words={rule.severity} />
      </Cell>
      <Cell label="Keywords">
        <code>{rule.keywords.slice(0, 3).join(", ")}</code>
        {rule.keywords.length > 3 && ` and ${rule.keywords.length - 3} more`}
      </Cell>
      <Cell label="State">
        {rule.problem !== null
          ? <span>not followed: {rule.problem}</span>
          : rule.enabled
          ? "on"
          : (
            <div class="cell-main">
              off
              <span class="cell-sub">its findings are suppressed until it is on</span>
            </div>
          )}
      </Cell>
      <Cell label="Changed">
        <span>
          <Day at={rule.updatedAt} /> by {rule.updatedBy}
        </span>
      </Cell>
      <Cell label="" kind="actions">
        {props.admin && (
          <span class="row">
            {rule.enabled
              ? (
                <Question
                  word="Switch off"
                  what={rule.name}
                  action={`${action}/state`}
                  fields={{ enabled: "no" }}
                  mild
                >
                  Its open findings become suppressed at once, until it is on again; what people
                  decided stays.
                </Question>
              )
              : (
                <form method="post" action={`${action}/state`}>
                  <input type="hidden" name="enabled" value="yes" />
                  <button
                    type="submit"
                    class="small-button"
                    aria-label={`Switch on ${rule.name}`}
                  >
                    Switch on
                  </button>
                </form>
              )}
            <Question word="Delete" what={rule.name} action={`${action}/removal`}>
              Its open findings become suppressed at once; what people decided stays.
            </Question>
          </span>
        )}
      </Cell>
    </tr>
  );
}

/** The form of a new rule, or of one that is there. */
export function CustomRulePage(props: {
  frame: Frame;
  /** Null for a new one. */
  rule: { id: string; name: string } | null;
  form: FormView<CustomRuleField>;
  severities: readonly { value: string; word: string }[];
  tried: TriedView | null;
}) {
  const { form, rule } = props;
  const title = rule === null ? "New rule" : rule.name;
  return (
    <Layout frame={props.frame} title={title} place="settings" narrow>
      <PageHead title={title} crumbs={[{ href: "/settings/rules", word: "Rules" }]} />
      {props.tried && <Tried tried={props.tried} />}
      <section class="card" aria-label="The rule">
        <form
          class="form"
          method="post"
          action={rule === null ? "/settings/rules" : `/settings/rules/${rule.id}`}
        >
          <ErrorSummary
            form={form}
            fieldIds={{
              name: "name",
              pattern: "pattern",
              keywords: "keywords",
              severity: "severity",
              help: "help",
              sample: "sample",
            }}
          />
          <FormInput
            form={form}
            name="name"
            label="Name"
            hint="What kind of secret it is, such as Acme deploy token."
            required
          />
          <FormTextArea
            form={form}
            name="pattern"
            label="Pattern"
            hint="A JavaScript regular expression. Its first group, if it has one, is the secret. Give repetitions tight bounds, such as {20,40}."
            rows={2}
            mono
            required
          />
          <FormTextArea
            form={form}
            name="keywords"
            label="Keywords"
            hint="One a line, of 3 or more plain characters. One of them must stand in or near each secret; without it the pattern is not tried."
            rows={2}
            mono
            required
          />
          <SelectField
            id="severity"
            name="severity"
            label="Severity"
            value={form.values.severity ?? "high"}
            error={form.errors.severity}
            options={props.severities}
          />
          <FormTextArea
            form={form}
            name="help"
            label="What to do about it (optional)"
            hint="Shown beside each finding: what it opens, and where it is revoked."
            rows={2}
          />
          <FormTextArea
            form={form}
            name="sample"
            label="Try it on a text (optional)"
            hint="The text is looked at once: it is neither stored nor logged."
            rows={4}
            mono
          />
          <div class="row">
            <button type="submit" class="primary" name="act" value="save">Save</button>
            <button type="submit" name="act" value="try">Try it</button>
            <a href="/settings/rules">Cancel</a>
          </div>
        </form>
      </section>
    </Layout>
  );
}

function Tried(props: { tried: TriedView }) {
  const { hits, total } = props.tried;
  if (total === 0) {
    return (
      <Notice tone="warning" role="status" title="It finds nothing in this text">
        <p>Check that one of the keywords stands in the text, near the secret.</p>
      </Notice>
    );
  }
  return (
    <Notice tone="good" role="status" title={`It finds ${plural(total, "secret")} in this text`}>
      <ul>
        {hits.map(({ line, preview }) => (
          <li>
            line {formatCount(line)}: <span class="preview">{preview}</span>
          </li>
        ))}
      </ul>
      {total > hits.length && <p class="small">and {formatCount(total - hits.length)} more</p>}
    </Notice>
  );
}
