/** The settings: who may sign in, with which role, and of whom a second factor is asked. */

import type { FactorPolicy } from "@/lib/store/settings.ts";
import { ErrorSummary, type FormView, SelectField } from "./forms.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { SettingsTabs } from "./settings_tabs.tsx";
import { CardTable, Cell } from "./table.tsx";
import { Day } from "./time.tsx";

/** One user in the list. */
export interface UserRowView {
  id: string;
  email: string;
  role: "admin" | "viewer";
  createdAt: number;
  isYou: boolean;
}

/** Of whom one-time passwords are asked; the values are those of the form. */
export interface FactorsView {
  policy: FactorPolicy;
  /** The name of the provider by which people sign in too. */
  provider: string | null;
  form: FormView<"policy">;
}

/** The page. */
export function SettingsPage(
  props: {
    frame: Frame;
    users: readonly UserRowView[];
    /** Null where nobody has a password. */
    factors: FactorsView | null;
  },
) {
  const { frame } = props;
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
        <CardTable label="Users" heads={["E-mail", "Role", "Since"]}>
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
        </CardTable>
      </section>
      {props.factors && <SecondFactors factors={props.factors} frame={frame} />}
    </Layout>
  );
}

const POLICY_WORDS: Record<FactorPolicy, string> = {
  nobody: "Nobody: each may turn it on at their account",
  admins: "Admins",
  everybody: "Everybody",
};

function SecondFactors({ factors, frame }: { factors: FactorsView; frame: Frame }) {
  return (
    <section class="card" aria-labelledby="factors-title">
      <h2 id="factors-title">One-time passwords</h2>
      {frame.user.role === "admin"
        ? (
          <>
            <p>
              Whoever is asked for them and has none sets them up before anything else: at the next
              sign-in, or the next page. There is no grace period, as a thief would have it too.
              {factors.provider &&
                ` Who signs in by ${factors.provider} is not asked: that is for the provider to do.`}
              {" "}
              API keys keep working.
            </p>
            <form class="form" method="post" action="/settings/second-factor">
              <ErrorSummary form={factors.form} fieldIds={{ policy: "policy" }} />
              <SelectField
                id="policy"
                name="policy"
                label="Asked of"
                value={factors.policy}
                error={factors.form.errors.policy}
                options={Object.entries(POLICY_WORDS).map(([value, word]) => ({ value, word }))}
              />
              <div>
                <button type="submit" class="primary">Save</button>
              </div>
            </form>
          </>
        )
        : <p>{`Asked of: ${POLICY_WORDS[factors.policy].toLowerCase()}.`}</p>}
    </section>
  );
}
