/** A headless Chromium with an empty profile, that remembers what pages complained of. */

import { type BrowserContext, chromium, type Page } from "playwright-core";
import { ROOT } from "@/tools/files.ts";

export interface BrowserOptions {
  /** False for the pages without any script. */
  javaScript?: boolean;
  /** CSS pixels; 1,280 by 800 unless told. */
  viewport?: { width: number; height: number };
}

export interface Browser {
  context: BrowserContext;
  page: Page;
  /** Errors of scripts, refusals by the content security policy, failed loads: all should be none. */
  complaints: string[];
}

/** Runs `use` with a fresh browser, and closes it and forgets its profile whatever happens. */
export async function withBrowser<T>(
  use: (browser: Browser) => Promise<T>,
  { javaScript = true, viewport = { width: 1280, height: 800 } }: BrowserOptions = {},
): Promise<T> {
  const profile = await Deno.makeTempDir({ prefix: "browser-" });
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium",
    headless: true,
    javaScriptEnabled: javaScript,
    viewport,
    args: [
      "--no-sandbox",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-quic",
      "--disable-dev-shm-usage",
    ],
  });
  try {
    context.setDefaultTimeout(120_000);
    const page = context.pages()[0] ?? await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") {
        complaints.push(`${message.text()} (${message.location().url})`);
      }
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    return await use({ context, page, complaints }).catch(async (error) => {
      throw new Error(`${error}\nOn ${page.url()}: ${await shown(page)}`, { cause: error });
    });
  } finally {
    await context.close();
    await Deno.remove(profile, { recursive: true });
  }
}

async function shown(page: Page): Promise<string> {
  try {
    return await page.locator("body").innerText({ timeout: 2_000 });
  } catch {
    return "nothing is shown";
  }
}

/** What axe finds wrong in light and in dark: rule, scheme, and the elements. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const source = await Deno.readTextFile(`${ROOT}node_modules/axe-core/axe.min.js`);
  const problems: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // Evaluated by the debugger, since the page's own policy rightly refuses foreign scripts.
    await page.evaluate(source);
    const violations = await page.evaluate(async () => {
      // deno-lint-ignore no-explicit-any
      const { violations } = await (globalThis as any).axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      });
      return violations.map((
        one: { id: string; nodes: { html: string; failureSummary: string }[] },
      ) =>
        `${one.id}: ${one.nodes.map((node) => `${node.html} ${node.failureSummary}`).join(" | ")}`
      );
    }) as string[];
    problems.push(
      ...violations.map((violation) => `${page.url()} in ${colorScheme}: ${violation}`),
    );
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  return problems;
}

/** Opens everything that unfolds. */
export async function unfold(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const one of document.querySelectorAll("details")) one.open = true;
  });
}

/** How many pixels the page is wider than its window. */
export async function overflow(page: Page): Promise<number> {
  return await page.evaluate(() =>
    document.documentElement.scrollWidth - document.documentElement.clientWidth
  );
}
