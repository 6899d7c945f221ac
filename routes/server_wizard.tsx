/** `/servers/new`: the wizard's steps type, workspace and save, and leaving it. */

import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import { RemoveDraftPage } from "@/components/server_forms.tsx";
import {
  SaveStep,
  stepHref,
  type SummaryView,
  TypeStep,
  type WizardStep,
  WorkspaceStep,
} from "@/components/server_wizard.tsx";
import { parseWorkspaces } from "@/lib/codeserver/bitbucket_cloud/workspaces.ts";
import { plural } from "@/lib/format.ts";
import type { Draft } from "@/lib/store/drafts.ts";
import { leaveFlash } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { readForm } from "./forms.ts";
import { frameOf } from "./middleware.ts";
import { createPreflights } from "./preflight.ts";
import { mayOpen, reachedStep, serversOf } from "./server_drafts.ts";
import { credentialWords, patternWords, selectionWords, typeWords } from "./server_views.ts";
import { wizardRepositoryRoutes } from "./wizard_repositories.tsx";
import { wizardTokenRoutes } from "./wizard_token.tsx";

const typeForm = z.object({
  type: z.literal("bitbucket_cloud", { error: "Choose what to connect." }),
});
const workspaceForm = z.object({
  workspaces: z.string({ error: "Enter a workspace." }).max(20_000, "That is too much text."),
});

/** Finds a draft of the person who asks, at a step that it has reached; else sends them there. */
export type OpenDraft = (c: Context<AppEnv>, step: WizardStep) => Promise<Draft | Response>;

/** The wizard's steps from type to save; each is a plain form. */
export function wizardRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store, doorbell } = deps;
  const app = new Hono<AppEnv>();

  /** The wizard is for those who may change things; others are told so before they type. */
  app.use("/servers/new/*", async (c, next) => {
    if (c.get("user").role !== "admin") {
      throw new HTTPException(403, { message: "Only an admin can connect a code server." });
    }
    await next();
  });

  app.get("/servers/new", (c) =>
    c.html(
      <TypeStep
        frame={frameOf(c, deps)}
        draftId={null}
        reached="type"
        form={{ values: { type: "bitbucket_cloud" }, errors: {} }}
      />,
    ));

  app.post("/servers/new", async (c) => {
    const read = await readForm(c, typeForm);
    if (!read.ok) {
      return c.html(
        <TypeStep frame={frameOf(c, deps)} draftId={null} reached="type" form={read.form} />,
        422,
      );
    }
    const id = await store.drafts.create(c.get("user").id);
    await store.drafts.setType(id, read.data.type);
    return c.redirect(stepHref(id, "workspace"), 303);
  });

  app.get("/servers/new/:draft", async (c) => {
    const draft = await openDraft(c, "type");
    if (draft instanceof Response) return draft;
    return c.redirect(stepHref(draft.id, reachedStep(draft)), 303);
  });

  app.get("/servers/new/:draft/type", async (c) => {
    const draft = await openDraft(c, "type");
    if (draft instanceof Response) return draft;
    return c.html(
      <TypeStep
        frame={frameOf(c, deps)}
        draftId={draft.id}
        reached={reachedStep(draft)}
        form={{ values: { type: draft.type ?? "" }, errors: {} }}
      />,
    );
  });

  app.post("/servers/new/:draft/type", async (c) => {
    const draft = await openDraft(c, "type");
    if (draft instanceof Response) return draft;
    const read = await readForm(c, typeForm);
    if (!read.ok) {
      return c.html(
        <TypeStep
          frame={frameOf(c, deps)}
          draftId={draft.id}
          reached={reachedStep(draft)}
          form={read.form}
        />,
        422,
      );
    }
    await store.drafts.setType(draft.id, read.data.type);
    return c.redirect(stepHref(draft.id, "workspace"), 303);
  });

  app.get("/servers/new/:draft/workspace", async (c) => {
    const draft = await openDraft(c, "workspace");
    if (draft instanceof Response) return draft;
    return workspacePage(c, draft, {
      values: { workspaces: draft.workspaces.join("\n") },
      errors: {},
    });
  });

  app.post("/servers/new/:draft/workspace", async (c) => {
    const draft = await openDraft(c, "workspace");
    if (draft instanceof Response) return draft;
    const read = await readForm(c, workspaceForm, ["workspaces"]);
    if (!read.ok) return workspacePage(c, draft, read.form, 422);
    const { workspaces, problems, shown } = parseWorkspaces(read.data.workspaces);
    if (problems.length > 0) {
      const sentence = problems.map(({ input, sentence }) =>
        input === "" ? sentence : `“${input}”: ${sentence}`
      ).join(" ");
      return workspacePage(c, draft, {
        values: { workspaces: shown },
        errors: { workspaces: sentence },
      }, 422);
    }
    const connected = await connectedAmong(workspaces);
    if (connected.length > 0) {
      return workspacePage(
        c,
        draft,
        {
          values: { workspaces: shown },
          errors: {
            workspaces: `${connected.map((one) => one.workspace).join(", ")}: connected already. ` +
              "Take it out of the list, or edit the server that there is.",
          },
        },
        422,
        connected,
      );
    }
    await keepWorkspaces(draft, workspaces);
    return c.redirect(stepHref(draft.id, "token"), 303);
  });

  const preflights = createPreflights(deps);
  app.route("/", wizardTokenRoutes(deps, openDraft, preflights, keepWorkspaces));
  app.route("/", wizardRepositoryRoutes(deps, openDraft));

  app.get("/servers/new/:draft/save", async (c) => {
    const draft = await openDraft(c, "save");
    if (draft instanceof Response) return draft;
    return savePage(c, draft, null);
  });

  app.post("/servers/new/:draft/save", async (c) => {
    const draft = await openDraft(c, "save");
    if (draft instanceof Response) return draft;
    const connected = await connectedAmong(draft.workspaces);
    if (connected.length > 0) {
      const names = connected.map((one) => one.workspace).join(", ");
      return savePage(c, draft, `${names} was connected meanwhile. Go back and take it out.`);
    }
    const listed = await serversOf(store, draft);
    const ids = await store.servers.publish(draft.id, listed.map((server) => server.id));
    await store.drafts.remove(draft.id);
    for (const id of ids) await doorbell.ring(id);
    leaveFlash(
      c,
      "good",
      `${
        plural(ids.length, "code server")
      } connected. Repositories appear below as they are found.`,
    );
    return c.redirect(
      ids.length === 1 ? `/repositories?server=${ids[0]}` : "/repositories",
      303,
    );
  });

  app.get("/servers/new/:draft/removal", async (c) => {
    const draft = await openDraft(c, "type");
    if (draft instanceof Response) return draft;
    return c.html(
      <RemoveDraftPage
        frame={frameOf(c, deps)}
        draftId={draft.id}
        back={stepHref(draft.id, reachedStep(draft))}
      />,
    );
  });

  app.post("/servers/new/:draft/removal", async (c) => {
    const draft = await openDraft(c, "type");
    if (draft instanceof Response) return draft;
    await preflights.stop(draft.id);
    await store.drafts.remove(draft.id);
    leaveFlash(c, "good", "The draft is thrown away, its token included.");
    return c.redirect("/servers", 303);
  });

  async function openDraft(c: Context<AppEnv>, step: WizardStep): Promise<Draft | Response> {
    const draft = await store.drafts.find(c.req.param("draft") ?? "", c.get("user").id);
    if (draft === null) {
      leaveFlash(c, "warning", "This draft is over: it was saved, thrown away, or a day old.");
      return c.redirect("/servers", 303);
    }
    return mayOpen(draft, step) ? draft : c.redirect(stepHref(draft.id, reachedStep(draft)), 303);
  }

  function workspacePage(
    c: Context<AppEnv>,
    draft: Draft,
    form: Parameters<typeof WorkspaceStep>[0]["form"],
    status: 200 | 422 = 200,
    connected: Parameters<typeof WorkspaceStep>[0]["connected"] = [],
  ) {
    return c.html(
      <WorkspaceStep
        frame={frameOf(c, deps)}
        draftId={draft.id}
        reached={reachedStep(draft)}
        form={form}
        connected={connected}
      />,
      status,
    );
  }

  async function connectedAmong(workspaces: readonly string[]) {
    const found = [];
    for (const workspace of workspaces) {
      const same = workspace.startsWith("{") ? { uuid: workspace } : { slug: workspace };
      const server = await store.servers.findByWorkspace(same);
      if (server !== null) found.push({ workspace, serverId: server.id });
    }
    return found;
  }

  /** Keeps what was checked of workspaces that stay; servers behind the others go. */
  async function keepWorkspaces(draft: Draft, workspaces: readonly string[]): Promise<void> {
    // Checks under way would still put a server behind a workspace that is out by now.
    await preflights.stop(draft.id);
    const kept = draft.access.filter((one) => workspaces.includes(one.workspace));
    const keptIds = kept.map((one) => one.serverId);
    for (const server of await store.servers.listOfDraft(draft.id)) {
      if (!keptIds.includes(server.id)) await store.servers.remove(server.id);
    }
    await store.drafts.setWorkspaces(draft.id, workspaces);
    await store.drafts.setAccess(draft.id, kept);
  }

  async function savePage(c: Context<AppEnv>, draft: Draft, error: string | null) {
    const servers = await serversOf(store, draft);
    let picked = 0;
    for (const server of servers) {
      const slugs = await store.repositories.listSlugs(server.id);
      picked += slugs.filter((one) => one.picked).length;
    }
    const first = servers[0];
    if (first === undefined) return c.redirect(stepHref(draft.id, "token"), 303);
    const summary: SummaryView = {
      type: typeWords(first.type),
      workspaces: servers.map((server) => ({
        name: server.name,
        slug: server.workspace,
        repositories: server.repositoryCount,
      })),
      token: credentialWords(first.credentialKind, first.credentialUser),
      tokenExpiresAt: draft.tokenExpiresAt,
      selection: selectionWords(first, picked),
      patterns: patternWords(first),
    };
    return c.html(
      <SaveStep
        frame={frameOf(c, deps)}
        draftId={draft.id}
        summary={summary}
        error={error}
      />,
      error === null ? 200 : 422,
    );
  }

  return app;
}
