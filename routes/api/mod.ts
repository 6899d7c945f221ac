/** `/api/v1`: the JSON API, its OpenAPI document, and the page to read it. */

import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { ApiDocsPage } from "@/components/api_docs_page.tsx";
import type { RouteDeps } from "../deps.ts";
import { limitBody, pageHeaders } from "../middleware.ts";
import { type ApiEnv, identify } from "./caller.ts";
import { docsView } from "./docs.ts";
import { findingOperations } from "./findings.ts";
import { openApiDocument } from "./openapi.ts";
import { answer, onApiError } from "./problems.ts";
import { repositoryOperations } from "./repositories.ts";
import { serverOperations } from "./servers.ts";

export const OPERATIONS = [...serverOperations, ...repositoryOperations, ...findingOperations];

/** The API as an app of its own: its errors are problems, its headers are for machines. */
export function apiRoutes(deps: RouteDeps): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.onError(onApiError(deps));
  const document = openApiDocument(OPERATIONS.map(({ operation }) => operation), deps);

  app.get("/docs", pageHeaders(deps.publicUrl), (c) => {
    c.header("Cache-Control", "public, max-age=300");
    return c.html(ApiDocsPage({ instanceName: deps.instanceName, view: docsView(document) }));
  });

  app.use(secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    strictTransportSecurity: deps.publicUrl.startsWith("https:") ? "max-age=31536000" : false,
  }));
  app.get("/openapi.json", (c) => {
    c.header("Cache-Control", "public, max-age=300");
    return c.json(document);
  });

  app.use(limitBody(), identify(deps));
  for (const operation of OPERATIONS) operation.mount(app, deps);
  app.all("*", (c) => {
    const allowed = methodsAt(c.req.path.replace(/^\/api\/v1/, ""));
    if (allowed.length === 0) return answer(c, 404, "There is no such address in the API.");
    const headers = { Allow: allowed.join(", ") };
    return answer(c, 405, `This address takes ${allowed.join(" and ")} only.`, {}, headers);
  });
  return app;
}

/** What may be done at a path, by any of the operations. */
function methodsAt(path: string): string[] {
  return OPERATIONS.map(({ operation }) => operation).filter((one) =>
    new RegExp(`^${one.path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path)
  ).map(({ method }) => method.toUpperCase());
}
