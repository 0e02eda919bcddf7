import { describeModel } from "../../src/engine/document/describe";
import type { Run } from "../../src/scoring/runs/run";
import { sweepArithmetic } from "../../src/scoring/runs/options";
import { sampleSet, tokensOf } from "../../src/scoring/runs/sample-set";
import type { AskedTokens, TokensDocument } from "./kind";

/** What the tenth kind is in the scoring process. */
export const tokensRun: Run<AskedTokens, TokensDocument> = {
  format: "paramscope.tokens",
  async *start({ step, ...texts }, context) {
    const { model } = context;
    const set = sampleSet(texts, context);
    for (let layer = model.layers - 1; layer >= 0; layer -= step) {
      const figures = { counted: tokensOf(set) };
      yield { type: "layer", layer, layers: model.layers, parameters: model.scored / model.layers, figures };
      const share = 1 - layer / model.layers;
      const done = model.layers - layer;
      yield { type: "progress", phase: "backward", done, layers: model.layers, share, secondsLeft: undefined };
    }
    const document: TokensDocument = {
      format: "paramscope.tokens",
      version: 1,
      model: await describeModel(model),
      run: { runtime: "none", version: "1", seconds: 0, windowsSkipped: set.windowsSkipped, notes: [...set.notes] },
      texts: set.samples.map(({ source, ids }) => ({ source, tokens: ids.length })),
    };
    yield { type: "done", result: { document } };
  },
  arithmetic: (texts, context) => sweepArithmetic(context, tokensOf(sampleSet(texts, context))),
  estimate: () => Promise.reject(new Error("it is always short")),
};
