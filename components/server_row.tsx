/** The list of code servers, one row each. */

import { Icon } from "./icons.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { EmptyState } from "./notices.tsx";
import { ScanStatus, type StatusView } from "./scan_status.tsx";
import { CardTable, Cell } from "./table.tsx";
import { Ago, Day } from "./time.tsx";
import { formatCount, formatRelative } from "@/lib/format.ts";

/** What a row shows. */
export interface ServerRowView {
  id: string;
  name: string;
  workspace: string;
  /** "Bitbucket Cloud". */
  type: string;
  status: StatusView;
  selectedCount: number;
  repositoryCount: number;
  discoveredAt: number | null;
  tokenExpiresAt: number | null;
  paused: boolean;
}

/** The page; polls while a server discovers. */
export function ServersPage(
  props: {
    frame: Frame;
    rows: readonly ServerRowView[];
    drafts: readonly { id: string; href: string; words: string; startedAt: number }[];
    live: { everySeconds: number | null; tag: string };
    now: number;
  },
) {
  const { frame, rows } = props;
  const admin = frame.user.role === "admin";
  return (
    <Layout
      frame={frame}
      title="Code servers"
      place="servers"
      refreshSeconds={props.live.everySeconds === null ? null : 15}
    >
      <PageHead title="Code servers">
        {admin && rows.length > 0 && (
          <a class="button primary" href="/servers/new">
            <Icon name="plus" /> Add code server
          </a>
        )}
      </PageHead>
      {admin && props.drafts.length > 0 && (
        <section class="card" aria-labelledby="drafts-title">
          <h2 id="drafts-title">Not finished yet</h2>
          <ul class="stack tight plain">
            {props.drafts.map((draft) => (
              <li class="row">
                <a href={draft.href}>{draft.words}</a>
                <span class="quiet small">
                  begun <Ago at={draft.startedAt} now={props.now} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {rows.length === 0
        ? (
          <section class="card">
            <EmptyState icon="server" title="No code server yet">
              <p>
                A code server is a Bitbucket Cloud workspace that Sluice watches: it finds the
                workspace's repositories, reads their whole history, and says where secrets stand.
              </p>
              {admin
                ? <a class="button primary" href="/servers/new">Connect a workspace</a>
                : <p class="quiet">Ask an admin of {frame.instanceName} to connect one.</p>}
            </EmptyState>
          </section>
        )
        : <ServersTable rows={rows} live={props.live} now={props.now} admin={admin} />}
    </Layout>
  );
}

/** The fragment of `/servers/status`. */
export function ServersTable(
  props: {
    rows: readonly ServerRowView[];
    live: { everySeconds: number | null; tag: string };
    now: number;
    admin: boolean;
  },
) {
  const { live, now, admin } = props;
  const polling = live.everySeconds === null ? {} : {
    "hx-get": "/servers/status",
    "hx-trigger": `every ${live.everySeconds}s`,
    "hx-swap": "outerMorph",
    "hx-ptag": live.tag,
  };
  return (
    <section id="servers" class="card flush" aria-label="Code servers" {...polling}>
      <CardTable
        label="Code servers"
        heads={[
          ...["Code server", "State", "Repositories", "Last discovery", "Token"],
          ...(admin ? [""] : []),
        ]}
      >
        {props.rows.map((row) => (
          <tr role="row" id={`server-${row.id}`}>
            <Cell label="Code server" kind="lead">
              <div class="cell-main">
                <a href={`/servers/${row.id}`}>{row.name}</a>
                <span class="cell-sub">{row.type} · {row.workspace}</span>
              </div>
            </Cell>
            <Cell label="State">
              <ScanStatus status={row.status} now={now} label={row.name} />
            </Cell>
            <Cell label="Repositories">
              <a href={`/repositories?server=${row.id}`} class="num">
                {formatCount(row.selectedCount)} of {formatCount(row.repositoryCount)}{" "}
                <span class="visually-hidden">repositories watched in {row.name}</span>
              </a>
            </Cell>
            <Cell label="Last discovery">
              {row.discoveredAt === null
                ? <span class="quiet">not complete yet</span>
                : <Ago at={row.discoveredAt} now={now} />}
            </Cell>
            <Cell label="Token">
              <TokenExpiry expiresAt={row.tokenExpiresAt} now={now} />
            </Cell>
            {admin && (
              <Cell label="Actions" kind="actions">
                <RowActions row={row} />
              </Cell>
            )}
          </tr>
        ))}
      </CardTable>
    </section>
  );
}

/** What is done most; a paused server is resumed before it is discovered. */
function RowActions(props: { row: ServerRowView }) {
  const { row } = props;
  return (
    <div class="row">
      {!row.paused && (
        <form method="post" action={`/servers/${row.id}/discoveries`}>
          <input type="hidden" name="back" value="/servers" />
          <button type="submit" class="small-button">
            <Icon name="radar" /> Discover now <span class="visually-hidden">{row.name}</span>
          </button>
        </form>
      )}
      <form method="post" action={`/servers/${row.id}/pause`}>
        <input type="hidden" name="paused" value={row.paused ? "no" : "yes"} />
        <input type="hidden" name="back" value="/servers" />
        <button type="submit" class="small-button">
          <Icon name={row.paused ? "play" : "pause"} /> {row.paused ? "Resume" : "Pause"}{" "}
          <span class="visually-hidden">{row.name}</span>
        </button>
      </form>
      <a class="button small-button" href={`/servers/${row.id}`}>
        Open <span class="visually-hidden">{row.name}</span>
      </a>
    </div>
  );
}

const SOON_MS = 14 * 24 * 60 * 60 * 1000;

/** How long the token lasts; warns two weeks ahead. */
export function TokenExpiry(props: { expiresAt: number | null; now: number }) {
  const { expiresAt, now } = props;
  if (expiresAt === null) return <span class="quiet">no expiry entered</span>;
  if (expiresAt <= now) {
    return (
      <span class="error">
        <Icon name="alert" />
        <span>
          expired on <Day at={expiresAt} />
        </span>
      </span>
    );
  }
  const words = `expires ${formatRelative(expiresAt, now)}`;
  return expiresAt - now < SOON_MS
    ? (
      <span class="badge tone-warning">
        <Icon name="clock" /> {words}
      </span>
    )
    : (
      <span title={words}>
        expires on <Day at={expiresAt} />
      </span>
    );
}
