/** `/servers`: the list, one server, and what an admin does with it. */

import { WebhookPage } from "@/components/webhook_page.tsx";
import { newToken } from "@/lib/id.ts";
import { WEBHOOK_EVENT_WORDS, webhookUrl } from "@/lib/webhook_url.ts";
import { removeServer } from "./server_removal.ts";
import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import {
  EditSelectionPage,
  RemoveServerPage,
  ReplaceTokenPage,
} from "@/components/server_forms.tsx";
import { ServerPage } from "@/components/server_page.tsx";
import { ServersPage, ServersTable } from "@/components/server_row.tsx";
import { MatchesWords } from "@/components/selection_form.tsx";
import { ServerStatus } from "@/components/server_status.tsx";
import { plural } from "@/lib/format.ts";
import { parseGlobs } from "@/lib/selection.ts";
import { PRIORITY } from "@/lib/store/job_moves.ts";
import type { Server } from "@/lib/store/servers.ts";
import { leaveFlash } from "./cookies.ts";
import { failedSentence, readToken, tokenForm } from "./credential_form.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { discoverNow } from "./discoveries.ts";
import { backTo, readForm } from "./forms.ts";
import { type Changes, FAST_SECONDS, tagOf, unchanged } from "./live.ts";
import { frameOf } from "./middleware.ts";
import { applyChoice, choiceForm, matches, selectionView } from "./selection.ts";
import { choiceQuery } from "./selection_list.ts";
import { draftViews } from "./server_drafts.ts";
import { refreshSelection } from "./selection_refresh.tsx";
import { serverRowView, serverView } from "./server_views.ts";

const NO_FORM = { values: {}, errors: {} };
const way = z.object({ back: z.string().optional() });
const pause = way.extend({ paused: z.enum(["yes", "no"]) });
const removal = z.object({
  sure: z.literal("yes", { error: "Tick the box: the findings are deleted for good." }),
});

/** The list of code servers, one server, and changes to it. */
export function serverRoutes(deps: RouteDeps, changes: Changes): Hono<AppEnv> {
  const { store, doorbell, clock } = deps;
  const app = new Hono<AppEnv>();

  app.get("/servers", async (c) => {
    const [list, drafts] = await Promise.all([
      listView(await changes.now()),
      draftViews(store, c.get("user").id),
    ]);
    return c.html(<ServersPage frame={frameOf(c, deps)} {...list} drafts={drafts} />);
  });

  app.get("/servers/status", async (c) => {
    const list = await listView(await changes.now());
    return unchanged(c, list.live.tag) ??
      c.html(<ServersTable {...list} admin={c.get("user").role === "admin"} />);
  });

  app.get("/servers/:id", async (c) => {
    const view = await serverView(deps, await found(c.req.param("id")), await changes.now());
    return c.html(<ServerPage frame={frameOf(c, deps)} view={view} />);
  });

  app.get("/servers/:id/status", async (c) => {
    const change = await changes.now();
    const view = await serverView(deps, await found(c.req.param("id")), change);
    return unchanged(c, view.tag) ?? c.html(<ServerStatus view={view} />);
  });

  app.post("/servers/:id/discoveries", async (c) => {
    const server = await found(c.req.param("id"));
    if (server.pausedAt !== null) {
      leaveFlash(c, "warning", `${server.name} is paused. Resume it first.`);
    } else {
      await discoverNow(deps, server.id);
      leaveFlash(c, "good", `${server.name} is being discovered.`);
    }
    const read = await readForm(c, way);
    return c.redirect(backTo(read.ok ? read.data.back : undefined, `/servers/${server.id}`), 303);
  });

  app.post("/servers/:id/scans", async (c) => {
    const server = await found(c.req.param("id"));
    const count = await store.jobs.rescanServer(server.id, PRIORITY.background, "person");
    if (count > 0) await doorbell.ring(server.id);
    const wait = server.pausedAt === null ? "" : " They wait until the server is resumed.";
    leaveFlash(c, "good", `${plural(count, "scan")} asked for.${wait}`);
    return c.redirect(`/servers/${server.id}`, 303);
  });

  app.post("/servers/:id/pause", async (c) => {
    const server = await found(c.req.param("id"));
    const read = await readForm(c, pause);
    if (!read.ok) throw new HTTPException(422, { message: "Say whether to pause or to resume." });
    const paused = read.data.paused === "yes";
    await store.servers.pause(server.id, paused);
    if (!paused) await doorbell.ring(server.id);
    leaveFlash(c, "good", paused ? `${server.name} is paused.` : `${server.name} goes on.`);
    return c.redirect(backTo(read.data.back, `/servers/${server.id}`), 303);
  });

  app.get("/servers/:id/selection", zValidator("query", choiceQuery), async (c) => {
    const server = await found(c.req.param("id"));
    const view = await selectionView(
      deps,
      [server],
      c.req.valid("query"),
      `/servers/${server.id}/selection`,
      null,
      await changes.now(),
    );
    return c.html(<EditSelectionPage frame={frameOf(c, deps)} server={server} view={view} />);
  });

  app.get(
    "/servers/:id/selection/refresh",
    zValidator("query", choiceQuery),
    async (c) =>
      await refreshSelection(
        c,
        deps,
        [await found(c.req.param("id"))],
        c.req.valid("query"),
        await changes.now(),
      ),
  );

  app.post("/servers/:id/selection/matches", async (c) => {
    const server = await found(c.req.param("id"));
    const read = await readForm(c, choiceForm);
    if (!read.ok) throw new HTTPException(422, { message: "This form cannot be read." });
    const { problem } = parseGlobs(read.data.patterns);
    return c.html(
      <MatchesWords matches={await matches(deps, [server], read.data)} problem={problem} />,
    );
  });

  app.post("/servers/:id/selection", async (c) => {
    const server = await found(c.req.param("id"));
    const action = `/servers/${server.id}/selection`;
    const read = await readForm(c, choiceForm);
    const chosen = read.ok ? await applyChoice(deps, [server], read.data) : {
      kind: "refused" as const,
      query: choiceQuery.parse(read.form.values),
      form: read.form,
    };
    if (chosen.kind === "saved") {
      await doorbell.ring(server.id);
      leaveFlash(c, "good", `The selection of ${server.name} is saved.`);
      return c.redirect(`/servers/${server.id}`, 303);
    }
    if (chosen.kind === "look") {
      const query = new URLSearchParams({ ...chosen.query, offset: String(chosen.query.offset) });
      return c.redirect(`${action}?${query}`, 303);
    }
    const view = await selectionView(
      deps,
      [server],
      chosen.query,
      action,
      chosen.form,
      await changes.now(),
    );
    return c.html(<EditSelectionPage frame={frameOf(c, deps)} server={server} view={view} />, 422);
  });

  app.get("/servers/:id/token", async (c) => {
    const server = await found(c.req.param("id"));
    return c.html(
      <ReplaceTokenPage frame={frameOf(c, deps)} server={server} form={NO_FORM} preflight={[]} />,
    );
  });

  app.post("/servers/:id/token", async (c) => {
    const server = await found(c.req.param("id"));
    const page = (
      form: Parameters<typeof ReplaceTokenPage>[0]["form"],
      preflight: Parameters<typeof ReplaceTokenPage>[0]["preflight"],
    ) =>
      c.html(
        <ReplaceTokenPage
          frame={frameOf(c, deps)}
          server={server}
          form={form}
          preflight={preflight}
        />,
        422,
      );
    const sent = await readForm(c, tokenForm, ["token"]);
    if (!sent.ok) return page(sent.form, []);
    const read = readToken(sent.data, { kept: false, now: clock.now() });
    if (!read.ok) return page(read.form, []);
    const access = await deps.openWorkspace(server.type, server.workspace, read.credential!)
      .checkAccess({ signal: c.req.raw.signal });
    if (!access.ok) {
      return page(
        {
          values: { expires: sent.data.expires },
          errors: { token: failedSentence(access.checks) },
        },
        [{
          workspace: server.workspace,
          checks: access.checks,
          running: false,
          repositoryCount: access.repositoryCount,
        }],
      );
    }
    await store.servers.replaceCredential(server.id, read.credential!, read.expiresAt);
    await discoverNow(deps, server.id);
    leaveFlash(c, "good", `The token of ${server.name} is replaced.`);
    return c.redirect(`/servers/${server.id}`, 303);
  });

  app.get("/servers/:id/removal", async (c) => {
    const server = await found(c.req.param("id"));
    return c.html(await removalPage(server, NO_FORM, frameOf(c, deps)));
  });

  app.post("/servers/:id/removal", async (c) => {
    const server = await found(c.req.param("id"));
    const read = await readForm(c, removal);
    if (!read.ok) return c.html(await removalPage(server, read.form, frameOf(c, deps)), 422);
    await removeServer(deps, server);
    leaveFlash(c, "good", `${server.name} is removed, with its findings and its token.`);
    return c.redirect("/servers", 303);
  });

  app.post("/servers/:id/webhook", async (c) => {
    const server = await found(c.req.param("id"));
    if (server.webhookState === null) {
      await store.webhooks.save(server.id, { state: "manual", id: null, secret: newToken() });
    }
    return c.redirect(`/servers/${server.id}/webhook`, 303);
  });

  app.get("/servers/:id/webhook", async (c) => {
    const server = await found(c.req.param("id"));
    if (c.get("user").role !== "admin") {
      throw new HTTPException(403, { message: "Only an admin sees a webhook's secret." });
    }
    const secret = await store.webhooks.openSecret(server);
    if (secret === null) return c.redirect(`/servers/${server.id}`, 303);
    return c.html(
      <WebhookPage
        frame={frameOf(c, deps)}
        server={server}
        url={webhookUrl(deps.publicUrl, server.id)}
        secret={secret}
        events={WEBHOOK_EVENT_WORDS}
        reachable={deps.publicUrl.startsWith("https:")}
      />,
    );
  });

  async function removalPage(
    server: Server,
    form: Parameters<typeof RemoveServerPage>[0]["form"],
    frame: ReturnType<typeof frameOf>,
  ) {
    const counts = await store.findings.counts(server.id);
    return (
      <RemoveServerPage
        frame={frame}
        server={server}
        repositories={server.repositoryCount}
        findings={counts.reduce((sum, one) => sum + one.count, 0)}
        form={form}
      />
    );
  }

  async function listView(change: number) {
    const servers = await store.servers.list();
    const now = clock.now();
    const moving = servers.some((server) => ["discovering", "waiting"].includes(server.state));
    const interval = moving ? FAST_SECONDS : null;
    return {
      rows: await Promise.all(servers.map((server) => serverRowView(deps, server))),
      live: { everySeconds: interval, tag: tagOf(change, interval, now) },
      now,
    };
  }

  /** A saved server; those behind a draft belong to the wizard. */
  async function found(id: string): Promise<Server> {
    const server = await store.servers.find(id);
    if (server !== null && server.draftId === null) return server;
    throw new HTTPException(404, { message: "There is no such code server, or it was removed." });
  }

  return app;
}
