import type * as vscode from "vscode";

import type { HubAccess } from "../editor/hub-access";
import type { Models } from "../editor/models";
import type { AnalysisDocument, PruningDocument } from "../engine/document/document";
import type { Origin } from "../kinds/asked";
import type { Host } from "../kinds/kind";
import type { ScoringClient } from "../wire/client";
import type { PromptA } from "./prompt-a";
import type { PromptLenses } from "./prompt-lenses";
import type { ResultEntry, ResultsStore } from "./results-store";
import type { RunStatus } from "./run-status";
import type { ShownResults } from "./shown-results";
import type { UnfinishedRuns } from "./unfinished-runs";
import type { Log } from "../editor/said";

/** What commands and views share; made once by src/extension.ts. Names no kind of results: they come as values. */
export interface App extends Host {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly scoring: ScoringClient;
  /** The same for downloads, so that neither waits for the other, or is ended with it. */
  readonly downloads: ScoringClient;
  readonly hub: HubAccess;
  readonly models: Models;
  readonly results: ResultsStore;
  readonly status: RunStatus;
  readonly unfinished: UnfinishedRuns;
  readonly shown: ShownResults;
  readonly preview: Preview;
  /** Opens a result of the history; false when it is not there any more. */
  open(entry: ResultEntry): Promise<boolean>;
  /** What the next comparison compares with. */
  readonly promptA: PromptA;
  /** What stands above prompts. */
  readonly lenses: PromptLenses;
}

/** The side bar's view that plans the pruning of a model. */
export interface Preview {
  /** Brings it to the front. */
  reveal(): Promise<void>;
  /** Takes the texts and densities of an analysis as calibration. */
  calibrateWith(document: AnalysisDocument, of: { title: string; origins: readonly Origin[] }): Promise<void>;
  /**
   * Sets the controls as a pruning was made, and measures its calibration texts again.
   * @throws ParamscopeError when none of them can be read.
   */
  open(document: PruningDocument, title: string): Promise<void>;
}
