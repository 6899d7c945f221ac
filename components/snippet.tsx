/** A text to copy: by a button where scripts run, else by keyboard. */

/** One text with its label; several lines stay several lines. */
export function Snippet(props: { id: string; label: string; text: string }) {
  return (
    <div class="field">
      <label for={props.id}>{props.label}</label>
      <div class="copy">
        <textarea
          id={props.id}
          class="mono snippet"
          readonly
          spellcheck={false}
          rows={props.text.split("\n").length}
        >
          {props.text}
        </textarea>
        <button
          type="button"
          class="small-button"
          data-copy={props.id}
          data-needs-script
          hidden
          aria-label={`Copy: ${props.label}`}
        >
          <span data-copy-word>Copy</span>
        </button>
      </div>
    </div>
  );
}
