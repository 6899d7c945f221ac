/** Repositories with secrets planted in them, and what a scan of them must find. */

import type { FakeRepositorySetup } from "@/lib/codeserver/bitbucket_cloud/fake_state.ts";
import { makeRepository } from "@/e2e/harness/repositories.ts";
import { githubToken } from "@/e2e/harness/secrets.ts";

export interface Planted {
  repositories: FakeRepositorySetup[];
  secrets: string[];
  /** As `occurrencesOf` gives them. */
  occurrences: string[];
}

/**
 * Makes `count` repositories below `folder`: one secret that stands at the tip, one that only
 * history has, and one on a branch.
 */
export async function plant(folder: string, count: number): Promise<Planted> {
  const planted: Planted = { repositories: [], secrets: [], occurrences: [] };
  for (let index = 0; index < count; index++) {
    const slug = `r-${String(index).padStart(3, "0")}`;
    const dir = `${folder}/${slug}.git`;
    const [atTip, inHistory, onBranch] = [githubToken(), githubToken(), githubToken()];
    await makeRepository(dir, [
      {
        message: "Start",
        files: { "README.md": `# ${slug}\n`, "old.env": `A=1\nKEY=${inHistory}\n` },
      },
      { message: "Move", files: { "old.env": null, "src/app.ts": "export const one = 1;\n" } },
      { message: "Try", files: { "try.txt": `${onBranch}\n` }, branch: "topic" },
      { message: "Leak", files: { "src/app.ts": `// ${slug}\nconst key = "${atTip}";\n` } },
    ]);
    planted.repositories.push({ name: slug, git: dir });
    planted.secrets.push(atTip, inHistory, onBranch);
    for (const place of ["old.env:2", "src/app.ts:2", "try.txt:1"]) {
      planted.occurrences.push(`${slug} github-personal-token ${place}`);
    }
  }
  planted.occurrences.sort();
  return planted;
}
