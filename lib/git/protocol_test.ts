import assert from "node:assert/strict";
import { RemoteError } from "@/lib/errors.ts";
import type { GitHttp } from "@/lib/git/git_http.ts";
import { createPacketReader, packetLine } from "@/lib/git/pkt_line.ts";
import { readAdvertisement } from "@/lib/git/protocol_v0.ts";
import { createProtocolV2, readCapabilities } from "@/lib/git/protocol_v2.ts";

const OID = "ab".repeat(20);

function packets(...lines: string[]) {
  const body = lines.map((line) => line === "" ? "0000" : packetLine(line)).join("");
  return createPacketReader(async function* () {
    yield new TextEncoder().encode(body);
  }());
}

Deno.test("readCapabilities() keeps what is offered, and refuses a server that offers too little", async () => {
  const offered = await readCapabilities(
    packets("agent=git/2", "ls-refs=unborn", "fetch=shallow filter", "object-format=sha1", ""),
  );
  assert.equal(offered.get("fetch"), "shallow filter");
  await assert.rejects(readCapabilities(packets("agent=git/2", "")), /no ls-refs or no fetch/);
  const sha256 = readCapabilities(packets("ls-refs", "fetch", "object-format=sha256", ""));
  await assert.rejects(sha256, (error: unknown) => error instanceof RemoteError);
});

Deno.test("readAdvertisement() reads refs, what tags stand for, and HEAD", async () => {
  const { refs, capabilities } = await readAdvertisement(
    `${OID} HEAD\0ofs-delta symref=HEAD:refs/heads/main`,
    packets(
      `${OID} refs/heads/main`,
      `${OID} refs/pull/1/head`,
      `${OID} refs/tags/v1`,
      `${"cd".repeat(20)} refs/tags/v1^{}`,
      `shallow ${OID}`,
      "",
    ),
  );
  assert.deepEqual(refs.refs, [
    { name: "refs/heads/main", oid: OID, peeled: null },
    { name: "refs/tags/v1", oid: OID, peeled: "cd".repeat(20) },
  ]);
  assert.equal(refs.headTarget, "refs/heads/main");
  assert.equal(refs.headOid, OID);
  assert.ok(capabilities.has("ofs-delta"));
});

Deno.test("readAdvertisement() finds no ref in an empty repository", async () => {
  const { refs } = await readAdvertisement(
    `${"0".repeat(40)} capabilities^{}\0ofs-delta`,
    packets(""),
  );
  assert.deepEqual(refs, { refs: [], headTarget: null, headOid: null });
});

Deno.test("listRefs() takes no list with a broken line, for that may have been any ref", async () => {
  const listed = (line: string) => {
    const body = new TextEncoder().encode(
      [`${OID} HEAD symref-target:refs/heads/main`, line, `${OID} refs/tags/v1`]
        .map(packetLine).join("") + "0000",
    );
    const answer = createPacketReader(async function* () {
      yield body;
    }());
    const http = { uploadPack: () => Promise.resolve(answer) } as unknown as GitHttp;
    return createProtocolV2(http, new Map([["fetch", ""]])).listRefs();
  };
  assert.equal((await listed(`${OID} refs/heads/main`)).refs.length, 2);
  assert.equal((await listed("unborn HEAD symref-target:refs/heads/main")).refs.length, 1);
  for (const line of [`${OID}urefs/heads/main`, OID, "refs/heads/main", `${OID}u HEAD`]) {
    await assert.rejects(
      listed(line),
      (error: unknown) => error instanceof RemoteError && error.reason === "malformed",
    );
  }
});
