/** A temporary folder that is gone afterwards, whatever happens. */

/** Runs `use` with the path of an empty folder. */
export async function withFolder<T>(use: (path: string) => Promise<T>): Promise<T> {
  const path = await Deno.makeTempDir({ prefix: "sluice-e2e-" });
  try {
    return await use(path);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}
