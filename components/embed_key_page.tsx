/** `/settings/embed-keys/:id`: how one key is put to use, with a preview while the key is known. */

import { type Frame, Layout, PageHead } from "./layout.tsx";
import { Notice } from "./notices.tsx";
import { SettingsTabs } from "./settings_tabs.tsx";
import { Snippet } from "./snippet.tsx";

/** One way to embed, ready to be copied. */
export interface SnippetView {
  id: string;
  label: string;
  /** What the other side must do for it. */
  hint: string | null;
  text: string;
}

export interface EmbedKeyView {
  id: string;
  name: string;
  shows: string;
  origins: readonly string[];
  /** The key itself, right after it was made; null ever after. */
  made: string | null;
  /** What the snippets are for; null when the key has nothing to show yet. */
  target: { kind: "server" | "repository"; id: string; name: string } | null;
  others: readonly { href: string; name: string; current: boolean }[];
  snippets: readonly SnippetView[];
  /** Addresses on this Sluice. */
  preview: { page: string; badge: string } | null;
}

/** One embed key, what it shows, and the snippets to copy. */
export function EmbedKeyPage(props: { frame: Frame; view: EmbedKeyView }) {
  const { view } = props;
  return (
    <Layout frame={props.frame} title={`Embed key ${view.name}`} place="settings">
      <PageHead
        title={view.name}
        crumbs={[{ href: "/settings/embed-keys", word: "Embed keys" }]}
        lede={
          <p>
            Shows {view.shows}. {view.origins.length === 0
              ? "No origin is allowed: badges and servers only."
              : `On ${view.origins.join(", ")}.`}
          </p>
        }
      />
      <SettingsTabs current="embed-keys" />
      {view.made !== null
        ? (
          <Notice tone="good" title="The key is made. It is shown this once." role="status">
            <Snippet id="new-key" label="The key" text={view.made} />
          </Notice>
        )
        : (
          <Notice tone="neutral">
            <p>
              The key was shown when it was made. Put it in the place of <code>EMBED_KEY</code>.
            </p>
          </Notice>
        )}
      {view.target === null
        ? (
          <section class="card">
            <p>There is nothing to show yet: connect a code server first.</p>
          </section>
        )
        : <Usage view={view} target={view.target} />}
    </Layout>
  );
}

function Usage(
  props: { view: EmbedKeyView; target: NonNullable<EmbedKeyView["target"]> },
) {
  const { view, target } = props;
  return (
    <>
      {view.preview && (
        <section class="card" aria-labelledby="preview-title">
          <h2 id="preview-title">Preview of {target.name}</h2>
          <iframe
            class="embed-preview"
            src={view.preview.page}
            title={`Preview of ${target.name}`}
            loading="lazy"
          >
          </iframe>
          <p>
            <img src={view.preview.badge} alt={`Badge of ${target.name}`} height={20} />
          </p>
        </section>
      )}
      <section class="card" aria-labelledby="snippets-title">
        <h2 id="snippets-title">To copy, for {target.name}</h2>
        {view.snippets.map((snippet) => (
          <div class="stack tight">
            <Snippet id={snippet.id} label={snippet.label} text={snippet.text} />
            {snippet.hint && <p class="hint">{snippet.hint}</p>}
          </div>
        ))}
      </section>
      {view.others.length > 1 && (
        <section class="card" aria-labelledby="others-title">
          <h2 id="others-title">For another one</h2>
          <ul class="plain">
            {view.others.map((other) => (
              <li>
                <a href={other.href} aria-current={other.current ? "true" : undefined}>
                  {other.name}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
