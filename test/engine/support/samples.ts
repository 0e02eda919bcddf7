import type { Model } from "../../../src/engine/model/model";
import { formSamples } from "../../../src/engine/text/form-samples";
import type { Sample, SampleSet } from "../../../src/engine/text/sample";
import type { Reference } from "./reference";

/** A sample of these ids, whose text nobody reads. */
export function sampleOf(ids: readonly number[], source = "text 1"): Sample {
  const nowhere = new Int32Array(ids.length).fill(-1);
  return { source, text: "", offset: 0, ids: Int32Array.from(ids), starts: nowhere, ends: nowhere };
}

export function setOf(samples: readonly Sample[]): SampleSet {
  return { samples: [...samples], windowsSkipped: 0, notes: [] };
}

/** The reference's texts, as the model's own tokenizer cuts them. */
export function samplesOf({ texts }: Reference, { tokenizer, context }: Model): Sample[] {
  const all = texts.map((text, i) => ({ source: `text ${i + 1}`, text }));
  return formSamples(all, tokenizer, { window: 512, maxSamples: 64, context }).samples;
}
