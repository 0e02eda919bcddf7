import type { AnalysisDocument } from "../../engine/document/document";
import { analyze, beginnings, estimateAnalysis, type AnalyzeRequest } from "../../engine/index";
import { shippedUnrelatedTexts } from "../../engine/text/shipped-samples";
import { defaults } from "../../engine/run/defaults";
import type { AskedAnalysis } from "../../kinds/analysis";
import { runOptions, sweepArithmetic } from "./options";
import type { Run, RunContext } from "./run";
import { sampleSet, tokensOf } from "./sample-set";

/** How strongly a text activates the parameters; the sums of its matrices are kept for a while, and of one that was asked for all activations. */
export const analysisRun: Run<AskedAnalysis, AnalysisDocument> = {
  format: "paramscope.analysis",
  async *start(asked, context) {
    for await (const event of analyze(await requestOf(asked, context))) {
      if (event.type === "done") {
        const { document, sums, scores } = event.result;
        context.kept.sums.add(document, sums);
        if (asked.scoresOf && scores) context.kept.scores.keep(document, asked.scoresOf, scores);
      }
      yield event;
    }
  },
  arithmetic: (asked, context) => {
    const set = sampleSet(asked, context);
    const more = asked.positions ? beginnings(set, asked.positions) : [];
    return sweepArithmetic(context, tokensOf(set, { ...set, samples: more }));
  },
  estimate: async (asked, context) => await estimateAnalysis(await requestOf(asked, context)),
};

async function requestOf(asked: AskedAnalysis, context: RunContext): Promise<AnalyzeRequest> {
  const { threshold, typicalText } = context.settings;
  return {
    ...runOptions(context),
    set: sampleSet(asked, context),
    threshold,
    ...(asked.scoresOf && { scoresOf: asked.scoresOf }),
    ...(asked.positions && { positions: asked.positions, pictures: false }),
    // where positions are wanted the rest is known
    ...(typicalText !== "never" &&
      !asked.positions && {
        typical: {
          texts: { kind: "shipped", texts: await shippedUnrelatedTexts() },
          ...(typicalText !== "always" && { seconds: defaults.typicalSeconds }),
        },
      }),
  };
}
