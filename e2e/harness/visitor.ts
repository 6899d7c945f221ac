/** A person without JavaScript, without a browser: follows links, fills forms, keeps cookies. */

import { parseForms } from "@/e2e/harness/html.ts";

export interface Answer {
  status: number;
  /** After redirects: the path with its query. */
  path: string;
  headers: Headers;
  html: string;
}

export interface Visitor {
  /** Opens a path or a link of the app and follows its redirects. */
  open(path: string): Promise<Answer>;
  /**
   * Sends the form of the last page whose fields include all of `values`, as a browser would:
   * with its other fields as they stand, and `button` (its text) pressed.
   */
  submit(
    values: Record<string, string | readonly string[]>,
    options?: { button?: string | RegExp; action?: string | RegExp },
  ): Promise<Answer>;
  /** The last page. */
  page(): Answer;
}

/** A visitor of the app at `origin`, signed in nowhere. */
export function createVisitor(origin: string): Visitor {
  const cookies = new Map<string, string>();
  let last: Answer | null = null;

  const go = async (method: string, path: string, body?: URLSearchParams): Promise<Answer> => {
    for (let hops = 0; hops < 10; hops++) {
      const response: Response = await fetch(new URL(path, origin), {
        method,
        redirect: "manual",
        headers: {
          accept: "text/html",
          origin,
          "sec-fetch-site": "same-origin",
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        },
        ...(body ? { body } : {}),
        signal: AbortSignal.timeout(300_000),
      });
      for (const cookie of response.headers.getSetCookie()) keep(cookies, cookie);
      const html = await response.text();
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || !location) {
        last = { status: response.status, path, headers: response.headers, html };
        return last;
      }
      const next = new URL(location, new URL(path, origin));
      if (next.hostname !== new URL(origin).hostname && next.hostname !== "localhost") {
        throw new Error(`Cannot follow a redirect to another host: ${next.origin}`);
      }
      path = next.pathname + next.search;
      if (response.status !== 307 && response.status !== 308) [method, body] = ["GET", undefined];
    }
    throw new Error(`Cannot open ${path}: more than 10 redirects`);
  };

  const page = () => {
    if (!last) throw new Error("Cannot read the page: none was opened");
    return last;
  };
  return {
    page,
    open: (path) => {
      const url = new URL(path, origin);
      return go("GET", url.pathname + url.search);
    },
    submit: async (values, { button, action } = {}) => {
      const { html, path } = page();
      const names = Object.keys(values);
      const forms = parseForms(html);
      const fits = (want: string | RegExp | undefined, text: string) =>
        want === undefined || (typeof want === "string" ? text.includes(want) : want.test(text));
      const form = forms.find((one) =>
        names.every((name) => one.fieldNames.has(name)) && fits(action, one.action) &&
        (button === undefined || one.buttons.some(({ text }) => fits(button, text)))
      );
      if (!form) {
        throw new Error(
          `Cannot find a form with ${names.join(", ")} on ${path}: ${
            JSON.stringify(forms)
          }\n${html}`,
        );
      }
      const body = new URLSearchParams(form.fields.filter(([name]) => !names.includes(name)));
      for (const [name, value] of Object.entries(values)) {
        for (const one of typeof value === "string" ? [value] : value) body.append(name, one);
      }
      const pressed = form.buttons.find(({ text }) => fits(button, text));
      if (pressed?.name) body.append(pressed.name, pressed.value);
      const target = new URL(pressed?.action || form.action || path, new URL(path, origin));
      if (form.method === "GET") return await go("GET", `${target.pathname}?${body}`);
      return await go("POST", target.pathname + target.search, body);
    },
  };
}

function keep(cookies: Map<string, string>, header: string): void {
  const [pair, ...attributes] = header.split(";");
  const [name, value] = [pair!.slice(0, pair!.indexOf("=")), pair!.slice(pair!.indexOf("=") + 1)];
  if (value === "" || attributes.some((one) => /^\s*max-age=0\s*$/i.test(one))) {
    cookies.delete(name);
  } else cookies.set(name, value);
}
