/** Forms at the border: zod reads them, and what it refuses becomes a sentence beside its field. */

import type { Context } from "hono";
import { z } from "zod";
import type { FormView } from "@/components/forms.tsx";

/** A form as read: its data, or what the page shows again. */
export type Read<Data, Name extends string> =
  | { ok: true; data: Data }
  | { ok: false; form: FormView<Name> };

/** One or several fields of the same name, as one list. */
export const listed = z.union([z.string(), z.array(z.string())]).optional()
  .transform((value) => value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** Reads a form; refused values come back but for those named in `secret`. */
export async function readForm<Schema extends z.ZodObject>(
  c: Context,
  schema: Schema,
  secret: readonly string[] = [],
): Promise<Read<z.infer<Schema>, string & keyof z.infer<Schema>>> {
  type Name = string & keyof z.infer<Schema>;
  const body = await c.req.parseBody({ all: true });
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ok: true, data: parsed.data };
  const form: FormView<Name> = { values: {}, errors: {} };
  for (const [name, value] of Object.entries(body)) {
    if (typeof value === "string" && !secret.includes(name)) form.values[name as Name] = value;
  }
  for (const issue of parsed.error.issues) form.errors[issue.path[0] as Name] ??= issue.message;
  return { ok: false, form };
}

/**
 * Where a form came from: a path on this host, else the given one. Browsers drop tabs and line ends
 * from an address and read `\\` as `/`, so that `/<tab>/example.com` would be another host.
 */
export function backTo(back: string | undefined, otherwise: string): string {
  // deno-lint-ignore no-control-regex
  return back !== undefined && /^\/(?![/\\])[^\\\u0000-\u001f\u007f]*$/.test(back)
    ? back
    : otherwise;
}

/** Whether htmx asks, and so a fragment answers. */
export function wantsFragment(c: Context): boolean {
  return c.req.header("HX-Request") !== undefined;
}
