import { analysisRun, type AnalysisTypes } from "./analysis-run";
import { answerAnalysisMessage } from "./analysis-messages";
import { answerComparisonMessage } from "./comparison-messages";
import { comparisonRun, type ComparisonTypes } from "./comparison-run";
import { answerDomainsMessage } from "./domains-messages";
import { domainsRun, type DomainsTypes } from "./domains-run";
import { frequencyRun, type FrequencyTypes } from "./frequency-run";
import { answerPairsMessage } from "./pairs-messages";
import { pairsRun, type PairsTypes } from "./pairs-run";
import { patchingRun, type PatchingTypes } from "./patching-run";
import { answerPruningMessage } from "./pruning-messages";
import { pruningRun, type PruningTypes } from "./pruning-run";
import type { PanelKind } from "./run-panel";
import { answerCommonMessage } from "./view-messages";

/* What is run in panels, and what saved files show in the same pages. */

export const analysisKind: PanelKind<AnalysisTypes> = {
  ...analysisRun,
  page: "analysis",
  name: "Activations",
  question: (title) => `Analyze ${title}`,
  answer: answerAnalysisMessage,
};

export const comparisonKind: PanelKind<ComparisonTypes> = {
  ...comparisonRun,
  page: "comparison",
  name: "Comparison",
  question: (title) => `Compare ${title}`,
  answer: answerComparisonMessage,
};

export const pairsKind: PanelKind<PairsTypes> = {
  ...pairsRun,
  page: "pairs",
  name: "Sentence pairs",
  question: (title) => `Compare the pairs of ${title}`,
  answer: answerPairsMessage,
};

export const domainsKind: PanelKind<DomainsTypes> = {
  ...domainsRun,
  page: "domains",
  name: "Domains",
  question: (title) => `Compare ${title}`,
  answer: answerDomainsMessage,
};

export const frequencyKind: PanelKind<FrequencyTypes> = {
  ...frequencyRun,
  page: "frequency",
  name: "Frequency",
  question: (title) => `Count active weights in ${title}`,
  answer: (app, message, shown) => answerCommonMessage(app, message, { ...shown, samples: [] }),
};

export const patchingKind: PanelKind<PatchingTypes> = {
  ...patchingRun,
  page: "patching",
  name: "Patching",
  question: (title) => `Patch ${title}`,
  answer: (app, message, shown) => answerCommonMessage(app, message, { ...shown, samples: [] }),
};

export const pruningKind: PanelKind<PruningTypes> = {
  ...pruningRun,
  page: "pruning",
  name: "Pruning",
  question: (title) => `Prune ${title}`,
  answer: answerPruningMessage,
};
