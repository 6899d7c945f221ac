/** Git's protocol version 2: `ls-refs` and `fetch` (gitprotocol-v2). */

import { RemoteError } from "@/lib/errors.ts";
import type { GitHttp } from "@/lib/git/git_http.ts";
import { DELIMITER, FLUSH, packetLine, type PacketReader, packetText } from "@/lib/git/pkt_line.ts";
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

/** What the server offers, by key; the same for every repository of a server. */
export type Capabilities = ReadonlyMap<string, string>;

/** Servers have about ten, the longest of a hundred bytes. */
const MAX_CAPABILITIES = 100;
const MAX_CAPABILITY_BYTES = 65_536;
/** What is asked of them: no more is kept, as it is kept for every repository of the server. */
const KNOWN = new Set(["agent", "ls-refs", "fetch", "object-format"]);

/** Reads the capability list that follows `version 2`. @throws RemoteError `malformed` */
export async function readCapabilities(packets: PacketReader): Promise<Capabilities> {
  const capabilities = new Map<string, string>();
  let bytes = 0;
  for (let lines = 1;; lines++) {
    const packet = await packets.next();
    if (packet === null || packet.type !== "data") break;
    const line = packetText(packet.payload);
    bytes += line.length;
    if (lines > MAX_CAPABILITIES) throw tooMuch(`more than ${MAX_CAPABILITIES} capabilities`);
    if (bytes > MAX_CAPABILITY_BYTES) {
      throw tooMuch(`capabilities of more than ${MAX_CAPABILITY_BYTES} bytes`);
    }
    const [key, ...value] = line.split("=");
    if (KNOWN.has(key!)) capabilities.set(key!, value.join("="));
  }
  const format = capabilities.get("object-format");
  if (format !== undefined && format !== "sha1") throw unsupportedFormat();
  if (!capabilities.has("ls-refs") || !capabilities.has("fetch")) {
    throw new RemoteError("malformed", "Cannot fetch: the server offers no ls-refs or no fetch");
  }
  return capabilities;
}

function tooMuch(what: string): RemoteError {
  return new RemoteError("malformed", `Cannot read git's answer: ${what}`);
}

/** Speaks version 2 with what the server offers. */
export function createProtocolV2(http: GitHttp, capabilities: Capabilities): UploadPack {
  const canFilter = capabilities.get("fetch")?.split(" ").includes("filter") ?? false;

  async function command(name: string, args: readonly string[]): Promise<PacketReader> {
    let body = packetLine(`command=${name}`);
    if (capabilities.has("agent")) body += packetLine("agent=sluice");
    if (capabilities.has("object-format")) body += packetLine("object-format=sha1");
    body += DELIMITER + args.map(packetLine).join("") + FLUSH;
    return await http.uploadPack(body, 2);
  }

  async function listRefs(): Promise<RemoteRefs> {
    const packets = await command("ls-refs", [
      "peel",
      "symrefs",
      "ref-prefix HEAD",
      "ref-prefix refs/heads/",
      "ref-prefix refs/tags/",
    ]);
    const list = createRefList();
    let headTarget: string | null = null;
    let headOid: string | null = null;
    for (;;) {
      const packet = await packets.next();
      if (packet === null) {
        throw new RemoteError("corrupt", "Cannot list the refs: the answer ends too early");
      }
      if (packet.type !== "data") break;
      const line = saidLine(packet.payload, packets);
      const [oidText, name, ...attributes] = line.split(" ");
      if (oidText === "unborn") continue;
      // Checked whatever the name: a line that is broken may have been any ref's.
      const oid = checkedOid(oidText!);
      if (name === undefined) throw new RemoteError("malformed", "Cannot list the refs: no name");
      const attribute = (key: string) =>
        attributes.find((item) => item.startsWith(key))?.slice(key.length) ?? null;
      if (name === "HEAD") {
        headOid = oid;
        headTarget = attribute("symref-target:");
      } else if (isScanned(name)) {
        const peeled = attribute("peeled:");
        list.add({
          name,
          oid,
          peeled: peeled === null ? null : checkedOid(peeled),
        }, line);
      }
    }
    await packets.drain();
    return { refs: list.refs, headTarget, headOid };
  }

  async function fetchPack(request: PackRequest): Promise<PackAnswer> {
    const args = ["ofs-delta", "no-progress"];
    if (request.depth !== null) args.push(`deepen ${request.depth}`);
    if (request.filter && canFilter) {
      args.push(`filter ${request.filter}`);
    }
    for (const oid of request.shallow ?? []) args.push(`shallow ${oid}`);
    for (const want of request.wants) args.push(`want ${want}`);
    if (request.haves.length === 0) {
      const packets = await command("fetch", [...args, "done"]);
      await findPack(packets);
      return { unknownHaves: [], pack: packBytes(packets) };
    }
    // Without `done` the server says which haves it knows, and mostly sends the pack at once.
    const first = await command("fetch", [
      ...args,
      ...request.haves.map((have) => `have ${have}`),
    ]);
    const { unknown, ready } = await readAcknowledgments(first, request.haves);
    const unknownHaves = [...unknown];
    if (ready) {
      await findPack(first);
      return { unknownHaves, pack: packBytes(first) };
    }
    const common = request.haves.filter((have) => !unknown.has(have));
    const second = await command("fetch", [
      ...args,
      ...common.map((have) => `have ${have}`),
      "done",
    ]);
    await findPack(second);
    return { unknownHaves, pack: packBytes(second) };
  }

  return { version: 2, canFilter, listRefs, fetchPack };
}

async function readAcknowledgments(
  packets: PacketReader,
  haves: readonly string[],
): Promise<{ unknown: Set<string>; ready: boolean }> {
  const unknown = new Set(haves);
  let ready = false;
  const head = await packets.next();
  const title = head?.type === "data" ? saidLine(head.payload, packets) : "";
  if (title !== "acknowledgments") {
    throw new RemoteError("malformed", "Cannot fetch: the server does not acknowledge");
  }
  for (let lines = 1;; lines++) {
    const packet = await packets.next();
    if (packet === null) {
      throw new RemoteError("corrupt", "Cannot fetch: the acknowledgments end too early");
    }
    if (packet.type !== "data") {
      // A delimiter means that the pack follows in this answer; a flush ends it.
      const follows = packet.type === "delimiter";
      if (!follows) await packets.drain();
      return { unknown, ready: ready && follows };
    }
    if (lines > haves.length + LINES_BESIDE_ACKS) throw tooManyAcks();
    const line = saidLine(packet.payload, packets);
    if (line === "ready") ready = true;
    else if (line.startsWith("ACK ")) unknown.delete(line.slice(4, 44));
  }
}

/** Reads up to the section `packfile`, over those that hold nothing we need. */
async function findPack(packets: PacketReader): Promise<void> {
  for (;;) {
    const packet = await packets.next();
    if (packet === null) {
      throw new RemoteError("corrupt", "Cannot fetch: the answer ends before the pack");
    }
    if (packet.type === "flush") {
      throw new RemoteError("malformed", "Cannot fetch: the answer holds no pack");
    }
    if (packet.type !== "data") continue;
    const line = saidLine(packet.payload, packets);
    if (line === "packfile") return;
  }
}
