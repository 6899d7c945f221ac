/** `/settings/embed-keys`: made, shown with what to copy, and revoked by an admin. */

import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import { EmbedKeyPage } from "@/components/embed_key_page.tsx";
import { type EmbedKeyFormView, EmbedKeysPage } from "@/components/embed_keys_page.tsx";
import { plural } from "@/lib/format.ts";
import type { EmbedKey } from "@/lib/store/embed_keys.ts";
import { addressOf } from "./address.ts";
import { leaveFlash } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { embedSnippets, type EmbedTarget } from "./embed_snippets.ts";
import { listed, readForm } from "./forms.ts";
import { endOf, keyName, keyRow, lastDay } from "./key_forms.ts";
import { frameOf } from "./middleware.ts";

/** A form names at most so many; a server's key covers all of its repositories. */
const MOST_REPOSITORIES = 100;
const MOST_ORIGINS = 20;

const EMPTY: EmbedKeyFormView = { values: {}, errors: {}, serverIds: [], showCounts: true };

const newKey = z.object({
  name: keyName,
  scope: z.enum(["all", "chosen"], { error: "Choose what it shows." }),
  server: listed.pipe(z.array(z.string().max(40)).max(200)),
  repositories: z.string().max(20_000, "That is too long.").default(""),
  origins: z.string().max(5_000, "That is too long.").default(""),
  counts: z.literal("yes").optional(),
  expires: lastDay,
});

/** The settings pages of embed keys, with the snippets to copy. */
export function embedKeyRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store, clock } = deps;
  const app = new Hono<AppEnv>();

  app.get("/settings/embed-keys", (c) => list(c, EMPTY, 200));

  app.post("/settings/embed-keys", async (c) => {
    const read = await readForm(c, newKey);
    if (!read.ok) return await list(c, { ...EMPTY, ...read.form }, 422);
    const { name, scope, server, counts, expires } = read.data;
    const errors: EmbedKeyFormView["errors"] = {};
    const origins = readOrigins(read.data.origins, errors);
    const chosen = scope === "chosen";
    const repositoryIds = chosen ? await findRepositories(read.data.repositories, errors) : [];
    const known = new Set((await store.servers.list()).map(({ id }) => id));
    const serverIds = chosen ? server.filter((id) => known.has(id)) : [];
    if (chosen && serverIds.length + repositoryIds.length === 0) {
      errors.scope = "Choose at least one code server or repository.";
    }
    const expiresAt = endOf(expires);
    if (expiresAt !== null && expiresAt <= clock.now()) errors.expires = "This day is over.";
    if (Object.keys(errors).length > 0) {
      const { repositories, origins } = read.data;
      const values = { name, scope, repositories, origins, expires };
      const showCounts = counts === "yes";
      return await list(c, { values, errors, serverIds: server, showCounts }, 422);
    }
    const who = c.get("user").email;
    const { id, key } = await store.embedKeys.create({
      name,
      serverIds,
      repositoryIds,
      origins,
      showCounts: counts === "yes",
      createdBy: who,
      expiresAt,
    });
    await store.audit.add({
      who,
      action: "embed_key.created",
      target: `${name} (${id})`,
      detail: JSON.stringify({ serverIds, repositoryIds, origins }),
      address: addressOf(c),
    });
    // Not redirected: the key is in this answer and nowhere else.
    return await show(c, (await store.embedKeys.find(id))!, key);
  });

  app.get("/settings/embed-keys/:id", async (c) => show(c, await found(c.req.param("id")), null));

  app.post("/settings/embed-keys/:id/revocation", async (c) => {
    const key = await found(c.req.param("id"));
    if (await store.embedKeys.revoke(key.id)) {
      await store.audit.add({
        who: c.get("user").email,
        action: "embed_key.revoked",
        target: `${key.name} (${key.id})`,
        address: addressOf(c),
      });
    }
    leaveFlash(c, "good", `${key.name} shows nothing any more.`);
    return c.redirect("/settings/embed-keys", 303);
  });

  async function list(c: Context<AppEnv>, form: EmbedKeyFormView, status: 200 | 422) {
    const now = clock.now();
    const [keys, servers] = await Promise.all([store.embedKeys.list(), store.servers.list()]);
    return c.html(
      <EmbedKeysPage
        frame={frameOf(c, deps)}
        keys={keys.map((key) => keyRow(key, scopeWords(key), now))}
        servers={servers}
        form={form}
        now={now}
      />,
      status,
    );
  }

  async function show(c: Context<AppEnv>, key: EmbedKey, made: string | null) {
    const targets = await targetsOf(key);
    const wanted = c.req.query("for");
    const target = targets.find(({ id }) => id === wanted) ?? targets[0] ?? null;
    const path = target && `/embed/${target.kind === "server" ? "servers" : "repositories"}` +
        `/${target.id}`;
    return c.html(
      <EmbedKeyPage
        frame={frameOf(c, deps)}
        view={{
          id: key.id,
          name: key.name,
          shows: scopeWords(key),
          origins: key.origins,
          made,
          target,
          others: targets.map((one) => ({
            href: `/settings/embed-keys/${key.id}?for=${one.id}`,
            name: one.name,
            current: one.id === target?.id,
          })),
          snippets: target ? embedSnippets(deps.publicUrl, target, made ?? "EMBED_KEY") : [],
          preview: made !== null && path !== null
            ? { page: `${path}?key=${made}`, badge: `${path}/badge.svg?key=${made}` }
            : null,
        }}
      />,
      made === null ? 200 : 201,
    );
  }

  /** What a key covers by name: its servers, or all of them, then its single repositories. */
  async function targetsOf(key: EmbedKey): Promise<EmbedTarget[]> {
    const all = key.serverIds.length + key.repositoryIds.length === 0;
    const servers = (await store.servers.list())
      .filter(({ id }) => all || key.serverIds.includes(id));
    const repositories = await Promise.all(
      key.repositoryIds.map((id) => store.repositories.find(id)),
    );
    return [
      ...servers.map(({ id, name }) => ({ kind: "server" as const, id, name })),
      ...repositories.filter((row) => row !== null)
        .map(({ id, fullName }) => ({ kind: "repository" as const, id, name: fullName })),
    ];
  }

  async function findRepositories(
    text: string,
    errors: EmbedKeyFormView["errors"],
  ): Promise<string[]> {
    const names = [...new Set(text.split(/[\s,]+/).filter(Boolean))];
    if (names.length > MOST_REPOSITORIES) {
      errors.repositories = `Name at most ${MOST_REPOSITORIES}; a code server covers all of its.`;
      return [];
    }
    const ids: string[] = [];
    for (const name of names) {
      const byId = await store.repositories.find(name);
      const row = byId ?? (await store.repositories.list({ search: name }, {
        sort: "name",
        descending: false,
        limit: 50,
      })).rows.find(({ fullName }) => fullName.toLowerCase() === name.toLowerCase());
      if (row) ids.push(row.id);
      else errors.repositories ??= `There is no repository ${name.slice(0, 100)}.`;
    }
    return ids;
  }

  async function found(id: string): Promise<EmbedKey> {
    const key = await store.embedKeys.find(id);
    if (key === null) throw new HTTPException(404, { message: "There is no such key." });
    return key;
  }

  return app;
}

/** Whole origins only: a path or a wildcard would promise what browsers do not keep. */
function readOrigins(text: string, errors: EmbedKeyFormView["errors"]): string[] {
  const origins = new Set<string>();
  for (const one of text.split(/[\s,]+/).filter(Boolean)) {
    const url = URL.parse(one);
    const plain = url !== null && ["http:", "https:"].includes(url.protocol) &&
      url.username === "" && /^https?:\/\/[a-z0-9.\-:[\]]+\/?$/i.test(one);
    if (plain) origins.add(url.origin);
    else {errors.origins ??= `“${
        one.slice(0, 100)
      }” is no origin, such as https://portal.example.com.`;}
  }
  if (origins.size > MOST_ORIGINS) errors.origins = `Allow at most ${MOST_ORIGINS} origins.`;
  return [...origins];
}

function scopeWords(key: EmbedKey): string {
  const parts = [
    key.serverIds.length > 0 ? plural(key.serverIds.length, "code server") : "",
    key.repositoryIds.length > 0
      ? plural(key.repositoryIds.length, "repository", "repositories")
      : "",
  ].filter(Boolean);
  const scope = parts.length === 0 ? "everything" : parts.join(" and ");
  return key.showCounts ? scope : `${scope}, without counts`;
}
