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
  ["reads", /^\/health(\/live)?$/, "anyone"],
  // Signed by the code server.
  ["all", /^\/webhooks\//, "anyone"],
  // By embed key, which names what it shows.
  ["all", /^\/embed(\/|$)/, "anyone"],
  ["reads", /^\/api\/v1\/(docs|openapi\.json)$/, "anyone"],
  // One's own password, second factor and sessions.
  ["all", /^\/account(\/|$)/, "viewer"],
  // Pages that are a form for a change, and nothing to look at besides.
  ["reads", /^\/servers\/(new|[^/]+\/(selection|token|removal|webhook))(\/|$)/, "admin"],
  ["reads", /^\/settings\/rules\/[^/]+$/, "admin"],
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

/**
 * Changes of who gets in, and with what: who sits there proves once more who they are, unless that
 * was just now (ASVS 5.0, 7.5). What only takes rights away, such as revoking a key, does not wait.
 * The forms of the password and the second factor at `/account` have a field for the proof.
 */
const PROVEN: readonly RegExp[] = [
  /^\/account\/sessions\//,
  /^\/settings\/(invitations|api-keys|embed-keys|second-factor)$/,
  /^\/settings\/users\/[^/]+\//,
];

/** Whether a change asks for a fresh proof of who sends it. */
export function asksProof(method: string, path: string): boolean {
  return !["GET", "HEAD", "OPTIONS"].includes(method) && PROVEN.some((one) => one.test(path));
}

/** Whether it may be done by who is first to turn on a second factor. */
export function opensBeforeFactor(path: string): boolean {
  return /^\/account\/second-factor(\/confirmation)?$/.test(path);
}
