/** Choosing repositories: all or custom, globs with a live preview, ticks kept across pages. */

import {
  Choice,
  ErrorSummary,
  FieldError,
  type FormView,
  InputField,
  TextAreaField,
} from "./forms.tsx";
import type { Child } from "hono/jsx";
import { Icon } from "./icons.tsx";
import { ProjectFilter } from "./project_filter.tsx";
import {
  type ChoosableListView,
  ChoosablePager,
  ChoosableRows,
  lookSwap,
  SelectionLive,
} from "./selection_rows.tsx";
import { formatCount, plural } from "@/lib/format.ts";

/** Everything the form shows: the list, and the choice that is made from it. */
export interface SelectionView extends ChoosableListView {
  mode: "all" | "custom";
  form: FormView<"mode" | "patterns" | "picked">;
  patterns: string;
  matches: MatchesView;
}

/** How many repositories the choice comes to. */
export interface MatchesView {
  matching: number;
  total: number;
  picked: number;
}

/** The form; `foot` is its row of buttons. */
export function SelectionForm(
  props: { view: SelectionView; htmx: Record<string, string>; foot: Child },
) {
  const { view } = props;
  return (
    <form class="form" id="selection" method="post" action={view.action} {...props.htmx}>
      <ErrorSummary
        form={view.form}
        fieldIds={{ mode: "mode", patterns: "patterns", picked: "rows" }}
      />
      {view.edit !== null && (
        <>
          <input type="hidden" name="edit" value={view.edit} />
          <p class="hint">Nothing changes before you save.</p>
        </>
      )}
      <fieldset class="stack tight" id="mode">
        <legend class="visually-hidden">Which repositories</legend>
        <Choice type="radio" name="mode" value="all" checked={view.mode === "all"} boxed>
          <strong>All repositories, including ones added later</strong>
          <span class="hint">New repositories are scanned as soon as a discovery finds them.</span>
        </Choice>
        <Choice type="radio" name="mode" value="custom" checked={view.mode === "custom"} boxed>
          <strong>Custom: select repositories</strong>
          <span class="hint">Those ticked below, and those that fit a pattern.</span>
        </Choice>
        <FieldError id="mode" error={view.form.errors.mode} />
      </fieldset>
      <TextAreaField
        id="patterns"
        name="patterns"
        label="Patterns"
        rows={2}
        mono
        value={view.patterns}
        error={view.form.errors.patterns}
        placeholder="payments-* !*-archive"
        hint={
          <>
            Of repository IDs: <code>*</code> stands for anything, a leading <code>!</code>{" "}
            excludes. With “all”, only exclusions matter.
          </>
        }
      />
      <Matches view={view} />
      <section class="stack tight" aria-label="Repositories to choose from">
        <div class="filters">
          <InputField id="choose-q" name="q" type="search" label="Search" value={view.q} grow />
          <ProjectFilter filters={view} />
          <button id="search" type="submit" name="go" value="search" {...lookSwap(view)}>
            <Icon name="search" /> Search
          </button>
        </div>
        <SelectionLive list={view} />
        <FieldError id="rows" error={view.form.errors.picked} />
        <div class="row">
          {(["all", "none"] as const).map((go) => (
            <button
              id={`tick-${go}`}
              type="submit"
              class="small-button"
              name="go"
              value={go}
              {...lookSwap(view)}
            >
              {go === "all" ? "Tick all that fit" : "Untick all that fit"}
            </button>
          ))}
        </div>
        <div
          id="rows"
          class="scroll-box"
          tabindex={0}
          role="region"
          aria-label="Repositories"
          aria-describedby={view.form.errors.picked === undefined ? undefined : "rows-error"}
        >
          <ChoosableRows list={view} />
        </div>
        <ChoosablePager list={view} />
      </section>
      <div class="form-foot">{props.foot}</div>
    </form>
  );
}

function Matches(props: { view: SelectionView }) {
  const { view } = props;
  return (
    <p
      id="matches"
      aria-live="polite"
      hx-post={`${view.action}/matches`}
      hx-trigger="input delay:300ms from:#selection, change delay:100ms from:#selection, arrived delay:100ms from:#selection"
      hx-include="#selection"
      hx-swap="innerHTML"
      hx-sync="replace"
    >
      <MatchesWords matches={view.matches} />
    </p>
  );
}

/** The fragment of the preview: "matches 214 of 1,266". */
export function MatchesWords(props: { matches: MatchesView; problem?: string | null }) {
  const { matches } = props;
  if (props.problem) {
    return (
      <span class="error">
        <Icon name="alert" />
        <span>{props.problem}</span>
      </span>
    );
  }
  return (
    <>
      <strong class="num">
        matches {formatCount(matches.matching)} of {formatCount(matches.total)}
      </strong>{" "}
      <span class="quiet">
        {matches.picked > 0 ? `${plural(matches.picked, "repository", "repositories")} ticked` : ""}
      </span>
    </>
  );
}
