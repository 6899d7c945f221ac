/** The question before an act: it unfolds in its place, says what will happen, and needs no script. */

import type { Child } from "hono/jsx";

/** A word that unfolds what will happen, and the button that does it. */
export function Question(props: {
  /** The act, such as "Delete". */
  word: string;
  /** What it is done to, for who hears the word or the button alone. */
  what: string;
  action: string;
  /** What the form sends. */
  fields?: Readonly<Record<string, string>>;
  /** Whether the act can be taken back. */
  mild?: boolean;
  children?: Child;
}) {
  const look = props.mild ? "small-button" : "small-button danger-button";
  return (
    <details>
      <summary aria-label={`${props.word}… ${props.what}`}>{`${props.word}…`}</summary>
      <form method="post" action={props.action}>
        {Object.entries(props.fields ?? {}).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <p class="small">{props.children}</p>
        <button type="submit" class={look} aria-label={`${props.word} ${props.what}`}>
          {props.word}
        </button>
      </form>
    </details>
  );
}
