import assert from "node:assert/strict";
import { createDetector } from "@/lib/detect/mod.ts";
import { githubToken, randomText } from "@/e2e/harness/secrets.ts";
import { globTest } from "@/lib/glob.ts";
import { isHidden } from "@/lib/hidden_name.ts";
import { scannerOf } from "@/workers/read_repository.ts";
import { createNames, hideEntries } from "@/workers/names.ts";

const fingerprintKey = new Uint8Array(32).fill(7);
const detector = createDetector({ fingerprintKey });
const names = () => createNames(detector, fingerprintKey);
const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("a secret in a name is masked, and the name stays one of its own, the same each time", () => {
  const [one, other] = [githubToken(), githubToken()];
  const forms = [
    `keys/${one}.txt`,
    `keys/${other}.txt`,
    `keys/${one}.txt/${other}`,
    `${one} Example`,
    `${one}@example.com`,
    `refs/heads/fix-${one}`,
  ];
  const hidden = forms.map(names().hide);
  for (const [i, text] of hidden.entries()) {
    assert.ok(!text.includes(one) && !text.includes(other), `form ${i}`);
    assert.ok(isHidden(text), text);
    assert.ok(names().isKept(text, forms[i]!));
    assert.ok(!names().isKept(text, forms[(i + 1) % forms.length]!));
  }
  assert.equal(new Set(hidden).size, forms.length);
  assert.deepEqual(forms.map(names().hide), hidden);
  assert.deepEqual(hidden.map(names().hide), hidden);
  assert.match(hidden[0]!, /^keys\/ghp_\*{8}..~[0-9a-f]{12}\.txt$/);
});

Deno.test("a name without a secret leaves as it stands", () => {
  for (const name of ["src/app.ts", "Zoë <x>", "a…b", "refs/heads/main", "0a".repeat(32), ""]) {
    assert.equal(names().hide(name), name);
    assert.ok(names().isKept(name, name));
  }
});

Deno.test("signs that are no text hide no secret", () => {
  const token = githubToken();
  for (const name of [`${token}\0`, `\ud800/${token}`, `\ufeff${token}`, `é/${token}/ñ`]) {
    assert.ok(!names().hide(name).includes(token));
  }
});

Deno.test("a secret of the contents is masked in names too, where no rule would know it alone", () => {
  const secret = randomText(16) + "4_x";
  const made = names();
  const scanner = made.watch(scannerOf(detector));
  assert.equal(names().hide(`by/${secret}s`), `by/${secret}s`);
  const { hits } = scanner.scan(encode(`url = "postgres://app:${secret}@db.internal/app"\n`));
  assert.equal(hits.length, 1);
  const hidden = made.hide(`by/${secret}s`);
  assert.ok(!hidden.includes(secret) && isHidden(hidden), hidden);
});

Deno.test("names of people and refs are cut after their secrets are masked", () => {
  const token = githubToken();
  const person = names().person(`${"A".repeat(229)} ${token} ${"B".repeat(100)}`)!;
  assert.ok(person.length === 250 && !person.includes(token.slice(0, 12)), person);
  const ref = names().ref(`refs/heads/${"b".repeat(480)}/${token}`);
  assert.ok(ref.length <= 500 && !ref.includes(token.slice(0, 12)), ref);
  assert.equal(names().person(null), null);
});

Deno.test("files that suppress speak of the same paths as before", () => {
  const token = githubToken();
  const path = `keys/${token}.txt`;
  const made = names();
  const { entries, problems } = made.suppressions({
    files: [],
    entries: {
      paths: [path, "keys/**"],
      rules: ["github-personal-token"],
      fingerprints: ["0f".repeat(32), token],
      places: [`${path}:3`, `${"a".repeat(40)}:${path}:4`],
    },
    problems: [`.sluice.yml, line 1: ${token} is not understood`],
  });
  assert.ok(!JSON.stringify([entries, problems]).includes(token));
  const kept = made.hide(path);
  assert.deepEqual(entries.paths, [kept, "keys/**"]);
  assert.deepEqual(entries.places, [`${kept}:3`, `${"a".repeat(40)}:${kept}:4`]);
  assert.equal(entries.fingerprints[0], "0f".repeat(32));
});

Deno.test("a pattern with a secret speaks for the hidden paths that it spoke for", () => {
  const token = githubToken();
  const { paths } = hideEntries(
    { paths: [`keys/${token}/**`, `keys/${token}.txt`], rules: [], fingerprints: [], places: [] },
    names().hide,
  );
  assert.ok(!paths.join().includes(token));
  const fits = (pattern: string, path: string) =>
    globTest([pattern], { paths: true, cased: true })(names().hide(path));
  assert.ok(fits(paths[0]!, `keys/${token}/deep/a.txt`));
  assert.ok(!fits(paths[0]!, `other/${token}/deep/a.txt`));
  assert.ok(fits(paths[1]!, `keys/${token}.txt`));
});

Deno.test("a fingerprint is no secret, whatever a rule may take it for", () => {
  const fingerprints = ["0123456789abcdef", "ab".repeat(32)];
  const entries = { paths: [], rules: [], fingerprints, places: [] };
  assert.deepEqual(hideEntries(entries, () => "hidden").fingerprints, fingerprints);
});
