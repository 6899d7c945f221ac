/** Who asks the stand-in, and what that credential may do, as Bitbucket judges it. */

import type {
  FakeCredential,
  FakeRepository,
  FakeWorkspace,
} from "@/lib/codeserver/bitbucket_cloud/fake_state.ts";

/** `null` is a caller without a credential; `refused` one with a credential that opens nothing. */
export type Caller = FakeCredential | null | "refused";

/** What a call wants, in both styles of names; null wants nothing. */
export interface Wanted {
  granular: string | null;
  classic: string | null;
}

const ALL_SCOPES: Record<"granular" | "classic", readonly string[]> = {
  granular: [
    "read:repository:bitbucket",
    "read:user:bitbucket",
    "read:workspace:bitbucket",
    "read:webhook:bitbucket",
    "write:webhook:bitbucket",
    "delete:webhook:bitbucket",
  ],
  classic: ["repository", "account", "webhook"],
};

const IMPLIED: Record<string, readonly string[]> = {
  "repository:admin": ["repository"],
  "repository:write": ["repository"],
  "project": ["repository"],
  "project:admin": ["project", "repository"],
};

/** By REST: Basic with the e-mail for an API token, Bearer for every other. */
export function restCaller(header: string | undefined, known: readonly FakeCredential[]): Caller {
  if (header === undefined) return null;
  const bearer = header.match(/^Bearer\s+(\S+)$/i)?.[1];
  const basic = basicPair(header);
  const found = known.find((credential) => {
    if (credential.expired || credential.kind === "app_password") return false;
    if (credential.kind !== "api_token") return bearer === credential.secret;
    return basic?.password === credential.secret && basic.user === credential.email;
  });
  return found ?? "refused";
}

/** By git: the e-mail is refused here, and each kind has its own user. */
export function gitCaller(
  header: string | undefined,
  known: readonly FakeCredential[],
): Caller | "app_password" {
  if (header === undefined) return null;
  const pair = basicPair(header);
  const found = known.find(({ secret }) => pair?.password === secret);
  if (!pair || !found || found.expired) return "refused";
  if (found.kind === "app_password") return "app_password";
  const users = found.kind === "api_token"
    ? ["x-bitbucket-api-token-auth", found.username]
    : ["x-token-auth"];
  return users.includes(pair.user) ? found : "refused";
}

/** The scopes of a credential; all that is useful unless the setup says otherwise. */
export function scopesOf(credential: FakeCredential): readonly string[] {
  return credential.scopes ??
    ALL_SCOPES[credential.kind === "api_token" ? "granular" : "classic"];
}

/** The wanted scope by the name of its style, or null when the credential has it. */
export function missingScope(credential: FakeCredential, wanted: Wanted): string | null {
  const name = credential.kind === "api_token" ? wanted.granular : wanted.classic;
  if (name === null) return null;
  const granted = scopesOf(credential).flatMap((scope) => [scope, ...(IMPLIED[scope] ?? [])]);
  return granted.includes(name) ? null : name;
}

/** Whether a workspace is there for this caller. */
export function seesWorkspace(caller: FakeCredential | null, workspace: FakeWorkspace): boolean {
  return !workspace.isPrivate || reaches(caller, workspace);
}

/** Public ones are there for everybody. */
export function seesRepository(
  caller: FakeCredential | null,
  workspace: FakeWorkspace,
  repository: FakeRepository,
): boolean {
  if (!repository.isPrivate) return true;
  if (!reaches(caller, workspace)) return false;
  return caller?.repositories?.includes(repository.slug) ?? true;
}

/** The headers that tell about the credential, on refusals too. */
export function credentialHeaders(caller: FakeCredential | null, wanted: Wanted) {
  if (caller === null) return { "x-credential-type": "unauthenticated_identity" };
  const accepted = caller.kind === "api_token" ? wanted.granular : wanted.classic;
  return {
    "x-credential-type": caller.kind === "oauth" ? "oauth2" : caller.kind,
    "x-oauth-scopes": scopesOf(caller).join(", "),
    ...(accepted === null ? {} : { "x-accepted-oauth-scopes": accepted }),
  };
}

function reaches(caller: FakeCredential | null, workspace: FakeWorkspace): boolean {
  return caller !== null && (caller.workspaces?.includes(workspace.slug) ?? true);
}

function basicPair(header: string): { user: string; password: string } | null {
  const coded = header.match(/^Basic\s+(\S+)$/i)?.[1];
  if (coded === undefined) return null;
  try {
    const bytes = Uint8Array.from(atob(coded), (sign) => sign.charCodeAt(0));
    const pair = new TextDecoder().decode(bytes);
    const colon = pair.indexOf(":");
    return colon < 0 ? null : { user: pair.slice(0, colon), password: pair.slice(colon + 1) };
  } catch {
    return null;
  }
}
