/** Invitations and reset links: made and listed by an admin, followed by whom they are for. */

import { ErrorSummary, FormInput, type FormView, SelectField } from "./forms.tsx";
import { type Frame, GateLayout, Layout, PageHead } from "./layout.tsx";
import { Notice } from "./notices.tsx";
import { Question } from "./question.tsx";
import { NewPasswordInputs } from "./sign_in_fields.tsx";
import { CardTable, Cell } from "./table.tsx";
import { Moment } from "./time.tsx";

/** A link that was not used yet. */
export interface LinkView {
  id: string;
  kind: "invitation" | "reset";
  email: string;
  role: "admin" | "viewer" | null;
  createdBy: string | null;
  expiresAt: number;
}

/** Somebody with an account. */
export interface PersonView {
  id: string;
  email: string;
  role: "admin" | "viewer";
  secondFactor: boolean;
}

/** A link just made: shown now and never again. */
export interface FreshLinkView {
  kind: "invitation" | "reset";
  email: string;
  url: string;
  expiresAt: number;
}

/** `/settings/invitations`. */
export function InvitationsPage(
  props: {
    frame: Frame;
    links: readonly LinkView[];
    users: readonly PersonView[];
    fresh: FreshLinkView | null;
    form: FormView<"email" | "role">;
  },
) {
  const { form, fresh } = props;
  return (
    <Layout frame={props.frame} title="Invitations" place="settings" narrow>
      <PageHead
        title="Invitations"
        crumbs={[{ href: "/settings", word: "Settings" }]}
        lede="Links that work once. Who follows one chooses a password."
      />
      {fresh && (
        <Notice tone="good" role="status" title={`For ${fresh.email}`}>
          <p>
            {fresh.kind === "invitation" ? "The invitation" : "The link to a new password"}{" "}
            is shown now and never again. It works once, until{" "}
            <Moment at={fresh.expiresAt} />. Send it to nobody else.
          </p>
          <p>
            <code id="fresh-link">{fresh.url}</code>
          </p>
        </Notice>
      )}
      <section class="card" aria-labelledby="invite-title">
        <h2 id="invite-title">Invite somebody</h2>
        <form class="form" method="post" action="/settings/invitations">
          <ErrorSummary form={form} fieldIds={{ email: "email", role: "role" }} />
          <FormInput
            form={form}
            name="email"
            type="email"
            label="E-mail"
            autocomplete="off"
            required
          />
          <SelectField
            id="role"
            name="role"
            label="Role"
            value={form.values.role ?? "viewer"}
            error={form.errors.role}
            options={[
              { value: "viewer", word: "Viewer: reads everything, changes nothing" },
              { value: "admin", word: "Admin: connects servers, judges findings, adds users" },
            ]}
          />
          <div>
            <button type="submit" class="primary">Make a link</button>
          </div>
        </form>
      </section>
      <section class="card flush" aria-labelledby="links-title">
        <div class="card-head">
          <h2 id="links-title">Not used yet</h2>
        </div>
        {props.links.length === 0 ? <p class="pad quiet">None.</p> : (
          <CardTable
            label="Links not used yet"
            heads={["For", "Opens", "Until", "Made by", "Action"]}
          >
            {props.links.map((link) => <LinkRow link={link} />)}
          </CardTable>
        )}
      </section>
      <Helps users={props.users} />
    </Layout>
  );
}

function LinkRow({ link }: { link: LinkView }) {
  return (
    <tr role="row">
      <Cell label="For" kind="lead">{link.email}</Cell>
      <Cell label="Opens">
        {link.kind === "reset" ? "a new password" : `an account as ${link.role}`}
      </Cell>
      <Cell label="Until">
        <Moment at={link.expiresAt} />
      </Cell>
      <Cell label="Made by">{link.createdBy ?? ""}</Cell>
      <Cell label="Action">
        <form method="post" action={`/settings/invitations/${link.id}/revocation`}>
          <button type="submit" class="small-button">Revoke</button>
        </form>
      </Cell>
    </tr>
  );
}

function Helps(
  props: { users: readonly PersonView[] },
) {
  return (
    <section class="card flush" aria-labelledby="help-title">
      <div class="card-head">
        <h2 id="help-title">People</h2>
      </div>
      <CardTable label="People" heads={["User", "Role", "One-time passwords", "Action"]}>
        {props.users.map((user) => (
          <tr role="row">
            <Cell label="User" kind="lead">{user.email}</Cell>
            <Cell label="Role">{user.role}</Cell>
            <Cell label="One-time passwords">{user.secondFactor ? "on" : "off"}</Cell>
            <Cell label="Action">
              <div class="row">
                <form method="post" action={`/settings/users/${user.id}/reset-links`}>
                  <button type="submit" class="small-button">New password by link</button>
                </form>
                {user.secondFactor && (
                  <form
                    method="post"
                    action={`/settings/users/${user.id}/second-factor/removal`}
                  >
                    <button type="submit" class="small-button">
                      Turn off one-time passwords
                    </button>
                  </form>
                )}
                <PersonForms user={user} />
              </div>
            </Cell>
          </tr>
        ))}
      </CardTable>
    </section>
  );
}

function PersonForms({ user }: { user: PersonView }) {
  const other = user.role === "admin" ? "viewer" : "admin";
  return (
    <>
      <form method="post" action={`/settings/users/${user.id}/role`}>
        <button type="submit" class="small-button" name="role" value={other}>
          {`Make ${other}`}
        </button>
      </form>
      <form method="post" action={`/settings/users/${user.id}/sessions/endings`}>
        <button type="submit" class="small-button">Sign out everywhere</button>
      </form>
      <Question word="Remove" what={user.email} action={`/settings/users/${user.id}/removal`}>
        The account and its sessions end at once, and API keys made by it open nothing any more.
      </Question>
    </>
  );
}

/** `/invitation` and `/reset`: a password for the account that the link is for. */
export function NewPasswordPage(
  props: {
    instanceName: string;
    kind: "invitation" | "reset";
    email: string;
    token: string;
    form: FormView<"password" | "repeat">;
  },
) {
  const { form } = props;
  const invited = props.kind === "invitation";
  const title = invited ? "Welcome to Sluice" : "A new password";
  return (
    <GateLayout title={title} instanceName={props.instanceName}>
      <h1>{title}</h1>
      <p class="lede">{`Choose a password for ${props.email}. This link works once.`}</p>
      <form class="form card" method="post" action={`/${props.kind}`}>
        <ErrorSummary form={form} fieldIds={{ password: "password", repeat: "repeat" }} />
        <input type="hidden" name="token" value={props.token} />
        <input type="hidden" name="username" autocomplete="username" value={props.email} />
        <NewPasswordInputs form={form} />
        <button type="submit" class="primary">
          {invited ? "Create the account" : "Set the password"}
        </button>
      </form>
    </GateLayout>
  );
}

/** A link that was used, revoked, mistyped, or is over. */
export function DeadLinkPage(props: { instanceName: string }) {
  return (
    <GateLayout title="This link does not work" instanceName={props.instanceName}>
      <h1>This link does not work</h1>
      <p>
        It was used, was revoked, or is over. Ask an admin for a new one, or{" "}
        <a href="/sign-in">sign in</a>.
      </p>
    </GateLayout>
  );
}
