/** A text to copy: selected by one click, scrolled and read by keyboard. */

/** One text with its label; several lines stay several lines. */
export function Snippet(props: { id: string; label: string; text: string }) {
  return (
    <div class="field">
      <label for={props.id}>{props.label}</label>
      <textarea
        id={props.id}
        class="mono snippet"
        readonly
        spellcheck={false}
        rows={props.text.split("\n").length}
      >
        {props.text}
      </textarea>
    </div>
  );
}
