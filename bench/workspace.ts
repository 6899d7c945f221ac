/**
 * `deno task bench:workspace N`: a workspace of N small repositories, from the first start to the
 * last scan, by the app as a process against a stand-in on the same machine. What the app costs is
 * its own processor time: that of the stand-in and of git is another process's. Memory and pages
 * are looked at on the way, so that what grows with the number of repositories is seen.
 */

import { type App, startApp } from "@/e2e/harness/app.ts";
import { readRows } from "@/e2e/harness/database.ts";
import { signIn } from "@/e2e/harness/flow.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { plant } from "@/e2e/harness/plant.ts";
import type { Visitor } from "@/e2e/harness/visitor.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { connect, openWorkspace } from "@/e2e/harness/workspace.ts";
import { manyRepositories } from "@/lib/codeserver/bitbucket_cloud/fake_state.ts";

/** Different repositories, shared in turn: making a thousand would take longer than scanning them. */
const DIFFERENT = 20;
/** Scans after which memory and a page are looked at, and the end. */
const MARKS = [100, 1000, 2500, 5000, 7500];
const PAGES = 30;

const count = Number(Deno.args[0] ?? 1000);
if (!Number.isInteger(count) || count < 1 || count > 100_000) {
  console.error("Say how many repositories, from 1 to 100000: deno task bench:workspace 1000");
  Deno.exit(2);
}

await withFolder(async (folder) => {
  const dataDir = `${folder}/data`;
  await Deno.mkdir(dataDir);
  const planted = await plant(folder, DIFFERENT);
  const dirs = planted.repositories.map(({ git }) => git!);
  await using workspace = openWorkspace({ repositories: manyRepositories(count, dirs) });
  await connect(dataDir, workspace);

  const start = Date.now();
  const seconds = () => ((Date.now() - start) / 1000).toFixed(1);
  const app = await startApp({ dataDir, env: { ...workspace.env, ...threads() } });
  const figures: Record<string, string | number> = { repositories: count, "start, s": seconds() };
  let spentMs = 0;
  try {
    const visitor = await signIn(app, workspace);
    await waitFor("the first finding", async () => {
      const { html } = await visitor.open("/findings");
      return html.includes("ghp_");
    });
    figures["first finding on a page, s"] = seconds();
    await waitFor("the discovery", () => {
      const [row] = readRows(dataDir, "SELECT discovered_at AS at FROM servers");
      return row!.at !== null;
    }, 600_000);
    figures["discovered, s"] = seconds();
    figures["list calls of the discovery"] = workspace.listings();

    for (const mark of [...MARKS.filter((mark) => mark < count), count]) {
      await waitFor(`${mark} scans`, async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        return scansDone(dataDir) >= mark;
      }, 3_600_000);
      // Before the page is looked at thirty times, which is no part of scanning.
      spentMs = await processorMs(app);
      console.log(
        `${seconds().padStart(7)} s: ${scansDone(dataDir)} scans done; ` +
          `memory ${mega((await app.memory()).nowBytes)} MB; /repositories ${await look(visitor)}`,
      );
    }
    figures["last scan, s"] = seconds();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    console.log(
      `at rest: memory ${mega((await app.memory()).nowBytes)} MB; /repositories ${await look(
        visitor,
      )}`,
    );
    figures["list calls"] = workspace.listings();
    figures["REST calls"] = workspace.fake.count("* /2.0/*");
    const gitRequests = workspace.fake.log.length - workspace.fake.count("* /2.0/*");
    figures["git requests a repository"] = (gitRequests / count).toFixed(2);
    figures["memory at most, MB"] = mega((await app.memory()).peakBytes);
    figures["processor time of the app a repository, ms"] = (spentMs / count).toFixed(1);
    const [found] = readRows(dataDir, "SELECT count(*) AS n FROM findings");
    figures["findings"] = Number(found!.n);
  } finally {
    await app.stop();
  }
  console.table(figures);
});

function scansDone(dataDir: string): number {
  const [row] = readRows(
    dataDir,
    "SELECT count(*) AS n FROM jobs WHERE kind = 'scan' AND state = 'succeeded'",
  );
  return Number(row!.n);
}

/** How long the page of repositories takes, over and over. */
async function look(visitor: Visitor): Promise<string> {
  const times: number[] = [];
  for (let i = 0; i < PAGES; i++) {
    const before = performance.now();
    await visitor.open("/repositories");
    times.push(performance.now() - before);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)]!.toFixed(0);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}

function threads(): Record<string, string> {
  const given = Deno.env.get("SCAN_THREADS");
  return given ? { SCAN_THREADS: given } : {};
}

function mega(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}

/** User and system time; the kernel counts in hundredths of a second. */
async function processorMs({ pid }: App): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
