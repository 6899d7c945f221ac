/** What an admin changes on a server later: selection, token, and its removal. */

import type { FormView } from "./forms.tsx";
import { Choice, ErrorSummary, FieldError } from "./forms.tsx";
import { Icon } from "./icons.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { Notice } from "./notices.tsx";
import { SelectionForm, type SelectionView } from "./selection_form.tsx";
import { Preflight, type PreflightView, type TokenField, TokenFields } from "./token_form.tsx";
import { plural } from "@/lib/format.ts";

interface ServerName {
  id: string;
  name: string;
}

function crumbs(server: ServerName) {
  return [
    { href: "/servers", word: "Code servers" },
    { href: `/servers/${server.id}`, word: server.name },
  ];
}

/** `/servers/:id/selection`. */
export function EditSelectionPage(
  props: { frame: Frame; server: ServerName; view: SelectionView },
) {
  const { server, view } = props;
  return (
    <Layout frame={props.frame} title={`Selection of ${server.name}`} place="servers" narrow>
      <PageHead title="Edit the selection" crumbs={crumbs(server)} />
      <div class="card" id="edit-selection">
        <SelectionForm
          view={view}
          htmx={{}}
          foot={
            <>
              <button type="submit" class="primary" name="go" value="next">
                Save the selection
              </button>
              <a class="button" href={`/servers/${server.id}`}>Cancel</a>
            </>
          }
        />
      </div>
      <p class="quiet small">
        Newly chosen repositories are scanned at once. Findings of repositories that are no longer
        chosen are kept.
      </p>
    </Layout>
  );
}

/** `/servers/:id/token`. */
export function ReplaceTokenPage(
  props: {
    frame: Frame;
    server: ServerName;
    form: FormView<TokenField>;
    preflight: readonly PreflightView[];
  },
) {
  const { server } = props;
  const action = `/servers/${server.id}/token`;
  return (
    <Layout frame={props.frame} title={`Token of ${server.name}`} place="servers" narrow>
      <PageHead
        title="Replace the token"
        crumbs={crumbs(server)}
        lede="The new token is checked first. The selection and everything found stay as they are."
      />
      <form class="form card" method="post" action={action}>
        <TokenFields form={props.form} kept={null} />
        <div class="form-foot">
          <button type="submit" class="primary">Check and replace</button>
          <a class="button" href={`/servers/${server.id}`}>Cancel</a>
        </div>
      </form>
      {props.preflight.length > 0 && <Preflight lists={props.preflight} />}
    </Layout>
  );
}

/** `/servers/:id/removal`. */
export function RemoveServerPage(
  props: {
    frame: Frame;
    server: ServerName;
    repositories: number;
    findings: number;
    form: FormView<"sure">;
  },
) {
  const { server } = props;
  return (
    <Layout frame={props.frame} title={`Remove ${server.name}`} place="servers" narrow>
      <PageHead title={`Remove ${server.name}?`} crumbs={crumbs(server)} />
      <form class="form card" method="post" action={`/servers/${server.id}/removal`}>
        <ErrorSummary form={props.form} fieldIds={{ sure: "sure" }} />
        <Notice tone="danger" title="This cannot be undone">
          <p>
            {plural(props.repositories, "repository", "repositories")} and{" "}
            {plural(props.findings, "finding")}, with every judgement on them, are deleted, and so
            is the token. Nothing changes in Bitbucket.
          </p>
          <p>
            To keep the findings, <a href={`/servers/${server.id}`}>pause the server</a> instead.
          </p>
        </Notice>
        <div class="field">
          <Choice type="checkbox" id="sure" name="sure" value="yes" checked={false}>
            Delete the findings and the token of {server.name}
          </Choice>
          <FieldError id="sure" error={props.form.errors.sure} />
        </div>
        <div class="form-foot">
          <button type="submit" class="danger-button">
            <Icon name="trash" /> Remove the server
          </button>
          <a class="button" href={`/servers/${server.id}`}>Cancel</a>
        </div>
      </form>
    </Layout>
  );
}

/** `/servers/new/:draft/removal`: leaving the wizard on purpose. */
export function RemoveDraftPage(props: { frame: Frame; draftId: string; back: string }) {
  return (
    <Layout frame={props.frame} title="Leave the wizard" place="servers" narrow>
      <PageHead title="Leave the wizard?" />
      <form class="form card" method="post" action={`/servers/new/${props.draftId}/removal`}>
        <p>
          You can come back within a day: the draft waits under Code servers. Or throw it away, the
          token included.
        </p>
        <div class="form-foot">
          <a class="button primary" href="/servers">Keep it for later</a>
          <button type="submit" class="danger-button">Throw the draft away</button>
          <a class="button bare push" href={props.back}>Back to the wizard</a>
        </div>
      </form>
    </Layout>
  );
}
