/** The files of the data folder, which are their owner's alone: they hold the key and what it seals. */

import type { Log } from "@/lib/log.ts";

/** What the app and its tools make there, copies set aside included; others' files are left alone. */
const OURS = /^(key|lock|sluice\.db.*|doorbell\.kv.*)$/;

/** Takes our files in `dir` from all but their owner, as an older version or a copy may have left them. */
export async function closeToOthers(dir: string, log: Log): Promise<void> {
  if (Deno.build.os === "windows") return;
  const [closed, failed]: [string[], string[]] = [[], []];
  for await (const { name, isFile } of Deno.readDir(dir)) {
    // A link is somebody's arrangement, such as a key that a platform mounts.
    if (!isFile || !OURS.test(name)) continue;
    const path = `${dir}/${name}`;
    const { mode } = await Deno.stat(path);
    if (mode === null || (mode & 0o077) === 0) continue;
    // Refused where the file is another account's, or the disk keeps no modes.
    const done = await Deno.chmod(path, 0o600).then(() => true, () => false);
    (done ? closed : failed).push(name);
  }
  if (closed.length > 0) {
    log.warn("Files stood open to other accounts of this machine; they are the owner's alone now", {
      files: closed.sort().join(", "),
    });
  }
  if (failed.length > 0) {
    log.warn("Files stand open to other accounts of this machine, and cannot be closed", {
      files: failed.sort().join(", "),
    });
  }
}
