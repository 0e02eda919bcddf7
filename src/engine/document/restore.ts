import type { Sample, SampleSet } from "../text/sample";
import type { AnalysisDocument } from "./analysis";

/** What of a document its samples are restored from. */
type RestoredFrom = Pick<AnalysisDocument, "samples"> & {
  readonly run: Pick<AnalysisDocument["run"], "windowsSkipped" | "notes">;
};

/** The samples of a saved analysis, id for id as they were. */
export function restoreSamples({ samples, run }: RestoredFrom): SampleSet {
  return {
    samples: samples.map(({ source, text, offset, tokens }): Sample => ({
      source,
      text,
      offset,
      ids: Int32Array.from(tokens, ({ id }) => id),
      starts: Int32Array.from(tokens, ({ start }) => start),
      ends: Int32Array.from(tokens, ({ end }) => end),
    })),
    windowsSkipped: run.windowsSkipped,
    notes: run.notes,
  };
}
