/** `/settings/api-keys`: the keys of scripts, and a new one, which is shown this once. */

import { ErrorSummary, FormInput, type FormView, SelectField } from "./forms.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { EmptyState, Notice } from "./notices.tsx";
import { Question } from "./question.tsx";
import { SettingsTabs } from "./settings_tabs.tsx";
import { Snippet } from "./snippet.tsx";
import { CardTable, Cell } from "./table.tsx";
import { Ago, Day } from "./time.tsx";

/** A key in a list, of scripts and of portals alike. */
export interface KeyRowView {
  id: string;
  name: string;
  hint: string;
  /** The role or the scope, in words. */
  opens: string;
  createdBy: string;
  createdAt: number;
  expiresAt: number | null;
  lastUsedAt: number | null;
  /** "revoked", "expired", why its maker's rights no longer carry it, or null while it opens. */
  over: string | null;
}

export type ApiKeyField = "name" | "role" | "expires";

/** API keys, and the form for a new one. */
export function ApiKeysPage(props: {
  frame: Frame;
  keys: readonly KeyRowView[];
  form: FormView<ApiKeyField>;
  /** The key that was just made. */
  made: string | null;
  apiUrl: string;
  now: number;
}) {
  const { frame, form, made } = props;
  return (
    <Layout frame={frame} title="API keys" place="settings">
      <PageHead
        title="API keys"
        lede={
          <p>
            For scripts, as <code>Authorization: Bearer</code>. What they can do is told by{" "}
            <a href="/api/v1/docs">the API’s own page</a>.
          </p>
        }
      />
      <SettingsTabs current="api-keys" />
      {made !== null && (
        <Notice tone="good" title="The key is made. It is shown this once." role="status">
          <Snippet id="new-key" label="The key" text={made} />
          <Snippet
            id="new-key-curl"
            label="Try it"
            text={`curl -H "Authorization: Bearer ${made}" ${props.apiUrl}/repositories`}
          />
        </Notice>
      )}
      <KeyTable
        title="Keys"
        opens="Role"
        keys={props.keys}
        action="/settings/api-keys"
        admin={frame.user.role === "admin"}
        empty="No script has a key yet"
        revoked="Scripts that use it are refused from now on, and it cannot be undone."
        now={props.now}
      />
      {frame.user.role === "admin" && (
        <section class="card" aria-labelledby="add-title">
          <h2 id="add-title">Make a key</h2>
          <p>
            It opens while you may do what it may: without your account, or your role where it needs
            the same, it opens nothing.
          </p>
          <form class="form" method="post" action="/settings/api-keys">
            <ErrorSummary
              form={form}
              fieldIds={{ name: "name", role: "role", expires: "expires" }}
            />
            <FormInput
              form={form}
              name="name"
              label="Name"
              hint="What it is for, such as nightly-report. The audit log names it."
              required
            />
            <SelectField
              id="role"
              name="role"
              label="Role"
              value={form.values.role ?? "viewer"}
              error={form.errors.role}
              options={[
                { value: "viewer", word: "Viewer: reads everything, changes nothing" },
                { value: "admin", word: "Admin: connects servers, judges findings" },
              ]}
            />
            <FormInput
              form={form}
              name="expires"
              type="date"
              label="Last day (optional)"
            />
            <div>
              <button type="submit" class="primary">Make the key</button>
            </div>
          </form>
        </section>
      )}
    </Layout>
  );
}

/** The list of keys; each that was not revoked can be, which asks first. */
export function KeyTable(props: {
  title: string;
  opens: string;
  keys: readonly KeyRowView[];
  /** Where the pages of these keys are. */
  action: string;
  admin: boolean;
  empty: string;
  /** What revoking a key does. */
  revoked: string;
  now: number;
  /** Whether each has a page of its own. */
  linked?: boolean;
}) {
  if (props.keys.length === 0) {
    return (
      <section class="card">
        <EmptyState icon="key" title={props.empty} />
      </section>
    );
  }
  const heads = ["Name", "Key", props.opens, "Made", "Ends", "Last used", ""];
  return (
    <section class="card flush" aria-label={props.title}>
      <CardTable label={props.title} heads={heads}>
        {props.keys.map((key) => (
          <tr role="row">
            <Cell label="Name" kind="lead">
              {props.linked && key.over === null
                ? <a href={`${props.action}/${key.id}`}>{key.name}</a>
                : key.name}
            </Cell>
            <Cell label="Key">
              <code class="nowrap">{key.hint}…</code>
            </Cell>
            <Cell label={props.opens}>{key.opens}</Cell>
            <Cell label="Made">
              <span>
                <Day at={key.createdAt} /> by {key.createdBy}
              </span>
            </Cell>
            <Cell label="Ends">
              <span class={key.over === null ? "nowrap" : undefined}>
                {key.over ?? (key.expiresAt === null ? "never" : <Day at={key.expiresAt} />)}
              </span>
            </Cell>
            <Cell label="Last used">
              {key.lastUsedAt === null ? "never" : <Ago at={key.lastUsedAt} now={props.now} />}
            </Cell>
            <Cell label="" kind="actions">
              {props.admin && key.over !== "revoked" && (
                <Question
                  word="Revoke"
                  what={key.name}
                  action={`${props.action}/${key.id}/revocation`}
                >
                  {props.revoked}
                </Question>
              )}
            </Cell>
          </tr>
        ))}
      </CardTable>
    </section>
  );
}
