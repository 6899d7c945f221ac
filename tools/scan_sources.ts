/** Where the terminal's scan finds its texts: a folder, standard input, or a repository's history. */

import { createDetector, judge, type Judgement } from "@/lib/detect/mod.ts";
import { isSensitiveFileRule, sensitiveFile } from "@/lib/detect/sensitive_file.ts";
import { readSuppressions } from "@/lib/detect/suppression_file.ts";
import { fakeGitServer } from "@/lib/git/fake_git_server.ts";
import { createSuppression, type SuppressiblePlace, type Suppression } from "@/lib/suppression.ts";
import { readLimits } from "@/workers/limits.ts";
import { readRepository } from "@/workers/read_repository.ts";
import type { FoundSecret } from "@/workers/thread_messages.ts";

/** One secret at one place, as the terminal shows it. */
export interface Finding {
  rule: string;
  severity: Judgement["severity"];
  confidence: Judgement["confidence"];
  path: string;
  line: number;
  column: number;
  /** Null outside git. */
  commit: string | null;
  author: string | null;
  date: string | null;
  preview: string;
  fingerprint: string;
  reasons: readonly string[];
  suppressedBy: string | null;
}

/** What every source needs and tells. */
export interface ScanOptions {
  fingerprintKey: Uint8Array;
  /** Also reports files by their names alone. */
  sensitiveFiles: boolean;
  /** Told of what was left out, in plain sentences. */
  onNote: (sentence: string) => void;
}

const LARGEST_FILE = 50 * 1024 * 1024;
const NO_SUPPRESSION = createSuppression(null, []);

/** Scans one text; `path` is `-` for standard input. */
export function* scanText(
  bytes: Uint8Array,
  path: string,
  options: ScanOptions,
  suppression: Suppression = NO_SUPPRESSION,
  detector = createDetector(options),
): Generator<Finding> {
  const { hits, capped } = detector.detect(bytes);
  if (capped) options.onNote(`${path}: too many hits, the rest is left out`);
  for (const hit of hits) {
    const judgement = judge(hit, path);
    if (judgement === null) continue;
    yield {
      rule: hit.ruleId,
      severity: judgement.severity,
      confidence: judgement.confidence,
      path,
      line: hit.line,
      column: hit.column,
      commit: null,
      author: null,
      date: null,
      preview: hit.preview,
      fingerprint: hit.fingerprint,
      reasons: judgement.reasons,
      suppressedBy: reasonAt(suppression, hit, { ...hit, path, commit: null }),
    };
  }
}

/** Scans every file under a folder but what is under `.git`; links are not followed. */
export async function* scanFolder(folder: string, options: ScanOptions): AsyncGenerator<Finding> {
  const detector = createDetector(options);
  const suppression = await suppressionOf(folder, options);
  for await (const path of filesUnder(folder, "")) {
    const name = path === "" ? folder.replace(/^.*\//, "") : path;
    const full = path === "" ? folder : `${folder}/${path}`;
    let bytes: Uint8Array;
    try {
      if ((await Deno.stat(full)).size > LARGEST_FILE) {
        options.onNote(`${name}: larger than 50 MB, left out`);
        continue;
      }
      bytes = await Deno.readFile(full);
    } catch (error) {
      options.onNote(`${name}: cannot be read: ${error instanceof Error ? error.name : "error"}`);
      continue;
    }
    const found = [...scanText(bytes, name, options, suppression, detector)];
    // What the content is found for says more than the name.
    if (options.sensitiveFiles && found.length === 0 && bytes.length > 0) {
      yield* byName(name, suppression);
    }
    yield* found;
  }
}

function* byName(path: string, suppression: Suppression): Generator<Finding> {
  const found = sensitiveFile(path);
  if (found === null) return;
  yield {
    rule: found.ruleId,
    severity: found.severity,
    confidence: "low",
    path,
    line: 1,
    column: 1,
    commit: null,
    author: null,
    date: null,
    preview: "",
    fingerprint: "",
    reasons: found.reasons,
    suppressedBy: reasonAt(suppression, { ruleId: found.ruleId, fingerprint: "" }, {
      path,
      line: 1,
      commit: null,
      suppressedBy: null,
    }),
  };
}

async function* filesUnder(folder: string, below: string): AsyncGenerator<string> {
  const here = below === "" ? folder : `${folder}/${below}`;
  const info = await Deno.stat(here);
  if (info.isFile) return yield below;
  const entries = (await Array.fromAsync(Deno.readDir(here)))
    .sort((a, b) => a.name < b.name ? -1 : 1);
  for (const entry of entries) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory && entry.name !== ".git") yield* filesUnder(folder, path);
    else if (entry.isFile) yield path;
  }
}

/** What suppresses a finding at its one place. */
function reasonAt(
  suppression: Suppression,
  { ruleId, fingerprint }: { ruleId: string; fingerprint: string },
  place: SuppressiblePlace,
): string | null {
  return suppression.reasonFor({ ruleId, fingerprint, places: [place] });
}

async function suppressionOf(folder: string, { onNote }: ScanOptions): Promise<Suppression> {
  const read = (name: string) => Deno.readTextFile(`${folder}/${name}`).catch(() => "");
  const { entries, problems } = readSuppressions({
    sluiceYml: await read(".sluice.yml"),
    gitleaksIgnore: await read(".gitleaksignore"),
  });
  problems.forEach(onNote);
  return createSuppression(entries, []);
}

/** Scans the whole history of a repository in a folder, which git itself serves for it. */
export async function* scanLocalHistory(
  folder: string,
  options: ScanOptions,
): AsyncGenerator<Finding> {
  await using server = fakeGitServer({ repositories: { repository: folder } });
  // What lies in the work tree counts, committed or not; a bare repository has none.
  const isBare = !await Deno.stat(`${folder}/.git`).then(() => true, () => false);
  const suppression = isBare ? null : await suppressionOf(folder, options);
  const remote = { url: `${server.url}repository`, user: "", password: "" };
  yield* scanHistory(remote, "history", options, suppression);
}

/** Scans a repository by its address; user and password may stand in it. */
export async function* scanRemote(
  address: string,
  mode: "tip" | "history",
  options: ScanOptions,
): AsyncGenerator<Finding> {
  const url = new URL(address);
  const remote = {
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    url: "",
  };
  url.username = "";
  url.password = "";
  remote.url = url.href;
  yield* scanHistory(remote, mode, options, null);
}

/** Without a `suppression` the files of the newest commit suppress, which are known at the end. */
async function* scanHistory(
  remote: { url: string; user: string; password: string },
  mode: "tip" | "history",
  options: ScanOptions,
  suppression: Suppression | null,
): AsyncGenerator<Finding> {
  const spoolDir = await Deno.makeTempDir({ prefix: "sluice-scan-" });
  const secrets: FoundSecret[] = [];
  try {
    const reading = readRepository({
      remote,
      mode,
      haves: [],
      limits: readLimits({ maxPackBytes: 8e9, maxBlobBytes: LARGEST_FILE }),
      fingerprintKey: options.fingerprintKey,
      spoolDir,
    });
    for (;;) {
      const next = await reading.next();
      if (next.done) {
        const { leftOut, suppressions } = next.value;
        leftOut.forEach(options.onNote);
        if (suppression === null) {
          suppressions?.problems.forEach(options.onNote);
          suppression = createSuppression(suppressions?.entries ?? null, []);
        }
        break;
      }
      secrets.push(...next.value);
    }
  } finally {
    await Deno.remove(spoolDir, { recursive: true });
  }
  for (const secret of secrets) {
    if (!options.sensitiveFiles && isSensitiveFileRule(secret.ruleId)) continue;
    const { occurrences } = secret;
    const reasons = suppression.reasonsFor({ ...secret, places: occurrences });
    for (const [i, one] of occurrences.entries()) {
      yield {
        rule: secret.ruleId,
        severity: secret.severity,
        confidence: secret.confidence,
        path: one.path,
        line: one.line,
        column: one.column,
        commit: one.commit,
        author: one.authorName,
        date: one.date === null ? null : new Date(one.date).toISOString(),
        preview: secret.preview,
        fingerprint: secret.fingerprint,
        reasons: [...secret.reasons, one.atTip ? "still at the tip" : "only in the history"],
        suppressedBy: reasons[i]!,
      };
    }
  }
}
