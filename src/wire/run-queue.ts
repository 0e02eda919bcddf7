import { cancelled } from "./errors";

/** Runs one thing after the other: two sweeps at once would only slow each other down. */
export class RunQueue {
  #running = false;
  readonly #waiting: (() => void)[] = [];

  /**
   * The result of `work`, once everything asked for earlier has ended.
   * @param onQueued called when it has to wait.
   * @throws ScoringProcessError when the signal is aborted before its turn.
   */
  async run<Result>(work: () => Promise<Result>, signal?: AbortSignal, onQueued?: () => void): Promise<Result> {
    if (signal?.aborted) throw cancelled();
    if (this.#running) {
      onQueued?.();
      await this.#turn(signal);
    }
    this.#running = true;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // `#running` stays true in between, so that nobody slips in before the next one.
      if (next) next();
      else this.#running = false;
    }
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(cancelled());
      };
      this.#waiting.push(go);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }
}
