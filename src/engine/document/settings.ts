import { resolve } from "node:path";

import type { Model } from "../model/model";
import { defaults } from "../run/defaults";
import type { AnalysisDocument } from "./document";

/** How the samples of a run were formed. */
export interface SampleSettings {
  readonly window: number;
  readonly maxSamples: number;
  readonly chat?: boolean;
}

/**
 * A result with what the engine is not told: how its samples were formed, and the model's absolute path, so that it can be
 * run again from anywhere.
 * @param command as it was typed in a terminal.
 */
export function withSettings<Document extends Pick<AnalysisDocument, "model" | "run">>(
  document: Document,
  model: Model,
  { window, maxSamples, chat = defaults.chat }: SampleSettings,
  command?: string,
): Document {
  return {
    ...document,
    model: { ...document.model, path: resolve(document.model.path) },
    run: {
      ...document.run,
      window: Math.min(window, model.context),
      maxSamples,
      chat,
      ...(command !== undefined && { command }),
    },
  };
}
