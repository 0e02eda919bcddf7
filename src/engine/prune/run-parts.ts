import type { PrunePhase, RunEvent } from "../api";
import { stopwatch } from "../run/stopwatch";

/** The events of a part of a pruning, and what it comes to. */
export type PruneEvents<Result> = AsyncGenerator<Exclude<RunEvent<never, PrunePhase>, { type: "done" }>, Result, void>;

/** The progress of a run of several parts, as of one: each part's own share, 0 … 1, counts by what the part costs. */
export class RunParts {
  readonly #seconds = stopwatch();
  readonly #total: number;
  #done = 0;

  /** @param costs of every part that will be run, in any unit. */
  constructor(costs: readonly number[]) {
    this.#total = costs.reduce((sum, cost) => sum + cost, 0);
  }

  /** Runs a part, and takes its progress for that share of the whole that it costs. */
  async *run<Result>(cost: number, events: PruneEvents<Result>): PruneEvents<Result> {
    for (;;) {
      const step = await events.next();
      if (step.done) {
        this.#done += cost;
        return step.value;
      }
      const event = step.value;
      if (event.type === "progress") {
        const share = Math.min(1, (this.#done + cost * event.share) / this.#total);
        yield { ...event, share, secondsLeft: share > 0 ? (this.seconds * (1 - share)) / share : undefined };
        // layers of a sweep on the way are no result
      } else if (event.figures.sparsity !== undefined) yield event;
    }
  }

  /** The seconds since the run began. */
  get seconds(): number {
    return this.#seconds();
  }
}
