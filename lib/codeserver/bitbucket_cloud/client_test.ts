import assert from "node:assert/strict";
import { z } from "zod";
import { createClient, segment } from "./client.ts";

const SECRET = "made-up-secret-of-a-test";

function client(answer: (request: Request) => Response, sent: Request[] = []) {
  return createClient({
    workspace: "demo",
    credential: { kind: "api_token", user: "ana@example.com", secret: SECRET },
    apiUrl: "https://proxy.example.test/bitbucket/2.0/",
    gitUrl: "https://bitbucket.org",
    fetch: (input, init) => {
      const request = new Request(input, init);
      sent.push(request);
      return Promise.resolve(answer(request));
    },
  });
}

Deno.test("json() asks below the configured address, signed", async () => {
  const sent: Request[] = [];
  const value = await client(() => Response.json({ a: 1 }), sent)
    .json("/user", z.object({ a: z.number() }));
  assert.deepEqual(value, { a: 1 });
  assert.equal(sent[0]!.url, "https://proxy.example.test/bitbucket/2.0/user");
  const signature = `Basic ${btoa(`ana@example.com:${SECRET}`)}`;
  assert.equal(sent[0]!.headers.get("authorization"), signature);
});

Deno.test("json() takes a whole address on the same origin, and none elsewhere", async () => {
  const sent: Request[] = [];
  const it = client(() => Response.json({}), sent);
  await it.json("https://proxy.example.test/2.0/x?page=2", z.unknown());
  for (const url of ["https://evil.test/x", "http://proxy.example.test/x", "x", "//evil.test/x"]) {
    await it.json(url, z.unknown()).catch(() => {});
  }
  assert.ok(sent.every(({ url }) => url.startsWith("https://proxy.example.test/")));
});

Deno.test("send() gives a body as JSON and reads none", async () => {
  const sent: Request[] = [];
  await client(() => new Response(null, { status: 204 }), sent)
    .send("/x", { method: "POST", body: { a: 1 } });
  assert.equal(sent[0]!.method, "POST");
  assert.equal(sent[0]!.headers.get("content-type"), "application/json");
  assert.deepEqual(await sent[0]!.json(), { a: 1 });
});

Deno.test("segment() encodes the braces of a uuid and refuses what would change the path", () => {
  assert.equal(segment("{a-b}"), "%7Ba-b%7D");
  assert.equal(segment("a/b"), "a%2Fb");
  for (const text of ["", ".", ".."]) assert.throws(() => segment(text), { reason: "not_found" });
});
