import assert from "node:assert/strict";
import { RemoteError } from "@/lib/errors.ts";
import { createPacketReader, packetLine, packetText } from "@/lib/git/pkt_line.ts";

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

async function readAll(text: string, size: number): Promise<string[]> {
  const packets = createPacketReader(inPieces(text, size));
  const seen: string[] = [];
  for (let packet = await packets.next(); packet !== null; packet = await packets.next()) {
    seen.push(packet.type === "data" ? packetText(packet.payload) : packet.type);
  }
  return seen;
}

Deno.test("packetLine() counts its own four digits and the line feed", () => {
  assert.equal(packetLine("command=fetch"), "0012command=fetch\n");
});

Deno.test("next() gives the same packets however the body is cut up", async () => {
  const body = packetLine("want one") + "0001" + packetLine("done") + "0004" + "0002" + "0000";
  for (const size of [1, 2, 3, 7, 1000]) {
    assert.deepEqual(await readAll(body, size), [
      "want one",
      "delimiter",
      "done",
      "",
      "end",
      "flush",
    ]);
  }
});

Deno.test("next() refuses what is no packet, with a reason", async () => {
  const table: [string, string, RegExp][] = [
    ["0003", "malformed", /packet length 3/],
    ["fff1" + "x".repeat(10), "malformed", /packet length 65521/],
    ["zzzz", "malformed", /no packet length/],
    ["<html>", "malformed", /an HTML page/],
    ["00", "corrupt", /middle of a packet/],
    ["0010only", "corrupt", /middle of a packet/],
    ["0010", "corrupt", /middle of a packet/],
  ];
  for (const [body, reason, message] of table) {
    await assert.rejects(readAll(body, 3), (error: unknown) => {
      assert.ok(error instanceof RemoteError);
      assert.equal(error.reason, reason);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("rest() gives what follows without framing", async () => {
  const packets = createPacketReader(inPieces("0008NAK\nPACKrest", 5));
  assert.equal(packetText((await packets.next())!.payload), "NAK");
  let rest = "";
  for await (const chunk of packets.rest()) rest += new TextDecoder().decode(chunk);
  assert.equal(rest, "PACKrest");
});
