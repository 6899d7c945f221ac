/** `/settings/embed-keys`: the keys of portals, and the form to make one. */

import { type KeyRowView, KeyTable } from "./api_keys_page.tsx";
import {
  Choice,
  ErrorSummary,
  FieldError,
  FormInput,
  FormTextArea,
  type FormView,
} from "./forms.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { SettingsTabs } from "./settings_tabs.tsx";

export type EmbedKeyField = "name" | "scope" | "repositories" | "origins" | "expires";

/** What the form shows of what was chosen. */
export interface EmbedKeyFormView extends FormView<EmbedKeyField> {
  serverIds: readonly string[];
  showCounts: boolean;
}

/** Embed keys, and the form for a new one. */
export function EmbedKeysPage(props: {
  frame: Frame;
  keys: readonly KeyRowView[];
  servers: readonly { id: string; name: string }[];
  form: EmbedKeyFormView;
  now: number;
}) {
  const { frame } = props;
  return (
    <Layout frame={frame} title="Embed keys" place="settings">
      <PageHead
        title="Embed keys"
        lede={
          <p>
            A key lets another portal show states and counts, never a finding. It stands in
            addresses and pages, so it opens nothing else.
          </p>
        }
      />
      <SettingsTabs current="embed-keys" />
      <KeyTable
        title="Keys"
        opens="Shows"
        keys={props.keys}
        action="/settings/embed-keys"
        admin={frame.user.role === "admin"}
        empty="No portal has a key yet"
        revoked="Portals that use it show nothing from now on, and it cannot be undone."
        now={props.now}
        linked
      />
      {frame.user.role === "admin" && <KeyForm form={props.form} servers={props.servers} />}
    </Layout>
  );
}

function KeyForm(
  props: { form: EmbedKeyFormView; servers: readonly { id: string; name: string }[] },
) {
  const { form } = props;
  const scope = form.values.scope ?? "all";
  return (
    <section class="card" aria-labelledby="add-title">
      <h2 id="add-title">Make a key</h2>
      <form class="form" method="post" action="/settings/embed-keys">
        <ErrorSummary
          form={form}
          fieldIds={{
            name: "name",
            scope: "scope-all",
            repositories: "repositories",
            origins: "origins",
            expires: "expires",
          }}
        />
        <FormInput
          form={form}
          name="name"
          label="Name"
          hint="Where it is used, such as backstage."
          required
        />
        <fieldset class="field" aria-describedby={form.errors.scope && "scope-error"}>
          <legend>What it shows</legend>
          <div class="stack tight">
            <Choice
              id="scope-all"
              type="radio"
              name="scope"
              value="all"
              checked={scope === "all"}
            >
              Everything
            </Choice>
            <Choice type="radio" name="scope" value="chosen" checked={scope === "chosen"}>
              Only what is chosen here
            </Choice>
            {props.servers.map((server) => (
              <Choice
                type="checkbox"
                name="server"
                value={server.id}
                checked={form.serverIds.includes(server.id)}
              >
                {server.name}, with its repositories
              </Choice>
            ))}
          </div>
          <FieldError id="scope" error={form.errors.scope} />
        </fieldset>
        <FormTextArea
          form={form}
          name="repositories"
          label="Single repositories (optional)"
          hint="Full names or IDs, one a line, such as acme/payments."
          mono
        />
        <FormTextArea
          form={form}
          name="origins"
          label="Origins of the portals"
          hint="One a line, such as https://portal.example.com. Frames and scripts work on these pages alone. Badges need none."
          mono
        />
        <Choice type="checkbox" name="counts" value="yes" checked={form.showCounts}>
          Show how many findings and repositories there are. States, such as “findings”, are always
          shown.
        </Choice>
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
  );
}
