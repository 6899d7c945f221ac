/** The badge for READMEs and wikis: one SVG, no script, no font, no outside address. */

import type { Tone } from "@/lib/status.ts";

/** White on each of them has a contrast of at least 4.5 to 1. */
const COLOURS: Record<Tone, string> = {
  neutral: "#45544f",
  active: "#0d5aa7",
  waiting: "#67429b",
  good: "#17693a",
  warning: "#7a4f00",
  danger: "#ab2418",
  critical: "#8e0f45",
  muted: "#586863",
};

/** Two words side by side. */
export interface BadgeView {
  label: string;
  message: string;
  tone: Tone;
}

const MOST_CHARACTERS = 60;
const PADDING = 6;

/** The image; `textLength` makes it as wide as reckoned whatever font the reader has. */
export function EmbedBadge(props: { badge: BadgeView }) {
  const { tone } = props.badge;
  const [label, message] = [cut(props.badge.label), cut(props.badge.message)];
  const [left, right] = [widthOf(label), widthOf(message)];
  const leftEdge = left + 2 * PADDING;
  const whole = leftEdge + right + 2 * PADDING;
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={whole}
      height={20}
      viewBox={`0 0 ${whole} 20`}
      role="img"
      aria-label={`${label}: ${message}`}
    >
      <title>{`${label}: ${message}`}</title>
      <rect width={whole} height={20} rx={3} fill="#2f3b38" />
      <path
        d={`M${leftEdge} 0h${right + 2 * PADDING - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H${leftEdge}z`}
        fill={COLOURS[tone]}
      />
      <g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size={11}>
        <text x={PADDING} y={14} textLength={left} lengthAdjust="spacingAndGlyphs">{label}</text>
        <text
          x={leftEdge + PADDING}
          y={14}
          textLength={right}
          lengthAdjust="spacingAndGlyphs"
        >
          {message}
        </text>
      </g>
    </svg>
  );
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= MOST_CHARACTERS
    ? text
    : `${characters.slice(0, MOST_CHARACTERS - 1).join("")}…`;
}

/** In pixels of Verdana at 11: narrow, wide and all other characters. */
function widthOf(text: string): number {
  let width = 0;
  for (const sign of text) width += /[ijl.,:;!|' ]/.test(sign) ? 4 : /[mwMW@%]/.test(sign) ? 10 : 7;
  return Math.max(width, 7);
}
