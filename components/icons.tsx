/** Icons by name, drawn by the sprite `static/icons.svg`. */

/** One icon; without a label it is decoration, which screen readers pass over. */
export function Icon(props: { name: string; label?: string; turning?: boolean }) {
  const href = `/static/icons.svg#${props.name}`;
  const look = props.turning ? "icon turning" : "icon";
  return props.label === undefined
    ? (
      <svg class={look} aria-hidden="true">
        <use href={href} />
      </svg>
    )
    : (
      <svg class={look} role="img" aria-label={props.label}>
        <use href={href} />
      </svg>
    );
}
