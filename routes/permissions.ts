/** Who may do what: one table, which the middleware asks and a test walks over every route. */

/** Everybody, whoever is signed in, or admins only. */
export type Access = "anyone" | "viewer" | "admin";

/**
 * What differs from the rule, the first row that fits. The rule: who is signed in reads, and only
 * an admin changes. Routes open to anyone prove in other ways who asks, where it matters.
 */
const EXCEPTIONS: readonly [methods: "all" | "reads", path: RegExp, access: Access][] = [
  // Before there is a user: the form, the one-time link, or the provider's answer is the proof.
  [
    "all",
    /^\/(sign-in|sign-in\/code|sign-out|setup|invitation|reset|sso|sso\/callback)$/,
    "anyone",
  ],
  ["reads", /^\/static\//, "anyone"],
  // For who runs it: no name, no count of anything that is private.
  ["reads", /^\/(health|healthz|readyz|livez|ready|live)$/, "anyone"],
  // Signed by the code server.
  ["all", /^\/webhooks\//, "anyone"],
  // By embed key, which names what it shows.
  ["all", /^\/embed(\/|$)/, "anyone"],
  ["reads", /^\/api\/v1\/(docs|openapi\.json)$/, "anyone"],
  // One's own password, second factor and sessions.
  ["all", /^\/account(\/|$)/, "viewer"],
  // Links and keys are a way in.
  ["reads", /^\/settings\/invitations$/, "admin"],
];

/** What a request asks of who sends it. `HEAD` and `OPTIONS` read. */
export function accessOf(method: string, path: string): Access {
  const reads = ["GET", "HEAD", "OPTIONS"].includes(method);
  const exception = EXCEPTIONS.find(([methods, pattern]) =>
    (methods === "all" || reads) && pattern.test(path)
  );
  return exception?.[2] ?? (reads ? "viewer" : "admin");
}
