/** The framing of git's wire protocol: four hex digits of length, then so many bytes less four. */

import { RemoteError } from "@/lib/errors.ts";
import { createScratch } from "@/lib/git/scratch.ts";

/** One packet; `payload` is a view that stays valid until the next packet is asked for. */
export interface Packet {
  type: "data" | "flush" | "delimiter" | "end";
  payload: Uint8Array;
}

/** Packets one by one. */
export interface PacketReader {
  /** What no message may repeat, should the server echo it. */
  readonly secrets: readonly string[];
  /** Null at a clean end. @throws RemoteError `malformed` or `corrupt` */
  next(): Promise<Packet | null>;
  /** What follows without framing, as an old server sends a pack without side bands. */
  rest(): AsyncGenerator<Uint8Array>;
  /** Says that the pack is on its way: from now on it is told of no chunk. */
  packBegins(): void;
  /** Reads to the end of the body, so that the connection may serve again; reads little at most. */
  drain(): Promise<void>;
}

/** The largest packet of the specification (gitprotocol-common), its four digits included. */
const MAX_PACKET_BYTES = 65520;
export const FLUSH = "0000";
export const DELIMITER = "0001";

/** How much may follow an end mark before the connection is given up instead. */
const DRAIN_CHUNKS = 16;
const EMPTY = new Uint8Array(0);
const decoder = new TextDecoder();

/** A line as a packet; a line feed is added as the specification advises. Text must be ASCII. */
export function packetLine(text: string): string {
  return (text.length + 5).toString(16).padStart(4, "0") + text + "\n";
}

/** A packet's text without its line feed. */
export function packetText(payload: Uint8Array): string {
  const end = payload.at(-1) === 10 ? payload.length - 1 : payload.length;
  return decoder.decode(payload.subarray(0, end));
}

/** How packets are read. */
export interface PacketOptions {
  secrets?: readonly string[];
  /** Told of each chunk until the pack begins; throws when there have been enough. */
  onChunkBeforePack?: () => void;
}

/** Reads packets from a body; holds at most one packet and one chunk. */
export function createPacketReader(
  chunks: AsyncIterable<Uint8Array>,
  options: PacketOptions = {},
): PacketReader {
  const { secrets = [], onChunkBeforePack } = options;
  const source = chunks[Symbol.asyncIterator]();
  let chunk: Uint8Array = EMPTY;
  const scratch = createScratch();
  let packBegun = false;

  async function nextChunk(): Promise<Uint8Array | null> {
    const { done, value } = await source.next();
    if (done) return null;
    if (!packBegun) onChunkBeforePack?.();
    return value;
  }

  /** Exactly `size` bytes, or null at an end of the body that lies before the first of them. */
  async function take(size: number): Promise<Uint8Array | null> {
    while (chunk.length === 0) {
      const next = await nextChunk();
      if (next === null) return null;
      chunk = next;
    }
    if (chunk.length >= size) {
      const taken = chunk.subarray(0, size);
      chunk = chunk.subarray(size);
      return taken;
    }
    const joined = scratch.take(size);
    let filled = 0;
    while (filled < size) {
      if (chunk.length === 0) {
        const next = await nextChunk();
        if (next === null) throw cutOff();
        chunk = next;
        continue;
      }
      const part = chunk.subarray(0, size - filled);
      joined.set(part, filled);
      filled += part.length;
      chunk = chunk.subarray(part.length);
    }
    return joined;
  }

  return {
    secrets,
    async next() {
      const head = await take(4);
      if (head === null) return null;
      const length = packetLength(head);
      if (length === 0) return { type: "flush", payload: EMPTY };
      if (length === 1) return { type: "delimiter", payload: EMPTY };
      if (length === 2) return { type: "end", payload: EMPTY };
      if (length < 4 || length > MAX_PACKET_BYTES) {
        throw new RemoteError("malformed", `Cannot read git's answer: packet length ${length}`);
      }
      if (length === 4) return { type: "data", payload: EMPTY };
      const payload = await take(length - 4);
      if (payload === null) throw cutOff();
      return { type: "data", payload };
    },
    packBegins() {
      packBegun = true;
    },
    async *rest() {
      packBegun = true;
      if (chunk.length > 0) yield chunk;
      chunk = EMPTY;
      yield* { [Symbol.asyncIterator]: () => source };
    },
    async drain() {
      for (let i = 0; i < DRAIN_CHUNKS && await nextChunk() !== null; i++);
    },
  };
}

function packetLength(head: Uint8Array): number {
  let length = 0;
  for (const byte of head) {
    const digit = byte >= 48 && byte <= 57
      ? byte - 48
      : byte >= 97 && byte <= 102
      ? byte - 87
      : byte >= 65 && byte <= 70
      ? byte - 55
      : -1;
    if (digit < 0) {
      const html = head[0] === 60;
      throw new RemoteError(
        "malformed",
        `Cannot read git's answer: ${html ? "an HTML page" : "no packet length"}`,
      );
    }
    length = length * 16 + digit;
  }
  return length;
}

function cutOff(): RemoteError {
  return new RemoteError("corrupt", "Cannot read git's answer: it ends in the middle of a packet");
}
