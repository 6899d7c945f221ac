import assert from "node:assert/strict";
import { createLog } from "@/lib/log.ts";
import { closeToOthers } from "@/lib/own_files.ts";

Deno.test({
  name: "closeToOthers() takes our files from others, and leaves other files and links alone",
  ignore: Deno.build.os === "windows",
  async fn() {
    const lines: string[] = [];
    const log = createLog("info", (line) => lines.push(line));
    const dir = await Deno.makeTempDir({ prefix: "sluice-own-" });
    const modeOf = async (name: string) => (await Deno.stat(`${dir}/${name}`)).mode! & 0o777;
    try {
      const modes: [name: string, before: number, after: number][] = [
        ["key", 0o640, 0o600],
        ["lock", 0o644, 0o600],
        ["sluice.db", 0o604, 0o600],
        ["sluice.db-wal", 0o644, 0o600],
        ["sluice.db.before-restore-1", 0o644, 0o600],
        ["notes.txt", 0o644, 0o644],
        ["doorbell.kv", 0o600, 0o600],
      ];
      for (const [name, mode] of modes) {
        await Deno.writeTextFile(`${dir}/${name}`, "x");
        await Deno.chmod(`${dir}/${name}`, mode);
      }
      await Deno.symlink(`${dir}/notes.txt`, `${dir}/sluice.db.link`);
      for (let time = 0; time < 2; time++) await closeToOthers(dir, log);
      for (const [name, , mode] of modes) assert.equal(await modeOf(name), mode, name);
      assert.equal(lines.length, 1);
      const { files } = JSON.parse(lines[0]!);
      assert.equal(files, "key, lock, sluice.db, sluice.db-wal, sluice.db.before-restore-1");
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
});
