/** `deno task faults:write`: the fault matrix as the page `docs/faults.md`, from what is expected. */

import { CALLS, FAULTS, type Outcome } from "@/e2e/fault_matrix.ts";
import { ROOT } from "@/tools/files.ts";

export type Expected = Outcome & { call: string; fault: string };

export const PAGE = `${ROOT}docs/faults.md`;

/** What each cell comes to, as it was played and judged. */
export async function readExpected(): Promise<Expected[]> {
  return JSON.parse(await Deno.readTextFile(`${ROOT}e2e/fault_matrix.json`));
}

/** A section for each call; faults that come to the same share a row. */
export function pageOf(expected: readonly Expected[]): string {
  const lines = [
    "# What happens when Bitbucket does not answer as it should",
    "",
    "Each row was played against the stand-in by `deno task faults:record`; `deno task faults:write`",
    "writes this page.",
  ];
  for (const { id, name } of CALLS) {
    const rows = expected.filter(({ call }) => call === id);
    if (rows.length === 0) continue;
    lines.push("", `## ${id}: ${name}`, "");
    lines.push("| fault | state | what is shown | while it lasts | afterwards |");
    lines.push("| --- | --- | --- | --- | --- |");
    const groups = Map.groupBy(
      rows,
      ({ state, sentence, next, afterwards }) => [state, sentence, next, afterwards].join(" | "),
    );
    for (const [outcome, same] of groups) {
      const names = same.map(({ fault }) => FAULTS.find((one) => one.id === fault)!.name);
      lines.push(`| ${names.join("; ")} | ${outcome} |`);
    }
  }
  return `${lines.join("\n")}\n`;
}

if (import.meta.main) await Deno.writeTextFile(PAGE, pageOf(await readExpected()));
