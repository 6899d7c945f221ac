import assert from "node:assert/strict";
import { parseWorkspaces } from "./workspaces.ts";

const UUID = "{12345678-9abc-def0-1234-56789abcdef0}";

Deno.test("parseWorkspaces() reads IDs and addresses of every kind", () => {
  const inputs = [
    "acme",
    "ACME",
    " acme ",
    "bitbucket.org/acme",
    "https://bitbucket.org/acme",
    "https://bitbucket.org/acme/",
    "https://bitbucket.org/acme/workspace/repositories/?page=2",
    "https://bitbucket.org/workspaces/acme/avatar/",
    "https://bitbucket.org/acme/payments/src/main/",
    "https://ana@bitbucket.org/acme/payments.git",
    "git@bitbucket.org:acme/payments.git",
    "ssh://git@bitbucket.org/acme/payments.git",
    "https://api.bitbucket.org/2.0/repositories/acme",
    "https://api.bitbucket.org/2.0/workspaces/acme/hooks",
    '"acme"',
  ];
  for (const input of inputs) {
    assert.deepEqual(parseWorkspaces(input), { workspaces: ["acme"], problems: [] }, input);
  }
  assert.deepEqual(parseWorkspaces(UUID).workspaces, [UUID]);
  const coded = `https://bitbucket.org/${encodeURIComponent(UUID)}/`;
  assert.deepEqual(parseWorkspaces(coded).workspaces, [UUID]);
});

Deno.test("parseWorkspaces() reads several, parted in any way, and each once", () => {
  assert.deepEqual(
    parseWorkspaces("acme, globex\ninitech;acme  https://bitbucket.org/globex/x"),
    { workspaces: ["acme", "globex", "initech"], problems: [] },
  );
});

Deno.test("parseWorkspaces() says what is wrong with each it cannot read", () => {
  const cases: [string, RegExp][] = [
    ["", /at least one/],
    ["https://github.com/acme", /github.com is not Bitbucket Cloud/],
    ["git.acme.example/acme", /is not Bitbucket Cloud/],
    ["https://bitbucket.org/", /names no workspace/],
    ["https://bitbucket.org/dashboard/overview", /names no workspace/],
    ["acme/payments", /the workspace alone: acme\./],
    ["acme!", /display name does not work/],
    ["../../etc", /display name does not work/],
    ["https://bitbucket.org/%2e%2e%2f", /display name does not work/],
    ["x".repeat(300), /display name does not work/],
  ];
  for (const [input, sentence] of cases) {
    const parsed = parseWorkspaces(input);
    assert.deepEqual(parsed.workspaces, [], input);
    assert.equal(parsed.problems.length, 1, input);
    assert.match(parsed.problems[0]!.sentence, sentence);
  }
  const mixed = parseWorkspaces("acme, globex!");
  assert.deepEqual(mixed.workspaces, ["acme"]);
  assert.equal(mixed.problems[0]!.input, "globex!");
});

Deno.test("parseWorkspaces() never repeats a credential from an address", () => {
  const secret = "made-up-" + "secret";
  const { problems } = parseWorkspaces(`https://ana:${secret}@github.com/acme`);
  assert.ok(!JSON.stringify(problems).includes(secret));
});

Deno.test("parseWorkspaces() takes other hosts where they are configured", () => {
  const parsed = parseWorkspaces("http://127.0.0.1:9000/demo/", ["127.0.0.1:9000"]);
  assert.deepEqual(parsed.workspaces, ["demo"]);
});

Deno.test("parseWorkspaces() takes at most fifty", () => {
  const many = Array.from({ length: 51 }, (_, index) => `w${index}`).join(" ");
  assert.match(parseWorkspaces(many).problems[0]!.sentence, /at most 50/);
});
