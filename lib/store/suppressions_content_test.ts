import assert from "node:assert/strict";
import { addRepositories, claimed, secret, storeTestOnBoth } from "@/lib/store/test_store.ts";
import { fileContents } from "./suppressions_content.ts";

storeTestOnBoth(
  "a file's content is told of by findings of rules that are on alone",
  async (store) => {
    const { ids } = await addRepositories(store, ["api", "web"]);
    const rule = { name: "Door", pattern: "d[0-9]", keywords: ["door"], help: "" } as const;
    await store.customRules.create("door", { ...rule, severity: "high" }, "ada@example.com");
    const at = (path: string, ruleId?: string) =>
      secret(path, { ...(ruleId ? { ruleId } : {}), place: { path } });
    const job = await claimed(store, "scan");
    await store.scans.record(job, [
      ...["a/.env", "b/.env", "c/.env"].map((path) => at(path, "file-environment")),
      { ...at("a/.env"), fingerprint: "1" },
      { ...at("b/.env", "custom-door"), fingerprint: "2" },
      at("src/app.ts"),
    ], "history");
    const [here, there] = job.repositoryId === ids.api
      ? [ids.api!, ids.web!]
      : [ids.web!, ids.api!];
    const told = async () => {
      const contents = fileContents(store.db);
      await contents.look([here, there]);
      await contents.look([here]);
      assert.ok(!contents.has(there, "a/.env"));
      return ["a/.env", "b/.env", "c/.env", "src/app.ts"].filter((path) =>
        contents.has(here, path)
      );
    };
    assert.deepEqual(await told(), ["a/.env", "b/.env"]);
    await store.customRules.switch("door", false, "ada@example.com");
    assert.deepEqual(await told(), ["a/.env"]);
    const places = await store.scans.listPlaces(here, 10);
    assert.deepEqual(
      places.filter(({ isContent }) => isContent).map(({ path }) => path).sort(),
      ["a/.env", "src/app.ts"],
    );
  },
);
