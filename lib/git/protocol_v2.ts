/** Git's protocol version 2: `ls-refs` and `fetch` (gitprotocol-v2). */

import { RemoteError } from "@/lib/errors.ts";
import type { GitHttp } from "@/lib/git/git_http.ts";
import { DELIMITER, FLUSH, packetLine, type PacketReader, packetText } from "@/lib/git/pkt_line.ts";
import {
  checkedOid,
  createRefList,
  isScanned,
  type PackAnswer,
  type PackRequest,
  type RemoteRefs,
  unsupportedFormat,
  type UploadPack,
} from "@/lib/git/refs.ts";
import { packBytes, saidLine } from "@/lib/git/side_band.ts";

/** What the server offers, by key; the same for every repository of a server. */
export type Capabilities = ReadonlyMap<string, string>;

/** Reads the capability list that follows `version 2`. */
export async function readCapabilities(packets: PacketReader): Promise<Capabilities> {
  const capabilities = new Map<string, string>();
  for (;;) {
    const packet = await packets.next();
    if (packet === null || packet.type !== "data") break;
    const [key, ...value] = packetText(packet.payload).split("=");
    capabilities.set(key!, value.join("="));
  }
  const format = capabilities.get("object-format");
  if (format !== undefined && format !== "sha1") throw unsupportedFormat();
  if (!capabilities.has("ls-refs") || !capabilities.has("fetch")) {
    throw new RemoteError("malformed", "Cannot fetch: the server offers no ls-refs or no fetch");
  }
  return capabilities;
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
        });
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
    const known = await readAcknowledgments(first);
    const unknownHaves = request.haves.filter((have) => !known.oids.has(have));
    if (known.ready) {
      await findPack(first);
      return { unknownHaves, pack: packBytes(first) };
    }
    const common = request.haves.filter((have) => known.oids.has(have));
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
): Promise<{ oids: Set<string>; ready: boolean }> {
  const oids = new Set<string>();
  let ready = false;
  const head = await packets.next();
  const title = head?.type === "data" ? saidLine(head.payload, packets) : "";
  if (title !== "acknowledgments") {
    throw new RemoteError("malformed", "Cannot fetch: the server does not acknowledge");
  }
  for (;;) {
    const packet = await packets.next();
    if (packet === null) {
      throw new RemoteError("corrupt", "Cannot fetch: the acknowledgments end too early");
    }
    if (packet.type !== "data") {
      // A delimiter means that the pack follows in this answer; a flush ends it.
      const follows = packet.type === "delimiter";
      if (!follows) await packets.drain();
      return { oids, ready: ready && follows };
    }
    const line = saidLine(packet.payload, packets);
    if (line === "ready") ready = true;
    else if (line.startsWith("ACK ")) oids.add(line.slice(4, 44));
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
