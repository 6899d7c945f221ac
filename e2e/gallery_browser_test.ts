/** Every page in its telling states: nothing that axe finds, nothing wider than a narrow window. */

import assert from "node:assert/strict";
import { accessibilityProblems, overflow, unfold, withBrowser } from "@/e2e/harness/browser.ts";
import { GALLERY } from "@/tools/gallery.tsx";
import { galleryApp } from "@/tools/screenshots.ts";

for (const width of [360, 1440]) {
  Deno.test(`every page of the gallery is accessible and fits at ${width} pixels`, async () => {
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      galleryApp().fetch,
    );
    try {
      await withBrowser(async ({ page, complaints }) => {
        const problems: string[] = [];
        for (const name of Object.keys(GALLERY)) {
          await page.goto(`http://127.0.0.1:${server.addr.port}/gallery/${name}`);
          for (const what of ["", ", unfolded,"]) {
            const wider = await overflow(page);
            if (wider > 0) problems.push(`${name}${what} is ${wider} px too wide`);
            // What stays folded is hidden from axe.
            await unfold(page);
          }
          problems.push(...await accessibilityProblems(page));
        }
        assert.deepEqual([...problems, ...complaints], []);
      }, { viewport: { width, height: 900 } });
    } finally {
      await server.shutdown();
    }
  });
}
