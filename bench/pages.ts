/**
 * `deno task bench:pages N`: how long pages take with 10,000 repositories and with N (100,000), by the
 * app as a process, and then what polls cost while many look on and scans keep a core busy. Lists are
 * read by keys and counts are kept by triggers, so both should be close.
 */

import { startApp } from "@/e2e/harness/app.ts";
import { signIn } from "@/e2e/harness/flow.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import type { Visitor } from "@/e2e/harness/visitor.ts";
import { openWorkspace } from "@/e2e/harness/workspace.ts";
import { underLoad } from "@/bench/pages_load.ts";
import { seed } from "@/bench/pages_seed.ts";

const PATHS: Record<string, string> = {
  "repositories": "/repositories",
  "last page": "/repositories?sort=-name",
  "most findings first": "/repositories?sort=-findings",
  "newest scan first": "/repositories?sort=-scanned",
  "one state": "/repositories?state=findings",
  "search": "/repositories?q=repository-0000",
  "search without a match": "/repositories?q=zzzz",
  "poll": "/repositories/refresh",
  "findings": "/findings",
  "findings of one severity": "/findings?severity=critical",
  "findings of several names": "/findings?repository=repository-0000",
  "findings of no name": "/findings?repository=zzzz",
  "names to choose from": "/findings/repositories?repository=repository-0000",
  "code servers": "/servers",
};
const TIMES = 30;

const FEW = 10_000;

const count = Number(Deno.args[0] ?? 100_000);
if (!Number.isInteger(count) || count < FEW || count > 1_000_000) {
  console.error("Say how many repositories, from 10000 to 1000000: deno task bench:pages 100000");
  Deno.exit(2);
}

const loadBefore = Deno.loadavg();
const loads: Record<number, Awaited<ReturnType<typeof underLoad>>> = {};
const [few, many] = [await measure(FEW), await measure(count)];
console.table(Object.fromEntries(
  Object.keys(PATHS).map((name) => [name, {
    [`${FEW}, median ms`]: few[name]!.median,
    [`${FEW}, p95 ms`]: few[name]!.p95,
    [`${count}, median ms`]: many[name]!.median,
    [`${count}, p95 ms`]: many[name]!.p95,
  }]),
));

for (const [repositories, load] of Object.entries(loads)) {
  console.log(`\n${repositories} repositories, 2,000 of them being scanned`);
  console.table(load);
}
const shown = (load: number[]) => load.map((one) => one.toFixed(2)).join(" ");
console.log(
  `\nTimes in milliseconds. Processor: the app's main thread alone. Load of the machine over 1, 5 and ` +
    `15 minutes: ${shown(loadBefore)} before, ${shown(Deno.loadavg())} after, on ` +
    `${navigator.hardwareConcurrency} cores that the viewers share.`,
);

type Times = Record<string, { median: number; p95: number }>;

async function measure(repositories: number): Promise<Times> {
  return await withFolder(async (dataDir) => {
    await using workspace = openWorkspace({});
    await seed(dataDir, workspace, repositories);
    const app = await startApp({ dataDir, env: workspace.env });
    const times: Times = {};
    try {
      const visitor = await signIn(app, workspace);
      for (const [name, path] of Object.entries(PATHS)) times[name] = await time(visitor, path);
    } finally {
      await app.stop();
    }
    loads[repositories] = await underLoad(dataDir, workspace);
    return times;
  });
}

async function time(visitor: Visitor, path: string): Promise<{ median: number; p95: number }> {
  const taken: number[] = [];
  for (let run = 0; run < TIMES; run++) {
    const before = performance.now();
    const { status } = await visitor.open(path);
    taken.push(performance.now() - before);
    if (status !== 200) throw new Error(`Cannot measure ${path}: it answered ${status}`);
  }
  taken.sort((a, b) => a - b);
  const at = (share: number) => Math.round(taken[Math.floor(taken.length * share)]! * 10) / 10;
  return { median: at(0.5), p95: at(0.95) };
}
