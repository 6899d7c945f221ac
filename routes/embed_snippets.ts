/** The texts that people copy into other portals, for one thing and one key. */

import type { EmbedKeyView, SnippetView } from "@/components/embed_key_page.tsx";

export type EmbedTarget = NonNullable<EmbedKeyView["target"]>;

/** Every way to embed `target`; `key` may be a placeholder. */
export function embedSnippets(
  publicUrl: string,
  target: EmbedTarget,
  key: string,
): SnippetView[] {
  const base = `${publicUrl}/embed/${target.kind === "server" ? "servers" : "repositories"}` +
    `/${target.id}`;
  const at = (form: string) => `${base}${form}?key=${key}`;
  const page = `${publicUrl}/${target.kind === "server" ? "servers" : "repositories"}/${target.id}`;
  const title = escape(`Sluice: ${target.name}`);
  const sandbox = "allow-scripts allow-same-origin allow-popups";
  return [
    {
      id: "snippet-iframe",
      label: "Frame, for any page",
      hint: "The simplest: nothing runs in your page, and it keeps itself fresh.",
      text: `<iframe src="${at("")}" title="${title}"\n  width="420" height="170" ` +
        `style="border:0" loading="lazy"\n  sandbox="${sandbox}"></iframe>`,
    },
    {
      id: "snippet-htmx",
      label: "Fragment, for pages with htmx 4",
      hint: "htmx asks its own origin only, unless the page says so: keep the meta line.",
      text: `<meta name="htmx-config" content='{"mode":"cors"}'>\n` +
        `<link rel="stylesheet" href="${publicUrl}/embed/embed.css">\n` +
        `<div hx-get="${at("/fragment")}"\n  hx-trigger="load" hx-swap="outerHTML"></div>`,
    },
    {
      id: "snippet-htmx-2",
      label: "Fragment, for pages with htmx 2",
      hint: null,
      text: `<meta name="htmx-config" content='{"selfRequestsOnly":false}'>\n` +
        `<link rel="stylesheet" href="${publicUrl}/embed/embed.css">\n` +
        `<div hx-get="${at("/fragment")}"\n  hx-trigger="load" hx-swap="outerHTML"></div>`,
    },
    {
      id: "snippet-fetch",
      label: "Fragment, for pages without a library",
      hint: null,
      text: `<div id="sluice"></div>\n<script>\n  fetch("${at("/fragment")}")\n` +
        `    .then((answer) => answer.text())\n` +
        `    .then((html) => { document.getElementById("sluice").innerHTML = html; });\n</script>`,
    },
    {
      id: "snippet-markdown",
      label: "Badge, for READMEs and wikis",
      hint: "Caches keep it for up to a minute.",
      text: `[![Sluice](${at("/badge.svg")})](${page})`,
    },
    {
      id: "snippet-image",
      label: "Badge, as HTML",
      hint: null,
      text: `<a href="${page}"><img src="${at("/badge.svg")}" alt="${title}" height="20"></a>`,
    },
    {
      id: "snippet-backstage",
      label: "Backstage, in catalog-info.yaml",
      hint:
        "A link on the component's page. For the live frame, give the address to an iframe card.",
      text: `metadata:\n  links:\n    - url: ${at("")}\n      title: Secret scan\n` +
        `      icon: dashboard`,
    },
    {
      id: "snippet-confluence",
      label: "Confluence, the address for an iframe macro",
      hint: "Type /iframe in the editor and paste it. Allow your Confluence's origin in the key.",
      text: at(""),
    },
    {
      id: "snippet-json",
      label: "JSON, for scripts",
      hint: null,
      text: `curl "${at("/status.json")}"`,
    },
  ];
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
