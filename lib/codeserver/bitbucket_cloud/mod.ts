/** Bitbucket Cloud as a code server: one workspace, one credential, REST for lists, git for content. */

import type { CodeServer, OpenOptions, Place } from "@/lib/codeserver/mod.ts";
import { checkAccess } from "@/lib/codeserver/bitbucket_cloud/access.ts";
import { createClient } from "@/lib/codeserver/bitbucket_cloud/client.ts";
import { gitUser } from "@/lib/codeserver/bitbucket_cloud/credential.ts";
import { listRepositories } from "@/lib/codeserver/bitbucket_cloud/listing.ts";
import { fullNameSchema } from "@/lib/codeserver/bitbucket_cloud/schema.ts";
import { bitbucketWebhooks } from "@/lib/codeserver/bitbucket_cloud/webhooks.ts";
import { RemoteError } from "@/lib/errors.ts";
import { isHidden } from "@/lib/hidden_name.ts";

/** Opens a workspace; nothing is asked before the first call. */
export function bitbucketCloud(options: OpenOptions): CodeServer {
  const { workspace, credential, apiUrl } = options;
  const client = createClient(options);
  const site = options.gitUrl.replace(/\/+$/, "");
  const htmlUrl = (fullName: string) => `${site}/${path(fullName)}`;

  /** Built from our own setting: the clone link of an answer carries the caller's user name. */
  function remote(fullName: string) {
    if (!fullNameSchema.safeParse(fullName).success) {
      throw new RemoteError("not_found", "Cannot fetch a repository without a full name");
    }
    return {
      url: `${htmlUrl(fullName)}.git`,
      user: gitUser(credential),
      password: credential.secret,
    };
  }

  return {
    checkAccess: (call = {}) => checkAccess({ ...options, client, remote }, call),
    listRepositories: (cursor, call = {}) =>
      listRepositories(
        { client, workspace, workspaceUuid: options.workspaceUuid, apiUrl, htmlUrl },
        cursor,
        call,
      ),
    gitRemote: ({ fullName }) => Promise.resolve().then(() => remote(fullName)),
    lineUrl(place: Place) {
      if (!fullNameSchema.safeParse(place.fullName).success) return null;
      if (isHidden(place.path)) return null;
      if (leadsElsewhere(place.commit) || leadsElsewhere(place.path)) return null;
      const file = `${path(place.commit)}/${path(place.path)}`;
      return `${htmlUrl(place.fullName)}/src/${file}#lines-${place.line}`;
    },
    commitUrl: (place) => `${htmlUrl(place.fullName)}/commits/${path(place.commit)}`,
    webhooks: bitbucketWebhooks({ client, workspace }),
  };
}

/**
 * Whether a browser would walk out of where a path belongs. A tree made by hand may hold folders
 * of such names, and no escape helps: `%2e%2e` is walked as well.
 */
function leadsElsewhere(text: string): boolean {
  return text.split("/").some((name) => name === "" || name === "." || name === "..");
}

/** A lone surrogate cannot be encoded, and a path from git may hold one. */
function path(text: string): string {
  return text.toWellFormed().split("/").map(encodeURIComponent).join("/");
}
