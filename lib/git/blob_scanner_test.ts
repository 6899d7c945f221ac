import assert from "node:assert/strict";
import { createBlobScan } from "@/lib/git/blob_scan.ts";
import { NO_SCANNER } from "@/lib/git/blob_scanner.ts";

Deno.test("NO_SCANNER finds nothing, and has nothing carried along", () => {
  const scan = createBlobScan(NO_SCANNER, { count: 2 }, 1000);
  const bytes = new TextEncoder().encode("password");
  scan.whole(0, bytes);
  const pieces = { data: Int32Array.of(0, bytes.length, 0), length: 3 };
  scan.derived(1, bytes, pieces, 0, bytes);
  assert.equal(scan.hits.size, 0);
  assert.equal(scan.counts.binaryBlobs, 2);
});
