/** The proof of who sits there, asked for before what changes who gets in. */

import type { Context, MiddlewareHandler } from "hono";
import { ProofPage } from "@/components/proof_page.tsx";
import { formatDuration } from "@/lib/format.ts";
import { checkPassword } from "@/lib/password.ts";
import type { User } from "@/lib/store/users.ts";
import { addressOf } from "./address.ts";
import { readCookie } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { frameOf } from "./middleware.ts";
import { asksProof } from "./permissions.ts";

/** The field of the proof, and what a browser's password manager adds to it. */
const OWN_FIELDS = new Set(["proof", "username"]);

/** Why a password does not prove who asks. */
export interface ProofProblem {
  sentence: string;
  status: 422 | 429;
}

/**
 * Behind `signedIn`: lets a change of the table pass when who sits there proved lately who they are,
 * or does so with this form; else shows the form again with a field for it.
 */
export function freshlyProven(deps: RouteDeps): MiddlewareHandler<AppEnv> {
  const { sessions } = deps.store;
  return async (c, next) => {
    if (!asksProof(c.req.method, c.req.path)) return await next();
    const token = readCookie(c, "session") ?? "";
    if (await sessions.isProven(token)) return await next();
    const form = await c.req.parseBody({ all: true });
    const { proof } = form;
    if (typeof proof !== "string") return await ask(c, form, null);
    const problem = await passwordMismatch(c, deps, proof);
    if (problem !== null) return await ask(c, form, problem);
    await sessions.prove(token);
    await next();
  };

  async function ask(
    c: Context<AppEnv>,
    form: Record<string, unknown>,
    problem: ProofProblem | null,
  ): Promise<Response> {
    const fields = Object.entries(form).flatMap(([name, value]) =>
      OWN_FIELDS.has(name)
        ? []
        : [value].flat().flatMap((one): [string, string][] =>
          typeof one === "string" ? [[name, one]] : []
        )
    );
    return await c.html(
      <ProofPage
        frame={frameOf(c, deps)}
        action={c.req.path}
        fields={fields}
        hasPassword={hasPassword(deps, c.get("user"))}
        provider={deps.sso && { name: deps.sso.name, href: freshSignIn(backFrom(c.req.path)) }}
        form={{ values: {}, errors: problem === null ? {} : { proof: problem.sentence } }}
      />,
      problem?.status ?? 403,
    );
  }
}

/** Whether somebody has a password that counts here. */
export function hasPassword({ localSignIn }: RouteDeps, user: User): boolean {
  return localSignIn && user.passwordHash !== "";
}

/** Why a password does not prove who asks; null when it does. Guesses here slow down too. */
export async function passwordMismatch(
  c: Context<AppEnv>,
  deps: RouteDeps,
  password: string,
): Promise<ProofProblem | null> {
  const { store } = deps;
  const user = c.get("user");
  const subject = { name: `own:${user.id}`, free: 5 };
  const waitMs = await store.signIns.take([subject]);
  if (waitMs > 0) {
    return { sentence: `Too many tries. Try again in ${formatDuration(waitMs)}.`, status: 429 };
  }
  const right = hasPassword(deps, user) && password.length <= 1024 &&
    (await checkPassword(password, user.passwordHash)).right;
  if (!right) {
    const { email } = user;
    const address = addressOf(c);
    await store.audit.add({ who: email, action: "user.password_refused", target: email, address });
    return { sentence: "This is not your password.", status: 422 };
  }
  await store.signIns.forget(subject);
  return null;
}

/** Where the provider is asked to sign somebody in afresh. */
function freshSignIn(next: string): string {
  return `/sso?fresh=yes&next=${encodeURIComponent(next)}`;
}

/** The page that has the form, as the addresses of forms have none by themselves. */
function backFrom(path: string): string {
  return path.startsWith("/account/")
    ? "/account"
    : path.startsWith("/settings/users/")
    ? "/settings/invitations"
    : path === "/settings/second-factor"
    ? "/settings"
    : path;
}
