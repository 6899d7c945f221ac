/**
 * `deno task bench:workspace N`: a workspace of N small repositories, from the first start to the
 * last scan, by the app as a process against a stand-in on the same machine.
 */

import { startApp } from "@/e2e/harness/app.ts";
import { readRows } from "@/e2e/harness/database.ts";
import { signIn } from "@/e2e/harness/flow.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { plant } from "@/e2e/harness/plant.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { connect, openWorkspace } from "@/e2e/harness/workspace.ts";
import { manyRepositories } from "@/lib/codeserver/bitbucket_cloud/fake_state.ts";

/** Different repositories, shared in turn: making a thousand would take longer than scanning them. */
const DIFFERENT = 20;

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
  try {
    const visitor = await signIn(app, workspace);
    await waitFor("the first finding", async () => {
      const { html } = await visitor.open("/findings");
      return html.includes("ghp_");
    });
    figures["first finding on a page, s"] = seconds();

    const idle: number[] = [];
    const pages = (async () => {
      for (const until = Date.now() + 20_000; Date.now() < until;) {
        const before = performance.now();
        await visitor.open("/repositories");
        idle.push(performance.now() - before);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    })();
    await waitFor("the discovery", () => {
      const [row] = readRows(dataDir, "SELECT discovered_at AS at FROM servers");
      return row!.at !== null;
    }, 600_000);
    figures["discovered, s"] = seconds();
    await waitFor("the last scan", async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      const [row] = readRows(
        dataDir,
        "SELECT count(*) AS n FROM jobs WHERE kind = 'scan' AND state = 'succeeded'",
      );
      return row!.n === count;
    }, 3_600_000);
    figures["last scan, s"] = seconds();
    await pages;
    idle.sort((a, b) => a - b);
    figures["page of repositories while scanning, p95 ms"] = Math.round(
      idle[Math.floor(idle.length * 0.95)]!,
    );
    figures["list calls"] = workspace.listings();
    figures["REST calls"] = workspace.fake.count("* /2.0/*");
    figures["git requests"] = workspace.fake.log.length - workspace.fake.count("* /2.0/*");
    figures["memory at most, MB"] = Math.round((await app.memory()).peakBytes / 1024 ** 2);
    figures["processor time of the app a repository, ms"] = Math.round(
      await processorMs(app.pid) / count,
    );
    const [found] = readRows(dataDir, "SELECT count(*) AS n FROM findings");
    figures["findings"] = Number(found!.n);
  } finally {
    await app.stop();
  }
  console.table(figures);
});

function threads(): Record<string, string> {
  const given = Deno.env.get("SCAN_THREADS");
  return given ? { SCAN_THREADS: given } : {};
}

/** User and system time; the kernel counts in hundredths of a second. */
async function processorMs(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
