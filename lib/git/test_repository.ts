/** Builds real repositories for tests from data, always the same, with no one's own settings. */

/** A file's bytes by its path; null removes it. A path is C-quoted where it is not plain. */
export type Files = Readonly<Record<string, string | Uint8Array | null>>;

export interface TestCommit {
  /** The branch it is put on (`main`). */
  branch?: string;
  files: Files;
  /** Modes by path where they are not 100644: 120000 for a link, 160000 with a commit id as text. */
  modes?: Readonly<Record<string, string>>;
  /** Names of other branches that are merged in, or marks of commits such as `:3`. */
  merge?: readonly string[];
  /** Begins a history of its own. */
  orphan?: boolean;
  author?: string;
  /** Seconds since the epoch; else each commit is a minute younger than the one before. */
  at?: number;
}

export interface TestRepository extends AsyncDisposable {
  dir: string;
  /** Runs git in it and gives what it says. */
  git(args: readonly string[], input?: string | Uint8Array): Promise<string>;
  /** The same, as bytes. */
  gitBytes(args: readonly string[], input?: string | Uint8Array): Promise<Uint8Array>;
  commit(...commits: readonly TestCommit[]): Promise<void>;
}

const START = 1_700_000_000;
const ENV = {
  PATH: Deno.env.get("PATH") ?? "",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_AUTHOR_DATE: `${START} +0000`,
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
  GIT_COMMITTER_DATE: `${START} +0000`,
};

/** A bare repository with the given commits; disposing removes it. */
export async function testRepository(
  commits: readonly TestCommit[] = [],
): Promise<TestRepository> {
  const dir = await Deno.makeTempDir({ prefix: "sluice-test-repository-" });
  let count = 0;

  async function gitBytes(args: readonly string[], input: string | Uint8Array = "") {
    const child = new Deno.Command("git", {
      args: ["-C", dir, ...args],
      clearEnv: true,
      env: ENV,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
    const fed = writer.write(bytes as Uint8Array<ArrayBuffer>).then(() => writer.close())
      .catch(() => {});
    const { success, stdout, stderr } = await child.output();
    await fed;
    if (!success) throw new Error(`git ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
    return stdout;
  }

  async function git(args: readonly string[], input?: string | Uint8Array): Promise<string> {
    return new TextDecoder().decode(await gitBytes(args, input));
  }

  async function commit(...list: readonly TestCommit[]): Promise<void> {
    const parts: Uint8Array[] = [];
    const encoder = new TextEncoder();
    const put = (text: string) => parts.push(encoder.encode(text));
    const known = new Set(
      (await git(["for-each-ref", "--format=%(refname)"])).split("\n").filter(Boolean),
    );
    for (const one of list) {
      const ref = `refs/heads/${one.branch ?? "main"}`;
      const at = one.at ?? START + 60 * count;
      count++;
      const who = one.author ?? "Ada <ada@example.org>";
      if (one.orphan) put(`reset ${ref}\n\n`);
      put(
        `commit ${ref}\nauthor ${who} ${at} +0000\ncommitter Ada <ada@example.org> ${at} +0000\n`,
      );
      put(`data ${`commit ${count}`.length}\ncommit ${count}\n`);
      // In a new stream a branch of an earlier one is not known by itself.
      if (known.has(ref) && !one.orphan) put(`from ${ref}^0\n`);
      known.delete(ref);
      for (const other of one.merge ?? []) {
        put(`merge ${other.startsWith(":") ? other : `refs/heads/${other}`}\n`);
      }
      for (const [path, content] of Object.entries(one.files)) {
        const mode = one.modes?.[path] ?? "100644";
        if (content === null) put(`D ${path}\n`);
        else if (mode === "160000") put(`M ${mode} ${content} ${path}\n`);
        else {
          const bytes = typeof content === "string" ? encoder.encode(content) : content;
          put(`M ${mode} inline ${path}\ndata ${bytes.length}\n`);
          parts.push(bytes);
          put("\n");
        }
      }
      put("\n");
    }
    const stream = new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer());
    await git(["fast-import", "--quiet", "--date-format=raw-permissive", "--force"], stream);
  }

  await git(["init", "--quiet", "--bare", "--initial-branch=main"]);
  if (commits.length > 0) await commit(...commits);
  return {
    dir,
    git,
    gitBytes,
    commit,
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

/** Random numbers that are the same each time: a linear generator (Lehmer, 2^31 − 1, 48271). */
export function seeded(seed: number): (below: number) => number {
  let state = seed % 2147483647 || 1;
  return (below) => {
    state = state * 48271 % 2147483647;
    return state % below;
  };
}
