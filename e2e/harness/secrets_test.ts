import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { githubToken, password, searchFiles, searchText } from "@/e2e/harness/secrets.ts";

Deno.test("searchText() finds a secret in clear and in every wrapping", () => {
  const secret = githubToken();
  const texts = [
    `token=${secret};`,
    Buffer.from(secret).toString("hex").toUpperCase(),
    ...["", "a", "ab"].map((before) => Buffer.from(`${before}${secret}zz`).toString("base64")),
    `?q=${encodeURIComponent("p@ss/" + secret)}`,
  ];
  for (const text of texts) assert.deepEqual(searchText(text, [secret]), [secret], text);
  assert.deepEqual(searchText(texts.join("\n"), [githubToken(), password()]), []);
});

Deno.test("searchFiles() reads every file below a folder, whatever is in it", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const secret = password();
    await Deno.mkdir(`${dir}/deep`);
    await Deno.writeFile(
      `${dir}/deep/data.db`,
      new Uint8Array([0, 255, ...new TextEncoder().encode(secret), 0]),
    );
    await Deno.writeTextFile(`${dir}/clean`, "nothing");
    assert.deepEqual(await searchFiles(dir, [secret]), [`${dir}/deep/data.db: ${secret}`]);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
