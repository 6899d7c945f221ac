/** The border to Bitbucket Cloud's REST API 2.0: what we read of its answers, and nothing else. */

import { z } from "zod";

/** Absent, null and ill-formed are the same to us where a field only decorates a row. */
const optionalText = z.string().nullish().catch(null);
const optionalNumber = z.number().nonnegative().nullish().catch(null);

/** `{...}` around a uuid, as Bitbucket writes it. */
export const uuidSchema = z.string().regex(/^\{[0-9a-fA-F-]{36}\}$/);

const SEGMENT = String.raw`(?!\.{1,2}(?:/|$))[A-Za-z0-9_.~{}-]+`;

/** `workspace/slug`; its parts go into addresses, so dots alone and slashes are kept out. */
export const fullNameSchema = z.string().max(300).regex(new RegExp(`^${SEGMENT}/${SEGMENT}$`));

/** A repository in a list that was asked for with `fields`. */
export const repositorySchema = z.object({
  uuid: uuidSchema,
  full_name: fullNameSchema,
  slug: optionalText,
  name: optionalText,
  is_private: z.boolean().nullish(),
  size: optionalNumber,
  language: optionalText,
  created_on: optionalText,
  updated_on: optionalText,
  mainbranch: z.object({ name: optionalText }).nullish().catch(null),
  project: z.object({ key: optionalText, name: optionalText }).nullish().catch(null),
});
/** One repository as it came over the wire. */
export type WireRepository = z.infer<typeof repositorySchema>;

/** Only `values` and `next` are promised; each row is read apart, by `repositorySchema`. */
export const repositoryPageSchema = z.object({
  size: optionalNumber,
  next: z.string().nullish(),
  values: z.array(z.unknown()),
});

/** `GET /workspaces/{workspace}`. */
export const workspaceSchema = z.object({
  uuid: uuidSchema,
  slug: z.string().min(1).max(200),
  name: optionalText,
});

/** A workspace as it came over the wire. */
export type WireWorkspace = z.infer<typeof workspaceSchema>;

/** `GET /user/workspaces`, whose items have no name. */
export const workspaceAccessPageSchema = z.object({
  next: z.string().nullish(),
  values: z.array(z.object({
    workspace: z.object({ uuid: uuidSchema, slug: z.string().min(1).max(200) }),
  })),
});

/** One page of the workspaces that a person belongs to. */
export type WorkspaceAccessPage = z.infer<typeof workspaceAccessPageSchema>;

/** What the pre-flight reads of one page of length 1: how many, and whom to try git on. */
export const countSchema = z.object({
  size: optionalNumber,
  values: z.array(
    z.object({
      uuid: uuidSchema,
      full_name: fullNameSchema,
      is_private: z.boolean().nullish(),
      workspace: workspaceSchema.nullish().catch(null),
    }),
  ),
});

/** Any object: the answer's headers are what was asked for. */
export const anySchema = z.unknown();

/** `POST .../hooks`. */
export const hookSchema = z.object({ uuid: z.string().min(1).max(200) });

const targetSchema = z.object({
  type: z.string(),
  name: z.string().min(1).max(4_000),
  target: z.object({ hash: z.string().regex(/^[0-9a-f]{40,64}$/) }).nullish(),
}).nullish();

/** The body of `repo:push`; the repository inside is condensed, without slug and main branch. */
export const pushSchema = z.object({
  repository: z.object({ uuid: uuidSchema, full_name: fullNameSchema }),
  push: z.object({
    changes: z.array(z.object({ new: targetSchema, old: targetSchema })).max(10_000),
  }),
});
