import type { PairsDocument } from "../engine/document/document";
import type { ScoringClient } from "../scoring/client";
import type { PairsParams } from "../scoring/protocol";
import { type DocumentJob, DocumentRun, type RunHooks } from "./document-run";
import type { StreamedRho, ToPairsView } from "./pairs-protocol";

export interface PairsJob extends Pick<DocumentJob<PairsDocument, object>, "title" | "modelName" | "settings"> {
  readonly asked: Omit<PairsParams, "run" | "settings">;
}

export interface PairsHooks extends RunHooks {
  readonly post: (message: ToPairsView) => void;
}

/** The run of a table of sentence pairs. */
export class PairsRun extends DocumentRun<PairsDocument, StreamedRho, object, object> {
  constructor(
    private readonly scoring: Pick<ScoringClient, "pairs" | "estimate">,
    hooks: PairsHooks,
  ) {
    super({ ...hooks, layer: ({ layer, spearman = 0 }) => ({ layer, rho: spearman }), done: {} });
  }

  async start({ asked, ...job }: PairsJob): Promise<PairsDocument | undefined> {
    const sentences = new Set(asked.pairs.flatMap(({ a, b }) => [a, b]));
    const texts = Array.from(sentences, (text) => ({ source: asked.source, text }));
    return await this.run({
      ...job,
      about: {},
      // Each distinct sentence is swept once; the products of pairs are little beside that.
      estimate: async (settings, listener, signal) =>
        await this.scoring.estimate(
          { sets: [{ texts }], settings: { ...settings, maxSamples: texts.length } },
          listener,
          signal,
        ),
      compute: async (settings, listener, signal) => await this.scoring.pairs({ ...asked, settings }, listener, signal),
    });
  }
}
