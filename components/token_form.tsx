/** The token box with its scopes and links, and the pre-flight list below it. */

import { Choice, ErrorSummary, type FormView, InputField } from "./forms.tsx";
import { Icon } from "./icons.tsx";
import type { AccessCheck } from "@/lib/codeserver/mod.ts";
import type { Tone } from "@/lib/status.ts";

/** Where Atlassian makes API tokens with scopes. */
const TOKEN_PAGE = "https://id.atlassian.com/manage-profile/security/api-tokens";

const SCOPES: readonly { name: string; classic: string; why: string }[] = [
  {
    name: "read:repository:bitbucket",
    classic: "repository",
    why: "list repositories and read their history",
  },
  { name: "read:workspace:bitbucket", classic: "account", why: "find the workspace" },
  { name: "read:user:bitbucket", classic: "account", why: "tell whose token it is" },
];

/** The pre-flight list of one workspace. */
export interface PreflightView {
  workspace: string;
  checks: readonly AccessCheck[];
  running: boolean;
  repositoryCount: number | null;
}

/** The fields of the token form. */
export type TokenField = "token" | "expires";

/** The box itself; `kept` says that a token is stored and an empty box keeps it. */
export function TokenFields(
  props: { form: FormView<TokenField>; kept: string | null; calm?: boolean },
) {
  const { form } = props;
  return (
    <>
      <ErrorSummary
        form={form}
        fieldIds={{ token: "token", expires: "expires" }}
        calm={props.calm ?? false}
      />
      <InputField
        id="token"
        name="token"
        type="password"
        label="username:token"
        mono
        autocomplete="off"
        spellcheck={false}
        required={props.kept === null}
        value={form.values.token}
        error={form.errors.token}
        errorLink={form.links?.token}
        placeholder={props.kept === null
          ? "you@example.com:ATATT3x…"
          : "leave empty to keep the token"}
        hint={
          <>
            {props.kept && (
              <>
                <strong>Kept: {props.kept}.</strong> Enter another to replace it.{" "}
              </>
            )}
            For an API token: the e-mail of the Atlassian account, a colon, the token. A workspace
            or project access token stands alone.{" "}
            <a href={TOKEN_PAGE} target="_blank" rel="noreferrer">
              Atlassian's token page <Icon name="external" label="in a new tab" />
            </a>
          </>
        }
      />
      <details open={props.kept === null}>
        <summary>How do I get a token?</summary>
        <div class="stack tight hint">
          <p>
            On Atlassian's token page choose <em>Create API token with scopes</em>, then the app
            {" "}
            <em>Bitbucket</em>, and tick{" "}
            these scopes. An access token of a workspace needs the scope in brackets.
          </p>
          <ul>
            {SCOPES.map((scope) => (
              <li>
                <code>{scope.name}</code> ({scope.classic}): {scope.why}
              </li>
            ))}
          </ul>
        </div>
      </details>
      <InputField
        id="expires"
        name="expires"
        type="date"
        label="Expires on (optional)"
        value={form.values.expires}
        error={form.errors.expires}
        hint="Bitbucket does not tell. With a date, Sluice warns two weeks ahead."
      />
    </>
  );
}

const CHECK_WORDS: Record<AccessCheck["id"], string> = {
  workspace: "The workspace answers",
  credential: "The token is accepted as itself",
  scopes: "The scopes are there",
  rest: "REST works",
  git: "Git works",
  repositories: "Repositories are visible",
};

const CHECK_LOOK: Record<AccessCheck["state"], { icon: string; tone: Tone; word: string }> = {
  passed: { icon: "check", tone: "good", word: "passed" },
  warning: { icon: "alert", tone: "warning", word: "warning" },
  failed: { icon: "cross", tone: "danger", word: "failed" },
  skipped: { icon: "minus", tone: "muted", word: "not checked" },
};

/** The list that fills in while the checks run. */
export function Preflight(props: { lists: readonly PreflightView[] }) {
  return (
    <div class="stack" aria-live="polite">
      {props.lists.map((list) => (
        <section class="card" aria-label={`Checks of ${list.workspace}`}>
          <h2>
            Checks of <code>{list.workspace}</code>
          </h2>
          <ul class="checks">
            {(Object.keys(CHECK_WORDS) as AccessCheck["id"][]).map((id) => (
              <Check
                word={CHECK_WORDS[id]}
                check={list.checks.find((one) => one.id === id) ?? null}
                running={list.running}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Check(props: { word: string; check: AccessCheck | null; running: boolean }) {
  const { check } = props;
  const look = check
    ? CHECK_LOOK[check.state]
    : { icon: props.running ? "clock" : "minus", tone: "muted" as const, word: "to come" };
  return (
    <li class={`tone-${look.tone}`}>
      <Icon name={look.icon} label={look.word} />
      <div>
        <strong>{props.word}</strong>
        {check && <p class="small quiet">{check.sentence}</p>}
      </div>
    </li>
  );
}

/** Workspaces that the token can see besides those entered. */
export function OtherWorkspaces(
  props: { others: readonly { slug: string; chosen: boolean }[] },
) {
  if (props.others.length === 0) return null;
  return (
    <fieldset class="stack tight">
      <legend class="legend">This token also sees</legend>
      {props.others.map((other) => (
        <Choice type="checkbox" name="also" value={other.slug} checked={other.chosen}>
          <code>{other.slug}</code>
        </Choice>
      ))}
      <p class="hint">Ticked ones are connected as well, each as a code server of its own.</p>
    </fieldset>
  );
}
