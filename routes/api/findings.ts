/** `/api/v1/findings`: list, read, triage, and the two exports. */

import type { z } from "zod";
import { WHY_SENTENCES } from "@/lib/triage.ts";
import type { FindingFilter, FindingRow } from "@/lib/store/findings.ts";
import type { RouteDeps } from "../deps.ts";
import { audit } from "./caller.ts";
import { csvPieces, sarifPieces, streamed } from "./exports.ts";
import { operation } from "./operation.ts";
import { ApiProblem } from "./problems.ts";
import * as schemas from "./schemas.ts";
import { badCursor } from "./servers.ts";
import { findingDetailView, findingView, lineUrls } from "./views.ts";

const tag = "Findings";
const MOST_PLACES = 1000;

const list = operation({
  id: "listFindings",
  method: "get",
  path: "/findings",
  tag,
  summary: "List findings, newest first",
  role: "viewer",
  query: schemas.findingQuery,
  answers: { 200: { description: "A page", schema: schemas.page(schemas.finding) } },
}, async ({ query }, deps) => {
  if (query.cursor !== undefined && !/^\d{1,15}_\w{1,40}$/.test(query.cursor)) throw badCursor();
  const [page, urls] = await Promise.all([
    deps.store.findings.list(toFilter(query), { key: query.cursor, limit: query.limit }),
    lineUrls(deps),
  ]);
  return {
    status: 200,
    body: {
      items: page.rows.map((row) => findingView(row, urls(row.serverId))),
      next: page.next,
    },
  };
});

const read = operation({
  id: "readFinding",
  method: "get",
  path: "/findings/{id}",
  tag,
  summary: "Read a finding with its places",
  role: "viewer",
  answers: { 200: { description: "The finding", schema: schemas.findingDetail } },
}, async ({ id }, deps) => ({ status: 200, body: await detail(deps, await found(deps, id)) }));

const triage = operation({
  id: "triageFinding",
  method: "patch",
  path: "/findings/{id}",
  tag,
  summary: "Judge a finding",
  role: "admin",
  body: schemas.triageInput,
  answers: { 200: { description: "The finding as it is now", schema: schemas.findingDetail } },
}, async ({ c, id, body, caller }, deps) => {
  const row = await found(deps, id);
  const sentence = WHY_SENTENCES[body.state];
  if (sentence !== undefined && body.reason === "") {
    throw new ApiProblem(422, sentence, {
      type: "invalid-request",
      errors: [{ path: "body.reason", message: "Needed for this state" }],
    });
  }
  await deps.store.findings.triage([id], body.state, { who: caller.who, reason: body.reason });
  await audit(
    c,
    deps,
    "finding.triaged",
    `${row.ruleId} in ${row.repositoryFullName} (${id})`,
    `${row.state} to ${body.state}`,
  );
  return { status: 200, body: await detail(deps, await found(deps, id)) };
});

const csv = operation({
  id: "exportFindingsCsv",
  method: "get",
  path: "/findings.csv",
  tag,
  summary: "Export findings as CSV",
  description: "Streamed, all rows. A cell that a spreadsheet would run begins with an apostrophe.",
  role: "viewer",
  query: schemas.findingFilter,
  answers: { 200: { description: "RFC 4180", schema: null, contentType: "text/csv" } },
}, async ({ c, query }, deps) => {
  await audit(c, deps, "findings.exported", "findings.csv", JSON.stringify(query));
  const pieces = csvPieces(deps, toFilter(query), await lineUrls(deps));
  return streamed(c, pieces, "text/csv; charset=utf-8", "findings.csv");
});

const sarif = operation({
  id: "exportFindingsSarif",
  method: "get",
  path: "/findings.sarif",
  tag,
  summary: "Export findings as SARIF 2.1.0",
  description: "Streamed, all rows.",
  role: "viewer",
  query: schemas.findingFilter,
  answers: {
    200: { description: "SARIF 2.1.0", schema: null, contentType: "application/sarif+json" },
  },
}, async ({ c, query }, deps) => {
  await audit(c, deps, "findings.exported", "findings.sarif", JSON.stringify(query));
  return streamed(
    c,
    sarifPieces(deps, toFilter(query)),
    "application/sarif+json",
    "findings.sarif",
  );
});

// The exports come first: their paths would else be taken for a finding's id.
export const findingOperations = [csv, sarif, list, read, triage];

function toFilter(query: z.output<typeof schemas.findingFilter>): FindingFilter {
  return {
    state: query.state,
    severity: query.severity,
    ruleId: query.rule,
    serverId: query.server,
    repositoryId: query.repository,
    fingerprint: query.fingerprint,
    search: query.q,
    atTip: query.atTip === undefined ? undefined : query.atTip === "true",
  };
}

async function found(deps: RouteDeps, id: string): Promise<FindingRow> {
  const row = await deps.store.findings.find(id);
  if (row === null) throw new ApiProblem(404, "There is no such finding, or it was removed.");
  return row;
}

async function detail(deps: RouteDeps, row: FindingRow) {
  const [places, urls] = await Promise.all([
    deps.store.findings.listOccurrences(row.id, MOST_PLACES),
    lineUrls(deps),
  ]);
  return findingDetailView(row, places, urls(row.serverId));
}
