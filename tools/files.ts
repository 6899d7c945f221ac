/** The project's own files, as paths from its root. */

/** The root folder, with a slash at the end. */
export const ROOT = new URL("..", import.meta.url).pathname;

const SKIP = new Set(["node_modules", "data", "coverage", "screenshots"]);

/** Every file whose name fits, sorted; hidden folders and what tools leave behind are passed over. */
export async function listFiles(name: RegExp, folder = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(ROOT + folder)) {
    const path = folder + entry.name;
    if (entry.isDirectory && !entry.name.startsWith(".") && !SKIP.has(path)) {
      found.push(...await listFiles(name, `${path}/`));
    } else if (entry.isFile && name.test(entry.name)) found.push(path);
  }
  return found.sort();
}

/** The path from the root of a `file:` URL, null for anything outside the project. */
export function fromFileUrl(url: string): string | null {
  const prefix = `file://${ROOT}`;
  if (!url.startsWith(prefix) || url.startsWith(`${prefix}node_modules/`)) return null;
  return decodeURIComponent(url.slice(prefix.length));
}
