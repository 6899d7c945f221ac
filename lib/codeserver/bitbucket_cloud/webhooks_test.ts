import assert from "node:assert/strict";
import { RemoteError } from "@/lib/errors.ts";
import { pushBody, signed } from "./fake_hooks.ts";
import { fakeBitbucketCloud, type FakeSetup } from "./fake_server.ts";
import { bitbucketCloud } from "./mod.ts";
import { signedWebhooks } from "./webhooks.ts";

const SECRET = "made-up-secret-of-a-test";
const RECORDED = new URL("../../../../shared/data/bitbucket/fixtures/", import.meta.url);

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function headers(signature?: string): Headers {
  return new Headers({
    "x-event-key": "repo:push",
    ...(signature === undefined ? {} : { "x-hub-signature": signature }),
  });
}

Deno.test("verify() accepts the vector that Atlassian published", async () => {
  const secret = "It's a Secret to Everybody";
  const mac = "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";
  const body = bytes("Hello World!");
  assert.equal(await signedWebhooks.verify(body, headers(`sha256=${mac}`), secret), true);
  assert.equal(
    await signedWebhooks.verify(body, headers(`sha256=${mac.toUpperCase()}`), secret),
    true,
  );
});

Deno.test("verify() refuses what is unsigned, altered, cut, of another secret or algorithm", async () => {
  const secret = "It's a Secret to Everybody";
  const mac = "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";
  const good = headers(`sha256=${mac}`);
  assert.equal(await signedWebhooks.verify(bytes("Hello World?"), good, secret), false);
  assert.equal(await signedWebhooks.verify(bytes("Hello World!"), good, "another"), false);
  assert.equal(await signedWebhooks.verify(bytes("Hello World!"), good, ""), false);
  const others = [undefined, "", mac, `sha1=${mac}`, `sha256=${mac.slice(2)}`, `sha256=${mac}00`];
  for (const other of others) {
    assert.equal(await signedWebhooks.verify(bytes("Hello World!"), headers(other), secret), false);
  }
});

Deno.test("parsePush() gives the moved refs and never looks at commits", () => {
  const workspace = {
    slug: "demo",
    name: "demo",
    uuid: "{w}",
    isPrivate: true,
    repositories: new Map(),
  };
  const fake = fakeBitbucketCloud({ repositories: [{ name: "pay" }] });
  const repository = fake.state.repository("demo", "pay")!.repository;
  const [a, b] = ["a".repeat(40), "b".repeat(40)];
  const body = pushBody(workspace, repository, [
    { type: "branch", name: "main", before: a, after: b },
    { type: "branch", name: "feature/x", before: null, after: b },
    { type: "tag", name: "v1", before: a, after: null },
  ]);
  assert.deepEqual(signedWebhooks.parsePush(bytes(JSON.stringify(body)), headers()), {
    repository: { uuid: repository.uuid, fullName: "demo/pay" },
    changes: [
      { ref: "refs/heads/main", before: a, after: b },
      { ref: "refs/heads/feature/x", before: null, after: b },
      { ref: "refs/tags/v1", before: a, after: null },
    ],
  });
});

Deno.test("parsePush() gives null for other events and for what it cannot read", () => {
  const repository = {
    uuid: `{${"0".repeat(8)}-0000-0000-0000-${"0".repeat(12)}}`,
    full_name: "a/b",
  };
  const push = (value: unknown, event = "repo:push") =>
    signedWebhooks.parsePush(bytes(JSON.stringify(value)), new Headers({ "x-event-key": event }));
  assert.deepEqual(push({ repository, push: { changes: [] } })?.changes, []);
  assert.deepEqual(
    push({ repository, push: { changes: [{ new: null, old: null }] } })?.changes,
    [],
  );
  assert.equal(push({ repository, push: { changes: [] } }, "repo:created"), null);
  assert.equal(push({ repository }), null);
  assert.equal(
    push({ repository: { ...repository, full_name: "../b" }, push: { changes: [] } }),
    null,
  );
  assert.equal(push(null), null);
  assert.equal(signedWebhooks.parsePush(bytes("{"), headers()), null);
});

Deno.test("deliveryId() is the id of the request, by which repeats are dropped", () => {
  assert.equal(signedWebhooks.deliveryId(new Headers({ "x-request-uuid": " 1-2 " })), "1-2");
  assert.equal(signedWebhooks.deliveryId(new Headers()), null);
});

async function workspace(
  setup: Partial<FakeSetup>,
  test: (
    fake: ReturnType<typeof fakeBitbucketCloud>,
    server: ReturnType<typeof bitbucketCloud>,
  ) => Promise<void>,
): Promise<void> {
  const fake = fakeBitbucketCloud({
    repositories: [{ name: "pay" }],
    credentials: [{ kind: "workspace_access_token", secret: SECRET }],
    ...setup,
  });
  await using running = fake.serve();
  const server = bitbucketCloud({
    workspace: "demo",
    credential: { kind: "access_token", user: null, secret: SECRET },
    apiUrl: running.apiUrl,
    gitUrl: running.gitUrl,
  });
  await test(fake, server);
}

Deno.test("create() subscribes, a push is delivered and verified, remove() ends it", async () => {
  await workspace({}, async (fake, server) => {
    const got: { verified: boolean; changes: unknown; id: string | null }[] = [];
    const listener = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      async (request) => {
        const body = new Uint8Array(await request.arrayBuffer());
        got.push({
          verified: await server.webhooks.verify(body, request.headers, "shared"),
          changes: server.webhooks.parsePush(body, request.headers)?.changes,
          id: server.webhooks.deliveryId(request.headers),
        });
        return new Response(null, { status: 204 });
      },
    );
    const url = `http://127.0.0.1:${listener.addr.port}/webhooks/bitbucket-cloud/1`;
    const { id } = await server.webhooks.create({ url, secret: "shared" });
    const [a, b] = ["a".repeat(40), "b".repeat(40)];
    const change = { type: "branch", name: "main", before: a, after: b } as const;
    assert.deepEqual(await fake.push("demo", "pay", [change]), [204]);
    assert.deepEqual(got.map(({ verified, changes }) => ({ verified, changes })), [{
      verified: true,
      changes: [{ ref: "refs/heads/main", before: a, after: b }],
    }]);
    assert.match(got[0]!.id!, /^[0-9a-f-]{36}$/);
    await server.webhooks.remove(id);
    await server.webhooks.remove(id);
    assert.deepEqual(await fake.push("demo", "pay", [change]), []);
    await listener.shutdown();
  });
});

Deno.test("create() names the right that is missing, and refuses a secret that is too long", async () => {
  const credentials = [{
    kind: "workspace_access_token",
    secret: SECRET,
    scopes: ["repository"],
  }] as const;
  await workspace({ credentials }, async (_fake, server) => {
    const url = "http://127.0.0.1:9/x";
    await assert.rejects(server.webhooks.create({ url, secret: "s" }), (error) => {
      assert.ok(error instanceof RemoteError);
      assert.equal(error.reason, "forbidden");
      assert.deepEqual(error.details.requiredScopes, ["webhook"]);
      return true;
    });
    await assert.rejects(server.webhooks.create({ url, secret: "s".repeat(129) }), RangeError);
  });
});

Deno.test("signed() of the stand-in signs as the recorded delivery is signed", async (t) => {
  const path = new URL("jenkins__webhook_signed_payload.json", RECORDED);
  const recorded = await Deno.readFile(path).catch(() => null);
  await t.step({
    name: "the recorded payload verifies and is read (skipped without the reference data)",
    ignore: recorded === null,
    fn: async () => {
      const key = "Gkvl$k$wyNpQ" + "AF42";
      const mac = "f205c729821c6954aff2afe72b965c34015b4baf96ea8ddc2cc44999c014a035";
      assert.equal(await signedWebhooks.verify(recorded!, headers(`sha256=${mac}`), key), true);
      const push = signedWebhooks.parsePush(recorded!, headers());
      assert.equal(push?.changes[0]?.ref, "refs/heads/feature/webhook");
      assert.equal(push?.changes[0]?.before, null);
    },
  });
  const { text, headers: sent } = signed("repo:push", { a: 1 }, "shared");
  assert.equal(await signedWebhooks.verify(bytes(text), new Headers(sent), "shared"), true);
});

Deno.test("parsePush() reads every recorded push", async (t) => {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(RECORDED)) {
      if (/webhook|payload/.test(entry.name) && !/hooks?\.json$/.test(entry.name)) {
        names.push(entry.name);
      }
    }
  } catch {
    // The recordings are not part of the project.
  }
  await t.step({
    name: "each gives at least one moved ref (skipped without the reference data)",
    ignore: names.length === 0,
    fn: async () => {
      for (const name of names) {
        const push = signedWebhooks.parsePush(
          await Deno.readFile(new URL(name, RECORDED)),
          headers(),
        );
        assert.ok(push && push.changes.length > 0, name);
        for (const { ref, before, after } of push.changes) {
          assert.match(ref, /^refs\/(heads|tags)\/./, name);
          assert.ok(before !== null || after !== null, name);
        }
      }
    },
  });
});
