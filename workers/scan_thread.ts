/** A thread that reads repositories, one at a time, and hands each batch over when asked for it. */

import { RemoteError } from "@/lib/errors.ts";
import { readRepository } from "@/workers/read_repository.ts";
import type { FromThread, ReadRequest, ToThread } from "@/workers/thread_messages.ts";

const scope = self as unknown as {
  onmessage: (event: MessageEvent<ToThread>) => void;
  postMessage(message: FromThread): void;
};

/** Which servers speak protocol version 2: for as long as the thread lives. */
const memory = new Map();

type Reading = ReturnType<typeof readRepository>;
let current: { id: number; reading: Reading; stop: AbortController } | null = null;

// Before anything is awaited, or messages would be lost.
scope.onmessage = ({ data }) => {
  if (data.type === "read") start(data.id, data.request);
  else if (current?.id !== data.id) return;
  else if (data.type === "stop") current.stop.abort(new Error("stopped"));
  else hand(current);
};

function start(id: number, request: ReadRequest): void {
  const stop = new AbortController();
  const reading = readRepository(request, {
    memory,
    signal: stop.signal,
    onProgress: (progress) => scope.postMessage({ type: "progress", id, progress }),
  });
  current = { id, reading, stop };
}

async function hand({ id, reading }: { id: number; reading: Reading }): Promise<void> {
  try {
    const { done, value } = await reading.next();
    if (!done) return scope.postMessage({ type: "batch", id, secrets: value });
    scope.postMessage({ type: "done", id, result: value });
  } catch (error) {
    const remote = error instanceof RemoteError ? error : null;
    scope.postMessage({
      type: "failed",
      id,
      reason: remote?.reason ?? "internal",
      message: error instanceof Error ? error.message : "unknown failure",
      details: remote?.details ?? {},
    });
  }
  current = null;
}
