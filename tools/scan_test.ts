import assert from "node:assert/strict";
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
  const [run] = JSON.parse(text).runs;
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
