/** Prints the folder of `DATA_DIR`: what the start task grants the app to write in, and nothing else. */

/** The folder, as `lib/config.ts` reads it too. */
export function dataFolder(given: string | undefined): string {
  return given === undefined || given === "" ? "./data" : given;
}

/** Why a folder cannot be granted, or null: Deno's lists of paths know no way to write a comma. */
export function folderProblem(folder: string): string | null {
  return folder.includes(",")
    ? `DATA_DIR: got "${folder}", expected a folder without a comma in its name`
    : null;
}

if (import.meta.main) {
  const folder = dataFolder(Deno.env.get("DATA_DIR"));
  const problem = folderProblem(folder);
  if (problem !== null) {
    console.error(`Cannot start:\n  ${problem}`);
    Deno.exit(1);
  }
  console.log(folder);
}
