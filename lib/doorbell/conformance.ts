/** What every doorbell keeps to; each driver's test calls this suite. */

import assert from "node:assert/strict";
import type { Doorbell } from "./mod.ts";

/** Registers the suite for one driver. */
export function testDoorbell(name: string, open: () => Promise<Doorbell> | Doorbell): void {
  Deno.test(`${name}: a ring wakes every handler`, async () => {
    const doorbell = await open();
    const woken = [0, 0];
    const both = new Promise<void>((resolve) => {
      for (const index of [0, 1]) {
        doorbell.answer(() => {
          woken[index]!++;
          if (woken.every((count) => count > 0)) resolve();
        });
      }
    });
    await doorbell.ring("job 1");
    await both;
    doorbell.close();
  });

  Deno.test(`${name}: a hundred rings wake at least once after the last`, async () => {
    const doorbell = await open();
    let last = false;
    const woken = new Promise<void>((resolve) => doorbell.answer(() => last && resolve()));
    await Promise.all(Array.from({ length: 99 }, (_, i) => doorbell.ring(`job ${i}`)));
    last = true;
    await doorbell.ring("job 99");
    await woken;
    doorbell.close();
  });

  Deno.test(`${name}: a ring that nobody answers is no error`, async () => {
    const doorbell = await open();
    await doorbell.ring("job 1");
    doorbell.close();
  });

  Deno.test(`${name}: once closed, a ring wakes nobody and throws nothing`, async () => {
    const doorbell = await open();
    let woken = 0;
    doorbell.answer(() => woken++);
    doorbell.close();
    await doorbell.ring("job 1");
    assert.equal(woken, 0);
  });
}
