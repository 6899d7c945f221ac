import assert from "node:assert/strict";
import { bitbucketCloud } from "./mod.ts";
import {
  fullNameSchema,
  repositoryPageSchema,
  repositorySchema,
  uuidSchema,
  workspaceSchema,
} from "./schema.ts";

const SHARED = new URL("../../../../shared/data/bitbucket/fixtures/", import.meta.url);
const wire = await Deno.readTextFile(new URL("testdata/repositories.json", import.meta.url));

Deno.test("a page over the wire becomes the golden page", async () => {
  const golden = await Deno.readTextFile(
    new URL("testdata/repositories.golden.json", import.meta.url),
  );
  const server = bitbucketCloud({
    workspace: "acme",
    credential: { kind: "access_token", user: null, secret: "made-up" },
    apiUrl: "https://api.bitbucket.org/2.0",
    gitUrl: "https://bitbucket.org",
    fetch: () => Promise.resolve(new Response(wire)),
  });
  assert.deepEqual(await server.listRepositories(null), JSON.parse(golden));
});

Deno.test("a row is refused where identity or name of a repository cannot be relied upon", () => {
  const changes = [
    { uuid: undefined },
    { uuid: "0a1b2c3d-0000-4000-8000-000000000001" },
    { full_name: undefined },
    { full_name: "acme" },
    { full_name: "acme/../other" },
    { full_name: "acme/.." },
    { full_name: "acme/a b" },
    { full_name: "acme/a?b" },
  ];
  const page = JSON.parse(wire);
  assert.equal(repositorySchema.safeParse(page.values[0]).success, true);
  for (const change of changes) {
    const row = { ...page.values[0], ...change };
    assert.equal(repositorySchema.safeParse(row).success, false, JSON.stringify(change));
  }
  assert.equal(repositoryPageSchema.safeParse({ size: 0 }).success, false);
});

Deno.test("fullNameSchema and uuidSchema take what Bitbucket is known to give", () => {
  for (const name of ["a/b", "Acme_1/.github", "acme/a..b", "{1-2}/x.y-z", "~ana/x"]) {
    assert.equal(fullNameSchema.safeParse(name).success, true, name);
  }
  assert.equal(uuidSchema.safeParse("{7d3a178a-a087-4756-b2da-2f9eadf50ba8}").success, true);
});

Deno.test("the schemas read every recorded repository and workspace", async (t) => {
  const read = async (name: string) => {
    try {
      return JSON.parse(await Deno.readTextFile(new URL(name, SHARED)));
    } catch {
      return null;
    }
  };
  const names = ["jenkins", "gildas", "froggit"].map((source) => `${source}__repository.json`);
  const recorded = await Promise.all(names.map(read));
  await t.step({
    name: "as a page of one, and as a workspace (skipped without the reference data)",
    ignore: recorded.includes(null),
    fn: async () => {
      for (const repository of recorded) {
        const parsed = repositoryPageSchema.safeParse({ values: [repository] });
        assert.equal(parsed.error, undefined);
        assert.ok(repositorySchema.parse(parsed.data.values[0]).name);
      }
      assert.equal(workspaceSchema.parse(await read("gildas__workspace.json")).slug, "myworkspace");
    },
  });
});
