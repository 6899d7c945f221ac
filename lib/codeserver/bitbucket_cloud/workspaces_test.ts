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
    const { workspaces, problems } = parseWorkspaces(input);
    assert.deepEqual({ workspaces, problems }, { workspaces: ["acme"], problems: [] }, input);
  }
  assert.deepEqual(parseWorkspaces(UUID).workspaces, [UUID]);
  const coded = `https://bitbucket.org/${encodeURIComponent(UUID)}/`;
  assert.deepEqual(parseWorkspaces(coded).workspaces, [UUID]);
});

Deno.test("parseWorkspaces() reads several, parted in any way, and each once", () => {
  assert.deepEqual(
    parseWorkspaces("acme, globex\ninitech;acme  https://bitbucket.org/globex/x").workspaces,
    ["acme", "globex", "initech"],
  );
});

Deno.test("parseWorkspaces() says what is wrong with each it cannot read", () => {
  const cases: [string, RegExp][] = [
    ["", /at least one/],
    ["https://github.com/acme", /github.com is not Bitbucket Cloud/],
    ["git@github.com:acme/shop.git", /github.com is not Bitbucket Cloud/],
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

Deno.test("parseWorkspaces() knows a token that belongs to the next step, and repeats none of it", () => {
  const tail = "made-up-tail".repeat(3);
  const tokens = [
    "ATATT" + "3x" + tail,
    "ATCTT" + "3x" + tail,
    "ATBB" + "madeuptail12",
    `ana@example.com:${tail}`,
    `ana@example.com:${"ATATT" + "3x" + tail}`,
    `ana@example.com ${"ATATT" + "3x" + tail}`,
    `BITBUCKET_TOKEN=${"ATCTT" + "3x" + tail}`,
    `https://x-token-auth:${"ATCTT" + "3x" + tail}@bitbucket.org/acme/shop.git`,
    `Authorization: Basic ${btoa(`ana@example.com:${tail}`)}`,
  ];
  for (const token of tokens) {
    for (const text of [token, `acme\n${token}`, `acme!, ${token}`]) {
      assert.deepEqual(parseWorkspaces(text), {
        workspaces: [],
        problems: [{
          input: "",
          sentence: "This looks like a token; it belongs to the next step.",
        }],
        shown: "",
      });
    }
  }
});

Deno.test("parseWorkspaces() takes the user and password of an address out of what is shown again", () => {
  const secret = "made-up-" + "secret";
  const { shown } = parseWorkspaces(`acme!\nhttps://ana:${secret}@bitbucket.org/globex`);
  assert.equal(shown, "acme!\nhttps://bitbucket.org/globex");
});

Deno.test("parseWorkspaces() takes other hosts where they are configured", () => {
  const parsed = parseWorkspaces("http://127.0.0.1:9000/demo/", ["127.0.0.1:9000"]);
  assert.deepEqual(parsed.workspaces, ["demo"]);
  const ssh = parseWorkspaces("ana@code.example.com:acme/shop", ["code.example.com"]);
  assert.deepEqual(ssh.workspaces, ["acme"]);
});

Deno.test("parseWorkspaces() takes at most fifty", () => {
  const many = Array.from({ length: 51 }, (_, index) => `w${index}`).join(" ");
  assert.match(parseWorkspaces(many).problems[0]!.sentence, /at most 50/);
});
