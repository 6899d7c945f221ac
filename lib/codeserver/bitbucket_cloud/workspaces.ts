/** The workspace box of the wizard: IDs and addresses, several at once, each judged by itself. */

/** Which workspaces were meant, in order and once each, and what could not be read. */
export interface ParsedWorkspaces {
  /** Slugs in lower case, or uuids in braces. */
  workspaces: string[];
  problems: { input: string; sentence: string }[];
  /** What may stand in the box again: the text without a credential. */
  shown: string;
}

const MOST = 50;
const SLUG = /^[a-z0-9_-]{1,100}$/;
const UUID = /^\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/;

/** First path segments of bitbucket.org that are pages of the site. */
const PAGES = new Set(["account", "dashboard", "product", "repo", "search", "site", "support"]);

/** Reads IDs and addresses parted by commas, spaces or lines; `hosts` are those of Bitbucket. */
export function parseWorkspaces(
  text: string,
  hosts: readonly string[] = ["bitbucket.org", "api.bitbucket.org"],
): ParsedWorkspaces {
  const known = [...hosts, "www.bitbucket.org"];
  if (holdsToken(text, known)) {
    // Pieces of a token may read as IDs, so nothing of this text is kept.
    const sentence = "This looks like a token; it belongs to the next step.";
    return { workspaces: [], problems: [{ input: "", sentence }], shown: "" };
  }
  const found: ParsedWorkspaces = { workspaces: [], problems: [], shown: withoutUsers(text) };
  const inputs = text.split(/[\s,;]+/).map(strip).filter((input) => input !== "");
  for (const input of inputs) {
    const read = looksLikeAddress(input, known) ? fromAddress(input, known) : fromId(input);
    if ("sentence" in read) found.problems.push({ input: shown(input), sentence: read.sentence });
    else if (!found.workspaces.includes(read.workspace)) found.workspaces.push(read.workspace);
  }
  if (inputs.length === 0) {
    found.problems.push({ input: "", sentence: "Enter the ID of at least one workspace." });
  }
  if (found.workspaces.length > MOST) {
    found.problems.push({ input: "", sentence: `Enter at most ${MOST} workspaces at once.` });
  }
  return found;
}

/** A token of Bitbucket's by its form, a header's credential, or anything behind e-mail and colon. */
function holdsToken(text: string, hosts: readonly string[]): boolean {
  if (/(?<![A-Z])AT(?:ATT|CTT|BB)[\w=-]{8,}/.test(text)) return true;
  if (/\b[Aa]uthorization\s*:|\b(?:Basic|Bearer)\s+[\w+/=.-]{16,}/.test(text)) return true;
  return text.split(/[\s,;]+/).map(strip).some((input) => {
    const [, user, host] = input.match(/^([^\s@:/]+)@([^\s@:/]+\.[^\s@:/]+):./) ?? [];
    // The same form is an address of git's over SSH.
    return host !== undefined && user !== "git" && !hosts.includes(host.toLowerCase());
  });
}

type Read = { workspace: string } | { sentence: string };

function strip(input: string): string {
  return input.replace(/[\u200b-\u200f\u2060\ufeff]/g, "").replace(
    /^["'`<(\u2018\u201c]+|["'`>)\u2019\u201d]+$/g,
    "",
  );
}

function looksLikeAddress(input: string, hosts: readonly string[]): boolean {
  return /^[a-z][a-z+.-]*:\/\//i.test(input) || /^[^/@]+@[^/:]+:/.test(input) ||
    /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(\/|$)/i.test(input) ||
    hosts.some((host) => input.toLowerCase().startsWith(`${host}/`));
}

function fromAddress(input: string, hosts: readonly string[]): Read {
  const ssh = input.match(/^[^/@]+@([^/:]+):(.*)$/);
  const url = URL.parse(
    ssh
      ? `ssh://${ssh[1]}/${ssh[2]}`
      : /^[a-z][a-z+.-]*:\/\//i.test(input)
      ? input
      : `https://${input}`,
  );
  if (url === null) return { sentence: `This address cannot be read. Enter the workspace's ID.` };
  if (!hosts.includes(url.host.toLowerCase())) {
    return {
      sentence: `${url.host} is not Bitbucket Cloud. Enter the ID or a bitbucket.org address.`,
    };
  }
  const segments = url.pathname.split("/").filter((segment) => segment !== "").map(decode);
  if (segments[0] === "2.0") segments.splice(0, 2);
  else if (segments[0] === "workspaces") segments.shift();
  const first = segments[0];
  if (first === undefined || PAGES.has(first.toLowerCase())) {
    return {
      sentence: "This address names no workspace. Open the workspace and copy its address.",
    };
  }
  return fromId(first);
}

function fromId(input: string): Read {
  const id = input.toLowerCase();
  if (SLUG.test(id) || UUID.test(id)) return { workspace: id };
  const [first, second] = id.split("/");
  if (second !== undefined && first !== undefined && SLUG.test(first)) {
    return { sentence: `Enter the workspace alone: ${first}.` };
  }
  return {
    sentence: "An ID has letters, digits, hyphens and underscores only. It stands in the address " +
      "of the workspace, after bitbucket.org/; its display name does not work.",
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** An address may hold a credential, which must not come back on a page. */
function withoutUsers(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, "//");
}

function shown(input: string): string {
  const safe = withoutUsers(input);
  return safe.length > 60 ? `${safe.slice(0, 60)}…` : safe;
}
