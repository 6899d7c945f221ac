/** GitLab: every kind of token with a `gl` prefix, routable tokens with their checksum included. */
import { crc32 } from "../checks/crc32.ts";
import { byObservedChecksum } from "../checks/verdicts.ts";
import type { Rule } from "../rule.ts";
import { alnum, base64url, digits, hex } from "./samples.ts";
import { prefixed } from "./shapes.ts";

const vendor = "GitLab";
const docsUrl = "https://docs.gitlab.com/security/tokens/#token-prefixes";

/** Routable tokens end in the length of their payload and a base 36 CRC-32 of what precedes. */
const ROUTABLE = "[0-9A-Za-z_-]{27,300}\\.[0-9a-z]{2}(?:\\.[0-9a-z]{9}|[0-9a-z]{7})";

function check(secret: string) {
  if (!/\.[0-9a-z]{2}\.?[0-9a-z]{7,9}$/.test(secret)) return { keep: true };
  return byObservedChecksum(crcOf(secret.slice(0, -7)) === secret.slice(-7));
}

function crcOf(text: string): string {
  return crc32(text).toString(36).padStart(7, "0");
}

function routable(prefix: string): string {
  const head = `${prefix}${base64url(30)}.01.0u`;
  return head + crcOf(head);
}

/** One kind of token; most kinds have 20 characters after the prefix. */
function kind(
  id: string,
  name: string,
  prefix: string,
  body: string,
  samples: () => string[],
  severity: Rule["severity"],
  help: string,
  revokeUrl?: string,
): Rule {
  return prefixed({
    id: `gitlab-${id}`,
    name: `GitLab ${name}`,
    vendor,
    severity,
    prefix,
    body,
    edge: "A-Za-z0-9_-",
    check,
    help,
    docsUrl,
    samples,
    ...(revokeUrl === undefined ? {} : { revokeUrl }),
  });
}

const OWN = "https://gitlab.com/-/user_settings/personal_access_tokens";

export const rules: readonly Rule[] = [
  kind(
    "personal-token",
    "personal, project or group access token",
    "glpat-",
    `(?:${ROUTABLE}|[0-9A-Za-z_-]{20,22})`,
    () => ["glpat-" + base64url(20), routable("glpat-")],
    "critical",
    "Acts as its owner, or as a bot of its project or group, within its scopes. Revoke it under Access tokens of the user, project or group.",
    OWN,
  ),
  kind(
    "oauth-application-secret",
    "OAuth application secret",
    "gloas-",
    "[0-9a-zA-Z_-]{64}",
    () => ["gloas-" + hex(64)],
    "high",
    "Lets anyone pose as the OAuth application. Renew the secret under Applications.",
    "https://gitlab.com/-/user_settings/applications",
  ),
  kind(
    "deploy-token",
    "deploy token",
    "gldt-",
    "[0-9a-zA-Z_-]{20}",
    () => ["gldt-" + base64url(20, 2)],
    "high",
    "Reads, and perhaps writes, a project's or group's repositories and registries. Revoke it under Settings, Repository, Deploy tokens.",
  ),
  kind(
    "runner-token",
    "runner authentication token",
    "glrt-",
    `(?:t\\d_)?(?:${ROUTABLE}|[0-9A-Za-z_-]{20})`,
    () => ["glrt-" + base64url(20, 3), "glrt-t1_" + base64url(20, 4), routable("glrt-t3_")],
    "high",
    "Registers a runner, which receives jobs with their source and secrets. Delete the runner, or reset its token, under Settings, CI/CD, Runners.",
  ),
  kind(
    "runner-registered-token",
    "runner token made by registration",
    "glrtr-",
    "[0-9A-Za-z_-]{20,40}",
    () => ["glrtr-" + base64url(20, 13)],
    "high",
    "Lets a runner receive jobs with their source and secrets. Delete the runner under Settings, CI/CD, Runners.",
  ),
  kind(
    "runner-registration-token",
    "runner registration token (old)",
    "GR1348941",
    "[0-9A-Za-z_-]{20}",
    () => ["GR1348941" + base64url(20, 5)],
    "high",
    "Adds runners to an instance, group or project, which then receive its jobs. Reset it under Settings, CI/CD, Runners.",
  ),
  kind(
    "ci-job-token",
    "CI job token",
    "glcbt-",
    "[0-9a-zA-Z]{1,5}_[0-9a-zA-Z_-]{20}",
    () => [`glcbt-${hex(2)}_${base64url(20, 6)}`],
    "medium",
    "Acts as the user who started a job, only while the job runs. Check that the job is over.",
  ),
  kind(
    "trigger-token",
    "pipeline trigger token",
    "glptt-",
    "[0-9a-f]{40}",
    () => ["glptt-" + hex(40)],
    "medium",
    "Starts pipelines of its project as its owner. Revoke it under Settings, CI/CD, Pipeline trigger tokens.",
  ),
  kind(
    "feed-token",
    "feed token",
    "glft-",
    "(?:[0-9a-zA-Z_-]{20}|[a-f0-9]{64}-\\d{1,10})",
    () => ["glft-" + base64url(20, 7), `glft-${hex(64)}-${digits(5)}`],
    "medium",
    "Reads the owner's feeds and calendars. Reset it under Access tokens.",
    OWN,
  ),
  kind(
    "incoming-mail-token",
    "incoming mail token",
    "glimt-",
    "[0-9a-zA-Z_-]{25}",
    () => ["glimt-" + base64url(25)],
    "medium",
    "Creates issues in the owner's name by e-mail. Reset it under Access tokens.",
    OWN,
  ),
  kind(
    "agent-token",
    "agent for Kubernetes token",
    "glagent-",
    "[0-9a-zA-Z_-]{50,300}",
    () => ["glagent-" + base64url(50)],
    "high",
    "Connects a Kubernetes cluster's agent to GitLab. Revoke it under Operate, Kubernetes clusters.",
  ),
  kind(
    "scim-token",
    "SCIM token",
    "glsoat-",
    "[0-9a-zA-Z_-]{20}",
    () => ["glsoat-" + base64url(20, 8)],
    "critical",
    "Creates and removes users of a group or instance. Reset it under Settings, SAML SSO.",
  ),
  kind(
    "feature-flag-token",
    "feature flag client token",
    "glffct-",
    "[0-9a-zA-Z_-]{20}",
    () => ["glffct-" + base64url(20, 9)],
    "low",
    "Reads the project's feature flags. Reset it under Deploy, Feature flags, Configure.",
  ),
  kind(
    "workspace-token",
    "workspace token",
    "glwt-",
    "[0-9a-zA-Z_-]{20}",
    () => ["glwt-" + base64url(20, 10)],
    "medium",
    "Opens a development workspace of its owner. Delete the workspace.",
  ),
  prefixed({
    id: "gitlab-session-cookie",
    name: "GitLab session cookie",
    vendor,
    severity: "medium",
    confidence: "medium",
    prefix: "_gitlab_session=",
    body: "[0-9a-f]{32}",
    help: "Acts as a signed-in user until the session ends. Revoke it under Active sessions.",
    revokeUrl: "https://gitlab.com/-/user_settings/active_sessions",
    docsUrl: "https://docs.gitlab.com/security/tokens/",
    samples: () => ["_gitlab_session=" + hex(32)],
    ignores: () => ["Cookie: _gitlab_session=" + alnum(12)],
  }),
];
