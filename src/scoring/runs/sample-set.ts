import { restoreSamples } from "../../engine/document/restore";
import { firstWindows, formSamples } from "../../engine/text/form-samples";
import type { SampleSet } from "../../engine/text/sample";
import type { TextSet } from "../../kinds/asked";
import type { RunContext } from "./run";

/** What was formed for a request already: an estimate asks for it after its arithmetic has. */
const formed = new WeakMap<RunContext, Map<TextSet, SampleSet>>();

/** The samples of texts, or those of an earlier document as they are. */
export function sampleSet(texts: TextSet, context: RunContext): SampleSet {
  const known = formed.get(context) ?? new Map<TextSet, SampleSet>();
  formed.set(context, known);
  const set = known.get(texts) ?? formSet(texts, context);
  known.set(texts, set);
  return set;
}

function formSet(
  { texts, notes, firstWindows: onlyFirst = false, samples }: TextSet,
  { model, settings }: RunContext,
): SampleSet {
  if (samples) return restoreSamples({ samples: [...samples], run: { windowsSkipped: 0, notes: [...notes] } });
  const { window, maxSamples, chat } = settings;
  if (onlyFirst) {
    const { samples, cut } = firstWindows(texts, model.tokenizer, { window, context: model.context, chat });
    return { samples, windowsSkipped: cut, notes: [...notes] };
  }
  const set = formSamples(texts, model.tokenizer, { window, maxSamples, context: model.context, chat });
  return { ...set, notes: [...notes, ...set.notes] };
}

/** How many ids sets of samples have together. */
export function tokensOf(...sets: readonly SampleSet[]): number {
  return sets.flatMap(({ samples }) => samples).reduce((sum, { ids }) => sum + ids.length, 0);
}
