/** The pages before there is a user: signing in, and making the first admin. */

import { ErrorSummary, FormInput, type FormView } from "./forms.tsx";
import { GateLayout } from "./layout.tsx";
import { Notice } from "./notices.tsx";
import { NewPasswordInputs, PasswordInput } from "./sign_in_fields.tsx";
import type { Tone } from "@/lib/status.ts";

/** `/sign-in`; `next` is the page that asked for it. */
export function SignInPage(
  props: {
    instanceName: string;
    form: FormView<"email" | "password">;
    next: string;
    notice: { tone: Tone; text: string } | null;
    /** False where only the provider signs people in. */
    local: boolean;
    /** As the provider's button calls it; null where there is none. */
    ssoName: string | null;
    /** Whether nobody can sign in yet: the first account comes by the set-up link. */
    noAccount?: boolean;
  },
) {
  return (
    <GateLayout title="Sign in" instanceName={props.instanceName}>
      <h1>Sign in</h1>
      {props.notice && (
        <Notice tone={props.notice.tone} role="status">
          <p>{props.notice.text}</p>
        </Notice>
      )}
      {props.ssoName !== null && (
        <div class="card">
          <a
            class={props.local ? "button" : "button primary"}
            href={`/sso?next=${encodeURIComponent(props.next)}`}
          >
            {`Sign in by ${props.ssoName}`}
          </a>
        </div>
      )}
      {props.local && <LocalForm {...props} />}
    </GateLayout>
  );
}

function LocalForm(
  props: { form: FormView<"email" | "password">; next: string; noAccount?: boolean },
) {
  const { form } = props;
  return (
    <>
      <form class="form card" method="post" action="/sign-in">
        <ErrorSummary form={form} fieldIds={{ email: "email", password: "password" }} />
        <input type="hidden" name="next" value={props.next} />
        <FormInput
          form={form}
          name="email"
          type="email"
          label="E-mail"
          autocomplete="username"
          required
        />
        <PasswordInput form={form} name="password" label="Password" />
        <button type="submit" class="primary">Sign in</button>
      </form>
      {props.noAccount
        ? (
          <p>
            No account exists yet. Open the one-time set-up link that the start printed in its
            terminal or log: it makes the first admin.
          </p>
        )
        : (
          <p class="quiet small">
            No account, or a forgotten password? Ask whoever runs this installation:{" "}
            <code>deno task admin</code> makes and mends accounts.
          </p>
        )}
    </>
  );
}

/** `/setup`, opened by the one-time link; `token` is what the link carried. */
export function SetupPage(
  props: {
    instanceName: string;
    form: FormView<"email" | "password" | "repeat">;
    token: string;
  },
) {
  const { form } = props;
  return (
    <GateLayout title="Set up" instanceName={props.instanceName}>
      <h1>Welcome to Sluice</h1>
      <p class="lede">
        Make the first admin. This link works once; later accounts are made in the settings.
      </p>
      <form class="form card" method="post" action="/setup">
        <ErrorSummary
          form={form}
          fieldIds={{ email: "email", password: "password", repeat: "repeat" }}
        />
        <input type="hidden" name="token" value={props.token} />
        <FormInput
          form={form}
          name="email"
          type="email"
          label="E-mail"
          autocomplete="username"
          required
        />
        <NewPasswordInputs form={form} />
        <button type="submit" class="primary">Create the admin</button>
      </form>
    </GateLayout>
  );
}

/** `/setup` without a link that works: used, wrong, or set up already. */
export function SetupClosedPage(props: { instanceName: string; hasUser: boolean }) {
  return (
    <GateLayout title="Set up" instanceName={props.instanceName}>
      <h1>{props.hasUser ? "Sluice is set up" : "This link does not work"}</h1>
      {props.hasUser
        ? (
          <p>
            The first admin exists already. <a href="/sign-in">Sign in</a>
          </p>
        )
        : (
          <p>
            Open the set-up link that Sluice prints when it starts. It works once, for a day. Start
            the app again for a new link.
          </p>
        )}
    </GateLayout>
  );
}
