/** `/api/v1/servers`: connected, read, changed, discovered and removed by a script. */

import { removeServer } from "../server_removal.ts";
import { z } from "zod";
import { parseToken } from "@/lib/codeserver/bitbucket_cloud/credential.ts";
import type { Access, AccessCheck, Credential } from "@/lib/codeserver/mod.ts";
import type { Server } from "@/lib/store/servers.ts";
import type { RouteDeps } from "../deps.ts";
import { audit } from "./caller.ts";
import { operation } from "./operation.ts";
import { ApiProblem } from "./problems.ts";
import * as schemas from "./schemas.ts";
import { findRemote, readSelection, refuseUnknown } from "./selection.ts";
import { serverView } from "./views.ts";

const tag = "Code servers";

const create = operation({
  id: "createServer",
  method: "post",
  path: "/servers",
  tag,
  summary: "Connect a workspace",
  description:
    "Runs the pre-flight first; the server is made and starts to be discovered when no check failed.",
  role: "admin",
  body: schemas.serverInput,
  answers: { 201: { description: "The new server", schema: schemas.server } },
  refuses: [409, 502, 503],
}, async ({ c, body, caller }, deps) => {
  const { store, doorbell } = deps;
  const { signal } = c.req.raw;
  const selection = readSelection(body.selection);
  refuseConnected(await store.servers.findByWorkspace({ slug: body.workspace }));
  const credential = readCredential(body.token);
  const codeServer = deps.openWorkspace(body.type, body.workspace, credential);
  const access = passed(await codeServer.checkAccess({ signal }));
  refuseConnected(await store.servers.findByWorkspace(access.workspace));
  const uuids = body.selection.mode === "custom" ? body.selection.repositories : [];
  const picked = await findRemote(codeServer, uuids, signal);
  let id: string;
  try {
    id = await store.servers.create({
      draftId: null,
      type: body.type,
      workspace: access.workspace,
      credential,
      tokenExpiresAt: body.tokenExpiresAt ? Date.parse(body.tokenExpiresAt) : null,
      selection,
    });
  } catch (error) {
    // Another request may have connected it while the checks ran.
    refuseConnected(await store.servers.findByWorkspace(access.workspace));
    throw error;
  }
  if (picked.length > 0) await store.picks.add(id, picked);
  const job = await store.jobs.requestDiscovery(id, "person");
  await doorbell.ring(job ?? id);
  await audit(c, deps, "server.created", `${access.workspace.slug} (${id})`, caller.role);
  const row = await found(deps, id);
  return { status: 201, body: await serverView(deps, row), location: `/api/v1/servers/${id}` };
});

const list = operation({
  id: "listServers",
  method: "get",
  path: "/servers",
  tag,
  summary: "List the code servers, by name",
  role: "viewer",
  query: schemas.pageQuery,
  answers: { 200: { description: "A page", schema: schemas.page(schemas.server) } },
}, async ({ query }, deps) => {
  const rows = await deps.store.servers.list();
  const after = query.cursor === undefined ? -1 : rows.findIndex(({ id }) => id === query.cursor);
  if (query.cursor !== undefined && after < 0) throw badCursor();
  const shown = rows.slice(after + 1, after + 1 + query.limit);
  const last = shown.at(-1);
  return {
    status: 200,
    body: {
      items: await Promise.all(shown.map((row) => serverView(deps, row))),
      next: last && last !== rows.at(-1) ? last.id : null,
    },
  };
});

const read = operation({
  id: "readServer",
  method: "get",
  path: "/servers/{id}",
  tag,
  summary: "Read a code server with its progress",
  role: "viewer",
  answers: { 200: { description: "The server", schema: schemas.server } },
}, async ({ id }, deps) => ({ status: 200, body: await serverView(deps, await found(deps, id)) }));

const change = operation({
  id: "changeServer",
  method: "patch",
  path: "/servers/{id}",
  tag,
  summary: "Change the selection, replace the token, pause or resume",
  role: "admin",
  body: schemas.serverChange,
  answers: { 200: { description: "The server as it is now", schema: schemas.server } },
  refuses: [502, 503],
}, async ({ c, id, body }, deps) => {
  const { store, doorbell } = deps;
  const row = await found(deps, id);
  const target = `${row.workspace} (${id})`;
  // Everything is checked before anything is changed.
  const selection = body.selection && readSelection(body.selection);
  const picked = body.selection && await pickedIds(deps, row, body.selection);
  if (body.tokenExpiresAt !== undefined && body.token === undefined) {
    throw new ApiProblem(422, "tokenExpiresAt comes together with a token.");
  }
  if (body.token !== undefined) {
    const credential = readCredential(body.token);
    const access = passed(
      await deps.openWorkspace(row.type, row.workspace, credential)
        .checkAccess({ signal: c.req.raw.signal }),
    );
    if (access.workspace.uuid !== row.workspaceUuid) {
      throw new ApiProblem(422, "The token is of another workspace with the same ID.");
    }
    const expiresAt = body.tokenExpiresAt ? Date.parse(body.tokenExpiresAt) : null;
    await store.servers.replaceCredential(id, credential, expiresAt);
    const job = await store.jobs.requestDiscovery(id, "person");
    if (job === null) await store.jobs.hastenDiscovery(id);
    await audit(c, deps, "server.token_replaced", target);
  }
  if (selection) {
    await store.servers.select(id, selection, picked ?? null);
    await audit(c, deps, "server.selection_changed", target, JSON.stringify(selection));
  }
  if (body.paused !== undefined && body.paused !== (row.pausedAt !== null)) {
    await store.servers.pause(id, body.paused);
    await audit(c, deps, body.paused ? "server.paused" : "server.resumed", target);
  }
  await doorbell.ring(id);
  return { status: 200, body: await serverView(deps, await found(deps, id)) };
});

const remove = operation({
  id: "removeServer",
  method: "delete",
  path: "/servers/{id}",
  tag,
  summary: "Remove a code server with its findings and its credential",
  role: "admin",
  answers: { 204: { description: "It is gone", schema: null } },
}, async ({ c, id }, deps) => {
  const row = await found(deps, id);
  await removeServer(deps, row);
  await audit(c, deps, "server.removed", `${row.workspace} (${id})`);
  return { status: 204 };
});

const discover = operation({
  id: "discover",
  method: "post",
  path: "/servers/{id}/discoveries",
  tag,
  summary: "Discover the workspace now",
  description:
    "When a discovery is open already it is that one, and a waiting one goes on at once.",
  role: "admin",
  answers: { 202: { description: "The discovery that is open", schema: schemas.discovery } },
}, async ({ c, id }, deps) => {
  const { store, doorbell } = deps;
  const row = await found(deps, id);
  let job = await store.jobs.requestDiscovery(id, "person");
  if (job === null) {
    await store.jobs.hastenDiscovery(id);
    job = (await store.jobs.listDiscoveries(id, 1))[0]?.id ?? id;
  }
  await doorbell.ring(job);
  await audit(c, deps, "discovery.requested", `${row.workspace} (${id})`);
  return {
    status: 202,
    body: { id: job, server: id } satisfies z.output<typeof schemas.discovery>,
  };
});

export const serverOperations = [create, list, read, change, remove, discover];

/** A cursor that none of our pages gave. */
export function badCursor(): ApiProblem {
  return new ApiProblem(400, "This cursor is of no page of this list.", {
    type: "invalid-request",
    errors: [{ path: "query.cursor", message: "Unknown" }],
  });
}

async function found(deps: RouteDeps, id: string): Promise<Server> {
  const row = await deps.store.servers.find(id);
  if (row !== null && row.draftId === null) return row;
  throw new ApiProblem(404, "There is no such code server, or it was removed.");
}

function refuseConnected(row: Server | null): void {
  if (row === null) return;
  throw new ApiProblem(409, `This workspace is connected already, as ${row.name}.`, {
    type: "workspace-connected",
    server: { id: row.id, name: row.name },
  });
}

function readCredential(token: string): Credential {
  const parsed = parseToken(token);
  if (parsed.ok) return parsed.credential;
  const check: AccessCheck = { id: "credential", state: "failed", sentence: parsed.sentence };
  throw new ApiProblem(422, parsed.sentence, { type: "preflight-failed", checks: [check] });
}

/** @throws `ApiProblem` with the list when a check failed. */
function passed(access: Access): Access & { workspace: NonNullable<Access["workspace"]> } {
  const { workspace } = access;
  if (access.ok && workspace !== null) return { ...access, workspace };
  const failed = access.checks.find((check) => check.state === "failed");
  throw new ApiProblem(422, failed?.sentence ?? "The checks did not pass.", {
    type: "preflight-failed",
    checks: access.checks.map(({ id, state, sentence }) => ({ id, state, sentence })),
  });
}

async function pickedIds(
  deps: RouteDeps,
  row: Server,
  selection: z.output<typeof schemas.selectionInput>,
): Promise<string[] | null> {
  if (selection.mode === "all") return null;
  const ids = await deps.store.picks.findIds(row.id, selection.repositories);
  refuseUnknown(selection.repositories.filter((uuid) => !ids.has(uuid)));
  return [...ids.values()];
}
