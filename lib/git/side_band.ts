/** Takes the pack out of git's side bands: 1 is the pack, 2 progress text, 3 a fatal message. */

import { RemoteError } from "@/lib/errors.ts";
import { type PacketReader, packetText } from "@/lib/git/pkt_line.ts";
import { clean } from "@/lib/said.ts";

/** The bytes of band 1 up to the flush. @throws RemoteError `unavailable` for band 3 */
export async function* packBytes(packets: PacketReader): AsyncGenerator<Uint8Array> {
  for (;;) {
    const packet = await packets.next();
    if (packet === null) {
      throw new RemoteError("corrupt", "Cannot read the pack: the answer ends before its end mark");
    }
    if (packet.type !== "data") return await packets.drain();
    const band = packet.payload[0];
    const content = packet.payload.subarray(1);
    if (band === 1) {
      // Servers keep a slow answer alive with empty packets.
      if (content.length === 0) continue;
      packets.packBegins();
      yield content;
    } else if (band === 3) {
      throw remoteSays(packetText(content), packets.secrets);
    } else if (band !== 2) {
      throw new RemoteError("malformed", `Cannot read the pack: unknown side band ${band}`);
    }
  }
}

/** The error for a message by which the server ended the exchange, without our own secrets. */
export function remoteSays(text: string, secrets: readonly string[]): RemoteError {
  const said = clean(text, secrets);
  const reason = /not found|does not exist|no longer exists/i.test(said)
    ? "not_found"
    : /denied|not permitted|forbidden|unauthori[sz]ed/i.test(said)
    ? "forbidden"
    // A ref that moved between two requests ("not our ref") is gone at the next try.
    : "unavailable";
  return new RemoteError(reason, `Git on the server stopped: ${said || "no message"}`);
}

/** The text of a line. @throws RemoteError when it is the server's `ERR` line */
export function saidLine(payload: Uint8Array, { secrets }: PacketReader): string {
  const text = packetText(payload);
  if (text.startsWith("ERR ")) throw remoteSays(text.slice(4), secrets);
  return text;
}
