import type { AnalysisDocument } from "../engine/document/document";
import type { ScoringClient } from "../scoring/client";
import type { TextSet } from "../scoring/protocol";
import type { StreamedLayer, ToAnalysisView } from "./analysis-protocol";
import { type DocumentJob, DocumentRun, type RunHooks } from "./document-run";

export interface AnalysisJob extends Pick<DocumentJob<AnalysisDocument, object>, "title" | "modelName" | "settings"> {
  readonly set: TextSet;
}

export interface AnalysisHooks extends RunHooks {
  readonly post: (message: ToAnalysisView) => void;
}

/** The run of one analysis. */
export class AnalysisRun extends DocumentRun<AnalysisDocument, StreamedLayer, object, { readonly decorated: boolean }> {
  constructor(
    private readonly scoring: Pick<ScoringClient, "analyze" | "estimate">,
    hooks: AnalysisHooks,
  ) {
    super({
      ...hooks,
      layer: ({ layer, parameters, meanActivation = 0 }) => ({ layer, parameters, meanActivation }),
      done: { decorated: false },
    });
  }

  async start({ set, ...job }: AnalysisJob): Promise<AnalysisDocument | undefined> {
    return await this.run({
      ...job,
      about: {},
      estimate: async (settings, listener, signal) =>
        await this.scoring.estimate({ sets: [set], settings }, listener, signal),
      compute: async (settings, listener, signal) => await this.scoring.analyze({ ...set, settings }, listener, signal),
    });
  }
}
