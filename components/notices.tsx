/** What a page says besides its content: notices, empty and loading states. */

import type { Child } from "hono/jsx";
import { Icon } from "./icons.tsx";
import type { Tone } from "@/lib/status.ts";

const ICONS: Record<Tone, string> = {
  neutral: "info",
  active: "info",
  waiting: "clock",
  good: "check",
  warning: "alert",
  danger: "cross",
  critical: "alert",
  muted: "info",
};

/** A boxed message; `role="status"` is spoken politely, `role="alert"` at once. */
export function Notice(props: {
  tone: Tone;
  title?: string;
  role?: "status" | "alert";
  children?: Child;
}) {
  return (
    <div class={`notice tone-${props.tone}`} role={props.role}>
      <Icon name={ICONS[props.tone]} />
      <div class="stack tight">
        {props.title && <strong>{props.title}</strong>}
        {props.children}
      </div>
    </div>
  );
}

/** Nothing here yet, and what to do about it. */
export function EmptyState(props: { icon: string; title: string; children?: Child }) {
  return (
    <div class="empty">
      <Icon name={props.icon} />
      <h2>{props.title}</h2>
      {props.children}
    </div>
  );
}

/** Something is on its way; says what. */
export function LoadingState(props: { title: string; children?: Child }) {
  return (
    <div class="empty">
      <Icon name="radar" />
      <h2>{props.title}</h2>
      <progress aria-label={props.title}></progress>
      {props.children}
    </div>
  );
}
