/** Opens a repository over git's smart HTTP: asks for version 2, falls back to what is answered. */

import { RemoteError } from "@/lib/errors.ts";
import type { GitHttp } from "@/lib/git/git_http.ts";
import type { PacketReader } from "@/lib/git/pkt_line.ts";
import { createProtocolV0, readAdvertisement } from "@/lib/git/protocol_v0.ts";
import { type Capabilities, createProtocolV2, readCapabilities } from "@/lib/git/protocol_v2.ts";
import type { RemoteRefs, UploadPack } from "@/lib/git/refs.ts";
import { saidLine } from "@/lib/git/side_band.ts";

/** Which origins speak version 2, so that a small repository costs two requests, not three. */
export type CapabilityMemory = Map<string, Capabilities>;

/** An open repository and its refs. */
export interface OpenedRepository {
  uploadPack: UploadPack;
  refs: RemoteRefs;
}

const EMPTY: RemoteRefs = { refs: [], headTarget: null, headOid: null };
const NOTHING: ReadonlySet<string> = new Set();
/** How long a listing of refs that proves that git lets us in may take: a person waits for it. */
export const LIST_MS = 5 * 60_000;

/** Asks for the refs. @throws RemoteError */
export async function openRepository(
  http: GitHttp,
  memory: CapabilityMemory,
): Promise<OpenedRepository> {
  const remembered = memory.get(http.origin);
  if (remembered !== undefined) {
    const uploadPack = createProtocolV2(http, remembered);
    try {
      return { uploadPack, refs: await uploadPack.listRefs() };
    } catch (error) {
      // Another form of answer may mean that the server changed; any other reason would recur.
      if (!(error instanceof RemoteError) || error.reason !== "malformed") throw error;
      memory.delete(http.origin);
    }
  }
  return await discover(http, memory);
}

async function discover(http: GitHttp, memory: CapabilityMemory): Promise<OpenedRepository> {
  const packets = await http.advertisement();
  const first = await firstLine(packets);
  if (first === "version 2") {
    const capabilities = await readCapabilities(packets);
    await packets.drain();
    memory.set(http.origin, capabilities);
    const uploadPack = createProtocolV2(http, capabilities);
    return { uploadPack, refs: await uploadPack.listRefs() };
  }
  const version = first === "version 1" ? 1 : 0;
  const line = version === 1 ? await nextText(packets) : first;
  if (line === null) {
    return { uploadPack: createProtocolV0(http, version, EMPTY, NOTHING), refs: EMPTY };
  }
  const { refs, capabilities } = await readAdvertisement(line, packets);
  await packets.drain();
  return { uploadPack: createProtocolV0(http, version, refs, capabilities), refs };
}

/** The first line behind `# service=…`, which version 2 servers may leave out; null when none. */
async function firstLine(packets: PacketReader): Promise<string | null> {
  const text = await nextText(packets);
  if (text === null || !text.startsWith("# service=")) return text;
  const flush = await packets.next();
  if (flush?.type !== "flush") {
    throw new RemoteError("malformed", "Cannot read git's answer: no flush behind the service");
  }
  return await nextText(packets);
}

/** Null at a flush, which is all that an old server says of an empty repository. */
async function nextText(packets: PacketReader): Promise<string | null> {
  const packet = await packets.next();
  if (packet === null) {
    throw new RemoteError("corrupt", "Cannot read git's answer: it ends too early");
  }
  return packet.type === "data" ? saidLine(packet.payload, packets) : null;
}
