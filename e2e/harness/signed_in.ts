/** A browser that is signed in to an app whose store and clock the test itself moves. */

import { type Browser, type BrowserOptions, withBrowser } from "@/e2e/harness/browser.ts";
import type { TestApp } from "@/routes/test_app.ts";

export interface SignedIn extends Browser {
  app: TestApp;
  /** Where the app is, without a slash at the end. */
  url: string;
}

/** Serves the app, and runs `use` with a browser that is signed in as an admin unless told otherwise. */
export async function withSignedIn(
  app: TestApp,
  use: (browser: SignedIn) => Promise<void>,
  { role = "admin", ...options }: BrowserOptions & { role?: "admin" | "viewer" } = {},
): Promise<void> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.fetch);
  try {
    await withBrowser(async (browser) => {
      const url = `http://127.0.0.1:${server.addr.port}`;
      const cookie = { name: app.cookie.name, value: app.sessions[role], url };
      await browser.context.addCookies([cookie]);
      await use({ ...browser, app, url });
    }, options);
  } finally {
    await server.shutdown();
  }
}
