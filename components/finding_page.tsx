/** One finding: the masked secret, where it first came in, every place, why it matters, triage. */

import type { FormView } from "./forms.tsx";
import { TipMark } from "./finding_row.tsx";
import { SuppressCard, TriageCard } from "./finding_triage.tsx";
import { Icon } from "./icons.tsx";
import { type Frame, Layout, PageHead } from "./layout.tsx";
import { StateBadge } from "./scan_status.tsx";
import { CardTable, Cell } from "./table.tsx";
import { Moment } from "./time.tsx";
import { formatCount, plural, shortCommit } from "@/lib/format.ts";
import type { StateWords } from "@/lib/status.ts";

/** One place where the secret stands. */
export interface OccurrenceView {
  commit: string;
  path: string;
  line: number;
  author: string | null;
  date: number | null;
  atTip: boolean;
  /** The exact line at that commit, on the code server; null where no address leads to it. */
  lineUrl: string | null;
}

/** Everything the page shows. */
export interface FindingView {
  id: string;
  rule: { id: string; name: string; vendor: string; help: string };
  revokeUrl: string | null;
  docsUrl: string | null;
  preview: string;
  fingerprint: string;
  severity: StateWords;
  confidence: string;
  /** Short facts: why this severity. */
  reasons: readonly string[];
  /** Facts that change without a scan: at the tip or not, since when. */
  urgency: readonly string[];
  /** Whether the name of a file is all that was found. */
  byName: boolean;
  state: StateWords;
  suppressedBy: string | null;
  repository: { id: string; fullName: string };
  atTip: boolean;
  /** When a scan of the whole history no longer met it. */
  missingAt: number | null;
  first: OccurrenceView;
  commitUrl: string;
  occurrences: readonly OccurrenceView[];
  occurrenceCount: number;
  /** The same secret elsewhere. */
  elsewhere: readonly { findingId: string; fullName: string; state: StateWords }[];
  triage: {
    options: readonly { value: string; word: string; sentence: string }[];
    form: FormView<"state" | "reason">;
    by: string | null;
    at: number | null;
    reason: string | null;
  };
  now: number;
}

/** The page. */
export function FindingPage(props: { frame: Frame; view: FindingView }) {
  const { frame, view } = props;
  return (
    <Layout
      frame={frame}
      title={`${view.rule.name} in ${view.repository.fullName}`}
      place="findings"
    >
      <PageHead
        title={view.rule.name}
        crumbs={[
          { href: "/findings", word: "Findings" },
          { href: `/repositories/${view.repository.id}`, word: view.repository.fullName },
        ]}
        lede={
          <span class="row">
            <StateBadge words={view.severity} />
            <StateBadge words={view.state} />
            <TipMark atTip={view.atTip} />
          </span>
        }
      >
        {view.first.lineUrl !== null && (
          <a class="button primary" href={view.first.lineUrl} rel="noreferrer">
            Show the line in Bitbucket <Icon name="external" />
          </a>
        )}
      </PageHead>
      <div class="main-side">
        <div class="stack">
          <Secret view={view} />
          <Occurrences view={view} />
          {view.elsewhere.length > 0 && <Elsewhere view={view} />}
        </div>
        <aside class="stack" aria-label="What to do">
          <TriageCard view={view} admin={frame.user.role === "admin"} />
          {frame.user.role === "admin" && view.suppressedBy === null && (
            <SuppressCard findingId={view.id} />
          )}
          <section class="card" aria-labelledby="help-title">
            <h2 id="help-title">What to do about it</h2>
            <p>{view.rule.help}</p>
            {view.revokeUrl && (
              <a href={view.revokeUrl} rel="noreferrer">
                {view.rule.vendor ? `Revoke it at ${view.rule.vendor}` : "Where it is revoked"}{" "}
                <Icon name="external" />
              </a>
            )}
            {view.docsUrl && (
              <a href={view.docsUrl} rel="noreferrer">
                {view.rule.vendor
                  ? `How ${view.rule.vendor} describes it`
                  : "What this kind of secret is"} <Icon name="external" />
              </a>
            )}
            <p class="quiet small">
              Deleting the line is not enough: the history keeps it. Revoke the secret first.
            </p>
          </section>
        </aside>
      </div>
    </Layout>
  );
}

function Secret(props: { view: FindingView }) {
  const { view } = props;
  return (
    <section class="card" aria-labelledby="secret-title">
      <h2 id="secret-title">{view.byName ? "The file" : "The secret"}</h2>
      <dl class="facts">
        <dt>{view.byName ? "Name" : "Masked"}</dt>
        <dd>
          <span class="preview">{view.preview}</span>
        </dd>
        <dt>Why {view.severity.word}</dt>
        <dd>
          <ul class="plain">
            {view.reasons.map((reason) => <li>{reason}</li>)}
            <li>
              {view.byName ? "by its name alone" : `${view.confidence} confidence in the format`}
            </li>
            {view.urgency.map((fact) => <li>{fact}</li>)}
          </ul>
        </dd>
        <dt>First commit</dt>
        <dd>
          <a href={view.commitUrl} rel="noreferrer">
            <code>{shortCommit(view.first.commit)}</code>
          </a>
          {view.first.author && ` by ${view.first.author}`}
          {view.first.date !== null && (
            <>
              {", "}
              <Moment at={view.first.date} />
            </>
          )}
        </dd>
        <dt>First place</dt>
        <dd>
          <Line place={view.first} />
          {view.first.lineUrl === null && (
            <span class="quiet small">
              {" "}
              It has no link, as a name in this path would lead elsewhere.
            </span>
          )}
        </dd>
        {view.missingAt !== null && (
          <>
            <dt>No longer found</dt>
            <dd>
              since <Moment at={view.missingAt} />: the history was rewritten, or a rule changed
            </dd>
          </>
        )}
        {view.suppressedBy !== null && (
          <>
            <dt>Suppressed by</dt>
            <dd>
              {view.suppressedBy}
              {view.suppressedBy.startsWith("suppression rule") && (
                <>
                  {", "}
                  <a href="/settings/suppressions">see the rules</a>
                </>
              )}
              {view.suppressedBy.startsWith("its rule ") && (
                <>
                  {", "}
                  <a href="/settings/rules">see the rules</a>
                </>
              )}
            </dd>
          </>
        )}
        <dt>Rule</dt>
        <dd>
          <code>{view.rule.id}</code>
        </dd>
        <dt>Fingerprint</dt>
        <dd>
          <code class="quiet">{view.fingerprint.slice(0, 16)}</code>
        </dd>
      </dl>
    </section>
  );
}

function Line({ place }: { place: OccurrenceView }) {
  const words = <code>{place.path}:{place.line}</code>;
  return place.lineUrl === null ? words : <a href={place.lineUrl} rel="noreferrer">{words}</a>;
}

function Occurrences(props: { view: FindingView }) {
  const { view } = props;
  return (
    <section class="card flush" aria-labelledby="places-title">
      <div class="card-head">
        <h2 id="places-title">{plural(view.occurrenceCount, "place")}</h2>
        {view.occurrenceCount > view.occurrences.length && (
          <span class="quiet small">
            the oldest {formatCount(view.occurrences.length)} are shown{" "}
            <a href={`/findings/${view.id}?places=all`}>show more</a>
          </span>
        )}
      </div>
      <CardTable label="Places" heads={["Place", "Commit", "Author", "Date", "At the tip"]}>
        {view.occurrences.map((place) => (
          <tr role="row">
            <Cell label="Place" kind="lead">
              <Line place={place} />
            </Cell>
            <Cell label="Commit">
              <code class="nowrap">{shortCommit(place.commit)}</code>
            </Cell>
            <Cell label="Author">{place.author ?? "unknown"}</Cell>
            <Cell label="Date">
              {place.date === null ? "unknown" : <Moment at={place.date} />}
            </Cell>
            <Cell label="At the tip">
              <TipMark atTip={place.atTip} />
            </Cell>
          </tr>
        ))}
      </CardTable>
    </section>
  );
}

function Elsewhere(props: { view: FindingView }) {
  return (
    <section class="card" aria-labelledby="elsewhere-title">
      <h2 id="elsewhere-title">The same secret elsewhere</h2>
      <ul class="stack tight plain">
        {props.view.elsewhere.map((other) => (
          <li class="row">
            <a href={`/findings/${other.findingId}`}>{other.fullName}</a>
            <StateBadge words={other.state} />
          </li>
        ))}
      </ul>
    </section>
  );
}
