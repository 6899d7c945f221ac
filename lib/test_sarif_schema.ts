/** Holds reports to the JSON schema of SARIF 2.1.0 as OASIS publishes it, by a validator of others. */

import assert from "node:assert/strict";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";

const SCHEMA = new URL("./testdata/sarif-schema-2.1.0.jsonschema", import.meta.url);

/** The report, read. @throws when it is no SARIF, with what is wrong and where */
// deno-lint-ignore no-explicit-any
export async function checkedSarif(text: string): Promise<any> {
  // Of draft 4 only the name of the id is another; nothing in it means something else since.
  const { $schema: _draft, id: $id, ...schema } = JSON.parse(await Deno.readTextFile(SCHEMA));
  // deno-lint-ignore no-explicit-any
  const ajv = new (Ajv as any)({ strict: false, allErrors: true });
  // deno-lint-ignore no-explicit-any
  (addFormats as any)(ajv);
  const validate = ajv.compile({ $id, ...schema });
  const report = JSON.parse(text);
  assert.ok(validate(report), ajv.errorsText(validate.errors, { separator: "\n" }));
  return report;
}
