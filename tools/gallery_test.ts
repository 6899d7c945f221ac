/** What every page must hold, whatever it shows; the browser's own checks are in `screenshots.ts`. */

import assert from "node:assert/strict";
import { GALLERY } from "./gallery.tsx";

/** The markup of each gallery page. */
async function pages(): Promise<[string, string][]> {
  return await Promise.all(
    Object.entries(GALLERY).map(async ([name, page]) =>
      [name, String(await page())] as [string, string]
    ),
  );
}

const all = (html: string, pattern: RegExp) =>
  [...html.matchAll(pattern)].map((one) => (one[1] ?? one[2])!);

Deno.test("no page holds a script, a style or a handler of its own", async () => {
  for (const [name, html] of await pages()) {
    assert.doesNotMatch(html, /<script(?![^>]* src=)|<style|\sstyle="|\son\w+="|hx-on|js:/, name);
  }
});

Deno.test("every id of a page is its only one, and what is referred to is there", async () => {
  for (const [name, html] of await pages()) {
    const ids = all(html, /\sid="([^"]+)"/g);
    assert.deepEqual(ids.filter((id, index) => ids.indexOf(id) !== index), [], name);
    const referred = [
      ...all(html, /\sfor="([^"]+)"/g),
      ...all(html, /\saria-labelledby="([^"]+)"/g),
      ...all(html, /\saria-describedby="([^"]+)"/g).flatMap((list) => list.split(" ")),
      ...all(html, /\shx-target="#([^"]+)"/g),
    ];
    assert.deepEqual(referred.filter((id) => !ids.includes(id)), [], name);
  }
});

Deno.test("every page has one heading of the first rank, a title, and its words escaped", async () => {
  for (const [name, html] of await pages()) {
    assert.equal(all(html, /<(h1)[\s>]/g).length, 1, name);
    // In another portal's frame the title is for screen readers alone.
    const title = html.includes('class="sluice-page"') ? /<title>[^<]+</ : /<title>[^<]+ · Sluice/;
    assert.match(html, title, name);
    assert.ok(html.startsWith("<!doctype html>"), name);
  }
});

Deno.test("every icon that a page asks for is in the sprite", async () => {
  const sprite = await Deno.readTextFile(new URL("../static/icons.svg", import.meta.url));
  for (const [name, html] of await pages()) {
    for (const icon of new Set(all(html, /icons\.svg#([\w-]+)/g))) {
      assert.ok(sprite.includes(`id="${icon}"`), `${name}: ${icon}`);
    }
  }
});

Deno.test("every empty state has a page that shows it", async () => {
  const shown = (await pages()).map(([, html]) => html).join("");
  const folder = new URL("../components/", import.meta.url);
  let count = 0;
  for await (const { name } of Deno.readDir(folder)) {
    const source = await Deno.readTextFile(new URL(name, folder));
    for (const title of all(source, /<EmptyState[^>]*\stitle="([^"]+)"|\sempty="([^"]+)"/g)) {
      assert.ok(shown.includes(`<h2>${title}</h2>`), `${name}: ${title}`);
      count++;
    }
  }
  assert.ok(count > 10, `only ${count} were found`);
});

Deno.test("no page shows a password again that was typed before", async () => {
  for (const [name, html] of await pages()) {
    for (const field of html.match(/<input[^>]*type="password"[^>]*>/g) ?? []) {
      assert.doesNotMatch(field, /\svalue=/, name);
    }
  }
});

Deno.test("a viewer's pages hold no form that changes anything but signing out", async () => {
  for (const [name, html] of await pages()) {
    if (!html.includes("vic@acme.example, viewer")) continue;
    const actions = all(html, /<form[^>]*method="post" action="([^"]+)"/g);
    assert.deepEqual(actions.filter((action) => action !== "/sign-out"), [], name);
  }
});
