import assert from "node:assert/strict";
import { parseAuthor, parseCommitLinks, parseSignature, parseTag } from "@/lib/git/commit.ts";
import { testRepository } from "@/lib/git/test_repository.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const OID = "1234567890".repeat(4);

Deno.test("parseCommitLinks() finds tree, parents and time", () => {
  const bytes = encode(
    `tree ${OID}\nparent ${OID}\nparent ${OID}\nauthor A <a> 1 +0000\ncommitter C <c> 99 +0100\n\nparent of all`,
  );
  assert.deepEqual(parseCommitLinks(bytes), { tree: 5, parents: [53, 101], committedAt: 99 });
  assert.equal(parseCommitLinks(encode("nonsense")), null);
  assert.equal(parseCommitLinks(encode(`tree ${OID}`)), null);
});

Deno.test("parseTag() reads what an annotated tag points at", () => {
  const tag = parseTag(encode(`object ${OID}\ntype tree\ntag v1\ntagger T <t@e> 5 +0000\n\nx`));
  assert.equal(tag?.oid, OID);
  assert.equal(tag?.type, "tree");
  assert.deepEqual(tag?.tagger, { name: "T", email: "t@e", date: 5000 });
  assert.equal(parseTag(encode("object 12\ntype tree\n")), null);
});

Deno.test("parseAuthor() reads broken author lines as git does", async () => {
  await using repository = await testRepository([{ files: { a: "1" } }]);
  const tree = (await repository.git(["rev-parse", "main^{tree}"])).trim();
  const lines = [
    "Ada <ada@example.org> 1700000000 +0100",
    "Ada  Lovelace <> 1700000000 +0000",
    "<only@mail> 12 +0000",
    "Two <a@b> <c@d> 77 +0000",
    "Zoë <zoë@example.org> 1 -0800",
  ];
  for (const line of lines) {
    const content = `tree ${tree}\nauthor ${line}\ncommitter C <c> 1 +0000\n\nx\n`;
    const oid = (await repository.git(
      ["hash-object", "-t", "commit", "--literally", "-w", "--stdin"],
      content,
    ))
      .trim();
    const told = (await repository.git(["log", "-1", "--format=%an%x00%ae%x00%at", oid])).trimEnd();
    const [name, email, at] = told.split("\0");
    assert.deepEqual(parseAuthor(encode(content)), {
      name: name || null,
      email: email || null,
      date: Number(at) * 1000,
    }, line);
  }
});

Deno.test("parseSignature() gives what there is of a line that is beyond reading", () => {
  const nobody = { name: null, email: null, date: null };
  assert.deepEqual(parseSignature(null), nobody);
  assert.deepEqual(parseSignature(""), nobody);
  assert.deepEqual(parseSignature("Only Name"), { ...nobody, name: "Only Name" });
  assert.equal(parseSignature("A <a> 99999999999999999 +0000").date, null);
  assert.equal(parseSignature("A <a> never").date, null);
});

Deno.test("parseAuthor() reads names that are not UTF-8 byte by byte", () => {
  const bytes = Uint8Array.from([
    ...encode(`tree ${OID}\nauthor L`),
    0xe4,
    ...encode("tin <l@e> 1 +0000\n\n"),
  ]);
  assert.equal(parseAuthor(bytes).name, "Lätin");
});

Deno.test("parseSignature() keeps 1,000 characters of a name and of an address, and shows the cut", () => {
  const long = parseSignature(`${"A".repeat(3_000_000)} <${"b".repeat(3_000_000)}> 7 +0000`);
  assert.deepEqual([long.name?.length, long.email?.length, long.date], [1000, 1000, 7000]);
  assert.match(long.name!, /^A+…$/);
  assert.match(long.email!, /^b+…$/);
  assert.equal(parseSignature("A".repeat(1900)).name?.length, 1000);
  assert.equal(parseSignature(`${"A".repeat(1000)} <b> 7`).name, "A".repeat(1000));
});
