/** `/sign-in/code`: the second step of signing in. */

import { ErrorSummary, type FormView, InputField } from "./forms.tsx";
import { GateLayout } from "./layout.tsx";

/** Asks for a code of the authenticator app, or for a recovery code. */
export function SignInCodePage(props: { instanceName: string; form: FormView<"code"> }) {
  const { form } = props;
  return (
    <GateLayout title="One-time password" instanceName={props.instanceName}>
      <h1>One-time password</h1>
      <form class="form card" method="post" action="/sign-in/code">
        <ErrorSummary form={form} fieldIds={{ code: "code" }} />
        <InputField
          id="code"
          name="code"
          label="Code"
          autocomplete="one-time-code"
          required
          autofocus={form.errors.code === undefined}
          spellcheck={false}
          mono
          error={form.errors.code}
          hint="Six digits of your authenticator app. Without it: one of your recovery codes."
        />
        <button type="submit" class="primary">Sign in</button>
      </form>
      <p class="quiet small">
        <a href="/sign-in">Start again</a>
      </p>
    </GateLayout>
  );
}
