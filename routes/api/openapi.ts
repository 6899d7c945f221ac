/** The OpenAPI 3.1 document, made of the operations and of the very schemas that check requests. */

import { z } from "zod";
import type { RouteDeps } from "../deps.ts";
import type { Operation } from "./operation.ts";
import { named, problem } from "./schemas.ts";

type Json = Record<string, unknown>;

const REFUSALS: Record<number, string> = {
  400: "The query or the body cannot be read",
  401: "No valid API key and no session",
  403: "The role is not enough, or a change by cookie came from elsewhere",
  404: "There is no such thing",
  409: "It is there already, or the same request is being carried out",
  415: "The body is not application/json",
  422: "Understood, but refused; `detail` and `errors` say why",
  429: "Too many calls this minute",
  500: "An error of ours",
  502: "The code server did not answer as it should",
  503: "The code server asks to wait; Retry-After says how long",
};

const RATE_HEADERS = ["RateLimit-Policy", "RateLimit", "X-RateLimit-Remaining"];

/** The document as an object. */
export function openApiDocument(operations: readonly Operation[], deps: RouteDeps): Json {
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    (paths[operation.path] ??= {})[operation.method] = describe(operation);
  }
  return {
    openapi: "3.1.1",
    info: {
      title: `${deps.instanceName === "Sluice" ? "" : `${deps.instanceName}: `}Sluice API`,
      version: "1",
      description:
        "Code servers, repositories with their live state, and findings. Lists page by cursor: " +
        "ask again with `next` until it is null. Errors are problem details (RFC 9457). A GET " +
        "answers 304 to an equal If-None-Match. A POST with an Idempotency-Key is carried out once " +
        "a day, however often it is sent.",
    },
    servers: [{ url: `${deps.publicUrl}/api/v1` }],
    security: [{ apiKey: [] }, { session: [] }],
    paths,
    components: {
      schemas: components(),
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          description: "A key of the settings, such as sluice_api_…",
        },
        session: {
          type: "apiKey",
          in: "cookie",
          name: deps.publicUrl.startsWith("https:") ? "__Host-sluice" : "sluice",
          description: "Signed in in the browser; changes only from pages of this Sluice",
        },
      },
      headers: Object.fromEntries(RATE_HEADERS.map((name) => [name, {
        schema: { type: "string" },
        description: "Calls left in this minute",
      }])),
    },
  };
}

function describe(operation: Operation): Json {
  const isPost = operation.method === "post";
  const hasId = operation.path.includes("{id}");
  const refuses = new Set([401, 429, 500, ...operation.refuses ?? []]);
  if (operation.query || operation.body || isPost) refuses.add(400);
  if (operation.role === "admin") refuses.add(403);
  if (hasId) refuses.add(404);
  if (operation.body) { for (const status of [415, 422]) refuses.add(status); }
  if (isPost) { for (const status of [409, 422]) refuses.add(status); }
  const parameters = [
    ...(hasId
      ? [{ name: "id", in: "path", required: true, schema: { type: "string", maxLength: 100 } }]
      : []),
    ...(operation.query ? queryParameters(operation.query) : []),
    ...(isPost
      ? [{
        name: "Idempotency-Key",
        in: "header",
        schema: { type: "string", minLength: 1, maxLength: 255 },
        description: "Repetitions within a day get the first answer",
      }]
      : []),
  ];
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    description: [operation.description, `Role: ${operation.role}.`].filter(Boolean).join(" "),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(operation.body
      ? {
        requestBody: {
          required: true,
          content: { "application/json": { schema: schemaOf(operation.body, "input") } },
        },
      }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.answers).map(([status, answer]) => [status, {
          description: answer.description,
          headers: rateHeaders(),
          ...(answer.schema
            ? { content: { "application/json": { schema: schemaOf(answer.schema, "output") } } }
            : answer.contentType
            ? { content: { [answer.contentType]: { schema: { type: "string" } } } }
            : {}),
        }]),
      ),
      ...Object.fromEntries(
        [...refuses].sort().map((status) => [status, {
          description: REFUSALS[status],
          content: { "application/problem+json": { schema: schemaOf(problem, "output") } },
        }]),
      ),
      ...(operation.method === "get" && operation.answers[200]?.schema
        ? { 304: { description: "Unchanged: If-None-Match fits" } }
        : {}),
    },
  };
}

function rateHeaders(): Json {
  return Object.fromEntries(
    RATE_HEADERS.map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
}

function queryParameters(query: z.ZodObject): Json[] {
  return Object.entries(query.shape).map(([name, schema]) => {
    const { description, ...json } = jsonSchema(schema as z.ZodType, "input");
    return {
      name,
      in: "query",
      schema: json,
      ...(description === undefined ? {} : { description }),
    };
  });
}

/** A reference for a schema with a name of its own, else the schema itself. */
function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const id = named.get(schema)?.id;
  return id === undefined ? jsonSchema(schema, io) : { $ref: `#/components/schemas/${id}` };
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, $defs: __, ...json } = z.toJSONSchema(schema, {
    target: "draft-2020-12",
    metadata: named,
    io,
    override: open,
  }) as Json;
  return withReferences(json) as Json;
}

/** What is taken is told as input, with what may be left out; the rest as we give it. */
function components(): Json {
  const options = {
    target: "draft-2020-12",
    uri: (id: string) => `#/components/schemas/${id}`,
    override: open,
  } as const;
  const inputs = z.toJSONSchema(named, { ...options, io: "input" }).schemas as Record<string, Json>;
  const outputs = z.toJSONSchema(named, { ...options, io: "output" })
    .schemas as Record<string, Json>;
  const isInput = (id: string) => /Input$|Change$|^Triage$/.test(id);
  return Object.fromEntries(
    Object.keys(outputs).sort().map((id) => {
      const { $schema: _, $id: __, ...json } = (isInput(id) ? inputs : outputs)[id]!;
      return [id, withReferences(json)];
    }),
  );
}

/** `$defs` and `id`s of zod become references within the document. */
function withReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withReferences);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).filter(([name]) => name !== "id" || !isSchema(value)).map((
      [name, one],
    ) => [
      name,
      name === "$ref"
        ? String(one).replace("#/$defs/", "#/components/schemas/")
        : withReferences(one),
    ]),
  );
}

function isSchema(value: object): boolean {
  return "id" in value && typeof value.id === "string";
}

/** Bounds that only say "a safe integer" tell a reader nothing. */
function open({ jsonSchema }: { jsonSchema: Json }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}
