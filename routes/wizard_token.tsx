/** Step 3 of the wizard: the token, and the pre-flight that fills in while it is looked at. */

import { type Context, Hono } from "hono";
import { z } from "zod";
import { stepHref } from "@/components/server_wizard.tsx";
import type { TokenField } from "@/components/token_form.tsx";
import type { FormView } from "@/components/forms.tsx";
import { TokenStep, type TokenStepView } from "@/components/wizard_steps.tsx";
import type { Draft, DraftAccess } from "@/lib/store/drafts.ts";
import { dayOf, failedSentence, readToken, tokenForm } from "./credential_form.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { listed, readForm, wantsFragment } from "./forms.ts";
import { frameOf } from "./middleware.ts";
import type { Preflights } from "./preflight.ts";
import { reachedStep } from "./server_drafts.ts";
import type { OpenDraft } from "./server_wizard.tsx";
import { credentialWords } from "./server_views.ts";

const acceptance = z.object({ also: listed.pipe(z.array(z.string().max(100)).max(50)) });

/** The wizard's second step: workspace and token, checked before it goes on. */
export function wizardTokenRoutes(
  deps: RouteDeps,
  openDraft: OpenDraft,
  preflights: Preflights,
  keepWorkspaces: (draft: Draft, workspaces: readonly string[]) => Promise<void>,
): Hono<AppEnv> {
  const { store, clock } = deps;
  const app = new Hono<AppEnv>();

  app.get("/servers/new/:draft/token", async (c) => {
    const draft = await openDraft(c, "token");
    return draft instanceof Response ? draft : tokenPage(c, draft, null);
  });

  // The same step for the poll, which picks its part of the page and leaves the focus alone.
  app.get("/servers/new/:draft/token/status", async (c) => {
    const draft = await openDraft(c, "token");
    if (!(draft instanceof Response)) return tokenPage(c, draft, null, true);
    const elsewhere = draft.headers.get("Location");
    if (!wantsFragment(c) || elsewhere === null) return draft;
    // The page to go to has no step that could take the place of this one.
    return c.body(null, 204, { "HX-Redirect": elsewhere });
  });

  app.post("/servers/new/:draft/token", async (c) => {
    const draft = await openDraft(c, "token");
    if (draft instanceof Response) return draft;
    const sent = await readForm(c, tokenForm, ["token"]);
    if (!sent.ok) return tokenPage(c, draft, sent.form);
    const read = readToken(sent.data, { kept: draft.hasCredential, now: clock.now() });
    if (!read.ok) return tokenPage(c, draft, read.form);
    const credential = read.credential ?? await store.drafts.openCredential(draft.id);
    if (credential === null) {
      return tokenPage(c, draft, { values: {}, errors: { token: "Paste the token." } });
    }
    await preflights.stop(draft.id);
    await store.drafts.setCredential(draft.id, credential, read.expiresAt);
    await store.drafts.setAccess(draft.id, []);
    preflights.start({ ...draft, tokenExpiresAt: read.expiresAt }, credential);
    return c.redirect(stepHref(draft.id, "token"), 303);
  });

  app.post("/servers/new/:draft/token/acceptance", async (c) => {
    const draft = await openDraft(c, "repositories");
    if (draft instanceof Response) return draft;
    const read = await readForm(c, acceptance);
    const seen = draft.access.flatMap((one) => one.otherWorkspaces.map((other) => other.slug));
    const also = read.ok ? read.data.also.filter((slug) => seen.includes(slug)) : [];
    const added = also.filter((slug) => !draft.workspaces.includes(slug));
    if (added.length === 0) return c.redirect(stepHref(draft.id, "repositories"), 303);
    const credential = await store.drafts.openCredential(draft.id);
    if (credential === null) return c.redirect(stepHref(draft.id, "token"), 303);
    // Every workspace passes the checks before it is connected, also one the token itself named.
    const workspaces = [...draft.workspaces, ...added];
    await keepWorkspaces(draft, workspaces);
    preflights.start({ ...draft, workspaces }, credential);
    return c.redirect(stepHref(draft.id, "token"), 303);
  });

  async function tokenPage(
    c: Context<AppEnv>,
    draft: Draft,
    form: FormView<TokenField> | null,
    polled = false,
  ) {
    const view = await tokenView(draft, form);
    return c.html(
      <TokenStep
        frame={frameOf(c, deps)}
        draftId={draft.id}
        reached={reachedStep(draft)}
        view={view}
        polled={polled}
      />,
      form === null ? 200 : 422,
    );
  }

  async function tokenView(
    draft: Draft,
    form: FormView<TokenField> | null,
  ): Promise<TokenStepView> {
    const running = preflights.running(draft.id);
    const failed = draft.access.find((one) => !one.ok);
    const state = running !== null
      ? "running"
      : failed !== undefined
      ? "failed"
      : reachedStep(draft) === "save"
      ? "passed"
      : "none";
    const checked = draft.access.map((one) => one.workspace);
    return {
      form: form ?? {
        values: { expires: dayOf(draft.tokenExpiresAt) },
        ...(state === "failed" && failed ? refusal(draft, failed) : { errors: {} }),
      },
      kept: draft.credentialKind === null
        ? null
        : credentialWords(draft.credentialKind, draft.credentialUser),
      preflight: running ?? draft.access.map((one) => ({
        workspace: one.workspace,
        checks: one.checks,
        running: false,
        repositoryCount: one.repositoryCount,
      })),
      state,
      unchecked: draft.hasCredential
        ? draft.workspaces.filter((workspace) => !checked.includes(workspace))
        : [],
      connected: running !== null
        ? []
        : draft.access.flatMap(({ workspace, connectedId }) =>
          connectedId === undefined ? [] : [{ workspace, serverId: connectedId }]
        ),
      others: state === "passed" ? await others(draft) : [],
    };
  }

  /** The first refusal beside the box; where another workspace may help, with the way to step 2. */
  function refusal(
    draft: Draft,
    { workspace, checks }: DraftAccess,
  ): Pick<FormView<TokenField>, "errors" | "links"> {
    const several = draft.workspaces.length > 1;
    const sentence = failedSentence(checks);
    const errors = { token: several ? `${workspace}: ${sentence}` : sentence };
    const check = checks.find((one) => one.state === "failed")?.id;
    return several || check === "workspace" || check === "repositories"
      ? {
        errors,
        links: {
          token: { href: stepHref(draft.id, "workspace"), word: "Change the workspaces" },
        },
      }
      : { errors };
  }

  /** What the token sees besides: neither in the draft nor connected. */
  async function others(draft: Draft) {
    const slugs = new Set(
      draft.access.flatMap((one) => one.otherWorkspaces.map((other) => other.slug)),
    );
    const found = [];
    for (const slug of slugs) {
      if (draft.workspaces.includes(slug)) continue;
      if (await store.servers.findByWorkspace({ slug }) === null) {
        found.push({ slug, chosen: false });
      }
    }
    return found;
  }

  return app;
}
