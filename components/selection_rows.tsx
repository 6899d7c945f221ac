/** The repositories to tick, as a discovery brings them. */

import { Icon } from "./icons.tsx";
import { LoadingState } from "./notices.tsx";
import { ProgressBar } from "./scan_status.tsx";
import type { SelectionView } from "./selection_form.tsx";
import { Cell } from "./table.tsx";
import { Ago } from "./time.tsx";
import { formatBytes, formatCount, plural } from "@/lib/format.ts";

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

/** How far the list has come; polls until it is complete and brings new rows along. */
export function SelectionLive(props: { view: SelectionView }) {
  const { view } = props;
  const query = new URLSearchParams({
    ...(view.edit === null ? {} : { edit: view.edit }),
    q: view.q,
    project: view.project,
    offset: String(view.offset),
  });
  const polling = view.everySeconds === null ? {} : {
    "hx-get": `${view.action}/refresh?${query}`,
    "hx-trigger": `every ${view.everySeconds}s`,
    "hx-swap": "outerMorph",
    "hx-ptag": view.tag,
  };
  return (
    <div id="selection-live" class="stack tight" {...polling}>
      {view.everySeconds !== null && (
        <>
          <ProgressBar label="Repositories found" done={view.found} total={view.reported} />
          <p class="small quiet num">
            {view.reported === null
              ? `${plural(view.found, "repository", "repositories")} found so far`
              : `${formatCount(view.found)} of ${formatCount(view.reported)} repositories found`}.
            You need not wait: the choice also holds for those still to come.
          </p>
        </>
      )}
    </div>
  );
}

/** The rows to tick; ids keep the ticks when a poll brings new rows. */
export function ChoosableRows(props: { view: SelectionView }) {
  const { view } = props;
  if (view.rows.length === 0) {
    return (
      <div id="rows">
        {view.everySeconds !== null && view.q === "" && view.project === ""
          ? <LoadingState title="Looking for repositories" />
          : <p class="quiet">No repository fits the search.</p>}
      </div>
    );
  }
  return (
    <div id="rows" class="scroll-box" tabindex={0} role="region" aria-label="Repositories">
      <table class="cards" role="table" aria-label="Repositories to choose from">
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">
              <input
                type="checkbox"
                aria-label="Tick all shown"
                data-select-all="picked"
                data-needs-script
                hidden
              />
              <span class="visually-hidden">Tick</span>
            </th>
            {["Repository", "Project", "Size", "Last activity"].map((word) => (
              <th scope="col" role="columnheader">{word}</th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {view.rows.map((row) => (
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
                  : <Ago at={row.updatedAt} now={view.now} />}
              </Cell>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
