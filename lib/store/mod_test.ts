import assert from "node:assert/strict";
import { createSeal } from "@/lib/seal.ts";
import { fakeHranaServer } from "@/lib/store/fake_hrana_server.ts";
import { openStore } from "@/lib/store/mod.ts";

for (const reach of ["file", "http"] as const) {
  Deno.test(`openStore() makes its tables, and finds its rows again when reopened (${reach})`, async () => {
    // A space, as a folder's name may have.
    const dir = await Deno.makeTempDir({ prefix: "sluice store " });
    const server = reach === "http" ? fakeHranaServer(`${dir}/a.db`) : null;
    const seal = await createSeal(new Uint8Array(32));
    const open = () => openStore({ url: server?.url ?? `file:${dir}/a.db`, seal });
    try {
      const store = await open();
      assert.equal(store.shared, reach === "http");
      const before = store.writes;
      await store.settings.save("key_id", "x");
      assert.ok(store.writes > before);
      store.close();
      const again = await open();
      assert.equal(await again.settings.find("key_id"), "x");
      again.close();
    } finally {
      await server?.close();
      await Deno.remove(dir, { recursive: true });
    }
  });
}
