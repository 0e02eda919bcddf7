import type { FrequencyDocument } from "../../engine/document/document";
import { analyze, estimate } from "../../engine/index";
import type { AskedFrequency } from "../../kinds/frequency";
import { runOptions, sweepArithmetic, topShare } from "./options";
import type { Run } from "./run";
import { sampleSet, tokensOf } from "./sample-set";

/** In how many of several texts weights are among the strongest. */
export const frequencyRun: Run<AskedFrequency, FrequencyDocument> = {
  format: "paramscope.frequency",
  async *start(asked, context) {
    const threshold = { mode: "share", share: topShare(context) } as const;
    const request = {
      ...runOptions(context),
      set: sampleSet(asked, context),
      threshold,
      frequency: true,
      pictures: false,
    };
    for await (const event of analyze(request)) {
      if (event.type !== "done") yield event;
      else {
        const { frequency: document } = event.result;
        if (document === undefined) throw new Error("the run counted nothing");
        yield { type: "done", result: { document } };
      }
    }
  },
  arithmetic: (asked, context) => sweepArithmetic(context, tokensOf(sampleSet(asked, context))),
  estimate: async (asked, context) =>
    await estimate(runOptions(context), { samples: sampleSet(asked, context).samples, frequency: true }),
};
