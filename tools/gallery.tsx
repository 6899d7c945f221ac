/** Every page in its telling states, for screenshots and for the accessibility checks. */

import type { JSX } from "hono/jsx/jsx-runtime";
import { ErrorPage } from "@/components/error_page.tsx";
import { FindingPage } from "@/components/finding_page.tsx";
import { FindingsPage } from "@/components/findings_page.tsx";
import { RepositoriesPage } from "@/components/repositories_page.tsx";
import { RepositoryPage } from "@/components/repository_page.tsx";
import {
  EditSelectionPage,
  RemoveServerPage,
  ReplaceTokenPage,
} from "@/components/server_forms.tsx";
import { ServerPage } from "@/components/server_page.tsx";
import { ServersPage } from "@/components/server_row.tsx";
import { SettingsPage } from "@/components/settings_page.tsx";
import { SetupClosedPage, SetupPage, SignInPage } from "@/components/sign_in_page.tsx";
import {
  CHECKED,
  FINDING,
  FINDINGS_UNCLEAR,
  FINDINGS_VIEW,
  REPOSITORIES,
  REPOSITORY,
} from "./gallery_page_views.ts";
import { ADMIN_GALLERY } from "./gallery_admin.tsx";
import { SETTINGS_GALLERY } from "./gallery_settings.tsx";
import { WIZARD_GALLERY } from "./gallery_wizard.tsx";
import {
  FINDINGS,
  FRAME,
  NOW,
  repositoryStatus,
  ROWS,
  SELECTION,
  SERVER,
  SERVERS,
  VIEWER,
} from "./gallery_views.ts";

const NO_FORM = { values: {}, errors: {} };
const UNFILTERED = { ...REPOSITORIES.filters, server: "" };

const live = { everySeconds: 600, tag: "v1" };
const server = { id: "s1", name: "Acme Platform" };

/** Page by name; names are those of the image files. */
export const GALLERY: Record<string, () => JSX.Element> = {
  "repositories": () => <RepositoriesPage frame={FRAME} view={REPOSITORIES} />,
  "repositories-viewer": () => (
    <RepositoriesPage
      frame={{ ...VIEWER, flash: { tone: "good", text: "Acme Platform is connected." } }}
      view={{ ...REPOSITORIES, live: { ...REPOSITORIES.live, everySeconds: null } }}
    />
  ),
  "repositories-empty": () => (
    <RepositoriesPage frame={FRAME} view={{ ...REPOSITORIES, hasServers: false, failedCount: 0 }} />
  ),
  "repositories-loading": () => (
    <RepositoriesPage frame={FRAME} view={{ ...REPOSITORIES, rows: [], filters: UNFILTERED }} />
  ),
  "repositories-nothing": () => (
    <RepositoriesPage
      frame={FRAME}
      view={{
        ...REPOSITORIES,
        rows: [],
        notices: [],
        failedCount: 0,
        emptiness: { kind: "filtered" },
        filters: { ...REPOSITORIES.filters, q: "zzz" },
      }}
    />
  ),
  "repositories-unread": () => (
    <RepositoriesPage
      frame={FRAME}
      view={{ ...REPOSITORIES, rows: [], emptiness: { kind: "unread" }, filters: UNFILTERED }}
    />
  ),
  "repositories-none": () => (
    <RepositoriesPage
      frame={FRAME}
      view={{ ...REPOSITORIES, rows: [], emptiness: { kind: "none" }, filters: UNFILTERED }}
    />
  ),
  "repository": () => <RepositoryPage frame={FRAME} view={REPOSITORY} />,
  "repository-new": () => (
    <RepositoryPage
      frame={VIEWER}
      view={{
        ...REPOSITORY,
        row: ROWS[1]!,
        findings: [],
        scans: [],
        refs: { count: 0, shown: [] },
        scan: { ...REPOSITORY.scan, status: repositoryStatus("queued"), everySeconds: null },
      }}
    />
  ),
  "findings": () => <FindingsPage frame={FRAME} view={FINDINGS_VIEW} />,
  "findings-viewer": () => <FindingsPage frame={VIEWER} view={FINDINGS_VIEW} />,
  "findings-secrets": () => (
    <FindingsPage
      frame={FRAME}
      view={{
        ...FINDINGS_VIEW,
        rows: [],
        secrets: FINDINGS.map((row) => ({
          fingerprint: row.id,
          rule: row.rule,
          preview: row.preview,
          severity: row.severity,
          repositories: row.repositories,
          findings: row.occurrences,
          atTip: row.atTip,
          lastFoundAt: row.foundAt,
        })),
      }}
    />
  ),
  "findings-empty": () => (
    <FindingsPage frame={VIEWER} view={{ ...FINDINGS_VIEW, rows: [], scannedAny: false }} />
  ),
  "findings-unclear": () => <FindingsPage frame={FRAME} view={FINDINGS_UNCLEAR} />,
  "findings-nothing": () => <FindingsPage frame={FRAME} view={{ ...FINDINGS_VIEW, rows: [] }} />,
  "finding": () => <FindingPage frame={FRAME} view={FINDING} />,
  "servers": () => (
    <ServersPage
      frame={FRAME}
      rows={SERVERS}
      live={live}
      now={NOW}
      drafts={[{ id: "d1", href: "#", words: "acme-labs, at the token", startedAt: NOW - 90_000 }]}
    />
  ),
  "servers-empty": () => <ServersPage frame={FRAME} rows={[]} live={live} now={NOW} drafts={[]} />,
  "server": () => <ServerPage frame={FRAME} view={SERVER} />,
  "server-attention": () => (
    <ServerPage
      frame={FRAME}
      view={{
        ...SERVER,
        status: SERVERS[1]!.status,
        attention: { sentence: SERVERS[1]!.status.detail!, detail: "GET /user answered 401" },
        discovery: {
          ...SERVER.discovery,
          state: "complete",
          found: 1266,
          finishedAt: NOW - 7_000_000,
          startedAt: NOW - 7_031_000,
        },
        totals: {
          ...SERVER.totals,
          done: 1266,
          estimate: null,
          summary: {
            commits: 1_204_388,
            scannedBytes: 41_000_000_000,
            leftOut: [ROWS[3]!, ROWS[5]!].map((row) => ({
              id: row.id,
              fullName: row.fullName,
              words: row.status,
              sentence: row.status.detail ?? "",
            })),
          },
        },
        everySeconds: null,
      }}
    />
  ),
  "selection": () => <EditSelectionPage frame={FRAME} server={server} view={SELECTION} />,
  "token": () => (
    <ReplaceTokenPage frame={FRAME} server={server} form={NO_FORM} preflight={CHECKED} />
  ),
  "removal": () => (
    <RemoveServerPage
      frame={FRAME}
      server={server}
      repositories={1266}
      findings={324}
      form={{ values: {}, errors: { sure: "Tick the box to go on." } }}
    />
  ),
  ...WIZARD_GALLERY,
  "settings": () => (
    <SettingsPage
      frame={FRAME}
      factors={{ policy: "admins", provider: "Acme", form: NO_FORM }}
      users={[
        { id: "u1", email: FRAME.user.email, role: "admin", createdAt: NOW, isYou: true },
        { id: "u2", email: VIEWER.user.email, role: "viewer", createdAt: NOW, isYou: false },
      ]}
    />
  ),
  "sign-in": () => (
    <SignInPage
      instanceName="Acme Platform"
      next="/repositories"
      notice={null}
      local
      ssoName={null}
      form={{
        values: { email: "robin@acme.example", password: "a guess" },
        errors: { password: "E-mail or password is wrong." },
      }}
    />
  ),
  "setup": () => <SetupPage instanceName="Sluice" token="t" form={NO_FORM} />,
  "setup-closed": () => <SetupClosedPage instanceName="Sluice" hasUser={false} />,
  ...SETTINGS_GALLERY,
  ...ADMIN_GALLERY,
  "error": () => (
    <ErrorPage
      frame={FRAME}
      instanceName="Acme Platform"
      error={{
        status: 404,
        title: "Not found",
        sentence: "There is no such repository, or it was removed with its code server.",
        requestId: "01k9x7",
        onward: { href: "/repositories", word: "To the repositories" },
      }}
    />
  ),
};
