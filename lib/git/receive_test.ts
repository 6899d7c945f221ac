import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { megabytes, receivePack } from "@/lib/git/receive.ts";
import { createSpool } from "@/lib/git/spool.ts";

const LIMITS = { packBytes: 1e6, objects: 5 };

function pack(count: number, body: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + body + 20).fill(1);
  bytes.set([0x50, 0x41, 0x43, 0x4b, 0, 0, 0, 2, 0, 0, 0, count]);
  bytes.set(createHash("sha1").update(bytes.subarray(0, -20)).digest(), 12 + body);
  return bytes;
}

async function receive(bytes: Uint8Array, pieces: number, limits = LIMITS): Promise<number> {
  const spool = createSpool({ memoryBytes: 1e6, dir: null });
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += pieces) yield bytes.subarray(at, at + pieces);
  }
  const count = await receivePack(chunks(), spool, limits);
  assert.deepEqual(spool.view(0, bytes.length), bytes);
  return count;
}

Deno.test("receivePack() checks the trailer however the pack arrives", async () => {
  for (const pieces of [1, 7, 19, 20, 21, 45, 1000]) {
    assert.equal(await receive(pack(3, 30), pieces), 3);
    const wrong = pack(3, 30);
    wrong[15]! ^= 1;
    await assert.rejects(receive(wrong, pieces), /its checksum does not fit/);
  }
});

Deno.test("receivePack() refuses a stub, and what crosses a limit by one", async () => {
  await assert.rejects(receive(new Uint8Array(5), 9), /ends after 5 bytes/);
  await assert.rejects(receive(pack(1, 0).subarray(0, 31), 9), /ends after 31 bytes/);
  assert.equal(await receive(pack(5, 9), 9), 5);
  await assert.rejects(receive(pack(6, 9), 9), /6 objects, more than 5/);
  const size = pack(1, 9).length;
  await receive(pack(1, 9), 9, { ...LIMITS, packBytes: size });
  await assert.rejects(receive(pack(1, 9), 9, { ...LIMITS, packBytes: size - 1 }), /larger than/);
});

Deno.test("megabytes() says small sizes exactly", () => {
  assert.equal(megabytes(999), "999 bytes");
  assert.equal(megabytes(512_000_000), "512 MB");
});
