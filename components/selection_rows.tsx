/** The repositories to tick, as a discovery brings them. */

import type { Child } from "hono/jsx";
import type { Option } from "./forms.tsx";
import { Icon } from "./icons.tsx";
import { LoadingState, Notice } from "./notices.tsx";
import { ProjectFilter } from "./project_filter.tsx";
import { ProgressBar } from "./scan_status.tsx";
import { Cell, TickAllHead } from "./table.tsx";
import { Ago, ClockTime } from "./time.tsx";
import { formatBytes, formatCount, plural } from "@/lib/format.ts";
import type { Tone } from "@/lib/status.ts";

/** One repository to choose. */
export interface ChoosableView {
  id: string;
  fullName: string;
  projectName: string | null;
  isPrivate: boolean;
  sizeBytes: number | null;
  updatedAt: number | null;
  picked: boolean;
}

/** Why a server's list does not come in. */
export interface HaltView {
  /** Null where there is only one server. */
  name: string | null;
  tone: Tone;
  sentence: string;
  /** When it goes on by itself. */
  until: number | null;
  replaceToken: boolean;
}

/** A page of the list to choose from: all that a poll brings anew. */
export interface ChoosableListView {
  /** Where the form posts to; fragments live below it. */
  action: string;
  /** The unsaved change that is shown; null: what is saved, or a draft. */
  edit: string | null;
  q: string;
  project: string;
  projects: readonly Option[];
  rows: readonly ChoosableView[];
  /** "101–200 of 1,266"; offsets of the neighbouring pages. */
  range: string;
  offset: number;
  previousOffset: number | null;
  nextOffset: number | null;
  /** How far the list itself has come; a null interval: it is complete. */
  found: number;
  reported: number | null;
  halts: readonly HaltView[];
  everySeconds: number | null;
  tag: string;
  now: number;
}

interface ListProps {
  list: ChoosableListView;
}

/** A poll's answer: how far the list has come, its rows, and what leads to others. */
export function SelectionRefresh({ list }: ListProps) {
  return (
    <>
      <SelectionLive list={list} />
      <hx-partial hx-target="#rows" hx-swap="innerMorph">
        <ChoosableRows list={list} />
      </hx-partial>
      <hx-partial hx-target="#project-filter" hx-swap="outerMorph">
        <ProjectFilter filters={list} />
      </hx-partial>
      <hx-partial hx-target="#choose-pages" hx-swap="outerMorph">
        <ChoosablePager list={list} />
      </hx-partial>
    </>
  );
}

/** For buttons that look at another part of the list: the form alone is replaced, by ids the focus stays. */
export function lookSwap(list: ChoosableListView): Record<string, string> {
  return {
    "hx-post": list.action,
    "hx-target": "#selection",
    "hx-select": "#selection",
    "hx-swap": "outerHTML",
    "hx-push-url": "true",
    "hx-status:422": "select:#selection",
  };
}

/** How far the list has come, or why it does not; polls until it is complete. */
export function SelectionLive({ list }: ListProps) {
  const query = new URLSearchParams({
    ...(list.edit === null ? {} : { edit: list.edit }),
    q: list.q,
    project: list.project,
    offset: String(list.offset),
    found: String(list.found),
  });
  const polling = list.everySeconds === null ? {} : {
    "hx-get": `${list.action}/refresh?${query}`,
    "hx-trigger": `every ${list.everySeconds}s`,
    "hx-swap": "outerMorph",
    "hx-ptag": list.tag,
  };
  return (
    <div id="selection-live" class="stack tight" {...polling}>
      {list.halts.map((halt) => <Halt halt={halt} action={list.action} />)}
      {list.everySeconds !== null && (
        <>
          {(list.halts.length === 0 || list.reported !== null) && (
            <ProgressBar label="Repositories found" done={list.found} total={list.reported} />
          )}
          <p class="small quiet num">
            {list.reported === null
              ? `${plural(list.found, "repository", "repositories")} found so far`
              : `${formatCount(list.found)} of ${formatCount(list.reported)} repositories found`}.
            You need not wait: the choice also holds for those still to come.
          </p>
        </>
      )}
    </div>
  );
}

function Halt(props: { halt: HaltView; action: string }) {
  const { halt } = props;
  return (
    <Notice tone={halt.tone} role="status">
      <p>
        {halt.name !== null && `${halt.name}: `}
        {halt.sentence}
        {halt.until !== null && (
          <>
            {" "}The list goes on at <ClockTime at={halt.until} />.
          </>
        )}
        {halt.replaceToken && (
          <>
            {" "}
            <a href={props.action.replace(/[^/]+$/, "token")}>Replace the token</a>
          </>
        )}
      </p>
    </Notice>
  );
}

/** Which part is shown, and the way to the neighbours. */
export function ChoosablePager({ list }: ListProps) {
  return (
    <div id="choose-pages" class="row spread">
      <input type="hidden" name="offset" value={String(list.offset)} />
      <span class="small quiet num">{list.range}</span>
      <span class="row">
        <ToPage list={list} id="previous-page" offset={list.previousOffset} otherwise="next-page">
          <Icon name="left" /> Previous page
        </ToPage>
        <ToPage list={list} id="next-page" offset={list.nextOffset} otherwise="previous-page">
          Next page <Icon name="right" />
        </ToPage>
      </span>
    </div>
  );
}

/** The button to a neighbour, where there is one; when it goes, it leaves the focus to the other. */
function ToPage(
  props: ListProps & { id: string; offset: number | null; otherwise: string; children: Child },
) {
  if (props.offset === null) return null;
  return (
    <button
      id={props.id}
      type="submit"
      class="small-button"
      name="go"
      value={`page-${props.offset}`}
      data-focus-else={props.otherwise}
      {...lookSwap(props.list)}
    >
      {props.children}
    </button>
  );
}

/** The rows to tick; ids keep the ticks when a poll brings new rows. */
export function ChoosableRows({ list }: ListProps) {
  if (list.rows.length === 0) {
    if (list.q !== "" || list.project !== "") {
      return <p class="quiet">No repository fits the search.</p>;
    }
    return list.everySeconds !== null && list.halts.length === 0
      ? <LoadingState title="Looking for repositories" />
      : <p class="quiet">No repository was found yet.</p>;
  }
  return (
    <table class="cards" role="table" aria-label="Repositories to choose from">
      <thead role="rowgroup">
        <tr role="row">
          <TickAllHead name="picked" />
          {["Repository", "Project", "Size", "Last activity"].map((word) => (
            <th scope="col" role="columnheader">{word}</th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {list.rows.map((row) => (
          <tr role="row" id={`choose-${row.id}`}>
            <Cell label="Tick" kind="pick">
              <input type="hidden" name="shown" value={row.id} />
              <input
                id={`pick-${row.id}`}
                type="checkbox"
                name="picked"
                value={row.id}
                checked={row.picked}
              />
            </Cell>
            <Cell label="Repository" kind="lead">
              <label for={`pick-${row.id}`}>
                <Icon
                  name={row.isPrivate ? "lock" : "globe"}
                  label={row.isPrivate ? "private" : "public"}
                />{" "}
                {row.fullName}
              </label>
            </Cell>
            <Cell label="Project">{row.projectName ?? <span class="quiet">none</span>}</Cell>
            <Cell label="Size">
              <span class="num nowrap">
                {row.sizeBytes === null ? "unknown" : formatBytes(row.sizeBytes)}
              </span>
            </Cell>
            <Cell label="Last activity">
              {row.updatedAt === null
                ? <span class="quiet">unknown</span>
                : <Ago at={row.updatedAt} now={list.now} />}
            </Cell>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
