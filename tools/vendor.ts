/** Copies htmx and its ptag extension from the npm package into `static/`, if their hashes are right. */

/** One vendored file: where it stands in `node_modules/htmx.org/dist`, where it goes, its SHA-256. */
export interface Vendored {
  from: string;
  to: string;
  sha256: string;
}

/** The files of htmx.org 4.0.1; a new version changes the pin in deno.json and these hashes. */
export const VENDORED: readonly Vendored[] = [
  {
    from: "htmx.min.js",
    to: "htmx.min.js",
    sha256: "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
  },
  {
    from: "ext/hx-ptag.min.js",
    to: "ext/hx-ptag.min.js",
    sha256: "1993b23e86553100e4f45eed1b756eb8cf53c5b2244caf98e58662dfde9ca069",
  },
];

/** Hex of the SHA-256 of `bytes`. */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Copies each file; throws at the first whose hash is not the one written down, before copying it. */
export async function vendor(fromFolder: URL, toFolder: URL, files = VENDORED): Promise<void> {
  for (const file of files) {
    const bytes = await Deno.readFile(new URL(file.from, fromFolder));
    const found = await sha256Hex(bytes);
    if (found !== file.sha256) {
      throw new Error(`Cannot copy ${file.from}: its SHA-256 is ${found}, not ${file.sha256}`);
    }
    const to = new URL(file.to, toFolder);
    await Deno.mkdir(new URL(".", to), { recursive: true });
    await Deno.writeFile(to, bytes);
  }
}

if (import.meta.main) {
  const root = new URL("../", import.meta.url);
  await vendor(new URL("node_modules/htmx.org/dist/", root), new URL("static/", root));
}
