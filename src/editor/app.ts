import type * as vscode from "vscode";

import type { ScoringClient } from "../scoring/client";
import type { AnalysisPanels } from "../views/analysis-panels";
import type { Comparisons } from "../views/comparisons";
import type { Pairs } from "../views/pairs";
import type { ResultsStore } from "../views/results-store";
import type { RunStatus } from "../views/run-status";
import type { SaliencyDecorations } from "../views/saliency-decorations";
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
  readonly panels: AnalysisPanels;
  readonly unfinished: UnfinishedRuns;
  readonly comparisons: Comparisons;
  readonly pairs: Pairs;
  readonly decorations: SaliencyDecorations;
  /** What the next comparison compares with. */
  promptA: Subject | undefined;
}
