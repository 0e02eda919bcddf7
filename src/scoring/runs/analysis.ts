import type { AnalysisDocument } from "../../engine/document/document";
import { analyze, estimate } from "../../engine/index";
import type { AskedAnalysis } from "../../kinds/analysis";
import { runOptions, sweepArithmetic } from "./options";
import type { Run } from "./run";
import { sampleSet, tokensOf } from "./sample-set";

/** How strongly a text activates the parameters; the sums of its matrices are kept for a while. */
export const analysisRun: Run<AskedAnalysis, AnalysisDocument> = {
  format: "paramscope.analysis",
  async *start(asked, context) {
    const { threshold } = context.settings;
    for await (const event of analyze({ ...runOptions(context), set: sampleSet(asked, context), threshold })) {
      if (event.type === "done") context.kept.sums.add(event.result.document, event.result.sums);
      yield event;
    }
  },
  arithmetic: (asked, context) => sweepArithmetic(context, tokensOf(sampleSet(asked, context))),
  estimate: async (asked, context) =>
    await estimate(runOptions(context), { samples: sampleSet(asked, context).samples }),
};
