import type { ComparisonDocument } from "../../engine/document/document";
import { compare, estimate } from "../../engine/index";
import { samplesFolder, unrelatedTexts } from "../../engine/text/shipped-samples";
import type { AskedComparison } from "../../kinds/comparison";
import { runOptions, sweepArithmetic, topShare } from "./options";
import type { Run } from "./run";
import { sampleSet, tokensOf } from "./sample-set";

/** Whether two texts activate the same parameters. */
export const comparisonRun: Run<AskedComparison, ComparisonDocument> = {
  format: "paramscope.comparison",
  async *start({ a, b }, context) {
    yield* compare({
      ...runOptions(context),
      a: { name: a.title, set: sampleSet(a, context) },
      b: { name: b.title, set: sampleSet(b, context) },
      share: topShare(context),
      background: await unrelatedTexts(samplesFolder()),
    });
  },
  arithmetic: ({ a, b }, context) => sweepArithmetic(context, tokensOf(sampleSet(a, context), sampleSet(b, context))),
  async estimate({ a, b }, context) {
    const [first, second] = [sampleSet(a, context).samples, sampleSet(b, context).samples];
    const background = await unrelatedTexts(samplesFolder());
    return await estimate(runOptions(context), { samples: [...first, ...second], split: first.length, background });
  },
};
