/** `OTEL_DENO=true`: spans of requests by their routes and of the steps of jobs, and where secrets are in them. */

import assert from "node:assert/strict";
import { startApp } from "@/e2e/harness/app.ts";
import { signIn } from "@/e2e/harness/flow.ts";
import { withFolder } from "@/e2e/harness/folder.ts";
import { untilSettled } from "@/e2e/harness/outcome.ts";
import { plant } from "@/e2e/harness/plant.ts";
import { password, searchText } from "@/e2e/harness/secrets.ts";
import { waitFor } from "@/e2e/harness/wait.ts";
import { connect, openWorkspace } from "@/e2e/harness/workspace.ts";

/** Whole addresses, which Deno writes; the README has the collector delete them. */
const DELETED = ["url.full", "url.query"];

interface Span {
  name: string;
  attributes: { key: string; value: { stringValue?: string } }[];
}

Deno.test("traces name routes and steps, and hold no secret beside what links have in their addresses", () =>
  withFolder(async (folder) => {
    const dataDir = `${folder}/data`;
    await Deno.mkdir(dataDir);
    const planted = await plant(folder, 2);
    await using workspace = openWorkspace({ repositories: planted.repositories });
    await connect(dataDir, workspace);
    const received: { path: string; body: string }[] = [];
    const collector = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      async (request) => {
        received.push({ path: new URL(request.url).pathname, body: await request.text() });
        return Response.json({});
      },
    );
    const spans = (): Span[] =>
      received.filter(({ path }) => path === "/v1/traces").flatMap(({ body }) =>
        // deno-lint-ignore no-explicit-any
        JSON.parse(body).resourceSpans.flatMap((resource: any) =>
          // deno-lint-ignore no-explicit-any
          resource.scopeSpans.flatMap((scope: any) => scope.spans)
        )
      );
    const app = await startApp({
      dataDir,
      env: {
        ...workspace.env,
        OTEL_DENO: "true",
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.addr.port}`,
        OTEL_BSP_SCHEDULE_DELAY: "200",
        OTEL_BLRP_SCHEDULE_DELAY: "200",
      },
    });
    const link = password();
    try {
      await untilSettled(dataDir, 2, 300_000);
      const ada = await signIn(app, workspace);
      for (const path of ["setup", "invitation", "reset"]) await ada.open(`/${path}?token=${link}`);
      await ada.open(`/sso/callback?code=${link}&state=${link}`);
      await ada.open(`/embed/repositories?key=${link}`);
      await ada.open(`/repositories/refresh?since=${link}`);
      await ada.open(`/no/such/page?x=${link}`);
      const repository = /\/repositories\/([0-9a-z]{20})/.exec(
        (await ada.open("/repositories")).html,
      );
      await ada.open(`/repositories/${repository![1]}`);
      await waitFor(
        "the last request's span",
        () => spans().some(({ name }) => name === "GET /repositories/:id"),
        300_000,
      );
    } finally {
      await app.stop();
      await collector.shutdown();
    }
    const names = new Set(spans().map(({ name }) => name));
    for (
      const name of ["POST /sign-in", "GET /setup", "GET /health", "step discover", "step history"]
    ) {
      assert.ok(names.has(name), `${name} in ${[...names].join(", ")}`);
    }
    const all = received.map(({ body }) => body).join("\n");
    assert.deepEqual(searchText(all, [workspace.admin.email.split("@")[1]!, "/setup"]), ["/setup"]);
    const secrets = [
      ...planted.secrets,
      link,
      workspace.token,
      workspace.admin.password,
      workspace.env.SECRET_KEY!,
    ];
    assert.deepEqual(searchText(all, secrets), [link], "as the README warns");
    const other = received.filter(({ path }) => path !== "/v1/traces").map(({ body }) => body);
    assert.deepEqual(searchText(other.join("\n"), secrets), []);
    for (const span of spans()) {
      // As the README has the collector do.
      span.attributes = span.attributes.filter(({ key }) => !DELETED.includes(key));
      assert.deepEqual(searchText(JSON.stringify(span), secrets), [], span.name);
    }
    console.log(`${spans().length} spans by ${names.size} names`);
  }));
