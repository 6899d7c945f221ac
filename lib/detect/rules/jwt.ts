/** JSON Web Tokens: what they say of themselves decides how much they matter. */

import { toBase64Url } from "@/lib/detect/checks/base64.ts";
import { jwtExpiry, jwtParts } from "@/lib/detect/checks/jwt.ts";
import type { Rule, Verdict } from "@/lib/detect/rule.ts";
import { base64url } from "@/lib/detect/rules/samples.ts";

/** Long-lived from then on: an expiry that far ahead is as good as none. */
const LONG_LIVED_FROM = Date.UTC(2100, 0, 1) / 1000;

function check(token: string): Verdict {
  const parts = jwtParts(token);
  if (parts === null) return { keep: false };
  const { header, payload } = parts;
  if (typeof header.alg !== "string" || /^none$/i.test(header.alg)) return { keep: false };
  if (isFromATutorial(payload)) return { keep: false };
  // Made for browsers; row-level rules guard what it opens.
  if (payload.role === "anon" || payload.ref !== undefined && payload.role === "anon") {
    return { keep: true, severity: "low", reason: "a public key (role anon)" };
  }
  const facts = typeof payload.iss === "string" ? [`issued by ${payload.iss.slice(0, 60)}`] : [];
  if (payload.role === "service_role") {
    return { keep: true, severity: "critical", confidence: "high", reason: "role service_role" };
  }
  const ends = jwtExpiry(payload);
  if (ends === null) {
    return { keep: true, severity: "high", reason: ["never expires", ...facts].join(", ") };
  }
  if (Number(payload.exp) >= LONG_LIVED_FROM) facts.unshift("as good as endless");
  return { keep: true, severity: "medium", reason: [`expires ${ends}`, ...facts].join(", ") };
}

/** The tokens that every introduction shows. */
function isFromATutorial(payload: Record<string, unknown>): boolean {
  const names = [payload.name, payload.sub, payload.username, payload.user].map(String);
  return names.some((name) =>
    /^(?:John Doe|Jane Doe|1234567890|joe|foo|bar|test|example)$/i.test(name)
  ) ||
    Object.values(payload).some((value) => value === "bar") ||
    Object.keys(payload).length === 0;
}

const sample = (payload: unknown, alg = "HS256") =>
  `${toBase64Url(JSON.stringify({ alg, typ: "JWT" }))}.${toBase64Url(JSON.stringify(payload))}.${
    base64url(43)
  }`;

export const rules: readonly Rule[] = [
  {
    id: "json-web-token",
    name: "JSON Web Token",
    vendor: "",
    keywords: ["eyj"],
    marker: "eyJ",
    window: { before: 0, after: 6000 },
    pattern:
      /(?<![A-Za-z0-9_\-+/.]|[A-Za-z0-9_\-+/]==)eyJ[A-Za-z0-9_-]{8,1000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{20,700}(?![A-Za-z0-9_-])/,
    severity: "medium",
    confidence: "high",
    specificity: "structure",
    check,
    help:
      "Opens what its claims name until it expires. End the session or change the signing key; keep tokens out of files.",
    docsUrl: "https://www.rfc-editor.org/rfc/rfc7519",
    version: 2,
    matches: () => [
      `token: ${sample({ iss: "https://login.acme.net", uid: 8841, exp: 1767225600 })}`,
      `Authorization: Bearer ${sample({ uid: 17, scope: "admin" }, "RS256")}`,
      `const t = "${sample({ role: "service_role", ref: "qwmzplxk" })}";`,
    ],
    ignores: () => [
      `t = "${sample({ sub: "1234567890", name: "John Doe", iat: 1516239022 })}"`,
      `t = "${sample({ uid: 17 }, "none")}"`,
      "eyJhbGciOi.eyJzdWIiOi.short",
      `${base64url(20)}.${base64url(60)}.${base64url(43)}`,
    ],
  },
];
