/** Form parts: a label, a hint and an error that belong to their field, for eyes and screen readers. */

import type { Child } from "hono/jsx";
import { Icon } from "./icons.tsx";

/** What a form shows again after a refused answer: what was typed, and what is wrong with it. */
export interface FormView<Name extends string> {
  values: Partial<Record<Name, string>>;
  errors: Partial<Record<Name, string>>;
  /** Where what is wrong with a field can be mended, if not in the field itself. */
  links?: Partial<Record<Name, FieldLink>>;
}

/** The way out of an error; another site opens in a new tab. */
export interface FieldLink {
  href: string;
  word: string;
}

interface FieldProps {
  id: string;
  name: string;
  label: string;
  hint?: Child;
  error?: string | undefined;
  errorLink?: FieldLink | undefined;
}

/** What a line of text may be told. */
export interface InputProps extends FieldProps {
  type?: "text" | "search" | "email" | "password" | "date" | "number" | "url";
  value?: string | undefined;
  required?: boolean;
  autocomplete?: string;
  placeholder?: string;
  spellcheck?: boolean;
  mono?: boolean;
  autofocus?: boolean;
  grow?: boolean;
  /** The id of a datalist to choose from. */
  list?: string;
  /** htmx attributes of the input itself. */
  htmx?: Record<string, string>;
}

interface TextAreaProps extends FieldProps {
  value?: string | undefined;
  rows?: number;
  mono?: boolean;
  required?: boolean;
  placeholder?: string;
  htmx?: Record<string, string>;
}

/** One line of text. */
export function InputField(props: InputProps) {
  return (
    <Field {...props}>
      <input
        id={props.id}
        name={props.name}
        type={props.type ?? "text"}
        value={props.value}
        required={props.required}
        autocomplete={props.autocomplete}
        placeholder={props.placeholder}
        spellcheck={props.spellcheck === undefined ? undefined : props.spellcheck}
        autofocus={props.autofocus}
        list={props.list}
        class={props.mono ? "mono" : undefined}
        aria-invalid={props.error ? "true" : undefined}
        aria-describedby={describedBy(props)}
        {...(props.htmx ?? {})}
      />
    </Field>
  );
}

/** One line of a form that shows again what was typed; its id is its name. */
export function FormInput<Name extends string>(
  { form, name, ...props }: Omit<InputProps, "id" | "name" | "value" | "error"> & {
    form: FormView<Name>;
    name: Name;
  },
) {
  return (
    <InputField
      {...props}
      id={name}
      name={name}
      value={form.values[name]}
      error={form.errors[name]}
    />
  );
}

/** Several lines of text. */
export function TextAreaField(props: TextAreaProps) {
  return (
    <Field {...props}>
      <textarea
        id={props.id}
        name={props.name}
        rows={props.rows ?? 3}
        required={props.required}
        placeholder={props.placeholder}
        class={props.mono ? "mono" : undefined}
        spellcheck={props.mono ? false : undefined}
        aria-invalid={props.error ? "true" : undefined}
        aria-describedby={describedBy(props)}
        {...(props.htmx ?? {})}
      >
        {props.value ?? ""}
      </textarea>
    </Field>
  );
}

/** Several lines of a form that shows again what was typed; its id is its name. */
export function FormTextArea<Name extends string>(
  { form, name, ...props }: Omit<TextAreaProps, "id" | "name" | "value" | "error"> & {
    form: FormView<Name>;
    name: Name;
  },
) {
  return (
    <TextAreaField
      {...props}
      id={name}
      name={name}
      value={form.values[name]}
      error={form.errors[name]}
    />
  );
}

/** One of a few values. */
export interface Option {
  value: string;
  word: string;
}

/** A drop-down; an empty value stands for no choice. */
export function SelectField(
  props: FieldProps & { options: readonly Option[]; value?: string | undefined },
) {
  return (
    <Field {...props}>
      <select
        id={props.id}
        name={props.name}
        aria-invalid={props.error ? "true" : undefined}
        aria-describedby={describedBy(props)}
      >
        {props.options.map((option) => (
          <option value={option.value} selected={option.value === (props.value ?? "")}>
            {option.word}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** A box to tick or a dot to choose, with its words beside it. */
export function Choice(props: {
  type: "checkbox" | "radio";
  name: string;
  value: string;
  checked: boolean;
  boxed?: boolean;
  id?: string;
  htmx?: Record<string, string>;
  children?: Child;
}) {
  return (
    <label class={props.boxed ? "choice boxed" : "choice"}>
      <input
        id={props.id}
        type={props.type}
        name={props.name}
        value={props.value}
        checked={props.checked}
        {...(props.htmx ?? {})}
      />
      <span>{props.children}</span>
    </label>
  );
}

/**
 * What is wrong with a form as a whole; takes the focus, so that it is read first, unless it is
 * `calm`: it came by itself, while the focus may be anywhere.
 */
export function ErrorSummary<Name extends string>(
  props: { form: FormView<Name>; fieldIds: Partial<Record<Name, string>>; calm?: boolean },
) {
  const errors = Object.entries(props.form.errors) as [Name, string | undefined][];
  const shown = errors.filter(([, sentence]) => sentence !== undefined);
  if (shown.length === 0) return null;
  return (
    <div class="notice tone-danger" role="alert" tabindex={-1} autofocus={!props.calm}>
      <Icon name="cross" />
      <div>
        <strong>{shown.length === 1 ? "One thing to mend" : "Some things to mend"}</strong>
        <ul>
          {shown.map(([name, sentence]) => (
            <li>
              {props.fieldIds[name]
                ? <a href={`#${props.fieldIds[name]}`}>{sentence}</a>
                : sentence}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** The error beside a field or a group, referred to by `aria-describedby`. */
export function FieldError(
  props: { id: string; error: string | undefined; link?: FieldLink | undefined },
) {
  const { link } = props;
  if (props.error === undefined) return null;
  return (
    <p class="error" id={`${props.id}-error`}>
      <Icon name="alert" />
      <span>
        {props.error}
        {link && (
          <>
            {" "}
            {link.href.startsWith("https:")
              ? (
                <a href={link.href} target="_blank" rel="noreferrer">
                  {link.word} <Icon name="external" label="in a new tab" />
                </a>
              )
              : <a href={link.href}>{link.word}</a>}
          </>
        )}
      </span>
    </p>
  );
}

function Field(props: FieldProps & { grow?: boolean; children?: Child }) {
  return (
    <div class={props.grow ? "field grow" : "field"}>
      <label for={props.id}>{props.label}</label>
      {props.children}
      {props.hint && <p class="hint" id={`${props.id}-hint`}>{props.hint}</p>}
      <FieldError id={props.id} error={props.error} link={props.errorLink} />
    </div>
  );
}

function describedBy(props: FieldProps): string | undefined {
  const ids = [
    props.error === undefined ? null : `${props.id}-error`,
    props.hint === undefined ? null : `${props.id}-hint`,
  ].filter((id) => id !== null);
  return ids.length === 0 ? undefined : ids.join(" ");
}
