/** What people decide about one finding: triage, or a rule that suppresses its like. */

import type { FindingView } from "./finding_page.tsx";
import { Choice, ErrorSummary, FieldError, TextAreaField } from "./forms.tsx";
import { Moment } from "./time.tsx";

/** The state that a person gives it, with a reason. */
export function TriageCard(props: { view: FindingView; admin: boolean }) {
  const { triage, id } = props.view;
  return (
    <section class="card" aria-labelledby="triage-title">
      <h2 id="triage-title">Triage</h2>
      {triage.at !== null && (
        <p class="small quiet">
          {triage.by ?? "Somebody who has left"}, <Moment at={triage.at} />
          {triage.reason && `: ${triage.reason}`}
        </p>
      )}
      {!props.admin
        ? <p class="quiet">Only admins judge findings.</p>
        : (
          <form class="form" method="post" action={`/findings/${id}/triage`}>
            <ErrorSummary
              form={triage.form}
              fieldIds={{ state: "triage-state", reason: "reason" }}
            />
            <fieldset id="triage-state" class="stack tight">
              <legend class="visually-hidden">State</legend>
              {triage.options.map((option) => (
                <Choice
                  type="radio"
                  name="state"
                  value={option.value}
                  checked={triage.form.values.state === option.value}
                >
                  <strong>{option.word}</strong>
                  <span class="hint">{option.sentence}</span>
                </Choice>
              ))}
              <FieldError id="triage-state" error={triage.form.errors.state} />
            </fieldset>
            <TextAreaField
              id="reason"
              name="reason"
              label="Reason"
              rows={2}
              value={triage.form.values.reason}
              error={triage.form.errors.reason}
              hint="Needed for “false positive” and “accepted”."
            />
            <div>
              <button type="submit" class="primary">Save</button>
            </div>
          </form>
        )}
    </section>
  );
}

/** The way to a rule that is filled in from this finding. */
export function SuppressCard(props: { findingId: string }) {
  return (
    <section class="card" aria-labelledby="suppress-title">
      <h2 id="suppress-title">Not worth a finding?</h2>
      <p>A rule leaves out findings like this one, here or in all repositories.</p>
      <div>
        <a class="button" href={`/settings/suppressions?finding=${props.findingId}`}>
          Suppress findings like this
        </a>
      </div>
    </section>
  );
}
