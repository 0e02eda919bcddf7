import type { App } from "../editor/app";
import type { CalibrationDocument, NeuronsDocument, ParamscopeDocument } from "../engine/document/document";
import { analysisRun, type AnalysisTypes } from "./analysis-run";
import { answerAnalysisMessage } from "./analysis-messages";
import { answerComparisonMessage } from "./comparison-messages";
import { sidesChoice, thresholdChoice } from "./choices";
import { comparisonRun, type ComparisonTypes } from "./comparison-run";
import { answerDomainsMessage } from "./domains-messages";
import { domainsRun, type DomainsTypes } from "./domains-run";
import { frequencyRun, type FrequencyTypes } from "./frequency-run";
import { answerPairsMessage } from "./pairs-messages";
import { pairsRun, type PairsTypes } from "./pairs-run";
import { patchingRun, type PatchingTypes } from "./patching-run";
import { answerPruningMessage } from "./pruning-messages";
import { pruningRun, type PruningTypes } from "./pruning-run";
import type { PageKind, Shown } from "./page-kind";
import type { PanelKind } from "./run-panel";
import type { CommonRequest } from "../pages/run";
import { answerCommonMessage, type CommonMessage } from "./view-messages";

/* What is run in panels, what saved files show in the same pages, and what only they show. */

export const analysisKind: PanelKind<AnalysisTypes> = {
  ...analysisRun,
  page: "analysis",
  name: "Activations",
  question: (title) => `Analyze ${title}`,
  choice: thresholdChoice,
  answer: answerAnalysisMessage,
};

export const comparisonKind: PanelKind<ComparisonTypes> = {
  ...comparisonRun,
  page: "comparison",
  name: "Comparison",
  question: (title) => `Compare ${title}`,
  choice: sidesChoice,
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
  answer: answerWithoutPlaces,
};

export const patchingKind: PanelKind<PatchingTypes> = {
  ...patchingRun,
  page: "patching",
  name: "Patching",
  question: (title) => `Patch ${title}`,
  answer: answerWithoutPlaces,
};

export const pruningKind: PanelKind<PruningTypes> = {
  ...pruningRun,
  page: "pruning",
  name: "Pruning",
  question: (title) => `Prune ${title}`,
  answer: answerPruningMessage,
};

/** The types of what is made on the command line only. */
interface SavedTypes<Document> {
  document: Document;
  done: object;
  from: CommonRequest;
}

export type NeuronsTypes = SavedTypes<NeuronsDocument>;

export const neuronsPage: PageKind<NeuronsTypes> = {
  page: "neurons",
  done: {},
  answer: answerWithoutPlaces,
};

export type CalibrationTypes = SavedTypes<CalibrationDocument>;

export const calibrationPage: PageKind<CalibrationTypes> = {
  page: "calibration",
  done: {},
  answer: answerWithoutPlaces,
};

/** For pages that lead to no place in a text. */
async function answerWithoutPlaces(app: App, message: CommonMessage, shown: Shown<ParamscopeDocument>): Promise<void> {
  await answerCommonMessage(app, message, { ...shown, samples: [] });
}
