import assert from "node:assert/strict";
import { RemoteError } from "@/lib/errors.ts";
import { fakeGitServer } from "@/lib/git/fake_git_server.ts";
import type { ReadingResult } from "@/lib/git/mod.ts";
import { readAll, type TestReading } from "@/lib/git/test_reading.ts";
import { type TestRepository, testRepository } from "@/lib/git/test_repository.ts";

/** Lines that differ, so that the pack has some size. */
function text(seed: number, lines = 400, from = 0): string {
  return Array.from({ length: lines }, (_, i) => `${Math.sin(seed * 1000 + from + i)}`).join("\n");
}

function setup(): Promise<TestRepository> {
  return testRepository([1, 2, 3].map((n) => ({ files: { [`file${n}`]: text(n) } })));
}

async function read(url: string, options: TestReading = {}): Promise<ReadingResult> {
  return (await readAll(url, options)).result;
}

async function failure(promise: Promise<unknown>): Promise<RemoteError> {
  const error = await promise.then(() => null, (error) => error);
  assert.ok(error instanceof RemoteError, `not a RemoteError: ${error}`);
  return error;
}

Deno.test("readRemote() keeps to every limit, and reads what lies just within", async () => {
  await using repository = await setup();
  await using server = fakeGitServer({ repositories: { r: repository.dir } });
  const url = `${server.url}r`;
  const whole = await read(url);
  const bytes = whole.packBytes;

  assert.equal((await read(url, { limits: { packBytes: bytes } })).commits, 3);
  const large = await failure(read(url, { limits: { packBytes: bytes - 1 } }));
  assert.equal(large.reason, "too_large");
  assert.match(large.details.limit!, /pack larger than/);

  assert.equal((await read(url, { limits: { objects: 9 } })).objects, 9);
  const many = await failure(read(url, { limits: { objects: 8 } }));
  assert.equal(many.reason, "too_large");
  assert.equal(many.details.limit, "9 objects, more than 8");

  const inflatedBytes = whole.inflatedBytes;
  assert.deepEqual((await read(url, { limits: { inflatedBytes } })).leftOut, []);
  const cut = await read(url, { limits: { inflatedBytes: inflatedBytes - 1 } });
  assert.match(cut.leftOut.join(), /^1 object after .* of inflated data$/);

  const longest = Math.max(...[1, 2, 3].map((n) => text(n).length));
  assert.deepEqual((await read(url, { limits: { blobBytes: longest } })).leftOut, []);
  const less = await read(url, { limits: { blobBytes: longest - 1 } });
  assert.match(less.leftOut.join(), /file.* larger than/);
  assert.ok(less.largeBlobs >= 1 && less.blobs === 3);
});

Deno.test("readRemote() leaves out what lies behind too many deltas, and counts it", async () => {
  const versions = Array.from({ length: 12 }, (_, n) => text(1, 200, n * 80));
  await using repository = await testRepository(versions.map((file) => ({ files: { file } })));
  await repository.git(["repack", "-adfq", "--depth=20"]);
  const pack = (await Array.fromAsync(Deno.readDir(`${repository.dir}/objects/pack`)))
    .find(({ name }) => name.endsWith(".idx"))!.name;
  const depths = (await repository.git(["verify-pack", "-v", `objects/pack/${pack}`]))
    .split("\n").map((line) => Number(/^\w{40} blob .* (\d+) \w{40}$/.exec(line)?.[1] ?? 0));
  const depth = Math.max(...depths);
  assert.ok(depth >= 2, "git made a chain");
  await using server = fakeGitServer({ repositories: { r: repository.dir } });
  const url = `${server.url}r`;
  assert.deepEqual((await read(url, { limits: { deltaDepth: depth } })).leftOut, []);
  const deepest = depths.filter((one) => one === depth).length;
  const cut = await read(url, { limits: { deltaDepth: depth - 1 } });
  assert.deepEqual(cut.leftOut, [
    `${deepest} object${deepest === 1 ? "" : "s"} behind more than ${depth - 1} deltas`,
  ]);
});

Deno.test("readRemote() uses a file for a large pack, and leaves none behind", async () => {
  await using repository = await setup();
  const spoolDir = await Deno.makeTempDir();
  try {
    await using server = fakeGitServer({
      repositories: { r: repository.dir },
      faults: [{ on: "git-upload-pack", request: 3, hangAfter: 6000 }],
    });
    const limits = { memoryBytes: 1000 };
    assert.equal((await read(`${server.url}r`, { spoolDir, limits })).commits, 3);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(spoolDir)), []);
    const impatient = { ...limits, idleSeconds: 0.2 };
    await failure(read(`${server.url}r`, { spoolDir, limits: impatient }));
    assert.deepEqual(await Array.fromAsync(Deno.readDir(spoolDir)), []);
  } finally {
    await Deno.remove(spoolDir, { recursive: true });
  }
});
