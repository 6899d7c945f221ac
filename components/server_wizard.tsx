/** The wizard that connects a code server: its shell and the steps type, workspace and save. */

import type { Child } from "hono/jsx";
import { Choice, ErrorSummary, FieldError, type FormView, TextAreaField } from "./forms.tsx";
import { Icon } from "./icons.tsx";
import { type Frame, Layout } from "./layout.tsx";
import { Notice } from "./notices.tsx";
import { Day } from "./time.tsx";

/** The five steps, in order. */
export const WIZARD_STEPS = ["type", "workspace", "token", "repositories", "save"] as const;
export type WizardStep = typeof WIZARD_STEPS[number];

const STEP_WORDS: Record<WizardStep, { word: string; title: string }> = {
  type: { word: "Type", title: "What do you want to connect?" },
  workspace: { word: "Workspace", title: "Which workspace?" },
  token: { word: "Token", title: "How may Sluice read it?" },
  repositories: { word: "Repositories", title: "Which repositories?" },
  save: { word: "Save", title: "Ready to start" },
};

/** Only the step is replaced, the address is pushed, and the focus moves to the step's heading. */
export const STEP_SWAP: Record<string, string> = {
  "hx-target": "#step",
  "hx-select": "#step",
  "hx-swap": "outerHTML show:top",
  "hx-push-url": "true",
  "hx-status:422": "select:#step",
};

/** The shell of a step. `reached` is the last step that may be opened; `draftId` null: none yet. */
export function WizardPage(props: {
  frame: Frame;
  draftId: string | null;
  step: WizardStep;
  reached: WizardStep;
  refreshSeconds?: number | null;
  /** Polls while something of the step is under way. */
  live?: Record<string, string>;
  /** Whether the focus stays away from the heading: an error summary takes it, or a poll asked. */
  failed: boolean;
  children?: Child;
}) {
  const { step } = props;
  const here = WIZARD_STEPS.indexOf(step);
  return (
    <Layout
      frame={props.frame}
      title={`${STEP_WORDS[step].title} Step ${here + 1} of 5`}
      place="servers"
      narrow
      refreshSeconds={props.refreshSeconds ?? null}
    >
      <div id="step" class="stack" {...(props.live ?? {})}>
        <div class="stack tight">
          <p class="crumbs">
            <a href="/servers">Code servers</a> / Add a code server
          </p>
          <Steps draftId={props.draftId} step={step} reached={props.reached} />
        </div>
        <h1 tabindex={-1} autofocus={!props.failed}>{STEP_WORDS[step].title}</h1>
        {props.children}
      </div>
    </Layout>
  );
}

function Steps(props: { draftId: string | null; step: WizardStep; reached: WizardStep }) {
  const here = WIZARD_STEPS.indexOf(props.step);
  const reached = WIZARD_STEPS.indexOf(props.reached);
  return (
    <ol class="steps" aria-label="Steps">
      {WIZARD_STEPS.map((step, index) => {
        const bead = index < here
          ? <Icon name="tick" label="done" />
          : <span aria-hidden="true">{index + 1}</span>;
        const label = <span class="label">{STEP_WORDS[step].word}</span>;
        return (
          <li
            class={index < here ? "done" : undefined}
            aria-current={index === here ? "step" : undefined}
          >
            <span class="bead">{bead}</span>
            {props.draftId !== null && index !== here && index <= reached
              ? <a href={stepHref(props.draftId, step)}>{label}</a>
              : label}
          </li>
        );
      })}
    </ol>
  );
}

/** The address of a draft's step. */
export function stepHref(draftId: string, step: WizardStep): string {
  return `/servers/new/${draftId}/${step}`;
}

/** Back, Next and Cancel, the same on every step; `next` is null while there is no way on. */
export function WizardFoot(
  props: { draftId: string | null; back: string; next: string | null },
) {
  const cancel = props.draftId === null ? "/servers" : `/servers/new/${props.draftId}/removal`;
  // By their ids they keep the focus when a poll replaces the step around them.
  return (
    <>
      {props.next !== null && (
        <button type="submit" class="primary" name="go" value="next">
          {props.next} <Icon name="right" />
        </button>
      )}
      <a class="button" id="wizard-back" href={props.back}>Back</a>
      <a class="button bare push" id="wizard-cancel" href={cancel}>Cancel</a>
    </>
  );
}

/** Workspaces that have a server already, each with the way to it. */
export function ConnectedNotice(
  props: { connected: readonly { workspace: string; serverId: string }[] },
) {
  if (props.connected.length === 0) return null;
  return (
    <Notice tone="warning" title="Connected already">
      {props.connected.map((one) => (
        <p>
          <code>{one.workspace}</code>: <a href={`/servers/${one.serverId}`}>edit this server</a>
          {" "}
          instead.
        </p>
      ))}
    </Notice>
  );
}

/** Step 1: the types that work. */
export function TypeStep(
  props: {
    frame: Frame;
    draftId: string | null;
    reached: WizardStep;
    form: FormView<"type">;
  },
) {
  const action = props.draftId === null ? "/servers/new" : stepHref(props.draftId, "type");
  return (
    <WizardPage {...props} step="type" failed={props.form.errors.type !== undefined}>
      <form class="form" method="post" action={action} hx-post={action} {...STEP_SWAP}>
        <ErrorSummary form={props.form} fieldIds={{ type: "type" }} />
        <fieldset id="type" class="tiles">
          <legend class="visually-hidden">Type of code server</legend>
          <Choice
            type="radio"
            name="type"
            value="bitbucket_cloud"
            checked={props.form.values.type === "bitbucket_cloud"}
            boxed
          >
            <strong>Bitbucket Cloud</strong>
            <span class="hint">Workspaces on bitbucket.org, by API token or access token.</span>
          </Choice>
          <FieldError id="type" error={props.form.errors.type} />
        </fieldset>
        <div class="form-foot">
          <WizardFoot draftId={props.draftId} back="/servers" next="Next: workspace" />
        </div>
      </form>
    </WizardPage>
  );
}

/** Step 2: one workspace or several. */
export function WorkspaceStep(
  props: {
    frame: Frame;
    draftId: string;
    reached: WizardStep;
    form: FormView<"workspaces">;
    /** Workspaces among those entered that are connected already. */
    connected: readonly { workspace: string; serverId: string }[];
  },
) {
  const action = stepHref(props.draftId, "workspace");
  return (
    <WizardPage {...props} step="workspace" failed={props.form.errors.workspaces !== undefined}>
      <form class="form card" method="post" action={action} hx-post={action} {...STEP_SWAP}>
        <ErrorSummary form={props.form} fieldIds={{ workspaces: "workspaces" }} />
        <ConnectedNotice connected={props.connected} />
        <TextAreaField
          id="workspaces"
          name="workspaces"
          label="Workspace ID"
          rows={2}
          mono
          required
          value={props.form.values.workspaces}
          error={props.form.errors.workspaces}
          placeholder="acme-platform"
          hint={
            <>
              The part after bitbucket.org/ in the workspace's address, not its display name. A
              pasted address will do. Several IDs, separated by commas, spaces or lines, become one
              code server each, with the same token.
            </>
          }
        />
        <details>
          <summary>Where do I find the ID?</summary>
          <p class="hint">
            Open any repository of the workspace: in{" "}
            <code>https://bitbucket.org/acme-platform/shop</code> it is{" "}
            <code>acme-platform</code>. Admins also see it under Settings, Workspace settings.
          </p>
        </details>
        <div class="form-foot">
          <WizardFoot
            draftId={props.draftId}
            back={stepHref(props.draftId, "type")}
            next="Next: token"
          />
        </div>
      </form>
    </WizardPage>
  );
}

/** What step 5 sums up. */
export interface SummaryView {
  type: string;
  workspaces: readonly { name: string; slug: string; repositories: number | null }[];
  token: string;
  tokenExpiresAt: number | null;
  selection: string;
  patterns: readonly string[];
}

/** Step 5: what will happen, and the button that starts it. */
export function SaveStep(
  props: { frame: Frame; draftId: string; summary: SummaryView; error: string | null },
) {
  const { summary } = props;
  const action = stepHref(props.draftId, "save");
  return (
    <WizardPage {...props} step="save" reached="save" failed={props.error !== null}>
      <form class="form card" method="post" action={action}>
        {props.error && (
          <Notice tone="danger" title="Not saved" role="alert">
            <p>{props.error}</p>
          </Notice>
        )}
        <dl class="facts">
          <dt>Type</dt>
          <dd>{summary.type}</dd>
          <dt>{summary.workspaces.length === 1 ? "Workspace" : "Workspaces"}</dt>
          <dd>
            <ul class="plain">
              {summary.workspaces.map((one) => (
                <li>
                  {one.name} <code class="quiet">{one.slug}</code>
                </li>
              ))}
            </ul>
          </dd>
          <dt>Token</dt>
          <dd>
            {summary.token}
            {summary.tokenExpiresAt !== null && (
              <>
                , expires on <Day at={summary.tokenExpiresAt} />
              </>
            )}
          </dd>
          <dt>Repositories</dt>
          <dd>
            {summary.selection}
            {summary.patterns.map((glob) => (
              <>
                {" "}
                <code class="preview">{glob}</code>
              </>
            ))}
          </dd>
        </dl>
        <p class="quiet">
          Scanning starts at once. First each repository's newest commit is read, for the whole
          workspace, then their histories. Nothing is written to Bitbucket.
        </p>
        <div class="form-foot">
          <button type="submit" class="primary">
            <Icon name="play" /> Save and start scanning
          </button>
          <a class="button" href={stepHref(props.draftId, "repositories")}>Back</a>
          <a class="button bare push" href={`/servers/new/${props.draftId}/removal`}>Cancel</a>
        </div>
      </form>
    </WizardPage>
  );
}
