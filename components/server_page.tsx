/** One code server: what can be done with it, how it stands, its settings. */

import { Icon } from "./icons.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { TokenExpiry } from "./server_row.tsx";
import { Question } from "./question.tsx";
import { WebhookCard } from "./webhook_page.tsx";
import { ServerStatus, type ServerView } from "./server_status.tsx";
import { plural } from "@/lib/format.ts";

/** The page. */
export function ServerPage(props: { frame: Frame; view: ServerView }) {
  const { frame, view } = props;
  const admin = frame.user.role === "admin";
  return (
    <Layout
      frame={frame}
      title={view.name}
      place="servers"
      refreshSeconds={view.everySeconds === null ? null : 15}
    >
      <PageHead
        title={view.name}
        crumbs={[{ href: "/servers", word: "Code servers" }]}
        lede={
          <span class="row">
            {view.type}
            <a href={view.htmlUrl} rel="noreferrer">
              {view.workspace} <Icon name="external" label="in Bitbucket" />
            </a>
          </span>
        }
      >
        <a class="button" href={`/repositories?server=${view.id}`}>
          <Icon name="repository" /> Repositories
        </a>
        {admin && <Actions view={view} />}
      </PageHead>
      <div class="main-side">
        <ServerStatus view={view} />
        <aside class="stack" aria-label="Settings of this server">
          <Selection view={view} admin={admin} />
          <Token view={view} admin={admin} />
          <WebhookCard serverId={view.id} webhook={view.webhook} admin={admin} now={view.now} />
          {admin && (
            <a class="button danger-button" href={`/servers/${view.id}/removal`}>
              <Icon name="trash" /> Remove this server…
            </a>
          )}
        </aside>
      </div>
    </Layout>
  );
}

function Selection(props: { view: ServerView; admin: boolean }) {
  const { view } = props;
  return (
    <section class="card" aria-labelledby="selection-title">
      <h2 id="selection-title">Selection</h2>
      <p>{view.selection.sentence}</p>
      {view.selection.patterns.length > 0 && (
        <p class="row">
          {view.selection.patterns.map((glob) => <code class="preview">{glob}</code>)}
        </p>
      )}
      {props.admin && (
        <div>
          <a class="button" href={`/servers/${view.id}/selection`}>Edit the selection</a>
        </div>
      )}
    </section>
  );
}

function Token(props: { view: ServerView; admin: boolean }) {
  const { view } = props;
  return (
    <section class="card" aria-labelledby="token-title">
      <h2 id="token-title">Token</h2>
      <p>
        {view.token.user ? `${view.token.kind} of ${view.token.user}` : view.token.kind}
      </p>
      <p>
        <TokenExpiry expiresAt={view.token.expiresAt} now={view.now} />
      </p>
      {props.admin && (
        <div>
          <a class="button" href={`/servers/${view.id}/token`}>Replace the token</a>
        </div>
      )}
    </section>
  );
}

function Actions(props: { view: ServerView }) {
  const { view } = props;
  return (
    <>
      {!view.paused && (
        <form method="post" action={`/servers/${view.id}/discoveries`}>
          <button type="submit">
            <Icon name="radar" /> Discover now
          </button>
        </form>
      )}
      <Question word="Rescan everything" what={view.name} action={`/servers/${view.id}/scans`} mild>
        This reads the whole history of {plural(view.totals.selected, "repository", "repositories")}
        {" "}
        again.
      </Question>
      <form method="post" action={`/servers/${view.id}/pause`}>
        <input type="hidden" name="paused" value={view.paused ? "no" : "yes"} />
        <button type="submit">
          <Icon name={view.paused ? "play" : "pause"} /> {view.paused ? "Resume" : "Pause"}
        </button>
      </form>
    </>
  );
}
