/** The page to read the OpenAPI document: every operation and schema, without a script. */

import { GateLayout, PageHead } from "./layout.tsx";

/** One field of an object, or one parameter. */
export interface PropertyView {
  name: string;
  type: string;
  required: boolean;
  description: string;
}

export interface OperationView {
  id: string;
  tag: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  parameters: readonly PropertyView[];
  /** The name of the body's schema. */
  body: string | null;
  answers: readonly {
    status: string;
    description: string;
    schema: string | null;
    contentType: string | null;
  }[];
}

export interface ApiDocsView {
  title: string;
  description: string;
  base: string;
  groups: readonly { tag: string; operations: readonly OperationView[] }[];
  schemas: readonly {
    name: string;
    description: string | null;
    properties: readonly PropertyView[];
  }[];
  problems: readonly { id: string; sentence: string }[];
}

/** The API's operations, made from its OpenAPI document. */
export function ApiDocsPage(props: { instanceName: string; view: ApiDocsView }) {
  const { view } = props;
  return (
    <GateLayout title={view.title} instanceName={props.instanceName}>
      <div class="docs-page">
        <PageHead
          title={view.title}
          lede={
            <>
              <p>
                <Words text={view.description} />
              </p>
              <p>
                The same for programs: <a href="/api/v1/openapi.json">openapi.json</a>
              </p>
            </>
          }
        />
        <section class="card" aria-labelledby="start">
          <h2 id="start">Begin</h2>
          <p>An admin makes a key in the settings, under API keys. Then:</p>
          <pre class="snippet" tabindex={0}><code>
            {`curl -H "Authorization: Bearer $SLUICE_KEY" ${view.base}/repositories`}
          </code></pre>
        </section>
        {view.groups.map((group) => (
          <section class="stack" aria-labelledby={anchor(group.tag)}>
            <h2 id={anchor(group.tag)}>{group.tag}</h2>
            {group.operations.map((operation) => <OperationCard operation={operation} />)}
          </section>
        ))}
        <section class="stack" aria-labelledby="schemas">
          <h2 id="schemas">Schemas</h2>
          {view.schemas.map((schema) => (
            <article class="card" id={`schema-${schema.name}`}>
              <h3>{schema.name}</h3>
              {schema.description && <p>{schema.description}</p>}
              <Properties label={`Fields of ${schema.name}`} properties={schema.properties} />
            </article>
          ))}
        </section>
        <section class="card" aria-labelledby="problems">
          <h2 id="problems">Kinds of problems</h2>
          <dl class="facts">
            {view.problems.map((problem) => (
              <>
                <dt id={problem.id}>
                  <code>{problem.id}</code>
                </dt>
                <dd>
                  <Words text={problem.sentence} />
                </dd>
              </>
            ))}
          </dl>
        </section>
      </div>
    </GateLayout>
  );
}

function OperationCard(props: { operation: OperationView }) {
  const { operation } = props;
  return (
    <article class="card" id={operation.id}>
      <h3>
        <code>{operation.method} {operation.path}</code>
      </h3>
      <p>
        <strong>{operation.summary}.</strong> <Words text={operation.description} />
      </p>
      <Properties label="Parameters" properties={operation.parameters} />
      {operation.body && (
        <p>
          Body: <SchemaLink name={operation.body} />
        </p>
      )}
      <ul class="plain">
        {operation.answers.map((answer) => (
          <li>
            <strong>{answer.status}</strong> <Words text={answer.description} />{" "}
            {answer.contentType && <span class="quiet">{answer.contentType}</span>}{" "}
            {answer.schema && <SchemaLink name={answer.schema} />}
          </li>
        ))}
      </ul>
    </article>
  );
}

function Properties(props: { label: string; properties: readonly PropertyView[] }) {
  if (props.properties.length === 0) return null;
  return (
    <div class="table-wrap">
      <table class="cards" aria-label={props.label}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col">What it says</th>
          </tr>
        </thead>
        <tbody>
          {props.properties.map((property) => (
            <tr>
              <td data-label="Name">
                <code>{property.name}</code>{" "}
                {property.required && <span class="quiet">required</span>}
              </td>
              <td data-label="Type">{property.type}</td>
              <td data-label="What it says">
                <Words text={property.description} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SchemaLink(props: { name: string }) {
  return <a href={`#schema-${props.name}`}>{props.name}</a>;
}

/** Names between backticks are set as code, as readers of the document do. */
function Words(props: { text: string }) {
  return (
    <>
      {props.text.split("`").map((part, index) => index % 2 === 1 ? <code>{part}</code> : part)}
    </>
  );
}

function anchor(tag: string): string {
  return tag.toLowerCase().replaceAll(" ", "-");
}
