/** `/sign-in/code`: the second step of signing in. */

import { ErrorSummary, type FormView } from "./forms.tsx";
import { GateLayout } from "./layout.tsx";
import { CodeInput } from "./sign_in_fields.tsx";

/** Asks for a code of the authenticator app, or for a recovery code. */
export function SignInCodePage(props: { instanceName: string; form: FormView<"code"> }) {
  const { form } = props;
  return (
    <GateLayout title="One-time password" instanceName={props.instanceName}>
      <h1>One-time password</h1>
      <form class="form card" method="post" action="/sign-in/code">
        <ErrorSummary form={form} fieldIds={{ code: "code" }} />
        <CodeInput
          form={form}
          hint="Six digits of your authenticator app. Without it: one of your recovery codes."
          autofocus={form.errors.code === undefined}
        />
        <button type="submit" class="primary">Sign in</button>
      </form>
      <p class="quiet small">
        <a href="/sign-in">Start again</a>
      </p>
    </GateLayout>
  );
}
