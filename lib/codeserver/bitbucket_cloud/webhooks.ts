/** Webhooks of Bitbucket Cloud: signature, `repo:push` payload, and the subscription itself. */

import { timingSafeEqual } from "node:crypto";
import type { Push, RefChange, Webhooks } from "@/lib/codeserver/mod.ts";
import { type Client, segment } from "@/lib/codeserver/bitbucket_cloud/client.ts";
import { hookSchema, pushSchema } from "@/lib/codeserver/bitbucket_cloud/schema.ts";
import { RemoteError } from "@/lib/errors.ts";

/** What a workspace's hook is subscribed to: pushes, and what changes the list of repositories. */
export const WEBHOOK_EVENTS = [
  "repo:push",
  "repo:created",
  "repo:deleted",
  "repo:updated",
  "repo:transfer",
  "repo:imported",
  "repo:fork",
] as const;

/** Bitbucket refuses a longer one. */
export const LONGEST_WEBHOOK_SECRET = 128;

/** The signed part, which needs no credential: what a route asks before it opens anything. */
export const signedWebhooks: Pick<Webhooks, "verify" | "parsePush" | "deliveryId"> = {
  verify,
  parsePush,
  deliveryId: (headers) => headers.get("x-request-uuid")?.trim().slice(0, 100) || null,
};

/** Webhooks of one workspace. */
export function bitbucketWebhooks(options: { client: Client; workspace: string }): Webhooks {
  const address = () => `/workspaces/${segment(options.workspace)}/hooks`;
  return {
    ...signedWebhooks,
    async create({ url, secret }, call = {}) {
      if (secret === "" || secret.length > LONGEST_WEBHOOK_SECRET) {
        throw new RangeError(`Cannot subscribe: a secret has 1 to ${LONGEST_WEBHOOK_SECRET} signs`);
      }
      const hook = await options.client.json(address(), hookSchema, {
        method: "POST",
        body: { description: "Sluice", url, active: true, secret, events: WEBHOOK_EVENTS },
        signal: call.signal,
      });
      return { id: hook.uuid };
    },
    async remove(id, call = {}) {
      try {
        await options.client.send(`${address()}/${segment(id)}`, {
          method: "DELETE",
          signal: call.signal,
        });
      } catch (error) {
        if (!(error instanceof RemoteError && error.reason === "not_found")) throw error;
      }
    },
  };
}

/** `X-Hub-Signature: sha256=<hex HMAC>`: the name before `=` is the algorithm; no other is taken. */
async function verify(
  rawBody: Uint8Array<ArrayBuffer>,
  headers: Headers,
  secret: string,
): Promise<boolean> {
  const given = headers.get("x-hub-signature")?.match(/^\s*sha256=([0-9a-fA-F]{64})\s*$/)?.[1];
  if (given === undefined || secret === "") return false;
  const key = await crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const expected = new Uint8Array(await crypto.subtle.sign("HMAC", key, rawBody));
  const hex = Array.from(expected, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const encoder = new TextEncoder();
  return timingSafeEqual(encoder.encode(hex), encoder.encode(given.toLowerCase()));
}

function parsePush(rawBody: Uint8Array<ArrayBuffer>, headers: Headers): Push | null {
  if (headers.get("x-event-key") !== "repo:push") return null;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(rawBody));
  } catch {
    return null;
  }
  const parsed = pushSchema.safeParse(value);
  if (!parsed.success) return null;
  const { repository, push } = parsed.data;
  return {
    repository: { uuid: repository.uuid.toLowerCase(), fullName: repository.full_name },
    changes: push.changes.flatMap(toRefChange),
  };
}

type WireChange = ReturnType<typeof pushSchema.parse>["push"]["changes"][number];

/** The list of commits stops at five, so only the two ends of the move are read. */
function toRefChange(change: WireChange): RefChange[] {
  const named = change.new ?? change.old;
  if (!named) return [];
  const space = named.type === "tag" ? "tags" : "heads";
  return [{
    ref: `refs/${space}/${named.name}`,
    before: change.old?.target?.hash ?? null,
    after: change.new?.target?.hash ?? null,
  }];
}
