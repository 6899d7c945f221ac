/** `/servers/:id/webhook`: how pushes are told of, and what to paste where it is made by hand. */

import { type Frame, Layout, PageHead } from "./layout.tsx";
import { Snippet } from "./snippet.tsx";
import { Ago } from "./time.tsx";

/** How a server hears of pushes. */
export interface WebhookView {
  state: "created" | "manual" | "none";
  /** When the last delivery with a right signature came. */
  seenAt: number | null;
}

/** The card on the server's page. */
export function WebhookCard(
  props: { serverId: string; webhook: WebhookView; admin: boolean; now: number },
) {
  const { webhook } = props;
  return (
    <section class="card" aria-labelledby="webhook-title">
      <h2 id="webhook-title">Pushes</h2>
      <p>{SENTENCES[webhook.state]}</p>
      {webhook.state !== "none" && (
        <p class="quiet">
          {webhook.seenAt === null ? "No delivery has come yet." : (
            <>
              Last delivery <Ago at={webhook.seenAt} now={props.now} />.
            </>
          )}
        </p>
      )}
      {props.admin && webhook.state !== "created" && (
        <form method="post" action={`/servers/${props.serverId}/webhook`}>
          <button type="submit">Set up a webhook</button>
        </form>
      )}
    </section>
  );
}

const SENTENCES: Record<WebhookView["state"], string> = {
  created: "Bitbucket tells of each push by a webhook that Sluice made.",
  manual: "Bitbucket tells of each push once the webhook is made by hand.",
  none: "The list of repositories is read again every few minutes; a webhook would be quicker.",
};

/** The page with the values to paste. */
export function WebhookPage(
  props: {
    frame: Frame;
    server: { id: string; name: string; workspace: string };
    url: string;
    secret: string;
    events: readonly string[];
    /** False where Bitbucket cannot reach the address. */
    reachable: boolean;
  },
) {
  const { server } = props;
  return (
    <Layout frame={props.frame} title={`Webhook of ${server.name}`} place="servers" narrow>
      <PageHead
        title="Set up a webhook"
        crumbs={[
          { href: "/servers", word: "Code servers" },
          { href: `/servers/${server.id}`, word: server.name },
        ]}
      />
      <section class="card" aria-labelledby="paste-title">
        <h2 id="paste-title">What to paste</h2>
        {!props.reachable && (
          <p class="problem">
            Bitbucket must be able to reach this address over the internet; it cannot reach this
            one. Start Sluice with PUBLIC_URL set to an address that it can.
          </p>
        )}
        <p>
          The token of this server may not make webhooks. In each repository of{" "}
          <code>{server.workspace}</code>, open <b>Repository settings → Webhooks → Add webhook</b>
          {" "}
          and paste these; or give the server a token that may (see the scopes beside its token),
          and Sluice makes one for the whole workspace.
        </p>
        <Snippet id="webhook-url" label="URL" text={props.url} />
        <Snippet id="webhook-secret" label="Secret" text={props.secret} />
        <p>
          Status active, and these triggers: {props.events.join("; ")}.
        </p>
      </section>
    </Layout>
  );
}
