import assert from "node:assert/strict";
import type { Db } from "@/lib/store/db.ts";
import { listPlaces } from "@/lib/store/scans_places.ts";
import { addRepositories, claimed, secret, storeTestOnBoth } from "@/lib/store/test_store.ts";

storeTestOnBoth(
  "listPlaces() gives each place once, those at the tip first, a page at a time",
  async (store) => {
    const { ids } = await addRepositories(store, ["api", "other"]);
    const job = await claimed(store, "scan");
    const secrets = Array.from({ length: 9 }, (_, i) => {
      const atTip = i % 3 === 0;
      return secret(`s${i}`, { atTip, place: { atTip } });
    });
    assert.ok(await store.scans.record(job, secrets, "history"));
    const answers: number[] = [];
    const plans: string[] = [];
    const counting: Db = {
      ...store.db,
      async execute(sql, args) {
        const answer = await store.db.execute(sql, args);
        answers.push(answer.rows.length);
        const { rows } = await store.db.execute(`EXPLAIN QUERY PLAN ${sql}`, args);
        plans.push(rows.map(({ detail }) => detail).join("\n"));
        return answer;
      },
    };
    const id = job.repositoryId!;
    const places = await listPlaces(counting, id, 100, 2);
    assert.deepEqual(answers, [9, 2, 2, 2, 2, 1]);
    // The whole repository is read and sorted once; a page reads its own places alone.
    const wholes = plans.map((plan) => !/ o USING INTEGER PRIMARY KEY/.test(plan));
    assert.deepEqual(wholes, [true, false, false, false, false, false], plans.join("\n\n"));
    const paths = places.map(({ path }) => path);
    assert.deepEqual(paths.toSorted(), secrets.map((_, i) => `s${i}.env`));
    assert.deepEqual(places.map(({ atTip }) => atTip), [
      ...[true, true, true],
      ...Array.from({ length: 6 }, () => false),
    ]);
    assert.deepEqual(await store.scans.listPlaces(id, 100), places);
    assert.deepEqual(await listPlaces(counting, id, 5, 2), places.slice(0, 5));
    const other = Object.values(ids).find((one) => one !== id)!;
    assert.deepEqual(await store.scans.listPlaces(other, 100), []);
  },
);
