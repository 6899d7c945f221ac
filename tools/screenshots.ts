/**
 * `deno task screenshots [NAME…]`: each gallery page at three widths, light and dark, into
 * `screenshots/`; says what axe-core, the content policy and the window's width complain of.
 */

import { Hono } from "hono";
import { serveStatic } from "hono/deno";
import { accessibilityProblems, overflow, withBrowser } from "@/e2e/harness/browser.ts";
import { GALLERY } from "./gallery.tsx";

const WIDTHS = [360, 768, 1440];

/** The gallery as a site under the same content policy as the app. */
export function galleryApp(): Hono {
  const app = new Hono();
  app.use("*", async (c, next) => {
    await next();
    c.header(
      "content-security-policy",
      "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:",
    );
  });
  app.use("/static/*", serveStatic({ root: "./" }));
  app.use(
    "/embed/*",
    serveStatic({ root: "./", rewriteRequestPath: (path) => path.replace("/embed/", "/static/") }),
  );
  app.get("/gallery/:name", (c) => {
    const page = GALLERY[c.req.param("name")];
    return page ? c.html(page()) : c.notFound();
  });
  // A page that is framed elsewhere names no icon of its own.
  app.get("/favicon.ico", (c) => c.body(null, 204));
  // What a page polls for stands still: no news, so that a slow look sees no error.
  app.get("*", (c) => c.req.header("HX-Request") ? c.body(null, 304) : c.notFound());
  return app;
}

async function main(names: string[]): Promise<number> {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    galleryApp().fetch,
  );
  const problems: string[] = [];
  await Deno.mkdir("screenshots", { recursive: true });
  try {
    await withBrowser(async ({ page, complaints }) => {
      for (const name of names) {
        const address = `http://127.0.0.1:${server.addr.port}/gallery/${name}`;
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          await page.goto(address);
          const wider = await overflow(page);
          if (wider > 0) problems.push(`${name} at ${width}: ${wider} px wider than the window`);
          for (const colorScheme of ["light", "dark"] as const) {
            await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
            await page.screenshot({
              path: `screenshots/${name}-${width}-${colorScheme}.png`,
              fullPage: true,
            });
          }
          if (width !== 768) problems.push(...await accessibilityProblems(page));
        }
      }
      problems.push(...complaints);
    });
  } finally {
    await server.shutdown();
  }
  // deno-lint-ignore no-console
  console.log(problems.length === 0 ? "No complaint." : problems.join("\n"));
  return problems.length === 0 ? 0 : 1;
}

if (import.meta.main) {
  Deno.exit(await main(Deno.args.length > 0 ? Deno.args : Object.keys(GALLERY)));
}
