/** The fields by which people show who they are: a password, a new one, a code. */

import { type FormView, InputField, type InputProps } from "./forms.tsx";

/** A password, which no form shows again; its id is its name unless told otherwise. */
export function PasswordInput<Name extends string>(
  { form, name, autocomplete = "current-password", ...props }:
    & Omit<InputProps, "id" | "name" | "type" | "value" | "error" | "required" | "autocomplete">
    & {
      form: FormView<Name>;
      name: Name;
      id?: string;
      autocomplete?: "current-password" | "new-password";
    },
) {
  return (
    <InputField
      id={name}
      {...props}
      name={name}
      type="password"
      autocomplete={autocomplete}
      required
      error={form.errors[name]}
    />
  );
}

/** A password that is chosen now, typed twice. */
export function NewPasswordInputs(
  { form, label = "Password", consequence }: {
    form: FormView<"password" | "repeat">;
    label?: string;
    /** What follows from it, a sentence. */
    consequence?: string;
  },
) {
  const hint = "At least 12 characters; a few words of your own are good.";
  return (
    <>
      <PasswordInput
        form={form}
        name="password"
        label={label}
        autocomplete="new-password"
        hint={consequence === undefined ? hint : `${hint} ${consequence}`}
      />
      <PasswordInput
        form={form}
        name="repeat"
        label={`${label} again`}
        autocomplete="new-password"
      />
    </>
  );
}

/** A code of an authenticator app. */
export function CodeInput(
  { form, hint, autofocus }: { form: FormView<"code">; hint: string; autofocus?: boolean },
) {
  return (
    <InputField
      id="code"
      name="code"
      label="Code"
      autocomplete="one-time-code"
      required
      autofocus={autofocus === true}
      mono
      spellcheck={false}
      error={form.errors.code}
      hint={hint}
    />
  );
}
