/** What the JSON API takes and gives: one zod schema each, of which the OpenAPI document is made. */

import { z } from "zod";
import {
  ATTENTION_REASONS,
  FINDING_STATES,
  REPOSITORY_STATES,
  SERVER_STATES,
  SEVERITY_ORDER,
  TRIAGE_STATES,
} from "@/lib/status.ts";
import { REPOSITORY_SORTS } from "@/lib/store/repositories.ts";

const id = z.string().describe("Sluice's own id");
const uuid = z.string().max(100).describe("Bitbucket's uuid of a repository, in braces");
const count = z.int().min(0);
const moment = z.iso.datetime().describe("RFC 3339, UTC");
const glob = z.string().min(1).max(200).describe("A glob over repository slugs: payments-*");

/** The schemas that have a name of their own in the document. */
export const named = z.registry<{ id: string }>();

function name<Schema extends z.ZodType>(word: string, schema: Schema): Schema {
  named.add(schema, { id: word });
  return schema;
}

export const problem = name(
  "Problem",
  z.object({
    type: z.string().describe("about:blank, or an address that explains this kind of problem"),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe("One sentence for a person"),
    requestId: z.string().describe("Finds the request in the log"),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional()
      .describe("What is wrong with each field"),
    checks: z.array(z.object({
      id: z.enum(["workspace", "credential", "scopes", "rest", "git", "repositories"]),
      state: z.enum(["passed", "warning", "failed", "skipped"]),
      sentence: z.string(),
    })).optional().describe("The pre-flight list, when a check failed"),
    server: z.object({ id, name: z.string() }).optional()
      .describe("The server that has the workspace already"),
  }).describe("RFC 9457 problem details"),
);

export const severityCounts = name(
  "SeverityCounts",
  z.object({ critical: count, high: count, medium: count, low: count })
    .describe("Findings that are open or to fix, by severity"),
);

export const stateCounts = name(
  "StateCounts",
  z.object(
    Object.fromEntries(REPOSITORY_STATES.map((state) => [state, count])) as Record<
      typeof REPOSITORY_STATES[number],
      typeof count
    >,
  ).describe("Repositories by state"),
);

/** A selection as it is sent. */
export const selectionInput = name(
  "SelectionInput",
  z.discriminatedUnion("mode", [
    z.strictObject({ mode: z.literal("all"), exclude: z.array(glob).max(200).optional() }),
    z.strictObject({
      mode: z.literal("custom"),
      repositories: z.array(uuid).max(10_000).default([]),
      include: z.array(glob).max(200).optional(),
      exclude: z.array(glob).max(200).optional(),
    }),
  ]).describe("All repositories, including ones added later, or chosen ones"),
);

const token = z.string().min(1).max(10_000)
  .describe("e-mail:API token, or a bare access token; sealed, and never given back");

export const serverInput = name(
  "ServerInput",
  z.strictObject({
    type: z.literal("bitbucket_cloud"),
    workspace: z.string().regex(/^[A-Za-z0-9_-]{1,62}$/, "The ID of a workspace, as in its URL"),
    token,
    tokenExpiresAt: moment.optional(),
    selection: selectionInput,
  }),
);

export const serverChange = name(
  "ServerChange",
  z.strictObject({
    selection: selectionInput.optional(),
    token: token.optional(),
    tokenExpiresAt: moment.nullable().optional().describe("Only together with a token"),
    paused: z.boolean().optional(),
  }).describe("What is left out stays as it is"),
);

export const server = name(
  "Server",
  z.object({
    id,
    type: z.literal("bitbucket_cloud"),
    name: z.string(),
    workspace: z.string(),
    state: z.enum(SERVER_STATES),
    detail: z.string().nullable().describe("Why it is in this state"),
    attention: z.enum(ATTENTION_REASONS).nullable(),
    waitingUntil: moment.nullable(),
    paused: z.boolean(),
    selection: z.object({
      mode: z.enum(["all", "custom"]),
      repositories: z.array(uuid).describe("Picked by hand, in a custom selection"),
      include: z.array(glob),
      exclude: z.array(glob),
    }),
    repositories: z.object({ selected: count, total: count }),
    discovery: z.object({
      id,
      state: z.enum(["queued", "running", "succeeded", "failed", "cancelled"]),
      found: count,
      reported: count.nullable().describe("How many Bitbucket says there are"),
      startedAt: moment.nullable(),
      finishedAt: moment.nullable(),
    }).nullable().describe("The newest discovery"),
    discoveredAt: moment.nullable().describe("When a discovery last ended well"),
    states: stateCounts,
    findings: severityCounts,
    token: z.object({
      kind: z.enum(["api_token", "access_token", "oauth"]),
      user: z.string().nullable(),
      expiresAt: moment.nullable(),
    }),
    restCalls: z.object({ used: count, limit: count }).describe("Of this hour"),
    createdAt: moment,
  }),
);

export const repository = name(
  "Repository",
  z.object({
    id,
    uuid,
    fullName: z.string(),
    server: z.object({ id, name: z.string() }),
    state: z.enum(REPOSITORY_STATES),
    detail: z.string().nullable().describe("Why it is in this state"),
    step: z.enum(["tip", "history", "done"]).nullable(),
    progress: z.object({
      done: count,
      total: count.nullable(),
      unit: z.string(),
      bytes: count.nullable(),
      beatAt: moment.nullable().describe("Last sign of life"),
      stalled: z.boolean().describe(
        "No progress for two minutes, or for 20 s while it waits for Bitbucket",
      ),
    }).nullable().describe("While it is scanned"),
    findings: severityCounts,
    lastScan: z.object({ at: moment, commit: z.string().nullable() }).nullable(),
    openScan: id.nullable().describe("The scan that is queued or runs"),
    url: z.url().describe("At the code server"),
  }),
);

export const scan = name(
  "Scan",
  z.object({ id: id.nullable().describe("Null when it ended meanwhile"), repository: id }),
);

export const discovery = name("Discovery", z.object({ id, server: id }));

const place = {
  commit: z.string(),
  author: z.string().nullable(),
  date: moment.nullable(),
  path: z.string(),
  line: z.int(),
};

const lineUrl = z.url().nullable().describe(
  "The line at the code server; null where a name in its path would lead elsewhere",
);

export const finding = name(
  "Finding",
  z.object({
    id,
    rule: z.string(),
    severity: z.enum(SEVERITY_ORDER),
    confidence: z.enum(["high", "medium", "low"]),
    state: z.enum(FINDING_STATES),
    repository: z.object({ id, fullName: z.string() }),
    preview: z.string().describe("Masked; the secret itself is not kept"),
    fingerprint: z.string().describe("Equal for equal secrets, in all repositories"),
    atTip: z.boolean().describe("Whether it still stands on the default branch"),
    firstSeen: z.object(place),
    occurrences: count.describe("In how many places it stands"),
    reasons: z.array(z.string()).describe("Why this severity"),
    suppressedBy: z.string().nullable().describe("What suppresses it, while its state says so"),
    triage: z.object({ by: z.string(), at: moment, reason: z.string() }).nullable(),
    url: lineUrl,
  }),
);

export const findingDetail = name(
  "FindingDetail",
  finding.extend({
    places: z.array(z.object({ ...place, atTip: z.boolean(), url: lineUrl }))
      .describe("The places, oldest first, at most 1,000"),
  }),
);

export const triageInput = name(
  "Triage",
  z.strictObject({
    state: z.enum(TRIAGE_STATES),
    reason: z.string().trim().max(1000).default("")
      .describe("Needed for false_positive and accepted"),
  }),
);

const cursor = z.string().max(2000).optional().describe("`next` of the page before");
const limit = z.coerce.number().int().min(1).max(200).default(50);

/** Which page of a list. */
export const pageQuery = z.object({ cursor, limit });

export const repositoryQuery = z.object({
  server: z.string().max(40).optional(),
  state: z.enum(REPOSITORY_STATES).optional(),
  q: z.string().trim().min(1).max(200).optional().describe("Part of the full name"),
  sort: z.enum(REPOSITORY_SORTS.flatMap((sort) => [sort, `-${sort}`] as const)).default("name")
    .describe("A minus sign turns the order around"),
  cursor,
  limit,
});

/** Which findings; the exports take the same. */
export const findingFilter = z.object({
  state: z.enum(FINDING_STATES).optional(),
  severity: z.enum(SEVERITY_ORDER).optional(),
  rule: z.string().max(100).optional(),
  server: z.string().max(40).optional(),
  repository: z.string().max(40).optional(),
  fingerprint: z.string().max(100).optional(),
  atTip: z.enum(["true", "false"]).optional(),
  q: z.string().trim().min(1).max(200).optional()
    .describe("Part of the path or of the repository's full name"),
});

export const findingQuery = findingFilter.extend({ cursor, limit });

/** A page of `item`; `next` is null on the last. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().describe("The cursor of the next page; null on the last"),
  });
}
