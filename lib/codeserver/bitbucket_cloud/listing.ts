/** Pages through a workspace's repositories so that none is missed while the workspace changes. */

import { z } from "zod";
import type { CallOptions, Cursor, Page, RemoteRepository } from "@/lib/codeserver/mod.ts";
import { type Client, listError, segment } from "@/lib/codeserver/bitbucket_cloud/client.ts";
import {
  repositoryPageSchema,
  repositorySchema,
  uuidSchema,
  type WireRepository,
  workspaceSchema,
} from "@/lib/codeserver/bitbucket_cloud/schema.ts";
import { RemoteError } from "@/lib/errors.ts";

const FIELDS = [
  "size",
  "next",
  ..."uuid full_name slug name is_private size language created_on updated_on".split(" ")
    .map((name) => `values.${name}`),
  "values.mainbranch.name",
  "values.project.key",
  "values.project.name",
].join(",");

const PAGE_LENGTH = 100;

/** Ends a list whose pages never end; 20,000 pages are two million repositories. */
const MOST_PAGES = 20_000;

/** Walks begun anew because the server refused a link of its own. */
const MOST_RESTARTS = 2;

/**
 * Where a walk stands. `after` asks for what is above a uuid, which neither repeats nor misses
 * while repositories come and go. Where the server does not obey that, `next` follows its links,
 * whose page numbers drift, and so walks twice. `total` is the size that the first page told.
 */
const cursorSchema = z.discriminatedUnion("by", [
  z.object({
    by: z.literal("after"),
    after: uuidSchema,
    total: z.number().nullable(),
  }),
  z.object({
    by: z.literal("next"),
    /** Path and query below the API's origin; null starts a walk. */
    next: z.string().startsWith("/").nullable(),
    walk: z.union([z.literal(1), z.literal(2)]),
    sorted: z.boolean(),
    total: z.number().nullable(),
    pages: z.number(),
    /** A link of this walk, moved on at each power of two: met again, the links go in a circle. */
    mark: z.string().nullable().default(null),
    restarts: z.number().default(0),
  }),
]);
type Place = z.infer<typeof cursorSchema>;
type PlaceByNext = Extract<Place, { by: "next" }>;

/** What the listing needs to know of its workspace. */
export interface ListingOptions {
  client: Client;
  workspace: string;
  /** Does not change when the workspace's ID does. */
  workspaceUuid?: string | undefined;
  apiUrl: string;
  htmlUrl: (fullName: string) => string;
}

/**
 * One page. @throws RemoteError `not_found` when there is no such workspace or no access to it,
 * `closed` when Bitbucket closed it
 */
export async function listRepositories(
  options: ListingOptions,
  cursor: Cursor | null,
  call: CallOptions,
): Promise<Page<RemoteRepository>> {
  try {
    return await listPage(options, cursor, call);
  } catch (error) {
    if (!(error instanceof RemoteError && error.reason === "not_found")) throw error;
    const workspace = await currentId(options, call);
    if (workspace === null) throw error;
    return { ...await listPage({ ...options, workspace }, cursor, call), workspace };
  }
}

/** The workspace's ID where it is no longer the one we know; null where that is not so, or unknown. */
async function currentId(
  { client, workspace, workspaceUuid }: ListingOptions,
  call: CallOptions,
): Promise<string | null> {
  if (workspaceUuid === undefined) return null;
  try {
    const { slug } = await client.json(`/workspaces/${segment(workspaceUuid)}`, workspaceSchema, {
      signal: call.signal,
    });
    return slug === workspace ? null : slug;
  } catch (error) {
    // What was asked for at first is what a person should hear of.
    if (error instanceof RemoteError) return null;
    throw error;
  }
}

async function listPage(
  options: ListingOptions,
  cursor: Cursor | null,
  call: CallOptions,
): Promise<Page<RemoteRepository>> {
  // A place that cannot be read, perhaps of another version, is no reason to stop: from the start.
  const place = cursor === null ? null : parseCursor(cursor);
  if (place?.by === "next") return await byNext(options, place, call);
  const after = place?.after ?? null;
  const page = await askAfter(options, after, call);
  // The size of a filtered list is what is left, so only the first page tells the total.
  const total = place === null ? page?.size ?? null : place.total;
  const last = page?.values.at(-1);
  if (page === null || !rises(page.values, after) || (page.next && !last)) {
    return await byNext(options, { ...FROM_START, total }, call);
  }
  return {
    items: page.values.map((wire) => toRepository(wire, options)),
    ...(page.unreadable > 0 ? { unreadable: page.unreadable } : {}),
    total,
    next: page.next && last ? write({ by: "after", after: last.uuid, total }) : null,
  };
}

const FROM_START: PlaceByNext = {
  by: "next",
  next: null,
  walk: 1,
  sorted: true,
  total: null,
  pages: 0,
  mark: null,
  restarts: 0,
};

/** Null when the server refuses the sort or the filter. */
async function askAfter(options: ListingOptions, after: string | null, call: CallOptions) {
  const filter = after === null ? "" : `&q=${encodeURIComponent(`uuid > "${after}"`)}`;
  try {
    return await ask(options, `${listAddress(options)}&sort=uuid${filter}`, call);
  } catch (error) {
    if (isBadRequest(error)) return null;
    throw error;
  }
}

async function byNext(
  options: ListingOptions,
  place: PlaceByNext,
  call: CallOptions,
): Promise<Page<RemoteRepository>> {
  if (place.pages >= MOST_PAGES) {
    throw new RemoteError("malformed", `Cannot list the workspace: more than ${MOST_PAGES} pages`);
  }
  // In order of creation a new repository goes to the end, where the walk has yet to come.
  const start = listAddress(options) + (place.sorted ? "&sort=created_on" : "");
  const address = place.next ?? start;
  const page = await ask(options, place.next === null ? start : absolute(options, address), call)
    .catch((error) => {
      if (place.next === null ? isBadRequest(error) && place.sorted : isRefusedLink(error)) {
        return null;
      }
      throw error;
    });
  if (page === null) {
    if (place.next === null) return await byNext(options, { ...place, sorted: false }, call);
    // The list grew shorter than where this walk stood, or the link is out of date.
    if (place.restarts >= MOST_RESTARTS) {
      throw new RemoteError("malformed", "Cannot list the workspace: a next page is refused");
    }
    const restarts = place.restarts + 1;
    return await byNext(options, { ...FROM_START, sorted: place.sorted, restarts }, call);
  }

  const pages = place.pages + 1;
  const total = place.next === null && place.walk === 1 ? page.size ?? place.total : place.total;
  return {
    items: page.values.map((wire) => toRepository(wire, options)),
    ...(page.unreadable > 0 ? { unreadable: page.unreadable } : {}),
    total,
    next: following(options, page.next ?? null, { ...place, total, pages }),
  };
}

function following(
  options: ListingOptions,
  link: string | null,
  place: PlaceByNext,
): string | null {
  if (link !== null) {
    const next = relative(options, link);
    if (next === place.next) {
      throw new RemoteError("malformed", "Cannot list the workspace: a page names itself as next");
    }
    if (next === place.mark) {
      throw new RemoteError("malformed", "Cannot list the workspace: its pages go in a circle");
    }
    // Brent's way to find a cycle: one link kept, and another one each time the way has doubled.
    const mark = Number.isInteger(Math.log2(place.pages)) ? next : place.mark;
    return write({ ...place, next, mark });
  }
  if (place.walk === 2 || place.pages === 1) return null; // one page cannot have drifted
  return write({ ...place, walk: 2, next: null, mark: null });
}

async function ask(options: ListingOptions, address: string, call: CallOptions) {
  try {
    const page = await options.client.json(address, repositoryPageSchema, { signal: call.signal });
    // One odd row must not hide the others; it is missed by the count at the end.
    const values = page.values.flatMap((row) => repositorySchema.safeParse(row).data ?? []);
    // A last page may hold one odd row alone; a page of nothing else is another form of list.
    if (values.length === 0 && page.values.length > 1) {
      throw new RemoteError("malformed", "Cannot list the workspace: no row of a page can be read");
    }
    return { ...page, values, unreadable: page.values.length - values.length };
  } catch (error) {
    throw listError(error, options.workspace);
  }
}

function listAddress({ workspace }: ListingOptions): string {
  return `/repositories/${segment(workspace)}?pagelen=${PAGE_LENGTH}&fields=${FIELDS}`;
}

/** A cursor keeps no host, so that a stored one cannot lead anywhere else. */
function relative({ apiUrl }: ListingOptions, link: string): string {
  const url = URL.parse(link);
  if (url === null || url.origin !== new URL(apiUrl).origin) {
    throw new RemoteError("malformed", "Cannot follow the next page: it is on another host");
  }
  return url.pathname + url.search;
}

function absolute({ apiUrl }: ListingOptions, path: string): string {
  return new URL(apiUrl).origin + path;
}

function isBadRequest(error: unknown): boolean {
  return error instanceof RemoteError && error.details.status === 400;
}

/** A link of the server's own that it no longer answers; elsewhere 404 means the workspace. */
function isRefusedLink(error: unknown): boolean {
  return error instanceof RemoteError && [400, 404].includes(error.details.status ?? 0);
}

/** Strictly rising and above the cursor: anything else says that sort or filter was ignored. */
function rises(values: readonly WireRepository[], after: string | null): boolean {
  let last = after?.toLowerCase() ?? "";
  for (const { uuid } of values) {
    if (uuid.toLowerCase() <= last) return false;
    last = uuid.toLowerCase();
  }
  return true;
}

function parseCursor(cursor: Cursor): Place | null {
  try {
    return cursorSchema.parse(JSON.parse(cursor));
  } catch {
    return null;
  }
}

function write(place: Place): Cursor {
  return JSON.stringify(place);
}

function toRepository(wire: WireRepository, options: ListingOptions): RemoteRepository {
  const slug = wire.full_name.slice(wire.full_name.indexOf("/") + 1);
  return {
    uuid: wire.uuid.toLowerCase(),
    slug,
    fullName: wire.full_name,
    name: wire.name || slug,
    projectKey: wire.project?.key || null,
    projectName: wire.project?.name || null,
    // Unknown counts as private: the careful reading for whoever shows it.
    isPrivate: wire.is_private ?? true,
    sizeBytes: wire.size ?? null,
    language: wire.language || null,
    defaultBranch: wire.mainbranch?.name || null,
    createdAt: time(wire.created_on),
    updatedAt: time(wire.updated_on),
    htmlUrl: options.htmlUrl(wire.full_name),
  };
}

function time(text: string | null | undefined): number | null {
  const ms = Date.parse(text ?? "");
  return Number.isNaN(ms) ? null : ms;
}
