/** Holds requests and answers to the OpenAPI document, by a validator that nobody here wrote. */

import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

type Json = Record<string, unknown>;

export interface Described {
  operations: { id: string; method: string; path: string; one: Json }[];
  /** @throws when `value` is not what the operation takes or gives. */
  checkBody(id: string, value: unknown): void;
  checkQuery(id: string, query: URLSearchParams): void;
  checkAnswer(id: string, response: Response): Promise<unknown>;
}

/** Reads a document. @throws when one of its schemas is none. */
export function readDocument(document: Json): Described {
  // deno-lint-ignore no-explicit-any
  const ajv = new (Ajv2020 as any)({ strict: true, strictTypes: false, allErrors: true });
  // deno-lint-ignore no-explicit-any
  (addFormats as any)(ajv);
  const absolute = (schema: unknown): unknown =>
    JSON.parse(
      JSON.stringify(schema).replaceAll('"#/components/schemas/', '"https://api.test/#/$defs/'),
    );
  const { schemas } = document.components as { schemas: Json };
  ajv.addSchema({ $id: "https://api.test/", $defs: absolute(schemas) });
  const check = (schema: unknown, value: unknown, what: string) => {
    const validate = ajv.compile(absolute(schema));
    assert.ok(validate(value), `${what}: ${ajv.errorsText(validate.errors)}`);
  };
  for (const name of Object.keys(schemas)) {
    ajv.compile({ $ref: `https://api.test/#/$defs/${name}` });
  }
  const paths = document.paths as Record<string, Record<string, Json>>;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({
      id: String(one.operationId),
      method: method.toUpperCase(),
      path,
      one,
    }))
  );
  const find = (id: string) => {
    const found = operations.find((operation) => operation.id === id);
    assert.ok(found, `the document has no operation ${id}`);
    return found.one;
  };

  return {
    operations,
    checkBody(id, value) {
      const body = find(id).requestBody as { content: Record<string, { schema: unknown }> };
      check(body.content["application/json"]!.schema, value, `body of ${id}`);
    },
    checkQuery(id, query) {
      const parameters = (find(id).parameters ?? []) as {
        name: string;
        in: string;
        schema: { type?: string };
      }[];
      for (const [name, value] of query) {
        const parameter = parameters.find((one) => one.in === "query" && one.name === name);
        assert.ok(parameter, `${id} has no parameter ${name}`);
        const { type } = parameter.schema;
        const typed = type === "integer" || type === "number" ? Number(value) : value;
        check(parameter.schema, typed, `${name} of ${id}`);
      }
    },
    async checkAnswer(id, response) {
      const responses = find(id).responses as Record<string, {
        content?: Record<string, { schema: unknown }>;
      }>;
      const described = responses[response.status];
      const text = await response.text();
      assert.ok(described, `${id} does not describe ${response.status}: ${text}`);
      const entries = Object.entries(described.content ?? {});
      if (entries.length === 0) {
        assert.equal(text, "", `${id} ${response.status} has a body`);
        return null;
      }
      const [contentType, { schema }] = entries[0]!;
      assert.equal(response.headers.get("content-type")?.split(";")[0], contentType);
      if (!contentType.endsWith("json") || contentType.includes("sarif")) return text;
      const value = JSON.parse(text);
      check(schema, value, `answer ${response.status} of ${id}`);
      return value;
    },
  };
}
