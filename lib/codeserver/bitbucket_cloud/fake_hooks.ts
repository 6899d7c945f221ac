/** Webhooks of the stand-in: subscriptions, and deliveries signed as Bitbucket signs them. */

import { createHmac, randomUUID } from "node:crypto";
import type { FakeHook } from "@/lib/codeserver/bitbucket_cloud/fake_shapes.ts";
import {
  type FakeRepository,
  type FakeWorkspace,
  uuidOf,
} from "@/lib/codeserver/bitbucket_cloud/fake_state.ts";

/** One ref that a push moved; `null` where it was created or deleted. */
export interface FakeChange {
  type: "branch" | "tag";
  name: string;
  before: string | null;
  after: string | null;
}

/** A body that cannot be a subscription, and why. */
export class BadHook extends Error {}

/** The subscriptions of one server, by workspace. */
export class FakeHooks {
  #hooks = new Map<FakeWorkspace, FakeHook[]>();
  #made = 0;

  /** Those of one repository, or of the workspace itself. */
  list(workspace: FakeWorkspace, repository?: FakeRepository): FakeHook[] {
    return (this.#hooks.get(workspace) ?? []).filter((hook) => hook.repository === repository);
  }

  /** @throws BadHook as Bitbucket would answer 400. */
  create(
    workspace: FakeWorkspace,
    repository: FakeRepository | undefined,
    body: unknown,
  ): FakeHook {
    const given = Object(body);
    if (URL.parse(String(given.url)) === null) throw new BadHook("url: Enter a valid URL.");
    if (!Array.isArray(given.events) || given.events.length === 0) {
      throw new BadHook("events: This field is required.");
    }
    const secret = typeof given.secret === "string" ? given.secret : null;
    if (secret !== null && secret.length > 128) {
      throw new BadHook("secret: at most 128 characters.");
    }
    const hook: FakeHook = {
      uuid: uuidOf(`hook ${workspace.slug} ${this.#made++}`),
      url: String(given.url),
      description: String(given.description ?? ""),
      active: given.active !== false,
      events: given.events.map(String),
      secret,
      createdAt: new Date().toISOString(),
      ...(repository ? { repository } : {}),
    };
    this.#hooks.set(workspace, [...(this.#hooks.get(workspace) ?? []), hook]);
    return hook;
  }

  /** Whether there was one. */
  remove(workspace: FakeWorkspace, hook: FakeHook): boolean {
    const hooks = this.#hooks.get(workspace) ?? [];
    this.#hooks.set(workspace, hooks.filter((other) => other !== hook));
    return hooks.includes(hook);
  }

  /** Sends an event to every subscription that wants it, and gives the statuses. */
  async deliver(
    workspace: FakeWorkspace,
    repository: FakeRepository,
    event: string,
    body: unknown,
  ): Promise<number[]> {
    const wanting = (this.#hooks.get(workspace) ?? []).filter((hook) =>
      hook.active && hook.events.includes(event) &&
      (hook.repository === undefined || hook.repository === repository)
    );
    return await Promise.all(wanting.map(async (hook) => {
      const { headers, text } = signed(event, body, hook.secret, hook.uuid);
      const answer = await fetch(hook.url, { method: "POST", headers, body: text });
      await answer.body?.cancel();
      return answer.status;
    }));
  }
}

/** A delivery as it goes over the wire. */
export function signed(event: string, body: unknown, secret: string | null, hookUuid = "{}") {
  const text = JSON.stringify(body);
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "user-agent": "Bitbucket-Webhooks/2.0",
    "x-event-key": event,
    "x-hook-uuid": hookUuid.slice(1, -1),
    "x-request-uuid": randomUUID(),
    "x-attempt-number": "1",
  };
  if (secret !== null) {
    const mac = createHmac("sha256", secret).update(text).digest("hex");
    headers["x-hub-signature"] = `sha256=${mac}`;
  }
  return { headers, text };
}

/** The body of `repo:push`; the repository inside is condensed, without slug and main branch. */
export function pushBody(
  workspace: FakeWorkspace,
  repository: FakeRepository,
  changes: readonly FakeChange[],
) {
  const full = `${workspace.slug}/${repository.slug}`;
  const state = (change: FakeChange, hash: string | null) =>
    hash === null ? null : {
      type: change.type,
      name: change.name,
      target: { type: "commit", hash, date: "2026-11-24T12:00:00+00:00", message: "A commit\n" },
    };
  return {
    push: {
      changes: changes.map((change) => ({
        old: state(change, change.before),
        new: state(change, change.after),
        created: change.before === null,
        closed: change.after === null,
        forced: false,
        truncated: false,
        commits: [],
      })),
    },
    repository: {
      type: "repository",
      full_name: full,
      name: repository.name,
      uuid: repository.uuid,
      is_private: repository.isPrivate,
      scm: "git",
      workspace: { type: "workspace", slug: workspace.slug, uuid: workspace.uuid },
    },
    actor: { type: "user", display_name: "Someone" },
  };
}
