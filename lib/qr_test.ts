import assert from "node:assert/strict";
import jsqr from "jsqr";
import { type QrCode, qrCode } from "@/lib/qr.ts";

/** A picture of the code with `scale` pixels a module, as a camera would see it. */
function picture({ size, path }: QrCode, scale = 4) {
  const side = size * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let at = 0; at < scale * scale; at++) {
      const column = Number(x) * scale + at % scale;
      const row = Number(y) * scale + Math.floor(at / scale);
      pixels.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
    }
  }
  return { pixels, side };
}

// Its types name a default export that its module does not have when imported as one.
const read = (typeof jsqr === "function" ? jsqr : Reflect.get(jsqr, "default")) as (
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
) => { data: string } | null;

for (
  const text of [
    "otpauth://totp/Sluice:ada%40example.com?secret=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567&issuer=Sluice",
    `otpauth://totp/${"x".repeat(300)}`,
  ]
) {
  Deno.test(`qrCode() is read back by another program, ${text.length} signs`, () => {
    const { pixels, side } = picture(qrCode(text));
    assert.equal(read(pixels, side, side)?.data, text);
  });
}

Deno.test("qrCode() leaves four modules free on every side", () => {
  const { size, path } = qrCode("sluice");
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)/g)) {
    for (const at of [Number(x), Number(y)]) assert.ok(at >= 4 && at < size - 4);
  }
});
