/** What people do again and again, by forms alone. */

import assert from "node:assert/strict";
import type { App } from "@/e2e/harness/app.ts";
import { createVisitor, type Visitor } from "@/e2e/harness/visitor.ts";
import type { Workspace } from "@/e2e/harness/workspace.ts";

/** A visitor who is signed in as the first admin. */
export async function signIn(app: App, { admin }: Workspace): Promise<Visitor> {
  const visitor = createVisitor(app.url);
  await visitor.open("/sign-in");
  const answer = await visitor.submit({ email: admin.email, password: admin.password });
  assert.equal(answer.status, 200, answer.html);
  return visitor;
}
