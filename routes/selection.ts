/** The choice of repositories, the same for an open draft's servers and for a connected one. */

import { z } from "zod";
import type { FormView } from "@/components/forms.tsx";
import type { MatchesView, SelectionView } from "@/components/selection_form.tsx";
import { parseGlobs, selectionTest } from "@/lib/selection.ts";
import type { Server } from "@/lib/store/servers.ts";
import type { RouteDeps } from "./deps.ts";
import { listed } from "./forms.ts";
import { type ChoiceQuery, choosableList } from "./selection_list.ts";
import { patternWords } from "./server_views.ts";

/** The form as it is sent; `go` says which button. */
export const choiceForm = z.object({
  edit: z.string().max(40).catch(""),
  mode: z.enum(["all", "custom"], { error: "Choose all or custom." }),
  patterns: z.string().max(10_000, "Use at most 10,000 characters.").default(""),
  q: z.string().trim().max(200).catch(""),
  project: z.string().max(200).catch(""),
  offset: z.coerce.number().int().min(0).catch(0),
  shown: listed.pipe(z.array(z.string().max(40)).max(1000)),
  picked: listed.pipe(z.array(z.string().max(40)).max(1000)),
  go: z.string().max(40).catch("next"),
});
export type ChoiceForm = z.infer<typeof choiceForm>;

/** What became of a sent form: where to go on, or what is to be mended. */
export type Chosen =
  | { kind: "saved" }
  | { kind: "look"; query: ChoiceQuery }
  | { kind: "refused"; query: ChoiceQuery; form: FormView<"mode" | "patterns" | "picked"> };

/** What the form shows. */
export async function selectionView(
  deps: RouteDeps,
  servers: readonly Server[],
  query: ChoiceQuery,
  action: string,
  refused: FormView<"mode" | "patterns" | "picked"> | null,
  change: number,
): Promise<SelectionView> {
  const edit = await findEdit(deps, servers, query.edit);
  const patterns = refused?.values.patterns ?? edit?.patterns ?? patternsOf(servers);
  const mode = modeOf(servers, refused, edit);
  const [list, matching] = await Promise.all([
    choosableList(deps, servers, query, { action, editId: edit?.id ?? null, change }),
    matches(deps, servers, { edit: edit?.id ?? "", mode, patterns, shown: [], picked: [] }),
  ]);
  return {
    ...list,
    mode,
    form: refused ?? { values: {}, errors: {} },
    patterns,
    matches: matching,
  };
}

/**
 * Keeps what was ticked and typed, and says what the button was for. What a draft's servers are to
 * watch is theirs at once; of a connected one nothing changes before it is saved.
 */
export async function applyChoice(
  deps: RouteDeps,
  servers: readonly Server[],
  form: ChoiceForm,
): Promise<Chosen> {
  const { store } = deps;
  const serverIds = servers.map((server) => server.id);
  const connected = servers.find((server) => server.draftId === null);
  const edit = connected === undefined ? null : {
    id: (await findEdit(deps, servers, form.edit))?.id ??
      await store.selectionEdits.begin(connected.id),
    mode: form.mode,
    patterns: form.patterns,
  };
  if (edit === null) await store.choices.pickShown(serverIds, form.shown, form.picked);
  else await store.selectionEdits.keep(edit, form.shown, form.picked);
  const filter = {
    serverIds,
    search: form.q || undefined,
    projectKey: form.project || undefined,
  };
  if (form.go === "all" || form.go === "none") {
    if (edit === null) await store.choices.pickAll(filter, form.go === "all");
    else await store.selectionEdits.pickAll(edit.id, filter, form.go === "all");
  }
  const look = form.go.match(/^page-(\d{1,8})$/);
  const query: ChoiceQuery = {
    edit: edit?.id ?? "",
    q: form.q,
    project: form.project,
    offset: look ? Number(look[1]) : form.go === "search" ? 0 : form.offset,
  };
  const refuse = (name: "mode" | "patterns" | "picked", sentence: string): Chosen => ({
    kind: "refused",
    query,
    form: {
      values: { mode: form.mode, patterns: form.patterns },
      errors: { [name]: sentence },
    },
  });
  const { include, exclude, problem } = parseGlobs(form.patterns);
  if (problem !== null) return refuse("patterns", problem);
  if (form.go === "next" && form.mode === "custom") {
    const count = await matches(deps, servers, {
      ...form,
      edit: edit?.id ?? "",
      shown: [],
      picked: [],
    });
    if (count.picked === 0 && include.length === 0) {
      return refuse(
        "picked",
        "Tick at least one repository, or enter a pattern such as payments-*.",
      );
    }
  }
  if (edit === null || form.go === "next") {
    if (edit !== null) await store.selectionEdits.apply(edit.id);
    for (const server of servers) {
      await store.servers.select(server.id, { mode: form.mode, include, exclude }, null);
    }
  }
  if (form.go === "next") return { kind: "saved" };
  return { kind: "look", query };
}

/** The unsaved change of a connected server that a form or an address names. */
export async function findEdit(deps: RouteDeps, servers: readonly Server[], id: string) {
  return id === "" || servers[0] === undefined
    ? null
    : await deps.store.selectionEdits.find(id, servers[0].id);
}

/** How many repositories a choice comes to; `shown` ones are as the form has them. */
export async function matches(
  deps: RouteDeps,
  servers: readonly Server[],
  form: Pick<ChoiceForm, "edit" | "mode" | "patterns" | "shown" | "picked">,
): Promise<MatchesView> {
  const { include, exclude } = parseGlobs(form.patterns);
  const test = selectionTest({ mode: form.mode, include, exclude });
  const shown = new Set(form.shown);
  const picked = new Set(form.picked);
  const count: MatchesView = { matching: 0, total: 0, picked: 0 };
  for (const server of servers) {
    for (const one of await deps.store.repositories.listSlugs(server.id, form.edit || null)) {
      const isPicked = shown.has(one.id) ? picked.has(one.id) : one.picked;
      count.total++;
      if (isPicked) count.picked++;
      if (test({ slug: one.slug, picked: isPicked })) count.matching++;
    }
  }
  return count;
}

function patternsOf(servers: readonly Server[]): string {
  return servers[0] ? patternWords(servers[0]).join(" ") : "";
}

function modeOf(
  servers: readonly Server[],
  refused: FormView<"mode" | "patterns" | "picked"> | null,
  edit: { mode: "all" | "custom" } | null,
): "all" | "custom" {
  const typed = refused?.values.mode ?? edit?.mode;
  if (typed === "all" || typed === "custom") return typed;
  return servers[0]?.selectionMode ?? "all";
}
