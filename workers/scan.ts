/** A scan's two steps: the tip of the default branch, then the whole history. Safe to run twice. */

import { commonRulesVersion } from "@/lib/rules_version.ts";
import { type ClaimedJob, PRIORITY } from "@/lib/store/job_moves.ts";
import { nextSliceAt, sliceAt, sumFigures } from "./slices.ts";
import { done, lost, type Outcome, type StepContext } from "./deps.ts";
import type { FoundSecret, ReadRequest, ReadResult } from "./thread_messages.ts";

/** A request line each; with more refs than that the pack grows a little, and nothing is missed. */
const MAX_HAVES = 2_000;

/** Known occurrences that are looked up at the tip, those that stood there first. */
const MAX_PLACES = 50_000;

/** Reads what is exposed today; the whole workspace's tips come before any history. */
export async function tip(job: ClaimedJob, context: StepContext): Promise<Outcome> {
  const result = await read(job, context, "tip");
  if (result === null) return lost;
  if (result.refs.length === 0) return await end(job, context, result);
  return { kind: "advance", step: "history", priority: PRIORITY.history };
}

/**
 * Reads all branches and tags, or what is new since the last complete scan, and ends the scan.
 * Everything is read when a person asked, or when the rules are others than the last scan's; also
 * where a file with a secret has moved as it was, which what is new does not hold.
 */
export async function history(job: ClaimedJob, context: StepContext): Promise<Outcome> {
  const { store } = context;
  const repository = await store.repositories.find(job.repositoryId!);
  if (repository === null) return lost;
  if (job.cursor !== null || job.crashes > 0) return await slice(job, context);
  const anew = ["person", "rules", "wizard", "selection"].includes(job.requestedBy) ||
    repository.rulesVersion !== await store.customRules.version(context.rulesVersion);
  const haves = anew ? [] : (await store.scans.refTips(repository.id)).map((ref) => ref.oid);
  if (haves.length === 0) return await end(job, context, await read(job, context, "history"));

  const places = await store.scans.listPlaces(repository.id, MAX_PLACES);
  const result = await read(job, context, "history", {
    scope: "new",
    haves: haves.slice(0, MAX_HAVES),
    known: { headCommit: repository.scannedCommit, places },
  });
  const atTip = result?.knownAtTip?.map((atTip, i) => ({ id: places[i]!.id, atTip }));
  if (!result?.movedAtTip) return await end(job, context, result, { scope: "new", atTip });
  const whole = await read(job, context, "history");
  // What no rule finds any more has left its place all the same, or it would count as moved for ever.
  const left = whole?.headCommit === result.headCommit
    ? atTip?.filter(({ atTip }) => !atTip)
    : undefined;
  return await end(job, context, whole, { scope: "history", atTip: left });
}

/**
 * Reads the next piece of a history that did not fit a pack, or during which the process was
 * stopped; each piece is a checkpoint, and gives way to other scans. The first ones may learn the
 * commits alone. The last reads what commits do not lead to, such as tags of files, and looks at
 * the tip.
 */
async function slice(job: ClaimedJob, context: StepContext): Promise<Outcome> {
  const { store } = context;
  const at = sliceAt(job);
  const { frontier, commits, files } = at;
  const graph = await store.scans.commitParts.list(job.id);
  const piece = await read(job, context, "history", {
    scope: "slice",
    slice: { frontier, commits, files, graph },
  });
  if (piece === null) return lost;
  const leftOut = [...new Set([...at.leftOut, ...piece.leftOut])].slice(0, 50);
  for (const part of piece.learned ?? []) {
    if (!await store.scans.commitParts.add(job, part)) return lost;
  }
  if (piece.learned !== null || piece.slice !== null) {
    const cursor = nextSliceAt(at, {
      frontier: [...piece.slice?.frontier ?? frontier],
      // Commits alone are looked at by no rule.
      rulesVersions: piece.learned === null
        ? [...new Set([...at.rulesVersions, piece.rulesVersion])]
        : at.rulesVersions,
      leftOut,
      figures: sumFigures(at.figures, piece),
    });
    return { kind: "advance", step: "history", priority: PRIORITY.history, cursor };
  }
  const places = await store.scans.listPlaces(job.repositoryId!, MAX_PLACES);
  const rest = await read(job, context, "history", {
    scope: "slice",
    haves: frontier,
    known: { headCommit: null, places },
  });
  if (rest === null) return lost;
  const atTip = rest.knownAtTip?.map((atTip, i) => ({ id: places[i]!.id, atTip }));
  const all = {
    ...rest,
    ...sumFigures(sumFigures(at.figures, piece), rest),
    leftOut: [...new Set([...leftOut, ...rest.leftOut])],
    rulesVersion: commonRulesVersion([rest.rulesVersion, piece.rulesVersion, ...at.rulesVersions]),
  };
  return await end(job, context, all, { scope: "history", atTip: atTip ?? [], sliced: true });
}

/** What is read other than everything. */
type Part = Pick<ReadRequest, "known" | "slice"> & {
  scope: "new" | "slice";
  haves?: readonly string[];
};

/** What was read, and when its rules were asked for: apart, since its numbers become figures. */
type Read = ReadResult & { rules: { readAt: number } };

/** Null when the claim was lost on the way. */
async function read(
  job: ClaimedJob,
  context: StepContext,
  mode: "tip" | "history",
  part?: Part,
): Promise<Read | null> {
  const { store, signal, limits, spoolDir, fingerprintKey } = context;
  const [repository, server] = await Promise.all([
    store.repositories.find(job.repositoryId!),
    store.servers.find(job.serverId),
  ]);
  if (repository === null || server === null) return null;
  const codeServer = await context.openServer(server);
  const remote = await codeServer.gitRemote(repository, { signal });

  const { scope = mode, ...what } = part ?? {};
  const rulesReadAt = context.clock.now();
  const [customRules, files, suppression] = await Promise.all([
    store.customRules.listEnabled(),
    store.suppressions.findFiles(repository.id),
    store.suppressions.forRepository(repository.id, repository.fullName),
  ]);
  const reading = context.threads.read({
    repository: repository.id,
    remote,
    mode,
    haves: [],
    ...what,
    limits,
    fingerprintKey,
    spoolDir,
    customRules: customRules.map(({ id, name, pattern, keywords, severity }) => ({
      id,
      name,
      pattern,
      keywords,
      severity,
    })),
    suppressionFiles: files?.files ?? [],
  }, { signal, onProgress: context.progress });
  // So that nothing shows as open that is suppressed a moment later; `apply` has the last word.
  const judged = (secret: FoundSecret): FoundSecret => ({
    ...secret,
    suppressedBy: secret.suppressedBy ??
      suppression.reasonFor({ ...secret, places: secret.occurrences }),
  });
  try {
    while (true) {
      const { done, value } = await reading.next();
      if (done) {
        context.metrics.readingEnded(value);
        if (value.suppressions !== null) {
          await store.suppressions.saveFiles(repository.id, value.suppressions);
        }
        await store.suppressions.apply({ repositoryId: repository.id });
        return { ...value, rules: { readAt: rulesReadAt } };
      }
      if (!await store.scans.record(job, value.map(judged), scope)) return null;
    }
  } finally {
    // Also when a batch cannot be written: a thread whose reading nobody ends is lost for good.
    await reading.return(undefined as never);
  }
}

/**
 * `part` tells of a reading of what is new, of the last slice, or of the whole with what else is
 * known of the tip; without `atTip` nothing was looked up there.
 */
async function end(
  job: ClaimedJob,
  { store }: StepContext,
  read: Read | null,
  part?: {
    scope: "new" | "history";
    atTip?: { id: number; atTip: boolean }[] | undefined;
    sliced?: boolean;
  },
): Promise<Outcome> {
  if (read === null) return lost;
  const empty = read.refs.length === 0;
  const {
    refs,
    leftOut,
    knownAtTip: _places,
    movedAtTip: _moved,
    slice: _slice,
    learned: _learned,
    suppressions: _files,
    rules,
    ...figures
  } = read;
  const ended = await store.scans.finish(job, {
    result: empty ? "skipped" : leftOut.length > 0 ? "partial" : "complete",
    leftOut: empty ? ["The repository is empty: it has no commit yet"] : leftOut,
    figures: { ...figures, onlyNew: part?.scope === "new" },
    refs,
    headCommit: read.headCommit,
    rulesVersion: read.rulesVersion,
    scope: part?.scope ?? "history",
    atTip: part?.atTip,
    sliced: part?.sliced,
    // The first slices may have followed what the rules were when the scan began.
    ...(part?.sliced ? {} : { rulesReadAt: rules.readAt }),
  });
  // A comment in the newest version speaks for older ones, and which that is has just been settled.
  if (part?.atTip !== undefined && part.atTip.length > 0) {
    await store.suppressions.apply({ repositoryId: job.repositoryId! });
  }
  return ended ? done : lost;
}
