/** From the OpenAPI document to what its page shows: the page can say nothing else than it. */

import type { ApiDocsView, OperationView, PropertyView } from "@/components/api_docs_page.tsx";
import { PROBLEM_TYPES } from "./problems.ts";

type Json = Record<string, unknown>;

/** The view of a whole document. */
export function docsView(document: Json): ApiDocsView {
  const info = document.info as Json;
  const paths = document.paths as Record<string, Record<string, Json>>;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => operationView(method, path, one))
  );
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  const { schemas } = document.components as { schemas: Record<string, Json> };
  return {
    title: String(info.title),
    description: String(info.description),
    base: String((document.servers as { url: string }[])[0]!.url),
    groups: tags.map((tag) => ({
      tag,
      operations: operations.filter((one) => one.tag === tag),
    })),
    schemas: Object.entries(schemas).map(([name, schema]) => ({
      name,
      description: schema.description === undefined ? null : String(schema.description),
      properties: propertyViews(schema),
    })),
    problems: Object.entries(PROBLEM_TYPES).map(([id, sentence]) => ({ id, sentence })),
  };
}

function operationView(method: string, path: string, one: Json): OperationView {
  const parameters = (one.parameters ?? []) as Json[];
  const body = one.requestBody as { content: Record<string, { schema: Json }> } | undefined;
  const responses = one.responses as Record<string, Json>;
  return {
    id: String(one.operationId),
    tag: (one.tags as string[])[0]!,
    method: method.toUpperCase(),
    path,
    summary: String(one.summary),
    description: String(one.description),
    parameters: parameters.map((parameter) => ({
      name: String(parameter.name),
      type: `${parameter.in}: ${typeWords(parameter.schema as Json)}`,
      required: parameter.required === true,
      description: parameter.description === undefined ? "" : String(parameter.description),
    })),
    body: body ? refName(Object.values(body.content)[0]!.schema) : null,
    answers: Object.entries(responses).map(([status, response]) => {
      const content = response.content as Record<string, { schema: Json }> | undefined;
      const [type, media] = Object.entries(content ?? {})[0] ?? [];
      return {
        status,
        description: String(response.description),
        schema: media ? refName(media.schema) : null,
        contentType: type ?? null,
      };
    }),
  };
}

function propertyViews(schema: Json): PropertyView[] {
  const variants = (schema.oneOf ?? schema.anyOf ?? [schema]) as Json[];
  const views = new Map<string, PropertyView>();
  for (const variant of variants) {
    const required = (variant.required ?? []) as string[];
    for (const [name, one] of Object.entries((variant.properties ?? {}) as Record<string, Json>)) {
      views.set(name, {
        name,
        type: typeWords(one),
        required: required.includes(name),
        description: one.description === undefined ? "" : String(one.description),
      });
    }
  }
  return [...views.values()];
}

function refName(schema: Json): string | null {
  if (typeof schema.$ref === "string") return schema.$ref.split("/").at(-1)!;
  const items = (schema.properties as Record<string, Json> | undefined)?.items?.items as
    | Json
    | undefined;
  return items ? refName(items) : null;
}

/** A type in a few words: "string or null", "array of Server", "clean | findings". */
function typeWords(schema: Json): string {
  if (typeof schema.$ref === "string") return schema.$ref.split("/").at(-1)!;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.join(" | ");
  const any = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (any) return any.map(typeWords).join(" or ");
  if (schema.type === "array") return `array of ${typeWords((schema.items ?? {}) as Json)}`;
  if (schema.type === "object") {
    return `{${Object.keys((schema.properties ?? {}) as Json).join(", ")}}`;
  }
  return String(schema.format ?? schema.type ?? "any");
}
