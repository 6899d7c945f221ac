/** Lists that no Bitbucket should send: links in a circle, rows that cannot be read. */

import assert from "node:assert/strict";
import type { Cursor } from "@/lib/codeserver/mod.ts";
import { bitbucketCloud } from "./mod.ts";

/** The workspace `demo`, whose every call is answered by `answer`. */
function workspace(answer: (url: URL) => Response) {
  return bitbucketCloud({
    workspace: "demo",
    credential: { kind: "access_token", user: null, secret: "made-up-secret-of-a-test" },
    apiUrl: "https://api.bitbucket.org/2.0",
    gitUrl: "https://bitbucket.org",
    fetch: (input) => Promise.resolve(answer(new URL(String(input)))),
  });
}

Deno.test("listRepositories() notices pages that go in a circle", async () => {
  let calls = 0;
  const address = "https://api.bitbucket.org/2.0/repositories/demo?page=";
  const server = workspace((url) => {
    calls++;
    if (url.searchParams.get("sort") === "uuid") return new Response("{}", { status: 400 });
    const next = address + (2 + Number(url.searchParams.get("page")) % 3);
    return Response.json({ values: [], next });
  });
  await assert.rejects(async () => {
    for (let cursor: Cursor | null = null; calls < 100;) {
      cursor = (await server.listRepositories(cursor)).next;
      assert.ok(cursor);
    }
  }, /in a circle/);
});

Deno.test("listRepositories() reads past one odd row, counts it, and refuses a page of them", async () => {
  const uuid = (n: number) => `{00000000-0000-4000-8000-00000000000${n}}`;
  const row = (n: number) => ({ uuid: uuid(n), full_name: `demo/r-${n}` });
  const list = (values: unknown[]) =>
    workspace(() => Response.json({ size: values.length, values })).listRepositories(null);
  const page = await list([row(1), { ...row(2), full_name: "demo/c++" }, row(3)]);
  assert.deepEqual(page.items.map(({ slug }) => slug), ["r-1", "r-3"]);
  assert.equal(page.unreadable, 1);
  const odd = { ...row(2), full_name: null };
  assert.deepEqual(await list([odd]), { items: [], unreadable: 1, total: 1, next: null });
  await assert.rejects(list([odd, odd]), /no row of a page can be read/);
});
