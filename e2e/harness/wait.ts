/** Waiting for what another process does, with an end and a reason. */

/** Asks again every 50 ms until the answer is not null or false. @throws after `timeoutMs`, which is far beyond what a busy machine takes. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | null | false> | T | null | false,
  timeoutMs = 300_000,
): Promise<T> {
  for (const until = Date.now() + timeoutMs;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    if (Date.now() > until) throw new Error(`Cannot wait longer: ${what} (${timeoutMs} ms)`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
