/** The pre-flight: proves a workspace and its credential by REST and by git, line by line. */

import type {
  Access,
  AccessCheck,
  CallOptions,
  GitRemote,
  OpenOptions,
} from "@/lib/codeserver/mod.ts";
import { type Client, listError, segment } from "@/lib/codeserver/bitbucket_cloud/client.ts";
import { judge } from "@/lib/codeserver/bitbucket_cloud/access_checks.ts";
import {
  type Asked,
  type Count,
  type Facts,
  reasonOf,
  valueOf,
} from "@/lib/codeserver/bitbucket_cloud/access_facts.ts";
import {
  anySchema,
  countSchema,
  type WireWorkspace,
  type WorkspaceAccessPage,
  workspaceAccessPageSchema,
  workspaceSchema,
} from "@/lib/codeserver/bitbucket_cloud/schema.ts";
import { RemoteError } from "@/lib/errors.ts";

/** What the pre-flight needs besides the options of the workspace. */
export interface AccessOptions extends OpenOptions {
  client: Client;
  remote(fullName: string): GitRemote;
}

const MOST_WORKSPACE_PAGES = 5;
const COUNT_FIELDS = ["size", "values.uuid", "values.full_name", "values.is_private"]
  .concat(["slug", "uuid", "name"].map((name) => `values.workspace.${name}`)).join(",");

/** At most five calls (more for a person of over 100 workspaces) and one ref listing by git. */
export async function checkAccess(
  options: AccessOptions,
  call: CallOptions & { onCheck?: (check: AccessCheck) => void },
): Promise<Access> {
  const { client, workspace } = options;
  const facts: Facts = {
    workspaceId: workspace,
    workspace: null,
    user: null,
    all: null,
    onlyPrivate: null,
    git: null,
    credentialType: null,
    granted: null,
  };
  const init = {
    signal: call.signal,
    onHeaders: (headers: Headers) => {
      facts.credentialType = headers.get("x-credential-type")?.trim() || facts.credentialType;
      facts.granted = scopesOf(headers.get("x-oauth-scopes")) ?? facts.granted;
    },
  };
  const checks: AccessCheck[] = [];
  const tell = (ids: AccessCheck["id"][]) => {
    for (const id of ids) {
      const check = judge(id, facts, options);
      checks.push(check);
      call.onCheck?.(check);
    }
  };

  facts.workspace = await asked(
    client.json(`/workspaces/${segment(workspace)}`, workspaceSchema, init)
      .then(workspaceOf),
  );
  tell(["workspace"]);
  if (goesOn(facts.workspace)) facts.user = await asked(client.json("/user", anySchema, init));
  if (listingMakesSense(facts, options)) {
    facts.all = await asked(count(options, "", init));
    const sized = facts.all && "value" in facts.all && facts.all.value.size !== 0;
    if (sized) facts.onlyPrivate = await asked(count(options, "is_private=true", init));
  }
  tell(["credential", "scopes", "rest"]);
  facts.git = await tryGit(options, facts, call);
  tell(["git", "repositories"]);

  // What was never asked cannot have failed, and is no proof either.
  const ok = valueOf(facts.all) !== null && checks.every((check) => check.state !== "failed");
  return {
    ok,
    checks,
    // Its own address may be closed to the token while its repositories name it.
    workspace: valueOf(facts.workspace) ?? valueOf(facts.all)?.workspace ?? null,
    credentialType: facts.credentialType,
    repositoryCount: valueOf(facts.all)?.size ?? null,
    otherWorkspaces: goesOn(facts.user) ? await otherWorkspaces(options, facts, call) : [],
  };
}

async function asked<T>(promise: Promise<T>): Promise<Asked<T>> {
  try {
    return { value: await promise };
  } catch (error) {
    if (error instanceof RemoteError) return { error };
    throw error; // cancelled, or our own fault
  }
}

function workspaceOf({ slug, uuid, name }: WireWorkspace) {
  return { slug, uuid: uuid.toLowerCase(), name: name || slug };
}

/** Another call makes sense unless Bitbucket is away, wants us to wait, or refuses the token. */
function goesOn(asked: Asked<unknown>): boolean {
  const reason = reasonOf(asked);
  return asked !== null && (reason === null || reason === "forbidden" || reason === "not_found");
}

/** An access token belongs to nobody, so a 401 on `/user` alone is no proof against it. */
function listingMakesSense(facts: Facts, { credential }: AccessOptions): boolean {
  if (facts.user === null || reasonOf(facts.workspace) === "not_found") return false;
  if (credential.kind !== "api_token" && reasonOf(facts.user) === "unauthorized") return true;
  return goesOn(facts.user);
}

async function count(
  { client, workspace }: AccessOptions,
  filter: string,
  init: { signal: AbortSignal | undefined; onHeaders: (headers: Headers) => void },
): Promise<Count> {
  const q = filter === "" ? "" : `&q=${encodeURIComponent(filter)}`;
  const address = `/repositories/${segment(workspace)}?pagelen=1&fields=${COUNT_FIELDS}${q}`;
  const page = await client.json(address, countSchema, init).catch((error) => {
    throw listError(error, workspace);
  });
  const first = page.values[0];
  return {
    size: page.size ?? (first ? null : 0),
    sample: first ? { fullName: first.full_name, isPrivate: first.is_private ?? false } : null,
    workspace: first?.workspace ? workspaceOf(first.workspace) : null,
  };
}

/** A private repository where there is one: a public one proves less. */
async function tryGit(
  options: AccessOptions,
  facts: Facts,
  call: CallOptions,
): Promise<Asked<true>> {
  const hidden = valueOf(facts.onlyPrivate)?.sample;
  const sample = hidden?.isPrivate ? hidden : valueOf(facts.all)?.sample;
  if (!sample || !options.probeGit) return null;
  const signal = call.signal ? { signal: call.signal } : {};
  return await asked(
    options.probeGit(options.remote(sample.fullName), signal).then(() => true as const),
  );
}

/** An access token belongs to one workspace, so only a person is asked about others. */
async function otherWorkspaces(
  { client, credential, workspace }: AccessOptions,
  facts: Facts,
  call: CallOptions,
): Promise<Access["otherWorkspaces"]> {
  if (credential.kind === "access_token") return [];
  const others: Access["otherWorkspaces"] = [];
  let address: string | null = "/user/workspaces?pagelen=100";
  for (let page = 0; address !== null && page < MOST_WORKSPACE_PAGES; page++) {
    const answer: Asked<WorkspaceAccessPage> = await asked(
      client.json(address, workspaceAccessPageSchema, { signal: call.signal }),
    );
    const found: WorkspaceAccessPage | null = valueOf(answer);
    // A courtesy of the wizard: what it cannot see, it does not offer.
    if (found === null) break;
    for (const item of found.values) {
      others.push({ slug: item.workspace.slug, uuid: item.workspace.uuid.toLowerCase() });
    }
    address = found.next ?? null;
  }
  const own = valueOf(facts.workspace);
  return others.filter(({ slug, uuid }) =>
    uuid !== own?.uuid && slug.toLowerCase() !== workspace.toLowerCase()
  );
}

/** Bitbucket parts them by comma and space. */
function scopesOf(header: string | null): string[] | null {
  if (header === null) return null;
  return header.split(/[\s,]+/).filter((scope) => scope !== "");
}
