/** `/settings/suppressions`: what admins suppress in all or some repositories, and a new rule. */

import { ErrorSummary, FormInput, type FormView } from "./forms.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { EmptyState, Notice } from "./notices.tsx";
import { Question } from "./question.tsx";
import { SettingsTabs } from "./settings_tabs.tsx";
import { CardTable, Cell } from "./table.tsx";
import { Day } from "./time.tsx";

/** A rule in the list. */
export interface SuppressionView {
  id: string;
  path: string | null;
  ruleId: string | null;
  fingerprint: string | null;
  repositories: string | null;
  reason: string;
  createdBy: string;
  createdAt: number;
}

/** The fields of the form. */
export type SuppressionField = "path" | "rule" | "fingerprint" | "repositories" | "reason";

/** The page; `like` is the finding that a new rule starts from. */
export function SuppressionsPage(props: {
  frame: Frame;
  rules: readonly SuppressionView[];
  form: FormView<SuppressionField>;
  like: { id: string; words: string } | null;
}) {
  const { frame } = props;
  const admin = frame.user.role === "admin";
  return (
    <Layout frame={frame} title="Suppressions" place="settings">
      <PageHead
        title="Suppressions"
        lede={
          <p>
            Findings that fit a rule are left out of the open ones, at once and in scans to come.
            {" "}
            <a href="/findings?state=suppressed">They stay visible</a>, with the reason.
          </p>
        }
      />
      <SettingsTabs current="suppressions" />
      {props.rules.length === 0
        ? (
          <section class="card">
            <EmptyState icon="eye-off" title="No rule yet">
              <p>
                Repositories may suppress for themselves: by <code>.sluice.yml</code>,{" "}
                <code>.gitleaksignore</code> or a comment such as <code>gitleaks:allow</code>.
              </p>
            </EmptyState>
          </section>
        )
        : <Rules rules={props.rules} admin={admin} />}
      {admin && <RuleForm form={props.form} like={props.like} />}
    </Layout>
  );
}

function Rules(props: { rules: readonly SuppressionView[]; admin: boolean }) {
  return (
    <section class="card flush" aria-label="Rules">
      <CardTable label="Rules" heads={["Suppresses", "Where", "Why", "Made", ""]}>
        {props.rules.map((rule) => (
          <tr role="row">
            <Cell label="Suppresses" kind="lead">
              <div class="cell-main">
                {rule.path && (
                  <span>
                    path <code>{rule.path}</code>
                  </span>
                )}
                {rule.ruleId && (
                  <span>
                    rule <code>{rule.ruleId}</code>
                  </span>
                )}
                {rule.fingerprint && (
                  <span>
                    fingerprint <code>{rule.fingerprint.slice(0, 16)}</code>
                  </span>
                )}
              </div>
            </Cell>
            <Cell label="Where">
              {rule.repositories ? <code>{rule.repositories}</code> : <span>all repositories</span>}
            </Cell>
            <Cell label="Why">{rule.reason}</Cell>
            <Cell label="Made">
              <span>
                <Day at={rule.createdAt} /> by {rule.createdBy}
              </span>
            </Cell>
            <Cell label="" kind="actions">
              {props.admin && (
                <Question
                  word="Remove"
                  what={`the rule: ${rule.reason}`}
                  action={`/settings/suppressions/${rule.id}/removal`}
                >
                  Findings that nothing else suppresses are open again at once.
                </Question>
              )}
            </Cell>
          </tr>
        ))}
      </CardTable>
    </section>
  );
}

function RuleForm(
  props: { form: FormView<SuppressionField>; like: { id: string; words: string } | null },
) {
  const { form, like } = props;
  return (
    <section class="card" aria-labelledby="add-title">
      <h2 id="add-title">Suppress findings</h2>
      {like && (
        <Notice tone="neutral">
          <p>
            Filled in from{" "}
            <a href={`/findings/${like.id}`}>{like.words}</a>. Clear the fields that should not
            matter: the fewer are filled in, the more the rule suppresses.
          </p>
        </Notice>
      )}
      <form class="form" method="post" action="/settings/suppressions">
        <ErrorSummary
          form={form}
          fieldIds={{
            path: "path",
            rule: "rule",
            fingerprint: "fingerprint",
            repositories: "repositories",
            reason: "reason",
          }}
        />
        <FormInput
          form={form}
          name="path"
          label="Path"
          hint={
            <>
              A glob, such as <code>tests/**</code> or <code>**/*.snap</code>.
            </>
          }
          mono
        />
        <FormInput
          form={form}
          name="rule"
          label="Rule"
          hint="The id that stands on each finding, such as json-web-token."
          mono
        />
        <FormInput
          form={form}
          name="fingerprint"
          label="Fingerprint"
          hint="One secret, wherever it stands: at least the 16 digits that its page shows."
          mono
        />
        <FormInput
          form={form}
          name="repositories"
          label="Repositories (empty: all)"
          hint={
            <>
              A glob over full names, such as <code>acme/demo-*</code>.
            </>
          }
          mono
        />
        <FormInput
          form={form}
          name="reason"
          label="Why"
          hint="Shown with every finding that it suppresses."
          required
        />
        <div>
          <button type="submit" class="primary">Suppress</button>
        </div>
      </form>
    </section>
  );
}
