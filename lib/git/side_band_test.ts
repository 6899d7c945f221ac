import assert from "node:assert/strict";
import { RemoteError } from "@/lib/errors.ts";
import { createPacketReader } from "@/lib/git/pkt_line.ts";
import { packBytes, saidLine } from "@/lib/git/side_band.ts";

function band(number: number, text: string): string {
  return (text.length + 5).toString(16).padStart(4, "0") + String.fromCharCode(number) + text;
}

async function read(body: string): Promise<string> {
  const chunks = [new TextEncoder().encode(body)];
  const packets = createPacketReader(async function* () {
    yield* chunks;
  }());
  let text = "";
  for await (const bytes of packBytes(packets)) text += new TextDecoder().decode(bytes);
  return text;
}

Deno.test("packBytes() joins band 1 and passes over progress and keep-alive", async () => {
  const body = band(2, "Counting 1%\r") + band(1, "PA") + band(1, "") + band(1, "CK") + "0000";
  assert.equal(await read(body), "PACK");
});

Deno.test("packBytes() throws band 3 without control characters, cut to a readable length", async () => {
  const error = await read(band(1, "PA") + band(3, "fatal: \u001b[31mno space\n" + "x".repeat(500)))
    .catch((error) => error);
  assert.ok(error instanceof RemoteError);
  assert.equal(error.reason, "unavailable");
  assert.match(error.message, /^Git on the server stopped: fatal: {2}\[31mno space/);
  assert.ok(error.message.length < 250);
});

Deno.test("packBytes() refuses an unknown band, and an end without its mark", async () => {
  await assert.rejects(read(band(7, "x")), /unknown side band 7/);
  await assert.rejects(read(band(1, "PACK")), /ends before its end mark/);
});

Deno.test("saidLine() reads the server's own words for a reason", () => {
  const packets = createPacketReader(async function* () {}());
  const reasonOf = (text: string) => {
    try {
      saidLine(new TextEncoder().encode(text), packets);
    } catch (error) {
      return (error as RemoteError).reason;
    }
    return null;
  };
  assert.equal(reasonOf("ERR Repository not found"), "not_found");
  assert.equal(reasonOf("ERR access denied or not exported"), "forbidden");
  assert.equal(reasonOf("ERR upload-pack: not our ref"), "unavailable");
  assert.equal(reasonOf("ERRATIC"), null);
});
