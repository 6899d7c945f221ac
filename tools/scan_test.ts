import assert from "node:assert/strict";
import { checkedSarif } from "@/lib/test_sarif_schema.ts";
import { fakeGitServer } from "@/lib/git/fake_git_server.ts";
import { ROOT } from "@/tools/files.ts";
import { main } from "@/tools/scan.ts";

const secret = "Falcon" + "1987!";

async function setup() {
  const dir = await Deno.makeTempDir({ prefix: "sluice-scan-test-" });
  await Deno.mkdir(`${dir}/tree/src`, { recursive: true });
  await Deno.writeTextFile(`${dir}/tree/src/app.py`, `x = 1\npassword = "${secret}"\n`);
  const output = `${dir}/report`;
  return {
    tree: `${dir}/tree`,
    async run(...args: string[]) {
      const code = await main([...args, "--output", output]);
      return { code, text: await Deno.readTextFile(output) };
    },
    async git(...args: string[]) {
      const { success, stderr } = await new Deno.Command("git", {
        args: [
          "-C",
          `${dir}/tree`,
          "-c",
          "user.name=Ada",
          "-c",
          "user.email=ada@acme.net",
          ...args,
        ],
        stdout: "null",
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
    },
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

Deno.test("scan reads a folder as files and gives 1 on findings, 0 with --no-fail", async () => {
  await using it = await setup();
  const { code, text } = await it.run("--format", "json", it.tree);
  assert.equal(code, 1);
  const [finding, ...more] = JSON.parse(text);
  assert.equal(more.length, 0);
  assert.deepEqual(
    [finding.rule, finding.path, finding.line, finding.commit, finding.author, finding.date],
    ["password-assignment", "src/app.py", 2, null, null, null],
  );
  assert.ok(!text.includes(secret));
  assert.equal((await it.run("--no-fail", it.tree)).code, 0);
});

Deno.test("scan reads a repository's history, and its files alone with --no-history", async () => {
  await using it = await setup();
  await it.git("init", "-q", "-b", "main");
  await it.git("add", ".");
  await it.git("commit", "-q", "-m", "first");
  await Deno.writeTextFile(`${it.tree}/src/app.py`, "x = 1\n");
  await it.git("commit", "-q", "-a", "-m", "second");
  const { code, text } = await it.run("--format", "json", it.tree);
  assert.equal(code, 1);
  const [finding] = JSON.parse(text);
  assert.match(finding.commit, /^[0-9a-f]{40}$/);
  assert.equal(finding.author, "Ada");
  assert.equal((await it.run("--no-history", it.tree)).code, 0);
});

Deno.test("scan passes over what .sluice.yml names, and shows it in SARIF as suppressed", async () => {
  await using it = await setup();
  await Deno.writeTextFile(`${it.tree}/.sluice.yml`, "ignore:\n  paths: [src/*.py]\n");
  const { code, text } = await it.run("--format", "sarif", it.tree);
  assert.equal(code, 0);
  const [run] = (await checkedSarif(text)).runs;
  assert.equal(run.results.length, 1);
  assert.equal(run.results[0].suppressions[0].justification, ".sluice.yml: path src/*.py");
  assert.ok(
    run.tool.driver.rules.some((rule: { id: string }) => rule.id === "password-assignment"),
  );
});

Deno.test("scan reports files by their names when asked to", async () => {
  await using it = await setup();
  await Deno.writeTextFile(`${it.tree}/team.kdbx`, "x");
  const { text } = await it.run("--sensitive-files", it.tree);
  assert.match(text, /low +file-password-database {2}team\.kdbx:1/);
});

Deno.test("scan gives 2 when it cannot be done", async () => {
  await using it = await setup();
  assert.equal(await main([]), 2);
  assert.equal(await main(["--format", "xml", it.tree]), 2);
  assert.equal(await main(["--colour", it.tree]), 2);
  assert.equal(await main([`${it.tree}/nowhere`]), 2);
});

/** The scan as a process of its own, as people start it. */
async function asProcess(
  args: readonly string[],
  given: { input?: string; env?: Record<string, string>; close?: boolean } = {},
) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `${ROOT}tools/scan.ts`, ...args],
    cwd: ROOT,
    env: given.env ?? {},
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(given.input ?? ""));
  await writer.close();
  if (given.close) await child.stdout.cancel();
  const said = new Response(child.stderr).text();
  const text = given.close ? "" : await new Response(child.stdout).text();
  return { code: (await child.status).code, text, said: await said };
}

Deno.test("scan reads standard input, and gives 0 where there is nothing", async () => {
  const found = await asProcess(["--format", "json", "-"], { input: `password = "${secret}"\n` });
  assert.equal(found.code, 1, found.said);
  const [finding] = JSON.parse(found.text);
  assert.deepEqual([finding.rule, finding.path, finding.line], ["password-assignment", "-", 1]);
  const clean = await asProcess(["--format", "sarif", "-"], { input: "x = 1\n" });
  assert.equal(clean.code, 0, clean.said);
  assert.deepEqual((await checkedSarif(clean.text)).runs[0].results, []);
});

Deno.test("scan ends quietly when nobody reads its report any more", async () => {
  const { code, said } = await asProcess(["--format", "sarif", "--no-fail", "-"], {
    input: `password = "${secret}"\n`.repeat(200),
    close: true,
  });
  assert.equal(code, 0, said);
  assert.doesNotMatch(said, /error|Broken/);
});

Deno.test("scan refuses a SECRET_KEY that is none, without showing it, and takes base64url", async () => {
  const wrong = "not-a-key-" + "of-32-bytes";
  const refused = await asProcess(["-"], { env: { SECRET_KEY: wrong } });
  assert.equal(refused.code, 2);
  assert.match(refused.said, /SECRET_KEY: expected 32 bytes in base64/);
  assert.ok(!refused.said.includes(wrong));
  const input = `password = "${secret}"\n`;
  const print = async (key: string | null) => {
    const env: Record<string, string> = key === null ? {} : { SECRET_KEY: key };
    const { text } = await asProcess(["--format", "json", "-"], { input, env });
    return JSON.parse(text)[0].fingerprint;
  };
  const key = "_".repeat(42) + "8";
  assert.equal(await print(key), await print(`${key.replaceAll("_", "/")}=`));
  assert.notEqual(await print(key), await print(null));
});

Deno.test("scan of an address follows what its newest commit suppresses", async () => {
  await using it = await setup();
  await it.git("init", "-q", "-b", "main");
  await Deno.writeTextFile(`${it.tree}/.sluice.yml`, "ignore:\n  paths: [src/*.py]\n  x: [1]\n");
  await it.git("add", ".");
  await it.git("commit", "-q", "-m", "first");
  await using server = fakeGitServer({ repositories: { one: `${it.tree}/.git` } });
  const { code, text } = await it.run("--format", "sarif", `${server.url}one`);
  assert.equal(code, 0);
  const [result] = (await checkedSarif(text)).runs[0].results;
  assert.equal(result.suppressions[0].justification, ".sluice.yml: path src/*.py");
  assert.equal((await it.run("--no-history", `${server.url}one`)).code, 0);
});
