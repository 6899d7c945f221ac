/** The closed set of reasons why a code server could not do what was asked of it. */

/** Every reason; `workers/` maps them to moves, `routes/errors.tsx` to sentences and statuses. */
export const REMOTE_REASONS = [
  "rate_limited",
  "unavailable",
  "unauthorized",
  "forbidden",
  "not_found",
  "closed",
  "too_large",
  "malformed",
  "corrupt",
] as const;

/** One word for why a call to a code server failed. */
export type RemoteReason = typeof REMOTE_REASONS[number];

/** What a `RemoteError` may carry besides its reason. */
export interface RemoteErrorDetails {
  /** When the server asked to be tried again, in milliseconds from now. */
  retryAfterMs?: number;
  /** The rights that the credential lacks, as the server names them. */
  requiredScopes?: readonly string[];
  /** HTTP status of the answer, where there was one. */
  status?: number;
  /** The figure behind `too_large`, such as "pack larger than 512 MB". */
  limit?: string;
}

/** A code server failed us; the message is plain, holds no credential and may be shown. */
export class RemoteError extends Error {
  override readonly name = "RemoteError";

  constructor(
    readonly reason: RemoteReason,
    message: string,
    readonly details: RemoteErrorDetails = {},
  ) {
    super(message);
  }
}
