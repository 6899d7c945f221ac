/** The table of the live list with its pager, or why it is empty; a poll may bring it whole. */

import type { Child } from "hono/jsx";
import { EmptyState, LoadingState } from "./notices.tsx";
import type { RepositoriesView } from "./repositories_live.tsx";
import { ColumnHead, Pager } from "./table.tsx";
import { formatCount, plural } from "@/lib/format.ts";

/** Always there under its own id, so that a list that was empty can be filled. */
export function RepositoryList(
  props: { view: RepositoriesView; admin: boolean; children?: Child },
) {
  const { view } = props;
  return (
    <div id="repository-list">
      {view.rows.length === 0 ? <NoRows view={view} /> : (
        <>
          <div class="table-wrap">
            <table class="cards" role="table" aria-label="Repositories">
              <thead role="rowgroup">
                <tr role="row">
                  {view.columns.map((column) => <ColumnHead column={column} />)}
                  <th scope="col" role="columnheader" class="right">
                    {props.admin
                      ? "Actions"
                      : <span class="visually-hidden">No actions for viewers</span>}
                  </th>
                </tr>
              </thead>
              <tbody id="repository-rows" role="rowgroup">{props.children}</tbody>
            </table>
          </div>
          <div id="repository-pager">
            <Pager pager={view.pager} />
          </div>
        </>
      )}
    </div>
  );
}

function NoRows(props: { view: RepositoriesView }) {
  const { emptiness, live } = props.view;
  const polls = live.everySeconds !== null;
  switch (emptiness.kind) {
    case "looking":
      return (
        <LoadingState title="Looking for repositories">
          <p class="num">{progressWords(emptiness)}</p>
          <p>Rows appear here by themselves.</p>
        </LoadingState>
      );
    case "filtered":
      return (
        <EmptyState icon="search" title="Nothing fits">
          <p>
            No repository is in this state and fits the search.
            {polls && " One that comes to fit appears here by itself."}
          </p>
          <a class="button" href="/repositories">Show all repositories</a>
        </EmptyState>
      );
    case "unread":
      return (
        <EmptyState icon="repository" title="No repository is known yet">
          <p>
            The list of repositories has not been read to its end.
            {polls && " Rows appear here by themselves once it is."}
          </p>
          <a class="button" href="/servers">Look at the code servers</a>
        </EmptyState>
      );
    case "none":
      return (
        <EmptyState icon="repository" title="No repository was found">
          <p>The connected workspaces hold no repository that the token can see.</p>
          <a class="button" href="/servers">Look at the code servers</a>
        </EmptyState>
      );
  }
}

function progressWords(progress: { found: number; total: number | null }): string {
  return progress.total === null
    ? `${formatCount(progress.found)} found so far`
    : `${formatCount(progress.found)} of ${
      plural(progress.total, "repository", "repositories")
    } found so far`;
}
