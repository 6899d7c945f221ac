import assert from "node:assert/strict";
import { createNameTable } from "@/lib/git/name_table.ts";
import { MOST_PATH_BYTES, Paths, pathText } from "@/lib/git/paths.ts";
import { isHidden } from "@/lib/hidden_name.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** The text of one path, by numbers and by names, which are to say the same. */
function textOf(...names: string[]): string {
  const table = createNameTable();
  const numbers = names.map((name) => table.intern(encode(name), 0, encode(name).length));
  const paths = new Paths(table);
  const text = paths.text(numbers.reduce((parent, name) => paths.child(parent, name), 0));
  assert.equal(pathText(names.map(encode)), text);
  return text;
}

Deno.test("a path that fits on a disk is given as it stands", () => {
  assert.equal(textOf("src", "Zoë", "app.ts"), "src/Zoë/app.ts");
  const longest = "d".repeat(MOST_PATH_BYTES - 6);
  assert.equal(textOf(longest, "a.txt"), `${longest}/a.txt`);
});

Deno.test("a longer path is cut in its middle, keeps its kind of file, and stays one of its own", () => {
  const long = (middle: string) =>
    textOf("src", "d".repeat(3500), middle, "e".repeat(2000), "a.pem");
  const [one, other] = [long("1"), long("2")];
  for (const text of [one, other]) {
    assert.ok(encode(text).length <= MOST_PATH_BYTES, `${text.length}`);
    assert.ok(text.startsWith("src/ddd") && text.endsWith("eee/a.pem"), text);
    assert.ok(isHidden(text));
  }
  assert.notEqual(one, other);
  assert.equal(one, long("1"));
  assert.notEqual(textOf("a", "b".repeat(5000)), textOf("a".repeat(1) + "/b" + "b".repeat(4999)));
});

Deno.test("a cut parts no sign, and takes no longer for many files below one long folder", () => {
  assert.ok(!/[\ufffdÃ]/.test(textOf("é".repeat(3000))));
  assert.ok(!/[\ufffdð]/.test(textOf("x" + "😀".repeat(3000))));
  const table = createNameTable();
  const add = (name: string) => table.intern(encode(name), 0, encode(name).length);
  const paths = new Paths(table);
  const folder = paths.child(0, add("f".repeat(1_000_000)));
  const texts = new Set<string>();
  for (let i = 0; i < 5_000; i++) texts.add(paths.text(paths.child(folder, add(`${i}.txt`))));
  assert.equal(texts.size, 5_000);
});

Deno.test("what a tag names is cut as well", () => {
  const paths = new Paths(createNameTable());
  assert.equal(paths.text(paths.of(0, "refs/tags/v1")), "refs/tags/v1");
  assert.ok(paths.text(paths.of(0, `refs/tags/${"v".repeat(9000)}`)).length <= MOST_PATH_BYTES);
});
