import type { Sample, SampleSet } from "../text/sample";
import type { AnalysisDocument } from "./analysis";
import type { PatchedPrompt } from "./patching";

/** The part of a document that its samples are restored from. */
type RestoredFrom = Pick<AnalysisDocument, "samples"> & {
  readonly run: Pick<AnalysisDocument["run"], "windowsSkipped" | "notes" | "runtimeNotes">;
};

/** The samples of a saved analysis, id for id as they were. */
export function restoreSamples({ samples, run }: RestoredFrom): SampleSet {
  return {
    samples: samples.map(restoreSample),
    windowsSkipped: run.windowsSkipped,
    notes: textNotes(run),
  };
}

/** What a run says of its texts, and would of the same texts again: not of the runtime that it had. */
export function textNotes({
  notes,
  runtimeNotes = [],
}: Pick<AnalysisDocument["run"], "notes" | "runtimeNotes">): string[] {
  return notes.filter((note) => !runtimeNotes.includes(note));
}

/** A sample of a saved analysis, or the prompt of a saved patching. */
export function restoreSample({
  source,
  text,
  offset,
  tokens,
}: Pick<PatchedPrompt, "source" | "text" | "tokens"> & { readonly offset: number }): Sample {
  return {
    source,
    text,
    offset,
    ids: Int32Array.from(tokens, ({ id }) => id),
    starts: Int32Array.from(tokens, ({ start }) => start),
    ends: Int32Array.from(tokens, ({ end }) => end),
  };
}
