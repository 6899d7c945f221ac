/** The token box at the border: what was pasted, and when it expires. */

import { z } from "zod";
import type { TokenField } from "@/components/token_form.tsx";
import type { FormView } from "@/components/forms.tsx";
import type { AccessCheck, Credential } from "@/lib/codeserver/mod.ts";
import { parseToken } from "@/lib/codeserver/bitbucket_cloud/credential.ts";
import { isoTime } from "@/lib/format.ts";

/** The form as it is sent. */
export const tokenForm = z.object({
  token: z.string().max(10_000, "No token is as long as this.").default(""),
  expires: z.union([z.literal(""), z.iso.date("Enter a date, such as 2027-01-31.")]).default(""),
});

/** The credential, or what is to be mended; never repeats the secret. */
export type ReadToken =
  | { ok: true; credential: Credential | null; expiresAt: number | null }
  | { ok: false; form: FormView<TokenField> };

/** Reads the box; an empty one is null where a token is kept already. */
export function readToken(
  form: z.infer<typeof tokenForm>,
  options: { kept: boolean; now: number },
): ReadToken {
  const values = { expires: form.expires };
  // A token lives to the end of its last day, wherever that day ends last.
  const expiresAt = form.expires === "" ? null : Date.parse(`${form.expires}T23:59:59Z`);
  if (expiresAt !== null && expiresAt < options.now) {
    return {
      ok: false,
      form: { values, errors: { expires: "This day is over. Make a new token, or leave it out." } },
    };
  }
  if (form.token.trim() === "" && options.kept) return { ok: true, credential: null, expiresAt };
  const parsed = parseToken(form.token);
  if (!parsed.ok) {
    const { sentence, link } = parsed;
    const links = link === undefined ? {} : { token: { href: link, word: "Make an API token" } };
    return { ok: false, form: { values, errors: { token: sentence }, links } };
  }
  return { ok: true, credential: parsed.credential, expiresAt };
}

/** The day of an expiry for the date's field. */
export function dayOf(expiresAt: number | null): string {
  return expiresAt === null ? "" : isoTime(expiresAt).slice(0, 10);
}

/** The sentence beside the token's field after a pre-flight: the first check that failed. */
export function failedSentence(checks: readonly AccessCheck[]): string {
  return checks.find((check) => check.state === "failed")?.sentence ??
    "The checks did not pass.";
}
