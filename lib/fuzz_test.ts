/** Texts that strangers send, damaged at random: pushes, a git server's first words, suppression files. */

import assert from "node:assert/strict";
import { signedWebhooks } from "@/lib/codeserver/bitbucket_cloud/webhooks.ts";
import { readSuppressions } from "@/lib/detect/suppression_file.ts";
import { RemoteError } from "@/lib/errors.ts";
import { createPacketReader } from "@/lib/git/pkt_line.ts";
import { readAdvertisement } from "@/lib/git/protocol_v0.ts";
import { readCapabilities } from "@/lib/git/protocol_v2.ts";
import { seeded } from "@/lib/git/test_repository.ts";

/** How long to go on, in all; longer ones begin at a seed of their own. */
const SECONDS = Number(Deno.env.get("SLUICE_FUZZ_SECONDS") ?? 2);
/** No text of a few kilobytes may take longer, on a busy machine too. */
const LONGEST_MS = 60_000;

type Random = (below: number) => number;

/** Pieces that mean something to one of the readers. */
const PIECES = [
  ..."{}[]\"':,#*!-\n\t\0é\u202e\ud800",
  "null",
  "1e999",
  "__proto__",
  "constructor",
  "ignore:\n",
  "  paths:\n    - '**/**/**a'\n",
  "version 2\n",
  "refs/heads/",
  "a".repeat(40),
  "\0HEAD",
  "0000",
  "0004",
  "ffff",
  "[".repeat(500),
];

/** Cuts, doubles, swaps and puts pieces in. */
function damaged(text: string, random: Random): string {
  let out = text;
  for (let times = random(8); times >= 0; times--) {
    const at = random(out.length + 1);
    const to = at + random(20);
    const piece = PIECES[random(PIECES.length)]!;
    out = [
      out.slice(0, at) + piece + out.slice(at),
      out.slice(0, at) + out.slice(to),
      out.slice(0, to) + out.slice(at),
      out.slice(0, at) + piece + out.slice(to),
    ][random(4)]!;
  }
  return out;
}

function fuzz(name: string, work: (random: Random) => Promise<unknown> | unknown): void {
  Deno.test(name, async () => {
    const end = performance.now() + SECONDS * 1000 / 3;
    let seed = SECONDS > 3 ? Math.floor(Math.random() * 2 ** 30) : 1;
    for (let rounds = 0; performance.now() < end || rounds < 200; rounds++, seed++) {
      const start = performance.now();
      try {
        await work(seeded(seed));
      } catch (error) {
        const said = error instanceof Error ? error.stack : error;
        assert.ok(error instanceof RemoteError, `seed ${seed}: ${said}`);
      }
      assert.ok(performance.now() - start < LONGEST_MS, `seed ${seed} took too long`);
    }
  });
}

const PUSH = JSON.stringify({
  repository: { uuid: "{A}", full_name: "acme/app", type: "repository", name: "app" },
  push: {
    changes: [{
      old: { type: "branch", name: "main", target: { hash: "b".repeat(40) } },
      new: { type: "branch", name: "main", target: { hash: "c".repeat(40) } },
    }],
  },
});

fuzz("hostile pushes are no push, or have every field that one has", async (random) => {
  const body = new TextEncoder().encode(damaged(PUSH, random));
  const headers = new Headers({ "x-event-key": "repo:push", "x-hub-signature": "sha256=00" });
  assert.equal(await signedWebhooks.verify(body, headers, "secret"), false);
  const push = signedWebhooks.parsePush(body, headers);
  if (push === null) return;
  assert.equal(typeof push.repository.uuid, "string");
  for (const { ref } of push.changes) assert.match(ref, /^refs\/(tags|heads)\//);
});

fuzz("hostile first words of a git server end in a word of what is wrong", async (random) => {
  const line = (text: string) => (text.length + 4).toString(16).padStart(4, "0") + text;
  const v0 = line(`${"a".repeat(40)} HEAD\0side-band-64k ofs-delta\n`) +
    line(`${"a".repeat(40)} refs/heads/main\n`) + "0000";
  const v2 = line("version 2\n") + line("ls-refs=unborn\n") + line("fetch=shallow filter\n") +
    "0000";
  const bytes = new TextEncoder().encode(damaged(random(2) ? v0 : v2, random));
  const packets = () =>
    createPacketReader(async function* () {
      yield bytes;
    }());
  await readCapabilities(packets()).catch((error) => assert.ok(error instanceof RemoteError));
  await readAdvertisement(damaged(`${"a".repeat(40)} HEAD\0symref=HEAD:x`, random), packets());
});

const RULES =
  `ignore:\n  paths:\n    - "tests/**"\n  rules: [a, 'b']\n  fingerprints:\n    - ff00\n`;
const PLACES = `# known\nsrc/app.ts:jwt:7\n${"c".repeat(40)}:old/key.pem:private-key:1\n`;

fuzz("hostile suppression files are read, and what is wrong in them is named", (random) => {
  const { entries, problems } = readSuppressions({
    sluiceYml: damaged(RULES, random),
    gitleaksIgnore: damaged(PLACES, random),
  });
  const all: unknown[] = Object.values(entries).flat();
  assert.ok(all.every((one) => typeof one === "string"));
  assert.ok(problems.length < 1000);
});
