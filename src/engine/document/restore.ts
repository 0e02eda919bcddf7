import type { Sample, SampleSet } from "../text/sample";
import type { AnalysisDocument } from "./analysis";
import type { PatchedPrompt } from "./patching";
import type { SampleDescription } from "./shared";

/** The part of a document that its samples are restored from. */
type RestoredFrom = Pick<AnalysisDocument, "samples"> & {
  readonly run: Pick<AnalysisDocument["run"], "windowsSkipped" | "notes" | "runtimeNotes" | "chat">;
};

/** The samples of a saved analysis, id for id as they were. */
export function restoreSamples({ samples, run }: RestoredFrom): SampleSet {
  return {
    samples: samples.map(restoreSample),
    ...(run.chat && { chat: true }),
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

type RestoredSample = Pick<PatchedPrompt, "source" | "text" | "tokens"> & Pick<SampleDescription, "offset" | "answer">;

/** A sample of a saved analysis, or the prompt of a saved patching; an answer behind it is formed anew. */
export function restoreSample({ source, text, offset, tokens: all, answer }: RestoredSample): Sample {
  const tokens = answer === undefined ? all : all.slice(0, all.length - answer.tokens);
  return {
    source,
    text,
    offset,
    ids: Int32Array.from(tokens, ({ id }) => id),
    starts: Int32Array.from(tokens, ({ start }) => start),
    ends: Int32Array.from(tokens, ({ end }) => end),
  };
}
