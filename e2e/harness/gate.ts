/** A gate that requests wait at, so that a test can act in the middle of something. */

export interface Gate {
  /** Resolves when the first has come. */
  arrived: Promise<void>;
  /** What a request awaits. */
  pass(): Promise<void>;
  /** Lets all through, those to come too. */
  open(): void;
}

/** Holds requests back until it is opened. */
export function createGate(): Gate {
  const arrived = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    arrived: arrived.promise,
    pass: () => {
      arrived.resolve();
      return opened.promise;
    },
    open: opened.resolve,
  };
}
