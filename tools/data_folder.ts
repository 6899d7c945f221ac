/** Prints the folder of `DATA_DIR`: what the start task grants the app to write in, and nothing else. */

/** The folder, as `lib/config.ts` reads it too. */
export function dataFolder(given: string | undefined): string {
  return given === undefined || given === "" ? "./data" : given;
}

if (import.meta.main) console.log(dataFolder(Deno.env.get("DATA_DIR")));
