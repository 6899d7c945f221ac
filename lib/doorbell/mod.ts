/** The doorbell: tells that a row was written; carries its id and nothing else. */

export interface Doorbell {
  /** Says that work was asked for. Never throws: a ring that is lost costs a minute, no work. */
  ring(id: string): Promise<void>;
  /** Calls `handler` for each ring; it only wakes, and returns at once. */
  answer(handler: () => void): void;
  close(): void;
}
