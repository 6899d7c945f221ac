/** Reads each line of the pre-flight off the facts: its state and its sentence. */

import type { AccessCheck, OpenOptions } from "@/lib/codeserver/mod.ts";
import {
  type Asked,
  errorOf,
  type Facts,
  reasonOf,
  valueOf,
} from "@/lib/codeserver/bitbucket_cloud/access_facts.ts";
import type { RemoteError } from "@/lib/errors.ts";
import { TOKEN_SCOPES } from "@/lib/codeserver/bitbucket_cloud/credential.ts";

type Judged = Omit<AccessCheck, "id">;
type Judge = (facts: Facts, options: OpenOptions) => Judged;

const JUDGES: Record<AccessCheck["id"], Judge> = {
  workspace,
  credential,
  scopes,
  rest,
  git,
  repositories,
};

/** Implied rights of the classic scopes; the granular ones never imply each other. */
const IMPLIES_READING = ["repository", "repository:write", "repository:admin", "project"];

const NOBODY = "unauthenticated_identity";

/** One line; a line whose question was never asked is skipped. */
export function judge(id: AccessCheck["id"], facts: Facts, options: OpenOptions): AccessCheck {
  return { id, ...JUDGES[id](facts, options) };
}

function workspace({ workspace, workspaceId }: Facts): Judged {
  const found = valueOf(workspace);
  if (found) return passed(`The workspace ${found.name} answers.`);
  const error = errorOf(workspace);
  if (error === null) return skipped("Not asked.");
  switch (error.reason) {
    case "not_found":
      return failed(
        `There is no workspace ${workspaceId} that this token may see. Check the ID: it stands in ` +
          "the workspace's address, after bitbucket.org/.",
        error,
      );
    case "unauthorized":
      return skipped("Bitbucket tells nothing about it, as it refuses the token.");
    case "forbidden":
      return warning(
        "The token may not read the workspace's name; only its repositories are needed.",
      );
    default:
      return failed(because(error), error);
  }
}

function credential(facts: Facts, { credential: { kind, secret } }: OpenOptions): Judged {
  const answers: Asked<unknown>[] = [facts.workspace, facts.all, facts.onlyPrivate];
  // An access token belongs to nobody, so a 401 on /user alone is no proof against it.
  if (kind === "api_token" || facts.all === null) answers.push(facts.user);
  const refused = answers.map(errorOf).find((error) => error?.reason === "unauthorized");
  if (refused) {
    if (secret.startsWith("ATBB")) {
      return failed(
        "This is an app password. Bitbucket removed them on 2026-07-28; make an API token.",
        refused,
      );
    }
    return failed(
      kind === "api_token"
        ? "Bitbucket refuses this e-mail and token. Check that the e-mail is the one of the " +
          "Atlassian account, and that the token was made with scopes and has not expired."
        : "Bitbucket refuses this token. It may be incomplete, expired or revoked.",
      refused,
    );
  }
  if (facts.workspace === null || (facts.user === null && facts.all === null)) {
    return skipped("Not asked, as Bitbucket did not answer.");
  }
  if (!isUsed(facts)) {
    return failed(
      "Bitbucket answers as if nobody were signed in, so the token is not really used. It shows " +
        "public repositories only. Check that the token is complete.",
    );
  }
  const known = facts.credentialType?.replaceAll("_", " ").replace(/^api\b/, "API");
  if (facts.credentialType === "repo_access_token") {
    return warning("This token belongs to one repository, so no other is scanned with it.");
  }
  if (facts.credentialType === "project_access_token") {
    return warning("This token belongs to one project, so only its repositories are scanned.");
  }
  return passed(known ? `Bitbucket accepts the token (${known}).` : "Bitbucket accepts the token.");
}

/** A 200 on a list proves nothing: public repositories are shown to anyone. */
function isUsed(facts: Facts): boolean {
  if (facts.credentialType !== null) return facts.credentialType !== NOBODY;
  return valueOf(facts.user) !== null || reasonOf(facts.user) === "forbidden" ||
    valueOf(facts.onlyPrivate)?.sample?.isPrivate === true;
}

function scopes(facts: Facts, { credential: { kind } }: OpenOptions): Judged {
  const style = kind === "api_token" ? "api_token" : "classic";
  const denied = errorOf(facts.all) ?? errorOf(facts.onlyPrivate);
  if (denied?.reason === "forbidden") {
    const named = denied.details.requiredScopes ?? TOKEN_SCOPES.needed[style];
    return {
      ...failed(`The token lacks a right: ${named.join(", ")}.`, denied),
      missingScopes: named,
    };
  }
  if (!facts.all || !isUsed(facts) || denied) return skipped("Not known yet.");
  const granted = facts.granted;
  const reads = granted === null ||
    granted.some((scope) =>
      IMPLIES_READING.includes(scope) || scope === TOKEN_SCOPES.needed.api_token[0]
    );
  if (!reads && !valueOf(facts.onlyPrivate)?.sample?.isPrivate) {
    const missing = TOKEN_SCOPES.needed[style];
    return {
      ...failed(`The token lacks a right: ${missing.join(", ")}. Make one with this scope ticked.`),
      missingScopes: missing,
    };
  }
  const lacking = kind === "api_token" ? lackingHelp(facts) : [];
  if (lacking.length > 0) {
    return {
      ...warning(`All that is needed is there. Also useful: ${lacking.join(", ")}.`),
      missingScopes: lacking,
    };
  }
  return passed("The token has every right that is needed.");
}

function lackingHelp(facts: Facts): string[] {
  const asked = [facts.user, facts.workspace].flatMap((answer) =>
    errorOf(answer)?.details.requiredScopes ?? []
  );
  return [...new Set(asked)];
}

function rest({ user, all }: Facts): Judged {
  if (valueOf(all)) return passed("The list of repositories can be read.");
  const error = errorOf(all) ?? errorOf(user);
  if (error === null || (all === null && error.reason === "unauthorized")) {
    return skipped("Not asked.");
  }
  return failed(because(error), error);
}

function git({ git, all }: Facts, options: OpenOptions): Judged {
  const error = errorOf(git);
  if (git && !error) return passed("Git can read a repository.");
  if (error === null) {
    const empty = options.probeGit && valueOf(all);
    return skipped(empty ? "There is no repository to try git on." : "Git was not tried.");
  }
  switch (error.reason) {
    case "unauthorized":
      return failed("Git refuses the token, though the API takes it. Make a new one.", error);
    case "forbidden":
      return failed("Git says that the token lacks the right to read repositories.", error);
    case "not_found":
      return warning("The repository tried with git is gone or closed to this token.");
    default:
      return failed(`By git: ${because(error)}`, error);
  }
}

function repositories({ all, onlyPrivate, workspaceId }: Facts): Judged {
  const found = valueOf(all);
  if (!found) return skipped("Not counted.");
  if (found.size === 0) {
    return failed(
      `The token sees no repository in ${workspaceId}. Likely causes: the workspace is empty, the ` +
        "token's owner was given no access to its repositories, or the token is of another " +
        "workspace, project or repository.",
    );
  }
  const hidden = valueOf(onlyPrivate);
  const many = found.size === null ? "Repositories are" : plural(found.size);
  if (hidden?.size === 0) {
    return warning(
      `${many} visible, all public. If the workspace has private ones, the token may not read them.`,
    );
  }
  // A server that ignores the filter says the same size twice, and then the sample decides.
  const known = hidden?.size && hidden.sample?.isPrivate && hidden.size <= (found.size ?? Infinity);
  return passed(
    known
      ? `${many} visible, ${hidden.size!.toLocaleString("en")} of them private.`
      : `${many} visible.`,
  );
}

function plural(count: number): string {
  return count === 1 ? "1 repository is" : `${count.toLocaleString("en")} repositories are`;
}

function because(error: RemoteError): string {
  switch (error.reason) {
    case "rate_limited": {
      const minutes = Math.ceil((error.details.retryAfterMs ?? 0) / 60_000);
      return minutes === 0
        ? "Bitbucket asked us to wait. Try again later."
        : `Bitbucket asked us to wait. Try again in ${minutes} min.`;
    }
    case "unavailable":
      return "Bitbucket did not answer. Try again in a moment.";
    case "unauthorized":
      return "Bitbucket refuses the token.";
    case "forbidden":
      return "Bitbucket says that the token may not read this.";
    case "not_found":
      return "Bitbucket does not know the workspace, or hides it from this token.";
    case "closed":
      return "Bitbucket has closed this workspace, as it does with one marked as spam.";
    default:
      return `Bitbucket answered in a form that we do not know (${error.message}).`;
  }
}

function passed(sentence: string): Judged {
  return { state: "passed", sentence };
}

function skipped(sentence: string): Judged {
  return { state: "skipped", sentence };
}

function warning(sentence: string): Judged {
  return { state: "warning", sentence };
}

function failed(sentence: string, error?: RemoteError): Judged {
  return { state: "failed", sentence, ...(error ? { reason: error.reason } : {}) };
}
