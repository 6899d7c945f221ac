/** The gallery's pages of the wizard: every step, and step 3 in each of its states. */

import type { JSX } from "hono/jsx/jsx-runtime";
import { RemoveDraftPage } from "@/components/server_forms.tsx";
import { SaveStep, TypeStep, WorkspaceStep } from "@/components/server_wizard.tsx";
import { RepositoriesStep, TokenStep } from "@/components/wizard_steps.tsx";
import { CHECKED, TOKEN } from "./gallery_page_views.ts";
import { FRAME, NOW, SELECTION } from "./gallery_views.ts";

const NO_FORM = { values: {}, errors: {} };
const wizard = { frame: FRAME, draftId: "d1", reached: "save" as const };

/** Step 3 with what makes it different from one that nobody has touched. */
const tokenStep = (view: Partial<typeof TOKEN>) => (
  <TokenStep {...wizard} polled={false} view={{ ...TOKEN, ...view }} />
);

/** Page by name, as in the gallery. */
export const WIZARD_GALLERY: Record<string, () => JSX.Element> = {
  "wizard-1-type": () => (
    <TypeStep {...wizard} draftId={null} reached="type" form={{ ...NO_FORM, values: {} }} />
  ),
  "wizard-2-workspace": () => (
    <WorkspaceStep
      {...wizard}
      form={{
        values: { workspaces: "acme-platform, Acme!" },
        errors: { workspaces: "“Acme!” is no workspace ID." },
      }}
      connected={[{ workspace: "acme-platform", serverId: "s1" }]}
    />
  ),
  "wizard-3-token": () => tokenStep({}),
  "wizard-3-checking": () =>
    tokenStep({
      state: "running",
      kept: "API token of robin@acme.example",
      preflight: [{ ...CHECKED[0]!, running: true, checks: CHECKED[0]!.checks.slice(0, 2) }],
    }),
  "wizard-3-failed": () =>
    tokenStep({
      state: "failed",
      preflight: CHECKED,
      form: {
        values: {},
        errors: { token: "Git refused this token." },
        links: { token: { href: "https://id.atlassian.com", word: "Make an API token" } },
      },
    }),
  "wizard-3-passed": () =>
    tokenStep({
      state: "passed",
      kept: "API token of robin@acme.example",
      preflight: [{ ...CHECKED[0]!, checks: CHECKED[0]!.checks.slice(0, 4) }],
      others: [{ slug: "acme-labs", chosen: false }, { slug: "acme-research", chosen: true }],
    }),
  "wizard-3-connected": () =>
    tokenStep({
      state: "failed",
      kept: "API token of robin@acme.example",
      preflight: CHECKED,
      connected: [{ workspace: "acme-platform", serverId: "s1" }],
      unchecked: ["acme-labs", "acme-research"],
      form: {
        values: {},
        errors: { token: "acme-platform: Acme Platform is connected already, as another ID." },
        links: { token: { href: "#", word: "Change the workspaces" } },
      },
    }),
  "wizard-4-repositories": () => <RepositoriesStep {...wizard} view={SELECTION} />,
  "wizard-5-save": () => (
    <SaveStep
      {...wizard}
      error={null}
      summary={{
        type: "Bitbucket Cloud",
        workspaces: [{ name: "Acme Platform", slug: "acme-platform", repositories: 1266 }],
        token: "API token of robin@acme.example",
        tokenExpiresAt: NOW + 200 * 86_400_000,
        selection: "Custom: 4 ticked repositories, and those that fit",
        patterns: ["payments-*", "!*-archive"],
      }}
    />
  ),
  "wizard-cancel": () => <RemoveDraftPage frame={FRAME} draftId="d1" back="#" />,
};
