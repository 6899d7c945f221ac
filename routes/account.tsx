/** `/account`: everybody's own password, one-time passwords and sessions. */

import { type Context, Hono } from "hono";
import { z } from "zod";
import { AccountPage, type AccountView } from "@/components/account_page.tsx";
import {
  FactorNeededPage,
  NewFactorPage,
  RecoveryCodesPage,
} from "@/components/second_factor_pages.tsx";
import { formatDuration } from "@/lib/format.ts";
import { hashPassword, passwordProblem } from "@/lib/password.ts";
import { qrCode } from "@/lib/qr.ts";
import { codeSubject } from "@/lib/store/sign_ins.ts";
import { totpUri } from "@/lib/totp.ts";
import { addressOf } from "./address.ts";
import { leaveFlash, readCookie } from "./cookies.ts";
import type { AppEnv, RouteDeps } from "./deps.ts";
import { readForm } from "./forms.ts";
import { frameOf } from "./middleware.ts";
import { hasPassword, passwordMismatch } from "./proof.tsx";
import { startSession } from "./session_start.ts";

const password = z.string().max(1024, "That is too long.");
const passwordForm = z.object({ current: password, password, repeat: password });
const factorForm = z.object({ current: password });
const codeForm = z.object({ code: z.string().max(20, "A code has six digits.") });

type Forms = Partial<Pick<AccountView, "passwordForm" | "factorForm">>;

/** One's own password, second factor and sessions. */
export function accountRoutes(deps: RouteDeps): Hono<AppEnv> {
  const { store, instanceName } = deps;
  const app = new Hono<AppEnv>();

  app.get("/account", async (c) => await page(c));

  app.post("/account/password", async (c) => {
    const user = c.get("user");
    const read = await readForm(c, passwordForm, ["current", "password", "repeat"]);
    const refuse = (errors: AccountView["passwordForm"]["errors"], status: 422 | 429 = 422) =>
      page(c, { passwordForm: { values: {}, errors } }, status);
    if (!read.ok) return await refuse(read.form.errors);
    const wrong = await passwordMismatch(c, deps, read.data.current);
    if (wrong !== null) return await refuse({ current: wrong.sentence }, wrong.status);
    if (read.data.password !== read.data.repeat) {
      return await refuse({ repeat: "The two passwords differ." });
    }
    const problem = passwordProblem(read.data.password, [user.email, instanceName]);
    if (problem !== null) return await refuse({ password: problem });
    await store.users.setPassword(user.id, await hashPassword(read.data.password));
    await tell(c, "user.password_changed");
    await startSession(c, deps, user, "password");
    leaveFlash(c, "good", "Your password is changed, and all other sessions are ended.");
    return c.redirect("/account", 303);
  });

  app.post("/account/second-factor", async (c) => {
    const refused = await refusedFactor(c);
    if (refused !== null) return refused;
    if (await store.secondFactors.begin(c.get("user").id) === null) {
      leaveFlash(c, "neutral", "One-time passwords are on already.");
      return c.redirect("/account", 303);
    }
    return c.redirect("/account/second-factor", 303);
  });

  app.get("/account/second-factor", async (c) => await factorPage(c));

  app.post("/account/second-factor/confirmation", async (c) => {
    const user = c.get("user");
    const waitMs = await store.signIns.take([codeSubject(user.id)]);
    if (waitMs > 0) {
      return await factorPage(c, `Too many codes. Try again in ${formatDuration(waitMs)}.`, 429);
    }
    const read = await readForm(c, codeForm, ["code"]);
    const codes = read.ok ? await store.secondFactors.confirm(user.id, read.data.code) : null;
    if (codes === null) {
      return await factorPage(c, "This is not the code of now. Check the clock of your device.");
    }
    await store.signIns.forget(codeSubject(user.id));
    await tell(c, "second_factor.turned_on");
    // What was signed in with a password alone is to prove the second factor as well.
    await store.sessions.endAll(user.id);
    await startSession(c, deps, user, "password and code");
    return c.html(<RecoveryCodesPage frame={frameOf(c, deps)} codes={codes} />);
  });

  app.post("/account/second-factor/removal", async (c) => {
    const refused = await refusedFactor(c);
    if (refused !== null) return refused;
    const { id } = c.get("user");
    if (await store.secondFactors.remove(id)) {
      await tell(c, "second_factor.turned_off");
      await store.sessions.endAll(id, readCookie(c, "session") ?? "");
      leaveFlash(c, "warning", "One-time passwords are off, and all other sessions are ended.");
    }
    return c.redirect("/account", 303);
  });

  app.post("/account/recovery-codes", async (c) => {
    const refused = await refusedFactor(c);
    if (refused !== null) return refused;
    const user = c.get("user");
    if (!await store.secondFactors.isOn(user.id)) return c.redirect("/account", 303);
    const codes = await store.secondFactors.renewCodes(user.id);
    await tell(c, "second_factor.codes_renewed");
    return c.html(<RecoveryCodesPage frame={frameOf(c, deps)} codes={codes} />);
  });

  app.post("/account/sessions/endings", async (c) => {
    const ended = await store.sessions.endAll(c.get("user").id, readCookie(c, "session") ?? "");
    await tell(c, "session.ended", `${ended} others`);
    leaveFlash(c, "good", "You are signed out everywhere else.");
    return c.redirect("/account", 303);
  });

  app.post("/account/sessions/:id/ending", async (c) => {
    if (await store.sessions.endOne(c.get("user").id, c.req.param("id"))) {
      await tell(c, "session.ended", "one other");
      leaveFlash(c, "good", "That session is ended.");
    }
    return c.redirect("/account", 303);
  });

  async function page(c: Context<AppEnv>, forms: Forms = {}, status: 200 | 422 | 429 = 200) {
    const { id } = c.get("user");
    const [on, recoveryCodes, sessions] = await Promise.all([
      store.secondFactors.isOn(id),
      store.secondFactors.countCodes(id),
      store.sessions.list(id, readCookie(c, "session") ?? ""),
    ]);
    const view: AccountView = {
      hasPassword: hasPassword(deps, c.get("user")),
      secondFactor: { on, recoveryCodes },
      sessions,
      passwordForm: { values: {}, errors: {} },
      factorForm: { values: {}, errors: {} },
      ...forms,
    };
    return c.html(
      <AccountPage frame={frameOf(c, deps)} view={view} now={deps.clock.now()} />,
      status,
    );
  }

  async function factorPage(c: Context<AppEnv>, error?: string, status: 200 | 422 | 429 = 422) {
    const user = c.get("user");
    const secret = await store.secondFactors.findPending(user.id);
    if (secret === null) {
      return user.mustEnrol ? await factorNeeded(c) : c.redirect("/account", 303);
    }
    const uri = totpUri(secret, user.email, instanceName);
    return c.html(
      <NewFactorPage
        frame={frameOf(c, deps)}
        secret={secret}
        uri={uri}
        code={qrCode(uri)}
        form={{ values: {}, errors: error === undefined ? {} : { code: error } }}
      />,
      error === undefined ? 200 : status,
    );
  }

  /** What comes before anything else where a second factor is asked for. */
  async function factorNeeded(
    c: Context<AppEnv>,
    form: AccountView["factorForm"] = { values: {}, errors: {} },
    status: 200 | 422 | 429 = 200,
  ) {
    const asksPassword = !await isProven(c);
    return c.html(
      <FactorNeededPage
        instanceName={instanceName}
        email={c.get("user").email}
        asksPassword={asksPassword}
        form={form}
      />,
      status,
    );
  }

  async function isProven(c: Context<AppEnv>): Promise<boolean> {
    return await store.sessions.isProven(readCookie(c, "session") ?? "");
  }

  /** The page again where the password does not fit; null where the act may go on. */
  async function refusedFactor(c: Context<AppEnv>) {
    const { mustEnrol } = c.get("user");
    // Right after the sign-in the password was given already.
    if (mustEnrol && await isProven(c)) return null;
    const read = await readForm(c, factorForm, ["current"]);
    const wrong = read.ok
      ? await passwordMismatch(c, deps, read.data.current)
      : { sentence: "Enter your password.", status: 422 } as const;
    if (wrong === null) return null;
    const form = { values: {}, errors: { current: wrong.sentence } };
    return mustEnrol
      ? await factorNeeded(c, form, wrong.status)
      : await page(c, { factorForm: form }, wrong.status);
  }

  async function tell(c: Context<AppEnv>, action: string, detail: string | null = null) {
    const { email } = c.get("user");
    await store.audit.add({ who: email, action, target: email, detail, address: addressOf(c) });
  }

  return app;
}
