/** What `admin` can do: one function for each command, over the store that the app uses too. */

import { z } from "zod";
import { newAccessKey } from "@/lib/access_key.ts";
import type { Config } from "@/lib/config.ts";
import { hashPassword, passwordProblem } from "@/lib/password.ts";
import { backup, restore, rotateKey } from "@/tools/admin_data.ts";
import { AdminError, type Asked, WHO, withStore } from "@/tools/admin_store.ts";
import { accountSubject, codeSubject } from "@/lib/store/sign_ins.ts";

export interface Command {
  options: readonly string[];
  positionals: 0 | 1;
  /** Gives what is printed on standard output. @throws `AdminError`. */
  run(config: Config, asked: Asked): Promise<string>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

const role = z.enum(["admin", "viewer"], { error: "--role is admin or viewer" });
const email = z.email({ error: "--email is an e-mail address" }).max(254);
const password = z.string().superRefine((text, context) => {
  const message = passwordProblem(text, []);
  if (message !== null) context.addIssue({ code: "custom", message });
});
const keyOptions = z.object({
  name: z.string({ error: "--name is missing" }).trim().min(1, "--name is empty").max(100),
  role,
  days: z.string().regex(/^[1-9]\d{0,3}$/, "--days is a number of days").transform(Number)
    .optional(),
});

export const COMMANDS: Readonly<Record<string, Command>> = {
  "api-key": { options: ["name", "role", "days"], positionals: 0, run: makeKey },
  "user": { options: ["email", "role"], positionals: 0, run: makeUser },
  "reset-password": { options: ["email"], positionals: 0, run: resetPassword },
  "reset-factor": { options: ["email"], positionals: 0, run: resetFactor },
  "rotate-key": { options: [], positionals: 0, run: rotateKey },
  "backup": { options: [], positionals: 1, run: backup },
  "restore": { options: [], positionals: 1, run: restore },
};

async function makeKey(config: Config, { options, tell }: Asked): Promise<string> {
  const { name, role, days } = read(keyOptions, options);
  return await withStore(config, tell, async (store) => {
    const { id, key } = await store.apiKeys.create({
      name,
      role,
      createdBy: WHO,
      expiresAt: days === undefined ? null : Date.now() + days * DAY_MS,
    });
    await store.audit.add({
      who: WHO,
      action: "api_key.created",
      target: `${name} (${id})`,
      detail: role,
    });
    return key;
  });
}

async function makeUser(config: Config, { options, tell }: Asked): Promise<string> {
  const asked = read(z.object({ email, role }), options);
  const { text, made } = await readPassword();
  return await withStore(config, tell, async (store) => {
    const passwordHash = await hashPassword(text);
    const id = await store.users.create({ ...asked, passwordHash });
    if (id === null) throw new AdminError(`${asked.email} has an account already`);
    await store.audit.add({
      who: WHO,
      action: "user.created",
      target: asked.email,
      detail: asked.role,
    });
    tell(`${asked.email} can sign in now.`);
    return made ? text : "";
  });
}

async function resetPassword(config: Config, { options, tell }: Asked): Promise<string> {
  const asked = read(z.object({ email }), options);
  const { text, made } = await readPassword();
  return await withStore(config, tell, async (store) => {
    const user = await store.users.findByEmail(asked.email);
    if (user === null) throw new AdminError(`nobody has the account ${asked.email}`);
    await store.users.setPassword(user.id, await hashPassword(text));
    // Who is locked out has often lost the device of the second factor as well.
    await store.secondFactors.remove(user.id);
    await store.signIns.forget(accountSubject(user.email));
    await store.audit.add({ who: WHO, action: "user.password_reset", target: user.email });
    // A running app knows a session from memory for so long.
    tell(`${user.email} has a new password, and is signed out everywhere within ten seconds.`);
    return made ? text : "";
  });
}

async function resetFactor(config: Config, { options, tell }: Asked): Promise<string> {
  const asked = read(z.object({ email }), options);
  return await withStore(config, tell, async (store) => {
    const user = await store.users.findByEmail(asked.email);
    if (user === null) throw new AdminError(`nobody has the account ${asked.email}`);
    if (!await store.secondFactors.remove(user.id)) {
      throw new AdminError(`${user.email} has no second factor`);
    }
    await store.sessions.endAll(user.id);
    await store.signIns.forget(codeSubject(user.id));
    await store.audit.add({ who: WHO, action: "second_factor.turned_off", target: user.email });
    tell(
      `${user.email} signs in by password alone, and is signed out everywhere within ten seconds.`,
    );
    return "";
  });
}

/** From standard input when something is piped in, else a new one that nobody could guess. */
async function readPassword(): Promise<{ text: string; made: boolean }> {
  const given = Deno.stdin.isTerminal()
    ? ""
    : (await new Response(Deno.stdin.readable).text()).replace(/\r?\n$/, "");
  if (given === "") {
    return { text: newAccessKey("api").split("_").at(-1)!.slice(0, 24), made: true };
  }
  return { text: read(z.object({ password }), { password: given }).password, made: false };
}

/** @throws `AdminError` with every problem of the options. */
function read<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AdminError(parsed.error.issues.map((issue) => issue.message).join("; "), 2);
}
