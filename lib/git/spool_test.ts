import assert from "node:assert/strict";
import { createSpool, sweepSpool } from "@/lib/git/spool.ts";
import { seeded } from "@/lib/git/test_repository.ts";

function noise(size: number): Uint8Array<ArrayBuffer> {
  const random = seeded(size);
  return Uint8Array.from({ length: size }, () => random(256));
}

async function inFolder(work: (dir: string) => Promise<void> | void): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await work(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("view() gives any stretch, from memory and from a file, and less at the end", () =>
  inFolder((dir) => {
    const bytes = noise(2_300_000);
    for (const memoryBytes of [10_000_000, 1_500_000, 0]) {
      const spool = createSpool({ memoryBytes, dir });
      for (let at = 0; at < bytes.length; at += 70_001) {
        spool.write(bytes.subarray(at, at + 70_001));
      }
      assert.equal(spool.size, bytes.length);
      assert.equal(spool.inFile, memoryBytes < bytes.length);
      const random = seeded(5);
      for (let i = 0; i < 200; i++) {
        const offset = random(bytes.length);
        const length = random(i % 10 === 0 ? 1_200_000 : 3000);
        const view = spool.view(offset, length);
        assert.equal(view.length, Math.min(length, bytes.length - offset));
        const at = random(view.length || 1);
        assert.equal(view[at], view.length === 0 ? undefined : bytes[offset + at]);
        assert.equal(view.at(-1), view.length === 0 ? undefined : bytes[offset + view.length - 1]);
      }
      assert.equal(spool.view(bytes.length, 10).length, 0);
      spool.close();
      spool.close();
    }
  }));

Deno.test("write() leaves no name on the disk, so that nothing can stay behind", () =>
  inFolder(async (dir) => {
    const spool = createSpool({ memoryBytes: 10, dir });
    spool.write(noise(1000));
    assert.equal(spool.inFile, true);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(dir)), []);
    spool.close();
  }));

Deno.test("write() keeps everything in memory where there is no folder", () => {
  const spool = createSpool({ memoryBytes: 10, dir: null });
  spool.write(noise(1000));
  assert.equal(spool.inFile, false);
  assert.deepEqual(spool.view(0, 1000), noise(1000));
  spool.close();
});

Deno.test("sweepSpool() removes what a kill left behind, and nothing else", () =>
  inFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/sluice-pack-left`, "x");
    await Deno.writeTextFile(`${dir}/database`, "x");
    assert.equal(await sweepSpool(dir), 1);
    const names = (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name);
    assert.deepEqual(names, ["database"]);
  }));
