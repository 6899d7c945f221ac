/** Asks who sits there to prove it once more, and then does what they were about to do. */

import { ErrorSummary, type FormView } from "./forms.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { PasswordInput } from "./sign_in_fields.tsx";

/** The page: a form like the one that was sent, and the proof beside it. */
export function ProofPage(
  props: {
    frame: Frame;
    /** Where the form was sent to. */
    action: string;
    /** What stood in it. */
    fields: readonly [name: string, value: string][];
    /** False for who has no password here. */
    hasPassword: boolean;
    /** The provider's name and where signing in there afresh begins; null without a provider. */
    provider: { name: string; href: string } | null;
    form: FormView<"proof">;
  },
) {
  const { hasPassword, provider } = props;
  return (
    <Layout frame={props.frame} title="Is it you?" place={null} narrow>
      <PageHead
        title="Is it you?"
        lede="What you are about to do changes who gets in. You have been here for a while, so show once more that it is you."
      />
      {hasPassword && (
        <form class="form card" method="post" action={props.action}>
          <ErrorSummary form={props.form} fieldIds={{ proof: "proof" }} />
          {props.fields.map(([name, value]) => <input type="hidden" name={name} value={value} />)}
          <input
            type="hidden"
            name="username"
            autocomplete="username"
            value={props.frame.user.email}
          />
          <PasswordInput
            form={props.form}
            name="proof"
            label="Your password"
            autofocus={props.form.errors.proof === undefined}
          />
          <div class="row">
            <button type="submit" class="primary">Go on</button>
          </div>
        </form>
      )}
      {provider && (
        <div class="card">
          <p>
            {hasPassword ? "Or sign" : "Sign"} in again by{" "}
            {provider.name}, then repeat what you were about to do.
          </p>
          <p>
            <a class="button" href={provider.href}>{`Sign in by ${provider.name}`}</a>
          </p>
        </div>
      )}
      {!hasPassword && !provider && (
        <p class="card">You have no password here. Ask an admin for a link to choose one.</p>
      )}
    </Layout>
  );
}
