/** What every list shares: tabs with counts, sortable heads, paging. */

import type { Child } from "hono/jsx";
import { Icon } from "./icons.tsx";
import { formatCount } from "@/lib/format.ts";

/** One tab; `count` is null where counting would cost too much. */
export interface TabView {
  href: string;
  word: string;
  icon: string | null;
  count: number | null;
  current: boolean;
}

/** Tabs are links, so that each has an address and works without scripts. */
export function Tabs(props: { id: string; label: string; tabs: readonly TabView[] }) {
  return (
    <nav id={props.id} aria-label={props.label}>
      <ul class="tabs">
        {props.tabs.map((tab) => (
          <li>
            <a
              href={tab.href}
              class={tab.count === 0 && !tab.current ? "none" : undefined}
              aria-current={tab.current ? "page" : undefined}
            >
              {tab.icon && <Icon name={tab.icon} />}
              {tab.word}
              {tab.count !== null && <span class="count">{formatCount(tab.count)}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A column's head; with `href` it sorts. */
export interface ColumnView {
  word: string;
  /** Where the other order is; null when the column cannot be sorted by. */
  href: string | null;
  sorted: "ascending" | "descending" | null;
}

/** The head of a sortable column. */
export function ColumnHead(props: { column: ColumnView; right?: boolean }) {
  const { column } = props;
  return (
    <th
      scope="col"
      role="columnheader"
      class={props.right ? "right" : undefined}
      aria-sort={column.sorted ?? undefined}
    >
      {column.href === null ? column.word : (
        <a href={column.href}>
          {column.word}
          {column.sorted && <Icon name={column.sorted === "ascending" ? "up" : "down"} />}
        </a>
      )}
    </th>
  );
}

/** The head of the boxes called `name`: it ticks all of them, and keeps its own tick in a poll. */
export function TickAllHead(props: { name: string }) {
  return (
    <th scope="col" role="columnheader">
      <input
        id="tick-shown"
        type="checkbox"
        aria-label="Tick all shown"
        data-select-all={props.name}
        data-needs-script
        hidden
      />
      <span class="visually-hidden">Tick</span>
    </th>
  );
}

/** A table whose rows become cards in a narrow window; a head without a word is that of the actions. */
export function CardTable(
  props: {
    /** The id of a title on the page goes before a label of its own. */
    label: string | { titleId: string };
    heads: readonly string[];
    children?: Child;
  },
) {
  const { label } = props;
  const named = typeof label === "string"
    ? { "aria-label": label }
    : { "aria-labelledby": label.titleId };
  return (
    <div class="table-wrap">
      <table class="cards" role="table" {...named}>
        <thead role="rowgroup">
          <tr role="row">
            {props.heads.map((word) => (
              <th scope="col" role="columnheader">
                {word === "" ? <span class="visually-hidden">Actions</span> : word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">{props.children}</tbody>
      </table>
    </div>
  );
}

/** A cell that carries its column's word, for when rows become cards. */
export function Cell(
  props: { label: string; kind?: "lead" | "actions" | "right" | "pick" | "none"; children?: Child },
) {
  return <td role="cell" data-label={props.label} class={props.kind}>{props.children}</td>;
}

/** Where the neighbours of a page of rows are. */
export interface PagerView {
  /** "1–50 of 1,266"; a plain fact, already in words. */
  range: string;
  firstHref: string | null;
  previousHref: string | null;
  nextHref: string | null;
}

/** Paging by key: to the neighbours and back to the start. */
export function Pager(props: { pager: PagerView }) {
  const { pager } = props;
  return (
    <nav class="pager" aria-label="Pages">
      <span class="num">{pager.range}</span>
      <span class="row">
        {pager.firstHref && (
          <a class="button small-button" href={pager.firstHref}>
            First page
          </a>
        )}
        {pager.previousHref && (
          <a class="button small-button" href={pager.previousHref} rel="prev">
            <Icon name="left" /> Previous page
          </a>
        )}
        {pager.nextHref && (
          <a class="button small-button" href={pager.nextHref} rel="next">
            Next page <Icon name="right" />
          </a>
        )}
      </span>
    </nav>
  );
}
