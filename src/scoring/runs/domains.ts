import type { DomainsDocument } from "../../engine/document/document";
import { domains, type DomainsRequest, estimateDomains } from "../../engine/index";
import type { AskedDomains } from "../../kinds/domains";
import { mostTokens, resumeOptions, runOptions, SEED, sweepArithmetic, topShare } from "./options";
import type { Run, RunContext } from "./run";

/** Whether folders of texts activate other parameters. */
export const domainsRun: Run<AskedDomains, DomainsDocument> = {
  format: "paramscope.domains",
  start: (asked, context) => domains(requestOf(asked, context)),
  arithmetic: ({ domains }, context) =>
    sweepArithmetic(context, mostTokens(domains.flatMap(({ texts }) => texts.map(({ text }) => text)))),
  estimate: async (asked, context) => await estimateDomains(requestOf(asked, context)),
};

function requestOf({ domains, notes }: AskedDomains, context: RunContext): DomainsRequest {
  const { maxSamples: maxTexts, window } = context.settings;
  return {
    ...runOptions(context),
    domains,
    notes,
    maxTexts,
    window,
    share: topShare(context),
    contrast: true,
    ...resumeOptions(context),
    seed: SEED,
  };
}
