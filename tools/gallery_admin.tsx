/** The gallery's pages of the log, the work, rules, invitations, webhooks and the API. */

import type { JSX } from "hono/jsx/jsx-runtime";
import { ApiDocsPage } from "@/components/api_docs_page.tsx";
import { AuditPage } from "@/components/audit_page.tsx";
import { CustomRulePage, CustomRulesPage } from "@/components/custom_rules_page.tsx";
import { DeadLinkPage, InvitationsPage, NewPasswordPage } from "@/components/invitation_pages.tsx";
import { OperationsPage, type OperationsView } from "@/components/operations_page.tsx";
import { SignInCodePage } from "@/components/sign_in_code_page.tsx";
import { SuppressionsPage } from "@/components/suppressions_page.tsx";
import { WebhookPage } from "@/components/webhook_page.tsx";
import { SEVERITY_WORDS } from "@/lib/status.ts";
import { FRAME, NOW, ROWS, VIEWER } from "./gallery_views.ts";

const NO_FORM = { values: {}, errors: {} };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SITE = "https://sluice.acme.example";
const instanceName = FRAME.instanceName;
const gate = { instanceName, email: "vic@acme.example", token: "t" };

const STEP = {
  serverName: "Acme Platform",
  repository: { id: "r0", fullName: ROWS[0]!.fullName },
  owner: "local:01k9x7c2m4",
  attempts: 1,
  crashes: 0,
  reason: null,
  detail: null,
};

const OPERATIONS: OperationsView = {
  troubles: ["The disk has 410 MB left", "A discovery is due since 12 min"],
  open: [
    { kind: "scan", state: "queued", count: 1052, oldestDueMs: 42_000 },
    { kind: "scan", state: "running", count: 3, oldestDueMs: null },
    { kind: "discovery", state: "running", count: 1, oldestDueMs: null },
  ],
  running: [{ ...STEP, id: "j0", step: "history", at: NOW - 4_000 }],
  waiting: [{ ...STEP, id: "j1", step: "tip", at: NOW + 9 * 60_000, reason: "rate_limited" }],
  failed: [{
    ...STEP,
    id: "j2",
    step: "history",
    attempts: 5,
    at: NOW - HOUR,
    reason: "malformed",
    detail: "Cannot read the pack: object 7 has unknown type 5",
  }],
  threads: { busy: 3, size: 3 },
  now: NOW,
};

/** Page by name, as in `gallery.tsx`. */
export const ADMIN_GALLERY: Record<string, () => JSX.Element> = {
  "audit-nothing": () => (
    <AuditPage
      frame={VIEWER}
      view={{
        rows: [],
        actions: [],
        filters: { action: "", q: "nobody", from: "", until: "" },
        pager: { range: "0 entries", firstHref: null, previousHref: null, nextHref: null },
        csvHref: "#csv",
      }}
    />
  ),
  "audit": () => (
    <AuditPage
      frame={FRAME}
      view={{
        rows: ["session.started", "server.token_replaced", "user.role_changed"].map((
          action,
          index,
        ) => ({
          at: NOW - index * HOUR,
          who: FRAME.user.email,
          action,
          target: index === 0 ? null : "Acme Platform (01k9x7c2m4)",
          detail: index === 2 ? "from viewer to admin" : null,
          address: "2001:db8:85a3::8a2e:370:7334",
        })),
        actions: [{ value: "", word: "All acts" }],
        filters: { action: "", q: "", from: "", until: "" },
        pager: { range: "3 entries", firstHref: null, previousHref: null, nextHref: "#" },
        csvHref: "#csv",
      }}
    />
  ),
  "operations": () => <OperationsPage frame={FRAME} view={OPERATIONS} />,
  "operations-idle": () => (
    <OperationsPage
      frame={FRAME}
      view={{
        ...OPERATIONS,
        troubles: [],
        open: [],
        running: [],
        waiting: [],
        failed: [],
        threads: { busy: 0, size: 3 },
      }}
    />
  ),
  "rules": () => (
    <CustomRulesPage
      frame={FRAME}
      rules={[null, "Its expression takes too long.", null].map((problem, index) => ({
        id: `c${index}`,
        name: ["Acme service ticket", "Legacy license key", "Door code"][index]!,
        severity: SEVERITY_WORDS[index === 0 ? "critical" : "low"],
        keywords: ["acme_ticket_", "acmelic"],
        enabled: index < 2,
        problem,
        updatedBy: FRAME.user.email,
        updatedAt: NOW - DAY,
      }))}
    />
  ),
  "rules-empty": () => <CustomRulesPage frame={FRAME} rules={[]} />,
  "rule": () => (
    <CustomRulePage
      frame={FRAME}
      rule={{ id: "c0", name: "Acme service ticket" }}
      form={{
        values: { name: "Acme service ticket", pattern: "acme_ticket_([0-9a-f]{32})" },
        errors: { keywords: "Name at least one word of three characters." },
      }}
      severities={[{ value: "critical", word: "critical" }, { value: "high", word: "high" }]}
      tried={{ hits: [{ line: 3, preview: "acme_ticket_0f…9c" }], total: 1 }}
    />
  ),
  "suppressions": () => (
    <SuppressionsPage
      frame={FRAME}
      rules={[{
        id: "x0",
        path: "test/fixtures/**",
        ruleId: null,
        fingerprint: null,
        repositories: "payments-*",
        reason: "Values made up for tests.",
        createdBy: FRAME.user.email,
        createdAt: NOW - 20 * DAY,
      }]}
      form={{ values: {}, errors: { reason: "Say why." } }}
      like={{ id: "f0", words: "AWS access key in config/prod.env" }}
    />
  ),
  "suppressions-empty": () => (
    <SuppressionsPage frame={VIEWER} rules={[]} form={NO_FORM} like={null} />
  ),
  "invitations-empty": () => (
    <InvitationsPage
      frame={FRAME}
      links={[]}
      users={[{ id: "u1", email: FRAME.user.email, role: "admin", secondFactor: false }]}
      fresh={null}
      form={NO_FORM}
    />
  ),
  "invitations": () => (
    <InvitationsPage
      frame={FRAME}
      links={[{
        id: "l0",
        kind: "invitation",
        email: gate.email,
        role: "viewer",
        createdBy: FRAME.user.email,
        expiresAt: NOW + DAY,
      }]}
      users={[{ id: "u1", email: FRAME.user.email, role: "admin", secondFactor: true }]}
      fresh={{
        kind: "invitation",
        email: gate.email,
        url: `${SITE}/invitation?token=${"x".repeat(43)}`,
        expiresAt: NOW + DAY,
      }}
      form={{ values: {}, errors: { email: "This is no e-mail address." } }}
    />
  ),
  "new-password": () => <NewPasswordPage {...gate} kind="invitation" form={NO_FORM} />,
  "dead-link": () => <DeadLinkPage instanceName={instanceName} />,
  "sign-in-code": () => (
    <SignInCodePage
      instanceName={instanceName}
      form={{ values: {}, errors: { code: "This code is wrong or was used." } }}
    />
  ),
  "webhook": () => (
    <WebhookPage
      frame={FRAME}
      server={{ id: "s1", name: "Acme Platform", workspace: "acme-platform" }}
      url={`${SITE}/webhooks/s1`}
      secret={"x".repeat(43)}
      events={["Repository push", "Repository created", "Repository deleted"]}
      reachable
    />
  ),
  "api-docs": () => (
    <ApiDocsPage
      instanceName={instanceName}
      view={{
        title: "Sluice API",
        description: "What the pages show, for scripts.",
        base: `${SITE}/api/v1`,
        groups: [{
          tag: "Repositories",
          operations: [{
            id: "listRepositories",
            tag: "Repositories",
            method: "GET",
            path: "/repositories",
            summary: "List repositories with their state",
            description: "",
            parameters: [{
              name: "state",
              type: "string",
              required: false,
              description: "One of the shown states.",
            }],
            body: null,
            answers: [{
              status: "200",
              description: "A page, and the counts of the whole server or of all",
              schema: "RepositoryPage",
              contentType: "application/json",
            }],
          }],
        }],
        schemas: [{
          name: "RepositoryPage",
          description: null,
          properties: [{ name: "next", type: "string | null", required: true, description: "" }],
        }],
        problems: [{ id: "not-found", sentence: "There is nothing at this address." }],
      }}
    />
  ),
};
