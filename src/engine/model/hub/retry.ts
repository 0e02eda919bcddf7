import { setTimeout as wait } from "node:timers/promises";

/** How often something that may heal by itself is tried, and how long it is waited before each further time. */
export interface RetryPolicy {
  /** Tries in a row without anything gained. */
  readonly attempts: number;
  /** Milliseconds before try `attempt`, counted from 1. */
  readonly delay: (attempt: number) => number;
  /** Milliseconds after which a connection over which nothing comes is given up. */
  readonly patience: number;
}

/** Half a second, 1, 2, 4: together shorter than the patience of who waits. */
export const defaultRetry: RetryPolicy = {
  attempts: 5,
  delay: (attempt) => 500 * 2 ** (attempt - 1),
  patience: 60_000,
};

/** Longer than this nobody wants to wait on a server's word. */
const longestWait = 30_000;

/** The server or the connection failed in a way that may be over soon. */
export class Transient extends Error {
  constructor(
    message: string,
    /** Milliseconds that the server asks to wait. */
    readonly retryAfter?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Does `work` until it succeeds. Only what is `Transient` is tried again.
 * @param gained whether the last try brought something: then the count of tries starts anew.
 * @throws the last `Transient`, any other error of `work`, and the signal's reason.
 */
export async function retrying<T>(
  work: () => Promise<T>,
  { attempts, delay }: RetryPolicy,
  signal: AbortSignal,
  gained: () => boolean = () => false,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Transient)) throw error;
      if (gained()) attempt = 1;
      if (attempt >= attempts) throw error;
      const asked = Math.min(error.retryAfter ?? 0, longestWait);
      await wait(Math.max(delay(attempt), asked), undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}
