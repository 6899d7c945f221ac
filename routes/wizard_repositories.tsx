/** Step 4 of the wizard: all repositories or a choice, while the list is still coming in. */

import { zValidator } from "@hono/zod-validator";
import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { MatchesWords } from "@/components/selection_form.tsx";
import { stepHref } from "@/components/server_wizard.tsx";
import { RepositoriesStep } from "@/components/wizard_steps.tsx";
import { parseGlobs } from "@/lib/selection.ts";
import type { Draft } from "@/lib/store/drafts.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { readForm } from "./forms.ts";
import { watchChanges } from "./live.ts";
import { frameOf } from "./middleware.ts";
import { applyChoice, choiceForm, type Chosen, matches, selectionView } from "./selection.ts";
import { type ChoiceQuery, choiceQuery } from "./selection_list.ts";
import { refreshSelection } from "./selection_refresh.tsx";
import { reachedStep, serversOf } from "./server_drafts.ts";
import type { OpenDraft } from "./server_wizard.tsx";

/** The wizard's third step: all repositories or some. */
export function wizardRepositoryRoutes(deps: RouteDeps, openDraft: OpenDraft): Hono<AppEnv> {
  const { store } = deps;
  const changes = watchChanges(store, deps.clock);
  const app = new Hono<AppEnv>();

  app.get("/servers/new/:draft/repositories", zValidator("query", choiceQuery), async (c) => {
    const draft = await openDraft(c, "repositories");
    return draft instanceof Response
      ? draft
      : await repositoriesPage(c, draft, c.req.valid("query"), null);
  });

  app.get(
    "/servers/new/:draft/repositories/refresh",
    zValidator("query", choiceQuery),
    async (c) => {
      const draft = await openDraft(c, "repositories");
      if (draft instanceof Response) return draft;
      const servers = await serversOf(store, draft);
      return await refreshSelection(c, deps, servers, c.req.valid("query"), await changes.now());
    },
  );

  app.post("/servers/new/:draft/repositories/matches", async (c) => {
    const draft = await openDraft(c, "repositories");
    if (draft instanceof Response) return draft;
    const read = await readForm(c, choiceForm);
    if (!read.ok) throw new HTTPException(422, { message: "This form cannot be read." });
    const { problem } = parseGlobs(read.data.patterns);
    const servers = await serversOf(store, draft);
    return c.html(
      <MatchesWords matches={await matches(deps, servers, read.data)} problem={problem} />,
    );
  });

  app.post("/servers/new/:draft/repositories", async (c) => {
    const draft = await openDraft(c, "repositories");
    if (draft instanceof Response) return draft;
    const read = await readForm(c, choiceForm);
    const chosen: Chosen = read.ok
      ? await applyChoice(deps, await serversOf(store, draft), read.data)
      : { kind: "refused", query: choiceQuery.parse(read.form.values), form: read.form };
    if (chosen.kind === "saved") return c.redirect(stepHref(draft.id, "save"), 303);
    if (chosen.kind === "look") {
      const query = new URLSearchParams({ ...chosen.query, offset: String(chosen.query.offset) });
      return c.redirect(`${stepHref(draft.id, "repositories")}?${query}`, 303);
    }
    return await repositoriesPage(c, draft, chosen.query, chosen.form);
  });

  async function repositoriesPage(
    c: Context<AppEnv>,
    draft: Draft,
    query: ChoiceQuery,
    refused: Parameters<typeof selectionView>[4],
  ) {
    const servers = await serversOf(store, draft);
    const action = stepHref(draft.id, "repositories");
    const view = await selectionView(deps, servers, query, action, refused, await changes.now());
    return c.html(
      <RepositoriesStep
        frame={frameOf(c, deps)}
        draftId={draft.id}
        reached={reachedStep(draft)}
        view={view}
      />,
      refused === null ? 200 : 422,
    );
  }

  return app;
}
