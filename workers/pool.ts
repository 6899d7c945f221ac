/** A few threads that read repositories, so that pages stay quick meanwhile. */

import { type Clock, systemClock } from "@/lib/clock.ts";
import { RemoteError } from "@/lib/errors.ts";
import { readRepository, type ReadRepositoryOptions } from "@/workers/read_repository.ts";
import type {
  FoundSecret,
  FromThread,
  ReadProgress,
  ReadRequest,
  ReadResult,
  ToThread,
} from "@/workers/thread_messages.ts";

export interface PoolReadOptions {
  /** Aborting ends the reading at once, with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Told at most once a second. */
  onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/** Readings that come to nothing by no fault of the server's: the thread died, or has a bug. */
export class ThreadFailure extends Error {
  override readonly name = "ThreadFailure";
}

export interface Pool extends AsyncDisposable {
  /** How many readings may run at once. */
  readonly size: number;
  /** How many more could start now. */
  readonly free: number;
  /**
   * Reads a repository; waits while no thread is free. The next batch is made when it is asked for.
   * @throws RemoteError, ThreadFailure, or the signal's reason
   */
  read(
    request: ReadRequest,
    options?: PoolReadOptions,
  ): AsyncGenerator<readonly FoundSecret[], ReadResult, void>;
  /** Ends all readings and all threads. */
  close(): Promise<void>;
}

export interface PoolOptions {
  /** Readings at once. */
  threads: number;
  /** The only `host:port` that threads may connect to; absent: any. */
  hosts?: readonly string[];
  /** The only folder that threads may read and write. */
  spoolDir: string | null;
  clock?: Clock;
  /** The thread's module; tests put one in its place that dies. */
  module?: URL;
}

/** How long a stopped thread may take to come to an end by itself. */
const GRACE_MS = 500;

interface Thread {
  worker: Worker;
  /** Takes what the thread says on the reading at hand; `null` when the thread died. */
  listener: ((message: FromThread | null, why?: string) => void) | null;
}

/** Threads are started as they are needed and kept. */
export function createPool(options: PoolOptions): Pool {
  const clock = options.clock ?? systemClock;
  const idle: Thread[] = [];
  const waiting: (() => void)[] = [];
  const closing = new AbortController();
  let busy = 0;
  let lastId = 0;

  function startThread(): Thread {
    const folders = options.spoolDir === null ? [] : [options.spoolDir];
    const worker = new Worker(options.module ?? new URL("./scan_thread.ts", import.meta.url), {
      type: "module",
      deno: {
        permissions: {
          net: options.hosts === undefined ? "inherit" : [...options.hosts],
          read: folders,
          write: folders,
          env: false,
          run: false,
          ffi: false,
          sys: false,
        },
      },
    } as WorkerOptions);
    const thread: Thread = { worker, listener: null };
    worker.onmessage = ({ data }: MessageEvent<FromThread>) => thread.listener?.(data);
    worker.onerror = (event) => {
      // Otherwise the whole process would end with the thread.
      event.preventDefault();
      const at = idle.indexOf(thread);
      if (at >= 0) idle.splice(at, 1);
      worker.terminate();
      thread.listener?.(null, event.message);
    };
    return thread;
  }

  async function acquire(signal: AbortSignal): Promise<Thread> {
    while (busy >= options.threads) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    signal.throwIfAborted();
    const thread = idle.pop() ?? startThread();
    busy++;
    return thread;
  }

  function release(thread: Thread | null): void {
    busy--;
    if (thread !== null) {
      thread.listener = null;
      if (closing.signal.aborted) thread.worker.terminate();
      else idle.push(thread);
    }
    // All are woken: one that was aborted meanwhile would swallow a single call.
    for (const wake of waiting.splice(0)) wake();
  }

  async function* read(
    request: ReadRequest,
    { signal, onProgress }: PoolReadOptions = {},
  ): AsyncGenerator<readonly FoundSecret[], ReadResult, void> {
    const stop = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
    const thread = await acquire(stop);
    const id = ++lastId;
    const say = (message: ToThread) => thread.worker.postMessage(message);
    let answer = nextAnswer();
    let over: "running" | "ended" | "dead" = "running";
    const ended = Promise.withResolvers<void>();

    thread.listener = (message, why) => {
      if (message === null) {
        over = "dead";
        answer.reject(new ThreadFailure(`A scan thread died: ${why}`));
        ended.resolve();
      } else if (message.type === "progress") {
        if (message.id === id) onProgress?.(message.progress);
      } else if (message.id === id) {
        if (message.type !== "batch") {
          over = "ended";
          ended.resolve();
        }
        answer.resolve(message);
      }
    };
    const onAbort = () => answer.reject(stop.reason);
    stop.addEventListener("abort", onAbort, { once: true });
    try {
      say({ type: "read", id, request });
      for (;;) {
        stop.throwIfAborted();
        say({ type: "next", id });
        const message = await answer.promise;
        answer = nextAnswer();
        if (message.type === "batch") yield message.secrets;
        else if (message.type === "done") return message.result;
        else if (message.type === "failed") throw failureOf(message);
      }
    } finally {
      stop.removeEventListener("abort", onAbort);
      if (over === "running") {
        // Nobody waits for the thread to end: its place is free when it has.
        say({ type: "stop", id });
        say({ type: "next", id });
        void Promise.race([ended.promise, clock.sleep(GRACE_MS)]).then(() => {
          if (over === "running") thread.worker.terminate();
          release(over === "ended" ? thread : null);
        });
      } else release(over === "ended" ? thread : null);
    }
  }

  async function close(): Promise<void> {
    closing.abort(new ThreadFailure("The pool is closed"));
    for (const { worker } of idle.splice(0)) worker.terminate();
    while (busy > 0) await new Promise<void>((resolve) => waiting.push(resolve));
  }

  return {
    size: options.threads,
    get free() {
      return Math.max(0, options.threads - busy);
    },
    read,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The same without threads: for Deno Deploy, which has none, and for tests of what stands around it. */
export function createInPlacePool(
  options: { threads: number } & Pick<ReadRepositoryOptions, "fetch" | "clock">,
): Pool {
  const { threads, ...passed } = options;
  const memory = new Map();
  const closing = new AbortController();
  let busy = 0;

  async function* read(
    request: ReadRequest,
    { signal, onProgress }: PoolReadOptions = {},
  ): AsyncGenerator<readonly FoundSecret[], ReadResult, void> {
    const stop = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
    busy++;
    try {
      return yield* readRepository(request, { ...passed, memory, signal: stop, onProgress });
    } finally {
      busy--;
    }
  }

  const close = () => {
    closing.abort(new ThreadFailure("The pool is closed"));
    return Promise.resolve();
  };
  return {
    size: threads,
    get free() {
      return Math.max(0, threads - busy);
    },
    read,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Its rejection may come while the caller is busy with a batch, and is then met at the next one. */
function nextAnswer(): PromiseWithResolvers<FromThread> {
  const answer = Promise.withResolvers<FromThread>();
  answer.promise.catch(() => {});
  return answer;
}

function failureOf(message: Extract<FromThread, { type: "failed" }>): Error {
  return message.reason === "internal"
    ? new ThreadFailure(message.message)
    : new RemoteError(message.reason, message.message, message.details);
}
