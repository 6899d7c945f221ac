import assert from "node:assert/strict";
import { accessibilityProblems, overflow, withBrowser } from "@/e2e/harness/browser.ts";

Deno.test("the browser harness sees bad contrast, overflow and refused scripts", async () => {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () =>
    new Response(
      `<!doctype html><html lang="en"><title>Bad</title><style>@media (prefers-color-scheme: dark)
       { p { color: #eee; background: #fff } }</style><main><h1>Bad</h1><p>Pale</p>
       <div style="width: 3000px">Wide</div></main><script>window.ran = true</script>`,
      {
        headers: {
          "content-type": "text/html",
          "content-security-policy": "script-src 'self'; style-src 'unsafe-inline'",
        },
      },
    ));
  try {
    await withBrowser(async ({ page, complaints }) => {
      await page.goto(`http://127.0.0.1:${server.addr.port}/`);
      assert.equal(await page.evaluate("window.ran"), undefined);
      assert.match(complaints.join(), /Content Security Policy/);
      assert.ok(await overflow(page) > 1000);
      const problems = await accessibilityProblems(page);
      assert.match(problems.join(), /in dark: color-contrast: <p>Pale/);
      assert.doesNotMatch(problems.join(), /in light/);
    });
  } finally {
    await server.shutdown();
  }
});
