/** QR codes as plain facts, for a component to draw: no script and no style of its own. */

import { encode } from "uqr";

/** A square of `size` by `size` modules; `path` draws the dark ones, in units of a module. */
export interface QrCode {
  size: number;
  path: string;
}

/** The code of a text, with the quiet border of four modules that ISO/IEC 18004 asks for. */
export function qrCode(text: string): QrCode {
  const { data, size } = encode(text, { ecc: "M", border: 4 });
  const path = data.flatMap((row, y) => row.map((dark, x) => dark ? `M${x} ${y}h1v1h-1z` : ""))
    .join(
      "",
    );
  return { size, path };
}
