/** `/account`: one's own password, one-time passwords and sessions. */

import type { Child } from "hono/jsx";
import { ErrorSummary, type FormView } from "./forms.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { NewPasswordInputs, PasswordInput } from "./sign_in_fields.tsx";
import { CardTable, Cell } from "./table.tsx";
import { Ago } from "./time.tsx";

/** One session in the list. */
export interface SessionView {
  id: string;
  via: string;
  device: string | null;
  address: string | null;
  createdAt: number;
  seenAt: number;
  isThis: boolean;
}

/** What stands on the page; forms that were refused show again what is wrong with them. */
export interface AccountView {
  /** False for people who have no password here, as they sign in by the provider only. */
  hasPassword: boolean;
  secondFactor: { on: boolean; recoveryCodes: number };
  sessions: readonly SessionView[];
  passwordForm: FormView<"current" | "password" | "repeat">;
  factorForm: FormView<"current">;
}

/** The page. */
export function AccountPage(props: { frame: Frame; view: AccountView; now: number }) {
  const { frame, view } = props;
  return (
    <Layout frame={frame} title="Your account" place={null} narrow>
      <PageHead title="Your account" lede={`${frame.user.email}, ${frame.user.role}`} />
      {view.hasPassword
        ? (
          <>
            <PasswordForm form={view.passwordForm} email={frame.user.email} />
            <SecondFactor view={view} />
          </>
        )
        : (
          <Card id="password-title" title="Password">
            <p>You have none here: you sign in by your organisation's provider.</p>
          </Card>
        )}
      <Sessions sessions={view.sessions} now={props.now} />
    </Layout>
  );
}

function PasswordForm(
  props: { form: FormView<"current" | "password" | "repeat">; email: string },
) {
  const { form } = props;
  return (
    <Card id="password-title" title="Password">
      <form class="form" method="post" action="/account/password">
        <ErrorSummary
          form={form}
          fieldIds={{ current: "current", password: "password", repeat: "repeat" }}
        />
        <input type="hidden" name="username" autocomplete="username" value={props.email} />
        <PasswordInput form={form} name="current" label="Password of now" />
        <NewPasswordInputs
          form={form}
          label="New password"
          consequence="It ends all other sessions."
        />
        <div>
          <button type="submit" class="primary">Change the password</button>
        </div>
      </form>
    </Card>
  );
}

function SecondFactor({ view }: { view: AccountView }) {
  const { on, recoveryCodes } = view.secondFactor;
  return (
    <Card id="factor-title" title="One-time passwords">
      <p>
        {on
          ? `On: signing in asks for a code of your authenticator app. ${recoveryCodes} of 10 recovery codes are left.`
          : "Off. With an authenticator app, a stolen password alone opens nothing."}
      </p>
      <form
        class="form"
        method="post"
        action={on ? "/account/second-factor/removal" : "/account/second-factor"}
      >
        <ErrorSummary form={view.factorForm} fieldIds={{ current: "factor-current" }} />
        <FactorPassword form={view.factorForm} />
        <div class="row">
          <button type="submit" class={on ? "danger-button" : "primary"}>
            {on ? "Turn off" : "Turn on"}
          </button>
          {on && (
            <button type="submit" formaction="/account/recovery-codes">New recovery codes</button>
          )}
        </div>
      </form>
    </Card>
  );
}

function Sessions(props: { sessions: readonly SessionView[]; now: number }) {
  return (
    <section class="card flush" aria-labelledby="sessions-title">
      <div class="card-head">
        <h2 id="sessions-title">Sessions</h2>
        {props.sessions.length > 1 && (
          <form method="post" action="/account/sessions/endings">
            <button type="submit" class="small-button">Sign out everywhere else</button>
          </form>
        )}
      </div>
      <CardTable label="Sessions" heads={["Where", "Signed in", "Last seen", "Action"]}>
        {props.sessions.map((session) => (
          <tr role="row">
            <Cell label="Where" kind="lead">
              {session.device ?? "Unknown browser"}{" "}
              {session.address && <span class="quiet">{session.address}</span>}
            </Cell>
            <Cell label="Signed in">
              <Ago at={session.createdAt} now={props.now} />{" "}
              <span class="quiet">by {session.via}</span>
            </Cell>
            <Cell label="Last seen">
              <Ago at={session.seenAt} now={props.now} />
            </Cell>
            <Cell label="Action">
              {session.isThis
                ? <span class="quiet">this one</span>
                : (
                  <form method="post" action={`/account/sessions/${session.id}/ending`}>
                    <button type="submit" class="small-button">End</button>
                  </form>
                )}
            </Cell>
          </tr>
        ))}
      </CardTable>
    </section>
  );
}

/** The password of now, which a change of the second factor asks for. */
export function FactorPassword(props: { form: FormView<"current"> }) {
  return (
    <PasswordInput form={props.form} id="factor-current" name="current" label="Your password" />
  );
}

/** A part of the page with a title of its own. */
export function Card(props: { id: string; title: string; children?: Child }) {
  return (
    <section class="card" aria-labelledby={props.id}>
      <h2 id={props.id}>{props.title}</h2>
      {props.children}
    </section>
  );
}
