/** Plays many cells of the fault matrix, a few at a time, over one planted repository. */

import type { MatrixCall, MatrixFault, Outcome } from "@/e2e/fault_matrix.ts";
import { playCell } from "@/e2e/harness/fault_cell.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { plant } from "@/e2e/harness/plant.ts";

export interface Cell {
  call: MatrixCall;
  fault: MatrixFault;
}

/** Most of a cell's time is waiting for sockets and for git. */
const AT_ONCE = 10;

/** In the order given; `failure` says why a cell could not be played. */
export function playAll(
  cells: readonly Cell[],
): Promise<(Cell & { outcome: Outcome | null; failure: string | null })[]> {
  return withFolder(async (folder) => {
    const planted = await plant(folder, 1);
    const repository = {
      dir: planted.repositories[0]!.git!,
      findings: planted.occurrences.length,
    };
    const outcomes = new Map<Cell, Outcome>();
    const left = [...cells];
    const failures = new Map<Cell, string>();
    const player = async () => {
      for (let cell = left.shift(); cell; cell = left.shift()) {
        try {
          outcomes.set(cell, await playCell(cell.call, cell.fault, repository));
        } catch (error) {
          failures.set(cell, String(error));
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, player));
    return cells.map((cell) => ({
      ...cell,
      outcome: outcomes.get(cell) ?? null,
      failure: failures.get(cell) ?? null,
    }));
  });
}
