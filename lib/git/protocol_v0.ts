/** Git's protocol versions 0 and 1, for servers without version 2 (gitprotocol-pack). */

import { RemoteError } from "@/lib/errors.ts";
import type { GitHttp } from "@/lib/git/git_http.ts";
import { FLUSH, packetLine, type PacketReader } from "@/lib/git/pkt_line.ts";
import {
  checkedOid,
  createRefList,
  isScanned,
  LINES_BESIDE_ACKS,
  type PackAnswer,
  type PackRequest,
  type RemoteRefs,
  tooManyAcks,
  unsupportedFormat,
  type UploadPack,
} from "@/lib/git/refs.ts";
import { packBytes, saidLine } from "@/lib/git/side_band.ts";

const NO_OID = "0".repeat(40);

/** Reads the advertised refs, `first` being the packet that was read already. */
export async function readAdvertisement(
  first: string,
  packets: PacketReader,
): Promise<{ refs: RemoteRefs; capabilities: ReadonlySet<string> }> {
  const list = createRefList();
  const byName = new Map<string, number>();
  let capabilities = new Set<string>();
  let headOid: string | null = null;
  for (let line: string | null = first; line !== null; line = await nextLine(packets)) {
    const [reference, offered] = line.split("\0");
    if (line === first && offered !== undefined) capabilities = new Set(offered.split(" "));
    const space = reference!.indexOf(" ");
    const oidText = reference!.slice(0, space);
    const name = reference!.slice(space + 1);
    if (oidText === "shallow") continue;
    const oid = checkedOid(oidText);
    if (oid === NO_OID) continue;
    if (name === "HEAD") headOid = oid;
    else if (name.endsWith("^{}")) {
      const at = byName.get(name.slice(0, -3));
      if (at !== undefined) list.peel(at, oid, line);
    } else if (isScanned(name)) {
      byName.set(name, list.refs.length);
      list.add({ name, oid, peeled: null }, line);
    }
  }
  if ([...capabilities].some((item) => /^object-format=(?!sha1$)/.test(item))) {
    throw unsupportedFormat();
  }
  const prefix = "symref=HEAD:";
  const symref = [...capabilities].find((item) => item.startsWith(prefix));
  return {
    refs: { refs: list.refs, headOid, headTarget: symref?.slice(prefix.length) ?? null },
    capabilities,
  };
}

/** Speaks version 0 or 1 with the refs and capabilities that were advertised. */
export function createProtocolV0(
  http: GitHttp,
  version: 0 | 1,
  refs: RemoteRefs,
  capabilities: ReadonlySet<string>,
): UploadPack {
  async function fetchPack(request: PackRequest): Promise<PackAnswer> {
    const detailed = capabilities.has("multi_ack_detailed");
    const filter = capabilities.has("filter") ? request.filter : undefined;
    const wanted = ["multi_ack_detailed", "side-band-64k", "ofs-delta", "no-progress"]
      .filter((item) => capabilities.has(item)).concat(filter ? "filter" : []);
    const banded = capabilities.has("side-band-64k");
    const { shallow = [] } = request;
    if ((request.depth !== null || shallow.length > 0) && !capabilities.has("shallow")) {
      throw new RemoteError("malformed", "Cannot fetch a part alone: the server is too old");
    }
    const body =
      request.wants.map((want, index) =>
        packetLine(index === 0 ? `want ${want} ${wanted.join(" ")}`.trim() : `want ${want}`)
      ).join("") + shallow.map((oid) => packetLine(`shallow ${oid}`)).join("") +
      (request.depth === null ? "" : packetLine(`deepen ${request.depth}`)) +
      (filter ? packetLine(`filter ${filter}`) : "") + FLUSH +
      request.haves.map((have) => packetLine(`have ${have}`)).join("") + packetLine("done");
    const packets = await http.uploadPack(body, 0);
    if (request.depth !== null) await skipShallow(packets);
    const unknown = await readAcks(packets, detailed, request.haves);
    return {
      // An old server names at most one: then nothing can be said of the others.
      unknownHaves: detailed ? [...unknown] : [],
      pack: banded ? packBytes(packets) : packets.rest(),
    };
  }

  return {
    version,
    canFilter: capabilities.has("filter"),
    listRefs: () => Promise.resolve(refs),
    fetchPack,
  };
}

async function skipShallow(packets: PacketReader): Promise<void> {
  for (let line = await nextLine(packets); line !== null; line = await nextLine(packets)) {
    if (!line.startsWith("shallow ") && !line.startsWith("unshallow ")) {
      throw new RemoteError("malformed", "Cannot fetch the tip alone: no list of shallow commits");
    }
  }
}

/** Reads ACK lines up to the final ACK or NAK, behind which the pack begins; gives the rest. */
async function readAcks(
  packets: PacketReader,
  detailed: boolean,
  haves: readonly string[],
): Promise<Set<string>> {
  const unknown = new Set(haves);
  for (let lines = 1;; lines++) {
    if (lines > haves.length + LINES_BESIDE_ACKS) throw tooManyAcks();
    const line = await nextLine(packets);
    if (line === null) {
      throw new RemoteError("malformed", "Cannot fetch: the answer holds no pack");
    }
    if (line === "NAK") {
      return unknown;
    } else if (line.startsWith("ACK ")) {
      const status = line.slice(44).trim();
      // "ready" names a have that need not be known: it says that enough was heard.
      if (status !== "ready") unknown.delete(line.slice(4, 44));
      if (!detailed || status === "") return unknown;
    } else {
      throw new RemoteError("malformed", "Cannot fetch: neither ACK nor NAK");
    }
  }
}

async function nextLine(packets: PacketReader): Promise<string | null> {
  const packet = await packets.next();
  if (packet === null) {
    throw new RemoteError("corrupt", "Cannot read git's answer: it ends too early");
  }
  return packet.type === "data" ? saidLine(packet.payload, packets) : null;
}
