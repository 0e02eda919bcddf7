import type { ComparisonDocument } from "../../engine/document/document";
import { compare, estimateComparison, type CompareRequest } from "../../engine/index";
import { shippedUnrelatedTexts } from "../../engine/text/shipped-samples";
import type { AskedComparison } from "../../kinds/comparison";
import { runOptions, sweepArithmetic, topShare } from "./options";
import type { Run, RunContext } from "./run";
import { sampleSet, tokensOf } from "./sample-set";

/** Whether two texts activate the same parameters. */
export const comparisonRun: Run<AskedComparison, ComparisonDocument> = {
  format: "paramscope.comparison",
  async *start(asked, context) {
    yield* compare(await requestOf(asked, context));
  },
  arithmetic: ({ a, b }, context) => sweepArithmetic(context, tokensOf(sampleSet(a, context), sampleSet(b, context))),
  estimate: async (asked, context) => await estimateComparison(await requestOf(asked, context)),
};

async function requestOf({ a, b, template }: AskedComparison, context: RunContext): Promise<CompareRequest> {
  return {
    ...runOptions(context),
    a: { name: a.title, set: sampleSet(a, context) },
    b: { name: b.title, set: sampleSet(b, context) },
    share: topShare(context),
    ...(template !== undefined && { template }),
    unrelated: await shippedUnrelatedTexts(),
  };
}
