/** The settings: who may sign in, and with which role. */

import { ErrorSummary, type FormView, InputField, SelectField } from "./forms.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { SettingsTabs } from "./settings_tabs.tsx";
import { Cell } from "./table.tsx";
import { Day } from "./time.tsx";

/** One user in the list. */
export interface UserRowView {
  id: string;
  email: string;
  role: "admin" | "viewer";
  createdAt: number;
  isYou: boolean;
}

/** The page. */
export function SettingsPage(
  props: {
    frame: Frame;
    users: readonly UserRowView[];
    form: FormView<"email" | "password" | "role">;
  },
) {
  const { frame, form } = props;
  return (
    <Layout frame={frame} title="Settings" place="settings" narrow>
      <PageHead title="Settings">
        {frame.user.role === "admin" && (
          <a class="button" href="/settings/invitations">People: invite, roles, new passwords</a>
        )}
      </PageHead>
      <SettingsTabs current="users" />
      <section class="card flush" aria-labelledby="users-title">
        <div class="card-head">
          <h2 id="users-title">Users</h2>
        </div>
        <div class="table-wrap">
          <table class="cards" role="table" aria-label="Users">
            <thead role="rowgroup">
              <tr role="row">
                {["E-mail", "Role", "Since"].map((word) => (
                  <th scope="col" role="columnheader">{word}</th>
                ))}
              </tr>
            </thead>
            <tbody role="rowgroup">
              {props.users.map((user) => (
                <tr role="row">
                  <Cell label="E-mail" kind="lead">
                    {user.email} {user.isYou && <span class="quiet">(you)</span>}
                  </Cell>
                  <Cell label="Role">{user.role}</Cell>
                  <Cell label="Since">
                    <Day at={user.createdAt} />
                  </Cell>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {frame.user.role === "admin" && (
        <section class="card" aria-labelledby="add-title">
          <h2 id="add-title">Add a user</h2>
          <form class="form" method="post" action="/settings/users">
            <ErrorSummary
              form={form}
              fieldIds={{ email: "email", password: "password", role: "role" }}
            />
            <InputField
              id="email"
              name="email"
              type="email"
              label="E-mail"
              autocomplete="off"
              required
              value={form.values.email}
              error={form.errors.email}
            />
            <InputField
              id="password"
              name="password"
              type="password"
              label="First password"
              autocomplete="new-password"
              required
              error={form.errors.password}
              hint="At least 12 characters. Hand it over in person."
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
              <button type="submit" class="primary">Add</button>
            </div>
          </form>
        </section>
      )}
    </Layout>
  );
}
