/** The server types that work, and how each is opened. */

import type { CodeServer, OpenOptions } from "@/lib/codeserver/mod.ts";
import { bitbucketCloud } from "@/lib/codeserver/bitbucket_cloud/mod.ts";

/** One word per type, as stored and as in the API. */
export const CODE_SERVER_TYPES = ["bitbucket_cloud"] as const;
export type CodeServerType = typeof CODE_SERVER_TYPES[number];

const OPENERS: Record<CodeServerType, (options: OpenOptions) => CodeServer> = {
  bitbucket_cloud: bitbucketCloud,
};

/** Opens one workspace of a server of the given type. */
export function openCodeServer(type: CodeServerType, options: OpenOptions): CodeServer {
  return OPENERS[type](options);
}
