/** An operation of the JSON API: its description, and the way from a request to its handler. */

import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";
import { sha256Hex } from "@/lib/seal.ts";
import type { RouteDeps } from "../deps.ts";
import type { ApiEnv, Caller } from "./caller.ts";
import { ApiProblem, refusal } from "./problems.ts";

/** What an answer with a status holds; `schema` is null where it has no JSON body. */
export interface AnswerDescription {
  description: string;
  schema: z.ZodType | null;
  /** `application/json` unless told. */
  contentType?: string;
}

/** One operation, as the document describes it. */
export interface Operation<
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
> {
  id: string;
  method: "get" | "post" | "patch" | "delete";
  /** As in the document, with parameters in braces; below `/api/v1`. */
  path: string;
  tag: "Code servers" | "Repositories" | "Scans" | "Findings";
  summary: string;
  description?: string;
  role: Caller["role"];
  query?: Query;
  body?: Body;
  answers: Readonly<Record<number, AnswerDescription>>;
  /** Statuses that it may refuse with, beside those every operation has. */
  refuses?: readonly number[];
}

/** A request whose every part was checked. */
export interface ApiRequest<Query, Body> {
  c: Context<ApiEnv>;
  caller: Caller;
  /** The parameter of the path; empty where it has none. */
  id: string;
  query: Query;
  body: Body;
}

/** What a handler gives: a status with a body, or the whole response where it streams. */
export type ApiResult =
  | Response
  | { status: 200 | 201 | 202; body: unknown; location?: string }
  | { status: 204 };

/** An operation with what carries it out. */
export interface Mountable {
  operation: Operation;
  mount(app: Hono<ApiEnv>, deps: RouteDeps): void;
}

/** Joins an operation and its handler, whose types follow from the schemas. */
export function operation<Query extends z.ZodObject, Body extends z.ZodType>(
  described: Operation<Query, Body>,
  handle: (request: ApiRequest<z.output<Query>, z.output<Body>>, deps: RouteDeps) => Promise<
    ApiResult
  >,
): Mountable {
  return {
    operation: described as unknown as Operation,
    mount(app, deps) {
      const path = described.path.replaceAll(/\{(\w+)\}/g, ":$1");
      app.on(described.method.toUpperCase(), path, async (c: Context<ApiEnv>) => {
        const caller = c.get("caller");
        if (described.role === "admin" && caller.role !== "admin") {
          throw new ApiProblem(403, "This needs the role admin; yours is viewer.");
        }
        const text = described.body ? await readBody(c) : "";
        const request = {
          c,
          caller,
          id: c.req.param("id") ?? "",
          query: readQuery(c, described.query),
          body: described.body ? parseBody(text, described.body) : undefined,
        } as ApiRequest<z.output<Query>, z.output<Body>>;
        const run = async () => await answer(c, await handle(request, deps));
        return described.method === "post" ? await once(c, deps, text, run) : await run();
      });
    },
  };
}

function readQuery(c: Context, schema: z.ZodObject | undefined): unknown {
  if (schema === undefined) return {};
  const parsed = schema.strict().safeParse(c.req.query());
  if (!parsed.success) throw refusal(400, parsed.error, "query");
  return parsed.data;
}

async function readBody(c: Context): Promise<string> {
  const type = c.req.header("Content-Type") ?? "";
  // Also what keeps forms of other sites out, which can send every type but this one.
  if (!/^application\/(json|[\w.-]+\+json)\s*(;|$)/i.test(type)) {
    throw new ApiProblem(415, "Send the body as application/json.");
  }
  return await c.req.text();
}

function parseBody(text: string, schema: z.ZodType): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ApiProblem(400, "The body is not JSON.");
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw refusal(422, parsed.error, "body");
  return parsed.data;
}

async function answer(c: Context<ApiEnv>, result: ApiResult): Promise<Response> {
  if (result instanceof Response) return result;
  if (result.status === 204) return c.body(null, 204);
  if (result.location !== undefined) c.header("Location", result.location);
  const text = JSON.stringify(result.body);
  if (c.req.method === "GET" || c.req.method === "HEAD") {
    const tag = `"${(await sha256Hex(text)).slice(0, 32)}"`;
    c.header("ETag", tag);
    c.header("Cache-Control", "private, no-cache");
    if (sameTag(c.req.header("If-None-Match"), tag)) return c.body(null, 304);
  }
  return c.body(text, result.status, { "Content-Type": "application/json" });
}

/** The weak comparison of RFC 9110 section 13.1.2: proxies may have marked our tag as weak. */
export function sameTag(header: string | undefined, tag: string): boolean {
  return header !== undefined &&
    header.split(",").some((one) => ["*", tag].includes(one.trim().replace(/^W\//, "")));
}

/** Carries out a POST once for each Idempotency-Key, and gives its answer to every repetition. */
async function once(
  c: Context<ApiEnv>,
  deps: RouteDeps,
  body: string,
  run: () => Promise<Response>,
): Promise<Response> {
  const key = c.req.header("Idempotency-Key");
  if (key === undefined) return await run();
  if (key.length < 1 || key.length > 255) {
    throw new ApiProblem(400, "An Idempotency-Key has 1 to 255 characters.");
  }
  const { idempotency } = deps.store;
  const keyHash = await sha256Hex(
    JSON.stringify([c.get("caller").subject, c.req.method, c.req.path, key]),
  );
  const begun = await idempotency.begin(keyHash, await sha256Hex(body));
  if (begun.kind === "other_body") {
    throw new ApiProblem(422, "This Idempotency-Key was used with another body.", {
      type: "idempotency-key-reused",
    });
  }
  if (begun.kind === "under_way") {
    throw new ApiProblem(409, "The same request is being carried out.", {
      headers: { "Retry-After": "1" },
    });
  }
  if (begun.kind === "answered") {
    const { text, location } = JSON.parse(begun.answer) as { text: string; location?: string };
    c.header("Idempotency-Replayed", "true");
    if (location) c.header("Location", location);
    return c.body(text, begun.status as ContentfulStatusCode, {
      "Content-Type": "application/json",
    });
  }
  try {
    const response = await run();
    const location = response.headers.get("Location") ?? undefined;
    const text = await response.clone().text();
    await idempotency.finish(keyHash, response.status, JSON.stringify({ text, location }));
    return response;
  } catch (error) {
    // A refusal changed nothing here, so the caller may mend its request under the same key.
    await idempotency.forget(keyHash);
    throw error;
  }
}
