import type { Model } from "../../../src/engine/model/model";
import type { Target } from "../../../src/engine/sweep/target";
import { embeddedTogether, logitsFrom, logSoftmax } from "./forward";

/** Scales at which y is taken for a fourth-order difference: its error and float32's are then both small. */
const STEP = 1 / 64;
const SCALES = [1 + 2 * STEP, 1 + STEP, 1 - STEP, 1 - 2 * STEP];
/** y of a text's logits, as DESIGN defines it. */
export function valueOf(target: Target, logits: readonly Float32Array[], ids: readonly number[]): number {
  const last = logits[logits.length - 1];
  switch (target.kind) {
    case "spread": {
      const mean = last.reduce((sum, logit) => sum + logit, 0) / last.length;
      return last.reduce((sum, logit) => sum + (logit - mean) ** 2, 0) / (2 * last.length);
    }
    case "answer":
      throw new Error("an answer is part of a sample: take next-token");
    case "max-logit":
      return Math.max(...last);
    case "logit":
      return last[target.token] - (target.minus === undefined ? 0 : last[target.minus]);
    case "next-token":
      return logSoftmax(logits[target.position - 1])[ids[target.position]];
    case "loss": {
      const likelihoods = ids.slice(1).map((id, t) => logSoftmax(logits[t])[id]);
      return -likelihoods.reduce((sum, likelihood) => sum + likelihood, 0) / likelihoods.length;
    }
  }
}

/** dy / d scale of the hidden state that enters block 0 at each position, by differences. */
export async function saliencyByDifferences(model: Model, ids: readonly number[], target: Target): Promise<number[]> {
  const { hiddenSize } = model;
  const text = Int32Array.from(ids);
  const hidden = await embeddedTogether(model, [text]);
  const scaled = new Float32Array(hidden.length * ids.length * SCALES.length);
  const variants = ids.flatMap((_, position) => SCALES.map((scale) => ({ position, scale })));
  variants.forEach(({ position, scale }, text) => {
    const at = text * hidden.length;
    scaled.set(hidden, at);
    for (let i = position * hiddenSize; i < (position + 1) * hiddenSize; i++) scaled[at + i] *= scale;
  });
  const all = ids.map((_, t) => t);
  const logits = await logitsFrom(
    model,
    scaled,
    variants.map(() => text),
    variants.map(() => all),
  );
  const values = logits.map((ofText) => valueOf(target, ofText, ids));
  return ids.map((_, t) => {
    const [f2, f1, g1, g2] = values.slice(t * SCALES.length, (t + 1) * SCALES.length);
    return (8 * (f1 - g1) - (f2 - g2)) / (12 * STEP);
  });
}
