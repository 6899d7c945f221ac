/** Where the terminal's scan finds its texts: a folder, standard input, or a repository's history. */

import { createDetector, judge, type Judgement } from "@/lib/detect/mod.ts";
import { isSensitiveFileRule, sensitiveFile } from "@/lib/detect/sensitive_file.ts";
import { readSuppressions, type Suppressions } from "@/lib/detect/suppression_file.ts";
import { fakeGitServer } from "@/lib/git/fake_git_server.ts";
import { readLimits } from "@/workers/limits.ts";
import { readRepository } from "@/workers/read_repository.ts";

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
const NO_SUPPRESSIONS = readSuppressions({});

/** Scans one text; `path` is `-` for standard input. */
export function* scanText(
  bytes: Uint8Array,
  path: string,
  options: ScanOptions,
  suppressions: Suppressions = NO_SUPPRESSIONS,
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
      suppressedBy: judgement.suppressedBy ?? suppressions.reasonFor({ ...hit, path }),
    };
  }
}

/** Scans every file under a folder but what is under `.git`; links are not followed. */
export async function* scanFolder(folder: string, options: ScanOptions): AsyncGenerator<Finding> {
  const detector = createDetector(options);
  const suppressions = await suppressionsOf(folder, options);
  for await (const path of filesUnder(folder, "")) {
    const name = path === "" ? folder.replace(/^.*\//, "") : path;
    const full = path === "" ? folder : `${folder}/${path}`;
    if (options.sensitiveFiles) yield* byName(name, suppressions);
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
    yield* scanText(bytes, name, options, suppressions, detector);
  }
}

function* byName(path: string, suppressions: Suppressions): Generator<Finding> {
  const found = sensitiveFile(path);
  if (found === null) return;
  const place = { ruleId: found.ruleId, fingerprint: "", path, line: 1 };
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
    suppressedBy: suppressions.reasonFor(place),
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

async function suppressionsOf(folder: string, { onNote }: ScanOptions): Promise<Suppressions> {
  const read = (name: string) => Deno.readTextFile(`${folder}/${name}`).catch(() => "");
  const found = readSuppressions({
    sluiceYml: await read(".sluice.yml"),
    gitleaksIgnore: await read(".gitleaksignore"),
  });
  found.problems.forEach(onNote);
  return found;
}

/** Scans the whole history of a repository in a folder, which git itself serves for it. */
export async function* scanLocalHistory(
  folder: string,
  options: ScanOptions,
): AsyncGenerator<Finding> {
  await using server = fakeGitServer({ repositories: { repository: folder } });
  const suppressions = await suppressionsOf(folder, options);
  const remote = { url: `${server.url}repository`, user: "", password: "" };
  yield* scanHistory(remote, "history", options, suppressions);
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
  yield* scanHistory(remote, mode, options, NO_SUPPRESSIONS);
}

async function* scanHistory(
  remote: { url: string; user: string; password: string },
  mode: "tip" | "history",
  options: ScanOptions,
  suppressions: Suppressions,
): AsyncGenerator<Finding> {
  const spoolDir = await Deno.makeTempDir({ prefix: "sluice-scan-" });
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
        next.value.leftOut.forEach(options.onNote);
        return;
      }
      for (const secret of next.value) {
        if (!options.sensitiveFiles && isSensitiveFileRule(secret.ruleId)) continue;
        for (const one of secret.occurrences) {
          const place = { ...secret, ...one };
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
            reasons: secret.reasons,
            suppressedBy: secret.suppressedBy ?? suppressions.reasonFor(place),
          };
        }
      }
    }
  } finally {
    await Deno.remove(spoolDir, { recursive: true });
  }
}
