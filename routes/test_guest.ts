/** Somebody with a browser of their own: keeps cookies, follows nothing by itself. */

/** What came back. */
export interface Answered {
  status: number;
  headers: Headers;
  html: string;
  /** Where a redirect leads; null without one. */
  location: string | null;
}

export interface Guest {
  get(path: string, headers?: Record<string, string>): Promise<Answered>;
  /** A form from a page of ours, unless the headers say otherwise. */
  post(
    path: string,
    form?: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<Answered>;
  /** By name, with their values. */
  cookies: Map<string, string>;
}

interface Reached {
  fetch(request: Request, connection?: object): Response | Promise<Response>;
}

/** A guest who comes from a network address with a browser that holds no cookie yet. */
export function createGuest(
  app: Reached,
  { origin = "http://sluice.test", address = "192.0.2.1" } = {},
): Guest {
  const cookies = new Map<string, string>();
  async function send(
    method: string,
    path: string,
    form: Record<string, string> | undefined,
    headers: Record<string, string>,
  ): Promise<Answered> {
    const response = await app.fetch(
      new Request(new URL(path, origin), {
        method,
        headers: {
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
          "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
          ...(method === "GET" ? {} : { origin }),
          ...headers,
        },
        ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
      }),
      { remoteAddr: { hostname: address } },
    );
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      if (/max-age=0/i.test(cookie)) cookies.delete(name!);
      else cookies.set(name!, value!);
    }
    return {
      status: response.status,
      headers: response.headers,
      html: await response.text(),
      location: response.headers.get("location"),
    };
  }
  return {
    cookies,
    get: (path, headers = {}) => send("GET", path, undefined, headers),
    post: (path, form = {}, headers = {}) => send("POST", path, form, headers),
  };
}
