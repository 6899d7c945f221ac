/** What the list of findings is narrowed by: a form that works without scripts. */

import { InputField, type Option, SelectField } from "./forms.tsx";
import { Icon } from "./icons.tsx";

/** The filters as they were chosen, and what can be chosen. */
export interface FindingFiltersView {
  severity: string;
  rule: string;
  server: string;
  tip: string;
  state: string;
  group: string;
  repository: RepositoryFieldView;
  /** Only one secret's findings; removable. */
  fingerprint: string;
  severities: readonly Option[];
  rules: readonly Option[];
  servers: readonly Option[];
}

/** A repository as it was typed, or the full name of the one that was found. */
export interface RepositoryFieldView {
  text: string;
  error: string | undefined;
  /** Names to choose from, before any more is typed. */
  names: readonly string[];
}

/** The form; a change replaces the list and what is said beside the repository. */
export function FindingFilters(props: { filters: FindingFiltersView }) {
  const { filters } = props;
  const any = (word: string, options: readonly Option[]) => [{ value: "", word }, ...options];
  return (
    <form
      class="filters"
      method="get"
      action="/findings"
      role="search"
      hx-get="/findings"
      hx-trigger="change, submit"
      hx-target="#results"
      hx-select="#results"
      hx-select-oob="#repository-filter:outerHTML"
      hx-swap="outerHTML"
      hx-replace-url="true"
      hx-sync="replace"
    >
      <SelectField
        id="severity"
        name="severity"
        label="Severity"
        value={filters.severity}
        options={any("All severities", filters.severities)}
      />
      <SelectField
        id="tip"
        name="tip"
        label="At the tip"
        value={filters.tip}
        options={any("Anywhere", [
          { value: "yes", word: "Still there" },
          { value: "no", word: "Only in history" },
        ])}
      />
      <SelectField
        id="rule"
        name="rule"
        label="Rule"
        value={filters.rule}
        options={any("All rules", filters.rules)}
      />
      <SelectField
        id="server"
        name="server"
        label="Code server"
        value={filters.server}
        options={any("All servers", filters.servers)}
      />
      <RepositoryField field={filters.repository} />
      <SelectField
        id="group"
        name="group"
        label="A row is"
        value={filters.group}
        options={[
          { value: "", word: "One finding" },
          { value: "secret", word: "One secret, everywhere" },
        ]}
      />
      {filters.state !== "" && <input type="hidden" name="state" value={filters.state} />}
      {filters.fingerprint !== "" && (
        <input type="hidden" name="fingerprint" value={filters.fingerprint} />
      )}
      <button type="submit" data-without-script>Filter</button>
      {filters.fingerprint !== "" && (
        <a class="button" href="/findings">
          One secret <Icon name="close" label="Show all secrets" />
        </a>
      )}
    </form>
  );
}

function RepositoryField(props: { field: RepositoryFieldView }) {
  const { text, error, names } = props.field;
  return (
    <div id="repository-filter" class="unboxed">
      <InputField
        id="repository"
        name="repository"
        type="search"
        label="Repository"
        value={text}
        error={error}
        placeholder="All or part of a name"
        autocomplete="off"
        spellcheck={false}
        grow
        list="repository-names"
        htmx={{
          "hx-get": "/findings/repositories",
          "hx-trigger": "input delay:200ms",
          "hx-include": "#server",
          "hx-target": "#repository-names",
          "hx-swap": "innerHTML",
          "hx-sync": "replace",
        }}
      />
      <datalist id="repository-names">
        <RepositoryNames names={names} />
      </datalist>
    </div>
  );
}

/** Names to choose from, as the datalist holds them. */
export function RepositoryNames(props: { names: readonly string[] }) {
  return <>{props.names.map((name) => <option value={name} />)}</>;
}
