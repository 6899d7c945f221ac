/** The address that a server's webhook is sent to. */

/** `publicUrl` without a final slash. */
export function webhookUrl(publicUrl: string, serverId: string): string {
  return `${publicUrl}/webhooks/bitbucket-cloud/${serverId}`;
}

/** What a webhook that is made by hand must be told of, in Bitbucket's own words. */
export const WEBHOOK_EVENT_WORDS = [
  "Repository: Push, Created, Deleted, Updated, Transferred, Imported, Fork",
] as const;
