/** Network addresses: which are private, and which lie in a configured range. */

/** A range such as `10.0.0.0/8` or `::1`. */
export interface AddressRange {
  bytes: readonly number[];
  bits: number;
}

/**
 * Ranges that no stranger's server is reached at: loopback, private, link-local, shared, and those
 * set aside (IANA's special-purpose registries; RFC 6890, RFC 4193).
 */
const NOT_PUBLIC = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
  "::/127",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "fc00::/7",
  "fe80::/10",
  "ff00::/8",
].map((text) => parseRange(text)!);

/** Reads an address or a range in CIDR form; null when it is neither. */
export function parseRange(text: string): AddressRange | null {
  const [address, length, more] = text.split("/");
  const bytes = parseAddress(address ?? "");
  if (bytes === null || more !== undefined) return null;
  if (length === undefined) return { bytes, bits: bytes.length * 8 };
  if (!/^\d{1,3}$/.test(length) || Number(length) > bytes.length * 8) return null;
  return { bytes, bits: Number(length) };
}

/** Whether an address lies in one of the ranges; false when it is no address. */
export function isInRanges(address: string, ranges: readonly AddressRange[]): boolean {
  const bytes = parseAddress(address);
  return bytes !== null && ranges.some((range) => covers(range, bytes));
}

/** Whether an address belongs to this machine or a private network. */
export function isPrivateAddress(address: string): boolean {
  return isInRanges(address, NOT_PUBLIC);
}

/** The four or sixteen bytes; IPv6 forms of an IPv4 address give four. */
export function parseAddress(text: string): number[] | null {
  if (text.includes(":")) return unmapped(parseV6(text));
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return null;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte < 256) ? bytes : null;
}

function parseV6(given: string): number[] | null {
  // A zone, as in `fe80::1%eth0`, says which card and not which address.
  const text = given.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [front, back] = halves.map(groups);
  if (!front || back === null) return null;
  if (halves.length === 1) return front.length === 16 ? front : null;
  const gap = 16 - front.length - back!.length;
  return gap < 2 ? null : [...front, ...new Array<number>(gap).fill(0), ...back!];
}

function groups(text: string): number[] | null {
  if (text === "") return [];
  const bytes: number[] = [];
  for (const [index, group] of text.split(":").entries()) {
    if (group.includes(".") && index === text.split(":").length - 1) {
      const four = parseAddress(group);
      if (four === null) return null;
      bytes.push(...four);
    } else if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const value = parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
    } else return null;
  }
  return bytes;
}

/** `::ffff:10.0.0.1` and `64:ff9b::10.0.0.1` reach what `10.0.0.1` does. */
function unmapped(bytes: number[] | null): number[] | null {
  if (bytes === null) return null;
  const head = bytes.slice(0, 12).join(",");
  const mapped = "0,0,0,0,0,0,0,0,0,0,255,255";
  const translated = "0,100,255,155,0,0,0,0,0,0,0,0";
  return head === mapped || head === translated ? bytes.slice(12) : bytes;
}

function covers({ bytes, bits }: AddressRange, address: readonly number[]): boolean {
  if (bytes.length !== address.length) return false;
  for (let at = 0, left = bits; left > 0; at++, left -= 8) {
    const mask = left >= 8 ? 255 : 255 << (8 - left) & 255;
    if ((bytes[at]! & mask) !== (address[at]! & mask)) return false;
  }
  return true;
}
