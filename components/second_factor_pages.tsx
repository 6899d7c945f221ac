/** `/account/second-factor`: why it is asked for, the new key, and the recovery codes. */

import { Card, FactorPassword } from "./account_page.tsx";
import { ErrorSummary, type FormView } from "./forms.tsx";
import { type Frame, GateLayout, Layout, PageHead } from "./layout.tsx";
import { CodeInput } from "./sign_in_fields.tsx";

/** `/account/second-factor` for who has none where one is asked for: comes before all other pages. */
export function FactorNeededPage(
  props: {
    instanceName: string;
    email: string;
    /** False right after signing in. */
    asksPassword: boolean;
    form: FormView<"current">;
  },
) {
  return (
    <GateLayout title="A second factor" instanceName={props.instanceName}>
      <h1>A second factor</h1>
      <p class="lede">
        {`${props.email} needs one-time passwords here: whoever runs this Sluice asks for them, so that a stolen password alone opens nothing.`}
      </p>
      <p>
        You need an authenticator app on your phone or computer, and two minutes. There is no grace
        period, as a thief would have it too. Nothing of yours is lost meanwhile, and API keys keep
        working.
      </p>
      <form class="form card" method="post" action="/account/second-factor">
        <ErrorSummary form={props.form} fieldIds={{ current: "factor-current" }} />
        {props.asksPassword && <FactorPassword form={props.form} />}
        <button type="submit" class="primary">Set it up</button>
      </form>
      <form method="post" action="/sign-out">
        <button type="submit">Sign out</button>
      </form>
    </GateLayout>
  );
}

/** `/account/second-factor`: the new secret, and the field for its first code. */
export function NewFactorPage(
  props: {
    frame: Frame;
    secret: string;
    uri: string;
    /** What a camera reads instead of the key: a square in modules, and its dark ones as a path. */
    code: { size: number; path: string };
    form: FormView<"code">;
  },
) {
  const { size, path } = props.code;
  return (
    <Layout frame={props.frame} title="One-time passwords" place={null} narrow>
      <PageHead
        title="One-time passwords"
        crumbs={[{ href: "/account", word: "Your account" }]}
        lede="Add Sluice to your authenticator app, then enter the first code it shows."
      />
      <Card id="key-title" title="The key">
        <svg
          class="qr-code"
          viewBox={`0 0 ${size} ${size}`}
          role="img"
          aria-label="The key as a QR code; it stands below as text"
          shape-rendering="crispEdges"
        >
          <rect width={size} height={size} fill="#fff" />
          <path d={path} fill="#000" />
        </svg>
        <p>
          Read this code with the app’s camera, or enter the key in the app, as a time-based one:
          {" "}
          <code id="factor-key">{props.secret.replaceAll(/(.{4})(?=.)/g, "$1 ")}</code>
        </p>
        <p>
          On the device that has the app: <a href={props.uri}>open it there</a>.
        </p>
        <form class="form" method="post" action="/account/second-factor/confirmation">
          <ErrorSummary form={props.form} fieldIds={{ code: "code" }} />
          <CodeInput form={props.form} hint="Six digits" />
          <div>
            <button type="submit" class="primary">Turn on</button>
          </div>
        </form>
      </Card>
    </Layout>
  );
}

/** The recovery codes, shown once. */
export function RecoveryCodesPage(props: { frame: Frame; codes: readonly string[] }) {
  return (
    <Layout frame={props.frame} title="Recovery codes" place={null} narrow>
      <PageHead
        title="Recovery codes"
        crumbs={[{ href: "/account", word: "Your account" }]}
        lede="Each signs you in once when you are without your authenticator app. They are shown now and never again: print them, or keep them with your passwords."
      />
      <Card id="codes-title" title="Your ten codes">
        <ul class="recovery-codes">
          {props.codes.map((code) => (
            <li>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <p>
          <a class="button primary" href="/account">I have kept them</a>
        </p>
      </Card>
    </Layout>
  );
}
