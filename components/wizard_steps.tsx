/** The wizard's steps that need the code server: token with pre-flight, and repositories. */

import type { FormView } from "./forms.tsx";
import { Icon } from "./icons.tsx";
import type { Frame } from "./layout.tsx";
import { Notice } from "./notices.tsx";
import { SelectionForm, type SelectionView } from "./selection_form.tsx";
import { STEP_SWAP, stepHref, WizardFoot, WizardPage, type WizardStep } from "./server_wizard.tsx";
import {
  OtherWorkspaces,
  Preflight,
  type PreflightView,
  type TokenField,
  TokenFields,
} from "./token_form.tsx";

/** Everything step 3 shows. */
export interface TokenStepView {
  form: FormView<TokenField>;
  /** "API token of you@example.com", once one is stored. */
  kept: string | null;
  preflight: readonly PreflightView[];
  state: "none" | "running" | "failed" | "passed";
  others: readonly { slug: string; chosen: boolean }[];
}

/** Step 3: token, pre-flight, and the way on once every check has passed. */
export function TokenStep(
  props: { frame: Frame; draftId: string; reached: WizardStep; view: TokenStepView },
) {
  const { draftId, view } = props;
  const action = stepHref(draftId, "token");
  const running = view.state === "running";
  const live = {
    "hx-get": `${action}/status`,
    "hx-trigger": "every 1s",
    "hx-swap": "outerMorph",
    "hx-select": "#step",
  };
  const failed = Object.values(view.form.errors).some((sentence) => sentence !== undefined);
  return (
    <WizardPage
      {...props}
      step="token"
      failed={failed}
      refreshSeconds={running ? 3 : null}
      {...(running ? { live } : {})}
    >
      {view.state === "passed" && (
        <Notice tone="good" title="All checks passed" role="status">
          <form
            class="stack tight"
            method="post"
            action={`${action}/acceptance`}
            hx-post={`${action}/acceptance`}
            {...STEP_SWAP}
          >
            <OtherWorkspaces others={view.others} />
            <div class="row">
              <button type="submit" class="primary">
                Next: repositories <Icon name="right" />
              </button>
            </div>
          </form>
        </Notice>
      )}
      {running && (
        <Notice tone="active" title="Checking the token" role="status">
          <p>This takes some seconds. The list below fills in as answers arrive.</p>
        </Notice>
      )}
      {view.state === "failed" && !failed && (
        <Notice tone="danger" title="The token cannot be used yet" role="alert">
          <p>See the list below. Nothing was saved; you can enter another token.</p>
        </Notice>
      )}
      {view.preflight.length > 0 && <Preflight lists={view.preflight} />}
      {view.state === "passed"
        ? (
          <details class="card">
            <summary>Use another token, or check again</summary>
            <TokenForm draftId={draftId} view={view} action={action} />
          </details>
        )
        : !running && (
          <div class="card">
            <TokenForm draftId={draftId} view={view} action={action} />
          </div>
        )}
    </WizardPage>
  );
}

function TokenForm(props: { draftId: string; view: TokenStepView; action: string }) {
  const { draftId, view, action } = props;
  return (
    <form class="form" method="post" action={action} hx-post={action} {...STEP_SWAP}>
      <TokenFields form={view.form} kept={view.kept} />
      <div class="form-foot">
        <WizardFoot
          draftId={draftId}
          back={stepHref(draftId, "workspace")}
          next={view.state === "none" ? "Next: check the token" : "Check again"}
        />
      </div>
    </form>
  );
}

/** Step 4: all or custom. */
export function RepositoriesStep(
  props: { frame: Frame; draftId: string; reached: WizardStep; view: SelectionView },
) {
  const { draftId, view } = props;
  const failed = Object.values(view.form.errors).some((sentence) => sentence !== undefined);
  return (
    <WizardPage {...props} step="repositories" failed={failed}>
      <div class="card">
        <SelectionForm
          view={view}
          htmx={{ "hx-post": view.action, ...STEP_SWAP }}
          foot={
            <WizardFoot
              draftId={draftId}
              back={stepHref(draftId, "token")}
              next="Next: save"
            />
          }
        />
      </div>
    </WizardPage>
  );
}
