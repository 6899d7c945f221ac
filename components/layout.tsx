/** The page around every page: head, header with navigation, the message of the last act, main. */

import type { Child } from "hono/jsx";
import { raw } from "hono/html";
import { Icon } from "./icons.tsx";
import { Notice } from "./notices.tsx";
import type { Tone } from "@/lib/status.ts";

/** The places of the navigation. */
export type Place = "repositories" | "findings" | "servers" | "settings";

/** What the layout needs on every page of a signed-in person. */
export interface Frame {
  instanceName: string;
  user: { email: string; role: "admin" | "viewer" };
  flash: { tone: Tone; text: string } | null;
}

const NAV: readonly { place: Place; href: string; word: string; icon: string }[] = [
  { place: "repositories", href: "/repositories", word: "Repositories", icon: "repository" },
  { place: "findings", href: "/findings", word: "Findings", icon: "key" },
  { place: "servers", href: "/servers", word: "Code servers", icon: "server" },
  { place: "settings", href: "/settings", word: "Settings", icon: "settings" },
];

/** htmx: errors never replace a poller, an open menu stays open, no style from script. */
const HTMX_CONFIG = JSON.stringify({
  noSwap: [204, 304, "4xx", "5xx"],
  morphIgnore: ["data-htmx-powered", "open"],
  includeIndicatorCSS: false,
  extensions: "ptag",
});

/** A page for a signed-in person. `refreshSeconds` reloads it where scripts are off. */
export function Layout(props: {
  frame: Frame;
  title: string;
  place: Place | null;
  narrow?: boolean;
  refreshSeconds?: number | null;
  children?: Child;
}) {
  const { frame } = props;
  return (
    <Document
      title={props.title}
      instanceName={frame.instanceName}
      refreshSeconds={props.refreshSeconds ?? null}
    >
      <a class="skip-link" href="#main">Skip to content</a>
      <header class="top">
        <div class="top-in">
          <Brand instanceName={frame.instanceName} />
          <nav class="nav" aria-label="Main">
            {NAV.map((link) => (
              <a href={link.href} aria-current={link.place === props.place ? "page" : undefined}>
                <Icon name={link.icon} /> {link.word}
              </a>
            ))}
          </nav>
          <form class="who" method="post" action="/sign-out">
            <a href="/account" title={`Your account: ${frame.user.email}, ${frame.user.role}`}>
              {frame.user.email}
            </a>
            <button type="submit" class="small-button">Sign out</button>
          </form>
        </div>
      </header>
      <main id="main" class={props.narrow ? "narrow" : undefined} tabindex={-1}>
        {frame.flash && (
          <Notice tone={frame.flash.tone} role="status">
            <p>{frame.flash.text}</p>
          </Notice>
        )}
        <p id="problem" class="problem" role="alert" hidden></p>
        {props.children}
      </main>
      <footer class="foot">
        Sluice keeps no code and no secret, only where they stand.
      </footer>
    </Document>
  );
}

/** A page before signing in: sign-in, setup, errors of strangers. */
export function GateLayout(props: { title: string; instanceName: string; children?: Child }) {
  return (
    <Document title={props.title} instanceName={props.instanceName} refreshSeconds={null}>
      <a class="skip-link" href="#main">Skip to content</a>
      <header class="top">
        <div class="top-in">
          <Brand instanceName={props.instanceName} />
        </div>
      </header>
      <main id="main" class="gate-page" tabindex={-1}>{props.children}</main>
    </Document>
  );
}

function Document(props: {
  title: string;
  instanceName: string;
  refreshSeconds: number | null;
  children?: Child;
}) {
  const name = props.instanceName === "Sluice" ? "Sluice" : `Sluice, ${props.instanceName}`;
  return (
    <>
      {raw("<!doctype html>")}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <title>{`${props.title} · ${name}`}</title>
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="htmx-config" content={HTMX_CONFIG} />
          <link rel="icon" href="/static/icon.svg" type="image/svg+xml" />
          <link rel="stylesheet" href="/static/app.css" />
          <script src="/static/htmx.min.js" defer></script>
          <script src="/static/ext/hx-ptag.min.js" defer></script>
          <script src="/static/app.js" defer></script>
          {props.refreshSeconds !== null && (
            <noscript>
              <meta http-equiv="refresh" content={String(props.refreshSeconds)} />
            </noscript>
          )}
        </head>
        <body>{props.children}</body>
      </html>
    </>
  );
}

function Brand(props: { instanceName: string }) {
  return (
    <a class="brand" href="/">
      <Icon name="mark" />
      Sluice{props.instanceName !== "Sluice" && <small>{props.instanceName}</small>}
    </a>
  );
}

/** The head of a page: where we are, its title, a sentence, and what can be done. */
export function PageHead(props: {
  title: string;
  lede?: Child;
  crumbs?: readonly { href: string; word: string }[];
  children?: Child;
}) {
  return (
    <div class="page-head">
      <div>
        {props.crumbs && (
          <nav class="crumbs" aria-label="Breadcrumb">
            {props.crumbs.map((crumb) => (
              <>
                <a href={crumb.href}>{crumb.word}</a> /{" "}
              </>
            ))}
          </nav>
        )}
        <h1>{props.title}</h1>
        {props.lede && <div class="lede">{props.lede}</div>}
      </div>
      {props.children && <div class="row">{props.children}</div>}
    </div>
  );
}
