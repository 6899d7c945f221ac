/** Each limit on what a git server may say before its pack, met and crossed by one. */

import assert from "node:assert/strict";
import { manualClock } from "@/lib/clock.ts";
import { RemoteError } from "@/lib/errors.ts";
import { connect, type GitHttp } from "@/lib/git/git_http.ts";
import { createPacketReader, packetLine, type PacketReader } from "@/lib/git/pkt_line.ts";
import { createProtocolV0, readAdvertisement } from "@/lib/git/protocol_v0.ts";
import { createProtocolV2, readCapabilities } from "@/lib/git/protocol_v2.ts";
import type { PackRequest, UploadPack } from "@/lib/git/refs.ts";
import { LIST_MS, openRepository } from "@/lib/git/smart_http.ts";

const OID = "ab".repeat(20);
const FLUSH = "0000";
const MINUTE_MS = 60_000;
const REMOTE = { url: "https://git.example.org/a/b.git", user: "", password: "" };

function packets(body: string): PacketReader {
  return createPacketReader(async function* () {
    yield new TextEncoder().encode(body);
  }());
}

function answering(body: string): GitHttp {
  return {
    origin: "https://git.example.org",
    advertisement: () => Promise.resolve(packets(body)),
    uploadPack: () => Promise.resolve(packets(body)),
    requests: () => 0,
    close: () => Promise.resolve(),
  };
}

async function refused(promise: Promise<unknown>): Promise<RemoteError> {
  const error = await promise.then(() => null, (error) => error);
  assert.ok(error instanceof RemoteError, `not a RemoteError: ${error}`);
  return error;
}

Deno.test("readCapabilities() reads a hundred lines of 64 KB, and keeps what it knows of them", async () => {
  const offer = (lines: number) => {
    const known = ["agent=git/2", "ls-refs=unborn", "fetch=filter", "object-format=sha1"];
    const others = Array.from({ length: lines - known.length }, (_, i) => `other${i}=x`);
    return readCapabilities(packets([...others, ...known].map(packetLine).join("") + FLUSH));
  };
  assert.deepEqual([...(await offer(100)).keys()], ["agent", "ls-refs", "fetch", "object-format"]);
  const many = await refused(offer(101));
  assert.deepEqual([many.reason, many.details], ["malformed", {}]);
  assert.match(many.message, /more than 100 capabilities/);

  const sized = (bytes: number) => {
    const lines = ["ls-refs", "fetch", "x=".padEnd(60_000, "x")];
    const rest = bytes - lines.join("").length;
    return readCapabilities(packets([...lines, "y".repeat(rest)].map(packetLine).join("") + FLUSH));
  };
  assert.equal((await sized(65_536)).size, 2);
  const large = await refused(sized(65_537));
  assert.equal(large.reason, "malformed");
  assert.match(large.message, /capabilities of more than 65536 bytes/);
});

Deno.test("a ref's name of 4 KB is listed, and a longer one is too large, whatever the version", async () => {
  const capabilities = new Map([["ls-refs", ""], ["fetch", ""]]);
  const lists = [
    async (name: string) => {
      const http = answering(packetLine(`${OID} ${name}`) + FLUSH);
      return (await createProtocolV2(http, capabilities).listRefs()).refs;
    },
    async (name: string) =>
      (await readAdvertisement(
        `${OID} HEAD\0ofs-delta`,
        packets(packetLine(`${OID} ${name}`) + FLUSH),
      ))
        .refs.refs,
  ];
  for (const list of lists) {
    const longest = "refs/heads/".padEnd(4096, "x");
    assert.deepEqual((await list(longest)).map(({ name }) => name), [longest]);
    const error = await refused(list(longest + "x"));
    assert.equal(error.reason, "too_large");
    assert.equal(error.details.limit, "a ref's name longer than 4096 characters");
  }
});

Deno.test("no version takes more than 64 MB of refs, however they are padded", async () => {
  const lists: ((packets: PacketReader) => Promise<unknown>)[] = [
    (packets) => {
      const http = { ...answering(""), uploadPack: () => Promise.resolve(packets) };
      return createProtocolV2(http, new Map([["fetch", ""]])).listRefs();
    },
    (packets) => readAdvertisement(`${OID} HEAD\0ofs-delta`, packets),
  ];
  const size = 64_000;
  for (const [version, list] of lists.entries()) {
    const pad = version === 0 ? " " : "\0";
    const line = (length: number) => `${OID} refs/heads/main${pad}`.padEnd(length, "x");
    const listed = (last: number) =>
      list(createPacketReader(async function* () {
        const packet = new TextEncoder().encode(packetLine(line(size)));
        for (let i = 0; i < 999; i++) yield packet;
        yield new TextEncoder().encode(packetLine(line(last)) + FLUSH);
      }()));
    await listed(size);
    const error = await refused(listed(size + 1));
    assert.equal(error.reason, "too_large");
    assert.equal(error.details.limit, "refs of more than 64 MB");
  }
});

Deno.test("readAdvertisement() takes the capabilities from its first line alone", async () => {
  const later = packetLine(`${OID} refs/heads/main\0filter`) + FLUSH;
  const { capabilities } = await readAdvertisement(`${OID} HEAD\0ofs-delta`, packets(later));
  assert.deepEqual([...capabilities], ["ofs-delta"]);
});

Deno.test("fetchPack() reads no more acknowledgments than it has haves, and a few lines beside", async () => {
  const haves = ["1", "2", "3"].map((digit) => digit.repeat(40));
  const request: PackRequest = { wants: [OID], haves, depth: null };
  const speak: Record<string, (acks: string[]) => UploadPack> = {
    "version 2": (acks) =>
      createProtocolV2(
        answering(
          ["acknowledgments", ...acks, "ready"].map(packetLine).join("") + "0001" +
            packetLine("packfile") + FLUSH,
        ),
        new Map([["fetch", ""]]),
      ),
    "version 0": (acks) =>
      createProtocolV0(
        answering([...acks.map((ack) => `${ack} common`), `ACK ${OID}`].map(packetLine).join("")),
        0,
        { refs: [], headOid: null, headTarget: null },
        new Set(["multi_ack_detailed", "side-band-64k"]),
      ),
  };
  for (const [version, server] of Object.entries(speak)) {
    // The last line, by which the pack follows, is one of the eight beside.
    const acks = (count: number) =>
      Array.from({ length: count }, (_, i) => `ACK ${i < 2 ? haves[i] : OID}`);
    const answer = await server(acks(haves.length + 7)).fetchPack(request);
    assert.deepEqual(answer.unknownHaves, [haves[2]], version);
    const error = await refused(server(acks(haves.length + 8)).fetchPack(request));
    assert.equal(error.reason, "malformed");
    assert.match(error.message, /acknowledges more than it was asked/, version);
  }
});

/** A server whose every answer comes in these pieces, a minute passing before each of the second kind. */
function slowly(before: string[], slow: string[], clock: ReturnType<typeof manualClock>) {
  const fetched: typeof fetch = (_url, init) => {
    const isPost = init?.method === "POST";
    const pieces = [...before, ...slow];
    let at = 0;
    return Promise.resolve(
      new Response(
        new ReadableStream({
          pull(controller) {
            if (at >= pieces.length) return controller.close();
            if (at >= before.length) clock.advance(MINUTE_MS);
            controller.enqueue(new TextEncoder().encode(pieces[at++]));
          },
        }, { highWaterMark: 0 }),
        {
          headers: {
            "content-type": `application/x-git-upload-pack-${isPost ? "result" : "advertisement"}`,
          },
        },
      ),
    );
  };
  return fetched;
}

Deno.test("an answer that has not come to its pack after ten minutes is given up, however alive it seems", async () => {
  const line = packetLine(`${OID} refs/heads/main`);
  for (const [minutes, given] of [[10, true], [11, false]] as const) {
    const clock = manualClock();
    const lines = [...Array.from({ length: minutes - 1 }, () => line), FLUSH];
    const http = connect(REMOTE, {
      idleMs: 60_000,
      clock,
      elapsedMs: clock.now,
      fetch: slowly([packetLine(`${OID} HEAD\0ofs-delta`)], lines, clock),
    });
    const opening = openRepository(http, new Map());
    if (given) {
      assert.equal((await opening).refs.refs.length, minutes - 1);
    } else {
      const error = await refused(opening);
      assert.equal(error.reason, "unavailable");
      assert.match(error.message, /takes longer than 600 s/);
    }
    await http.close();
  }
});

Deno.test("the time before a pack ends with the pack's first byte, not with a sign of life", async () => {
  const band = (number: number, text: string) =>
    (text.length + 5).toString(16).padStart(4, "0") + String.fromCharCode(number) + text;
  const alive = Array.from({ length: 10 }, (_, i) => i % 2 ? band(1, "") : band(2, "Counting"));
  const late = Array.from({ length: 30 }, () => band(1, "x"));
  for (
    const [pieces, expected] of [
      [[...alive.slice(1), ...late, FLUSH], "x".repeat(30)],
      [[...alive, ...late, FLUSH], null],
    ] as const
  ) {
    const clock = manualClock();
    const http = connect(REMOTE, {
      idleMs: 60_000,
      clock,
      elapsedMs: clock.now,
      fetch: slowly([packetLine("packfile")], [...pieces], clock),
    });
    const uploadPack = createProtocolV2(http, new Map([["fetch", ""]]));
    const { pack } = await uploadPack.fetchPack({ wants: [OID], haves: [], depth: null });
    const reading = Array.fromAsync(pack, (bytes) => new TextDecoder().decode(bytes));
    if (expected !== null) assert.equal((await reading).join(""), expected);
    else assert.match((await refused(reading)).message, /takes longer than 600 s/);
    await http.close();
  }
});

Deno.test("openRepository() gives a person who waits an answer within five minutes", async () => {
  const line = packetLine(`${OID} refs/heads/main`);
  for (const [minutes, given] of [[5, true], [6, false]] as const) {
    const clock = manualClock();
    const lines = [...Array.from({ length: minutes - 1 }, () => line), FLUSH];
    const start = [packetLine(`${OID} HEAD\0ofs-delta`)];
    const http = connect(REMOTE, {
      idleMs: 60_000,
      beforePackMs: LIST_MS,
      clock,
      elapsedMs: clock.now,
      fetch: slowly(start, lines, clock),
    });
    const opening = openRepository(http, new Map());
    if (given) assert.equal((await opening).refs.refs.length, minutes - 1);
    else assert.match((await refused(opening)).message, /takes longer than 300 s/);
    await http.close();
  }
});
