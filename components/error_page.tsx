/** A page instead of the one asked for: not found, not allowed, failed. */

import { type Frame, GateLayout, Layout } from "./layout.tsx";

/** What the person reads. */
export interface ErrorView {
  status: number;
  title: string;
  sentence: string;
  /** Finds the error in the log; null where nothing was logged. */
  requestId: string | null;
  /** Where to go on. */
  onward: { href: string; word: string };
}

/** The page, within the navigation for those who are signed in. */
export function ErrorPage(
  props: { frame: Frame | null; instanceName: string; error: ErrorView },
) {
  const { frame, error } = props;
  return frame === null
    ? (
      <GateLayout title={error.title} instanceName={props.instanceName}>
        <ErrorText error={error} />
      </GateLayout>
    )
    : (
      <Layout frame={frame} title={error.title} place={null} narrow>
        <ErrorText error={error} />
      </Layout>
    );
}

function ErrorText(props: { error: ErrorView }) {
  const { error } = props;
  return (
    <section class="card">
      <p class="quiet num">{error.status}</p>
      <h1>{error.title}</h1>
      <p class="lede">{error.sentence}</p>
      {error.requestId && (
        <p class="quiet small">
          Should you report it, name the request: <code>{error.requestId}</code>
        </p>
      )}
      <div>
        <a class="button" href={error.onward.href}>{error.onward.word}</a>
      </div>
    </section>
  );
}
