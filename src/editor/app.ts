import type * as vscode from "vscode";

import type { ScoringClient } from "../scoring/client";
import type { AnalysisPanels } from "../views/analysis-panels";
import type { ComparisonTypes } from "../views/comparison-run";
import type { DomainsTypes } from "../views/domains-run";
import type { FrequencyTypes } from "../views/frequency-run";
import type { PairsTypes } from "../views/pairs-run";
import type { PatchingTypes } from "../views/patching-run";
import type { PruningPreview } from "../views/pruning-preview";
import type { PruningTypes } from "../views/pruning-run";
import type { ResultsStore } from "../views/results-store";
import type { RunPanels } from "../views/run-panels";
import type { RunStatus } from "../views/run-status";
import type { SaliencyDecorations } from "../views/saliency-decorations";
import type { ShownResults } from "../views/shown-results";
import type { UnfinishedRuns } from "../views/unfinished-runs";
import type { HubAccess } from "./hub-access";
import type { Models } from "./models";
import type { Subject } from "./texts";

/** What commands and views share; made once by src/extension.ts. */
export interface App {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly scoring: ScoringClient;
  /** The same for downloads, so that neither waits for the other, or is ended with it. */
  readonly downloads: ScoringClient;
  readonly hub: HubAccess;
  readonly models: Models;
  readonly results: ResultsStore;
  readonly status: RunStatus;
  readonly unfinished: UnfinishedRuns;
  readonly shown: ShownResults;
  readonly analyses: AnalysisPanels;
  readonly comparisons: RunPanels<ComparisonTypes>;
  readonly pairs: RunPanels<PairsTypes>;
  readonly domains: RunPanels<DomainsTypes>;
  readonly frequencies: RunPanels<FrequencyTypes>;
  readonly patchings: RunPanels<PatchingTypes>;
  readonly prunings: RunPanels<PruningTypes>;
  readonly preview: PruningPreview;
  readonly decorations: SaliencyDecorations;
  /** What the next comparison compares with. */
  promptA: Subject | undefined;
}
