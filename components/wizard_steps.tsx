/** The wizard's steps that need the code server: token with pre-flight, and repositories. */

import type { Child } from "hono/jsx";
import type { FormView } from "./forms.tsx";
import { Icon } from "./icons.tsx";
import type { Frame } from "./layout.tsx";
import { Notice } from "./notices.tsx";
import { SelectionForm, type SelectionView } from "./selection_form.tsx";
import {
  ConnectedNotice,
  STEP_SWAP,
  stepHref,
  WizardFoot,
  WizardPage,
  type WizardStep,
} from "./server_wizard.tsx";
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
  /** Workspaces that no check has looked at with the token that is kept. */
  unchecked: readonly string[];
  /** Workspaces of which the checks found that a server has them already. */
  connected: readonly { workspace: string; serverId: string }[];
  others: readonly { slug: string; chosen: boolean }[];
}

/** Step 3: token, pre-flight, and the way on once every check has passed. */
export function TokenStep(
  props: {
    frame: Frame;
    draftId: string;
    reached: WizardStep;
    view: TokenStepView;
    /** Whether a poll asked, so that the focus stays where the person has put it. */
    polled: boolean;
  },
) {
  const { draftId, view, polled } = props;
  const back = stepHref(draftId, "workspace");
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
      failed={failed || polled}
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
              <WizardFoot draftId={draftId} back={back} next="Next: repositories" />
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
      {!running && view.unchecked.length > 0 && (
        <Notice tone="warning" title="Not checked yet" role="status">
          <p>
            No check has ended for {view.unchecked.map((workspace, index) => (
              <>
                {index > 0 && ", "}
                <code>{workspace}</code>
              </>
            ))}. The token is kept: leave the box empty and check it again.
          </p>
        </Notice>
      )}
      <ConnectedNotice connected={view.connected} />
      {view.preflight.length > 0 && <Preflight lists={view.preflight} />}
      {running && (
        <div class="form-foot">
          <WizardFoot draftId={draftId} back={back} next={null} />
        </div>
      )}
      {view.state === "passed"
        ? (
          <details class="card">
            <summary>Use another token, or check again</summary>
            <TokenForm {...props} foot={<CheckButton />} />
          </details>
        )
        : !running && (
          <div class="card">
            <TokenForm
              {...props}
              foot={
                <WizardFoot
                  draftId={draftId}
                  back={back}
                  next={view.state === "none" ? "Next: check the token" : "Check again"}
                />
              }
            />
          </div>
        )}
    </WizardPage>
  );
}

function TokenForm(
  props: { draftId: string; view: TokenStepView; polled: boolean; foot: Child },
) {
  const { view } = props;
  const action = stepHref(props.draftId, "token");
  return (
    <form class="form" method="post" action={action} hx-post={action} {...STEP_SWAP}>
      <TokenFields form={view.form} kept={view.kept} calm={props.polled} />
      <div class="form-foot">{props.foot}</div>
    </form>
  );
}

/** Back and Cancel stand with the way on, above. */
function CheckButton() {
  return (
    <button type="submit" class="primary">
      Check again <Icon name="right" />
    </button>
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
