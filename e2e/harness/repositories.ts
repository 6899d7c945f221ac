/** Git repositories from data, through one `git fast-import` each. */

/** One commit on one branch; a file that is null goes away. */
export interface Commit {
  message: string;
  files: Record<string, string | Uint8Array | null>;
  /** `main` unless told. A new branch starts where `main` stands. */
  branch?: string;
  author?: string;
  /** Seconds since the epoch; an hour later than the commit before unless told. */
  time?: number;
}

const FIRST_COMMIT = Date.UTC(2024, 0, 1) / 1000;

/** Makes a bare repository at `dir`, or adds to it, and gives the ids of the commits. */
export async function makeRepository(dir: string, commits: readonly Commit[]): Promise<string[]> {
  await git(["init", "--quiet", "--bare", "--initial-branch=main", dir]);
  await git(["-C", dir, "config", "http.uploadpack", "true"]);
  return await addCommits(dir, commits);
}

/** Adds commits to a bare repository and gives their ids. */
export async function addCommits(dir: string, commits: readonly Commit[]): Promise<string[]> {
  if (commits.length === 0) return [];
  const heads = await branches(dir);
  const count = heads.size === 0
    ? 0
    : Number(await git(["-C", dir, "rev-list", "--count", "--all"]));
  const parts: Uint8Array[] = [];
  const encoder = new TextEncoder();
  const write = (text: string) => parts.push(encoder.encode(text));
  const data = (content: string | Uint8Array) => {
    const bytes = typeof content === "string" ? encoder.encode(content) : content;
    write(`data ${bytes.length}\n`);
    parts.push(bytes);
    write("\n");
  };
  const made = new Set<string>();
  for (const [index, commit] of commits.entries()) {
    const ref = `refs/heads/${commit.branch ?? "main"}`;
    const author = commit.author ?? "Ada Example <ada@example.com>";
    const time = commit.time ?? FIRST_COMMIT + (count + index) * 3600;
    write(`commit ${ref}\nmark :${index + 1}\n`);
    write(`author ${author} ${time} +0000\ncommitter ${author} ${time} +0000\n`);
    data(commit.message);
    if (!made.has(ref)) {
      const parent = heads.has(ref) ? ref : "refs/heads/main";
      if (heads.has(parent)) write(`from ${parent}^0\n`);
      else if (made.has(parent)) write(`from ${parent}\n`);
      made.add(ref);
    }
    for (const [path, content] of Object.entries(commit.files)) {
      if (content === null) {
        write(`D ${JSON.stringify(path)}\n`);
      } else {
        write(`M 100644 inline ${JSON.stringify(path)}\n`);
        data(content);
      }
    }
  }
  const marks = `${dir}/import-marks`;
  await git(["-C", dir, "fast-import", "--quiet", `--export-marks=${marks}`], parts);
  const ids = new Map(
    (await Deno.readTextFile(marks)).trim().split("\n").map((line) => {
      const [mark, id] = line.split(" ");
      return [Number(mark!.slice(1)), id!];
    }),
  );
  await Deno.remove(marks);
  return commits.map((_, index) => ids.get(index + 1)!);
}

/** Runs git with a bare configuration and gives what it printed. @throws with what it complained. */
export async function git(args: string[], input: Uint8Array[] = []): Promise<string> {
  const child = new Deno.Command("git", {
    args,
    env: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
    stdin: input.length ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writing = async () => {
    if (input.length === 0) return;
    const writer = child.stdin.getWriter();
    for (const part of input) await writer.write(part);
    await writer.close();
  };
  const [, output] = await Promise.all([writing(), child.output()]);
  if (!output.success) {
    throw new Error(`Cannot run git ${args.join(" ")}: ${new TextDecoder().decode(output.stderr)}`);
  }
  return new TextDecoder().decode(output.stdout);
}

async function branches(dir: string): Promise<Set<string>> {
  const refs = await git(["-C", dir, "for-each-ref", "--format=%(refname)", "refs/heads"]);
  return new Set(refs.split("\n").filter((ref) => ref !== ""));
}
