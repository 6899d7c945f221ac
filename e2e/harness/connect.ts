/** Run by `connect()`: reads a server from standard input and writes its rows. */

import { createSeal } from "@/lib/seal.ts";
import { openStore } from "@/lib/store/mod.ts";

const { url, authToken, secretKey, workspace, credential } = await new Response(
  Deno.stdin.readable,
).json();
const seal = await createSeal(Uint8Array.from(secretKey));
const store = await openStore({ url, authToken, seal });
const id = await store.servers.create({
  draftId: null,
  type: "bitbucket_cloud",
  workspace,
  credential,
  tokenExpiresAt: null,
});
await store.jobs.requestDiscovery(id, "wizard");
store.close();
