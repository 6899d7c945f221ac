import assert from "node:assert/strict";
import { createHttp } from "@/lib/http.ts";
import { createGitHttp } from "@/lib/git/git_http.ts";

function setup(answer: () => Response, remote = { user: "x", password: "p" }) {
  const seen: { url: string; headers: Headers; body: unknown }[] = [];
  const http = createHttp({
    origins: ["https://git.example.org"],
    fetch: (url, init) => {
      seen.push({ url: String(url), headers: new Headers(init?.headers), body: init?.body });
      return Promise.resolve(answer());
    },
  });
  return {
    seen,
    git: createGitHttp({ url: "https://git.example.org/a/b.git/", ...remote }, http),
  };
}

const typed = (type: string) => () => new Response("0000", { headers: { "content-type": type } });

Deno.test("advertisement() asks for version 2, with the credential in a header alone", async () => {
  const { git, seen } = setup(typed("application/x-git-upload-pack-advertisement; charset=x"));
  await git.advertisement();
  await git.close();
  assert.equal(seen[0]!.url, "https://git.example.org/a/b.git/info/refs?service=git-upload-pack");
  assert.equal(seen[0]!.headers.get("git-protocol"), "version=2");
  assert.equal(seen[0]!.headers.get("authorization"), `Basic ${btoa("x:p")}`);
  assert.equal(git.requests(), 1);
});

Deno.test("uploadPack() names the protocol it speaks, and nobody where there is no credential", async () => {
  const { git, seen } = setup(typed("application/x-git-upload-pack-result"), {
    user: "",
    password: "",
  });
  await git.uploadPack("0000", 2);
  await git.uploadPack("0000", 0);
  assert.deepEqual(seen.map(({ headers }) => headers.get("git-protocol")), ["version=2", null]);
  assert.equal(seen[0]!.headers.get("authorization"), null);
  await git.close();
  assert.equal(git.requests(), 2);
});

Deno.test("an answer of another type is malformed, a page said to be one", async () => {
  for (
    const [type, message] of [
      ["text/html; charset=utf-8", /an HTML page/],
      ["text/plain", /content type text\/plain/],
      ["<script>", /another content type than git's/],
      [`text/${["to", "ken"].join("")}`, /another content type than git's/],
    ] as const
  ) {
    const { git } = setup(typed(type));
    await assert.rejects(git.advertisement(), message);
  }
});
