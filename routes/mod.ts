/** The app: the order of the middleware, and what is mounted where. */

import { Hono } from "hono";
import { compress } from "hono/compress";
import { serveStatic } from "hono/deno";
import { accountRoutes } from "./account.tsx";
import { apiRoutes } from "./api/mod.ts";
import { apiKeyRoutes } from "./api_keys.tsx";
import { auditRoutes } from "./audit.tsx";
import { auditActs } from "./audit_acts.ts";
import { customRuleRoutes } from "./custom_rules.tsx";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { embedKeyRoutes } from "./embed_keys.tsx";
import { createEmbedFacts } from "./embed_facts.ts";
import { embedRoutes, quietEmbeds } from "./embeds.tsx";
import { notFound, onError } from "./errors.tsx";
import { findingRoutes } from "./findings.tsx";
import { healthRoutes } from "./health.ts";
import { invitationRoutes, linkRoutes } from "./invitations.tsx";
import { keepNews, watchChanges } from "./live.ts";
import { metricRoutes } from "./metrics.ts";
import { limitBody, noStore, ownOrigin, pageHeaders, requestId, signedIn } from "./middleware.ts";
import { operationRoutes } from "./operations.tsx";
import { answerFirst, quietPolls } from "./quiet_polls.ts";
import { ownHost } from "./own_host.ts";
import { repositoryRoutes } from "./repositories.tsx";
import { freshlyProven } from "./proof.tsx";
import { scanRoutes } from "./scans.tsx";
import { wizardRoutes } from "./server_wizard.tsx";
import { serverRoutes } from "./servers.tsx";
import { settingRoutes } from "./settings.tsx";
import { setupRoutes } from "./setup.tsx";
import { signInRoutes } from "./sign_in.tsx";
import { ssoRoutes } from "./sso.tsx";
import { suppressionRoutes } from "./suppressions.tsx";
import { userRoutes } from "./users.tsx";
import { visibleSigns } from "./visible_signs.ts";
import { webhookRoutes } from "./webhooks.ts";

/** Builds the app; importing opens nothing. */
export function createApp(deps: RouteDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.onError(onError(deps));
  app.notFound(notFound(deps));

  app.use(requestId(deps), noStore());
  app.route("/", healthRoutes(deps));
  app.route("/", metricRoutes(deps));
  app.route("/", webhookRoutes(deps));
  app.route("/api/v1", apiRoutes(deps));
  app.use("/embed/*", visibleSigns());
  const embeds = createEmbedFacts(deps);
  app.route("/", embedRoutes(deps, embeds));
  const [changes, news] = [watchChanges(deps.store, deps.clock), keepNews()];
  answerFirst(app, [quietPolls(deps, changes, news), quietEmbeds(deps, embeds)]);
  // What comes before has keys and signatures of its own, which no browser sends by itself.
  app.use(ownHost(deps));
  // Safe beside secrets: pages carry no token of ours that a guess could be compared with.
  app.use(compress(), visibleSigns());
  app.use(pageHeaders(deps.publicUrl));
  app.use(
    "/static/*",
    serveStatic({
      root: new URL("..", import.meta.url).pathname,
      onFound: (_path, c) => c.header("Cache-Control", "public, max-age=600"),
    }),
  );
  app.use(limitBody(), ownOrigin(deps.publicUrl));
  app.route("/", setupRoutes(deps));
  app.route("/", signInRoutes(deps));
  app.route("/", linkRoutes(deps));
  app.route("/", ssoRoutes(deps));

  app.use(signedIn(deps), freshlyProven(deps), auditActs(deps));
  app.get("/", async (c) => {
    const servers = await deps.store.servers.list();
    return c.redirect(servers.length > 0 ? "/repositories" : "/servers", 303);
  });
  app.route("/", repositoryRoutes(deps, changes, news));
  app.route("/", scanRoutes(deps));
  app.route("/", findingRoutes(deps));
  // Before the servers, whose `/servers/:id` would take `/servers/new`.
  app.route("/", wizardRoutes(deps));
  app.route("/", serverRoutes(deps, changes));
  app.route("/", operationRoutes(deps));
  app.route("/", apiKeyRoutes(deps));
  app.route("/", embedKeyRoutes(deps));
  app.route("/", customRuleRoutes(deps));
  app.route("/", suppressionRoutes(deps));
  app.route("/", auditRoutes(deps));
  app.route("/", settingRoutes(deps));
  app.route("/", accountRoutes(deps));
  app.route("/", invitationRoutes(deps));
  app.route("/", userRoutes(deps));
  return app;
}
