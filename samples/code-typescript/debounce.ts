export interface Debounced<Args extends unknown[]> {
  (...args: Args): void;
  /** Calls now what is pending, if anything is. */
  flush(): void;
  /** Forgets what is pending. */
  cancel(): void;
}

/**
 * A function that calls `callback` once its own calls have stopped for `delay` milliseconds, with the arguments of the last one.
 * With `longest`, it is called at least that often while the calls go on.
 */
export function debounce<Args extends unknown[]>(
  callback: (...args: Args) => void,
  delay: number,
  longest = Infinity,
): Debounced<Args> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pending: Args | undefined;
  let firstCall = 0;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (pending === undefined) return;
    const args = pending;
    pending = undefined;
    callback(...args);
  };

  const debounced = (...args: Args) => {
    const now = Date.now();
    if (pending === undefined) firstCall = now;
    pending = args;
    clearTimeout(timer);
    timer = setTimeout(flush, Math.min(delay, firstCall + longest - now));
  };

  return Object.assign(debounced, {
    flush,
    cancel: () => {
      clearTimeout(timer);
      pending = undefined;
    },
  });
}
