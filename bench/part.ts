import type { Report } from "./report";

/** What a part of the benchmark runs with. */
export interface PartRun {
  readonly report: Report;
  /** The real model, SmolLM2-135M; undefined: it could not be had. */
  readonly real: string | undefined;
  readonly rounds: number;
  readonly progress: (text: string) => void;
}

export type Part = (run: PartRun) => Promise<void>;
