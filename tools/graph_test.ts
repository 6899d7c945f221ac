/** What needs the whole graph of imports, or the whole list of files: the linter sees one at a time. */

import assert from "node:assert/strict";
import { fromFileUrl, listFiles, ROOT } from "@/tools/files.ts";

/** Where running starts: a thread named by `new URL` is not followed from `main.ts`. */
const ROOTS = ["main.ts", "workers/scan_thread.ts"];

/** Folders in which a file that nothing reaches is forgotten code. */
const ROOMS = /^(routes|components|lib|workers)\//;

/** For tests only, so nothing that runs reaches them. */
const FOR_TESTS = /_test\.tsx?$|(^|\/)(fake|test)_[^/]*$|(^|\/)conformance\.ts$/;

/** Files of lib without a test of their own, and why that is right. */
const UNTESTED: Record<string, string> = {
  "lib/codeserver/mod.ts": "types only; conformance.ts holds every driver to them",
  "lib/detect/rule.ts": "types and closed lists only",
  "lib/doorbell/mod.ts": "types only; conformance.ts holds every driver to them",
  "lib/errors.ts": "a class without logic; its table is tested where it is read",
  "lib/store/schema.ts": "data only; a test compares it with the migrations",
};

/** Long by nature: one list each, read by looking up and not from top to bottom. */
const LONG = /(^|\/)schema\.ts$|(^|\/)rules\//;
const MAX_LINES = 300;

type Graph = Map<string, string[]>;

Deno.test("findCycle() names the files of a cycle, and nothing in a tree", () => {
  const graph = (edges: Record<string, string[]>): Graph => new Map(Object.entries(edges));
  assert.deepEqual(findCycle(graph({ a: ["b"], b: ["c"], c: ["b"] })), ["b", "c", "b"]);
  assert.deepEqual(findCycle(graph({ a: ["a"] })), ["a", "a"]);
  assert.equal(findCycle(graph({ a: ["b", "c"], b: ["c"], c: [] })), null);
});

Deno.test("no file imports itself by way of others", async () => {
  const { values } = await readGraph();
  assert.ok(values.size > 1);
  assert.equal(findCycle(values)?.join(" -> ") ?? null, null);
});

Deno.test("every file of the rooms is reached from where running starts", async () => {
  const { values, all } = await readGraph();
  assert.ok(values.has("main.ts"));
  const forgotten = (await listFiles(/\.tsx?$/))
    .filter((path) => ROOMS.test(path) && !FOR_TESTS.test(path) && !all.has(path));
  assert.deepEqual(forgotten, []);
});

Deno.test("no file is longer than 300 lines", async () => {
  const long: string[] = [];
  for (const path of await listFiles(/\.tsx?$/)) {
    if (LONG.test(path)) continue;
    const lines = (await Deno.readTextFile(`${ROOT}${path}`)).trimEnd().split("\n").length;
    if (lines > MAX_LINES) long.push(`${path} has ${lines}`);
  }
  assert.deepEqual(long, []);
});

Deno.test("every file of lib has its test, or the test of the file it was split from", async () => {
  const files = new Set(await listFiles(/\.tsx?$/));
  const lonely = [...files].filter((path) =>
    path.startsWith("lib/") && !FOR_TESTS.test(path) && !path.includes("/rules/") &&
    !Object.hasOwn(UNTESTED, path) && !testsOf(path).some((test) => files.has(test))
  );
  assert.deepEqual(lonely, []);
  for (const path of Object.keys(UNTESTED)) assert.ok(files.has(path), `${path} is gone`);
});

/** `lib/http_watch.ts` gives `lib/http_watch_test.ts` and `lib/http_test.ts`. */
function testsOf(path: string): string[] {
  const [, folder, name] = /^(.*\/)([^/]+)\.tsx?$/.exec(path)!;
  const words = name!.split("_");
  return words.flatMap((_, last) => {
    const stem = folder + words.slice(0, last + 1).join("_");
    return [`${stem}_test.ts`, `${stem}_test.tsx`];
  });
}

interface Info {
  modules: {
    specifier: string;
    error?: string;
    dependencies?: { specifier: string; code?: Target; type?: Target }[];
  }[];
}

interface Target {
  specifier?: string;
  error?: string;
}

/** Edges of values, and every file reached by values or types from the roots and the tools. */
async function readGraph(): Promise<{ values: Graph; all: Set<string> }> {
  const tools = (await listFiles(/\.ts$/)).filter((path) =>
    path.startsWith("tools/") && !FOR_TESTS.test(path)
  );
  const values: Graph = new Map();
  const all = new Set<string>();
  for (const info of await Promise.all([...ROOTS, ...tools].map(readInfo))) {
    for (const { specifier, error, dependencies } of info.modules) {
      const from = fromFileUrl(specifier);
      if (from === null) continue;
      assert.equal(error, undefined, `Cannot read ${from}`);
      all.add(from);
      const targets = (dependencies ?? []).map(({ code }) => fromFileUrl(code?.specifier ?? ""));
      values.set(from, targets.filter((target) => target !== null));
    }
  }
  return { values, all };
}

async function readInfo(path: string): Promise<Info> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", path],
    cwd: ROOT,
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** The first cycle that a walk meets, its first file repeated at the end; null without one. */
function findCycle(graph: Graph): string[] | null {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): string[] | null => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return null;
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(node);
    return null;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node);
    if (cycle) return cycle;
  }
  return null;
}
