import { zip } from "../numbers/elements";
import type { AnalysisDocument } from "./document";
import { type Activity, ThresholdIndex } from "./threshold-index";

/** A threshold that was chosen after the run. */
export type ChosenThreshold =
  { readonly mode: "share"; readonly share: number } | { readonly mode: "absolute"; readonly tau: number };

/** The smallest activation that counts at a chosen threshold, at the document's own where none is. */
export function chosenTau({ threshold }: AnalysisDocument, index: ThresholdIndex, chosen?: ChosenThreshold): number {
  if (chosen === undefined) return threshold.tau;
  return chosen.mode === "share" ? index.tauOf(chosen.share) : chosen.tau;
}

/**
 * An analysis as it is at another threshold: that threshold, and what is active by it. Everything else stays; so do the parts of
 * fused matrices, which have no histograms: they are at `threshold.run`.
 */
export function atThreshold(
  document: AnalysisDocument,
  chosen: ChosenThreshold,
  activity: Activity = activityAt(document, chosen),
): AnalysisDocument {
  const { tau, share } = activity;
  if (tau === document.threshold.tau) return document;
  const { run, ...own } = document.threshold;
  return {
    ...document,
    threshold: { mode: chosen.mode, share, tau, run: run ?? own },
    layers: zip(document.layers, activity.layers).map(([layer, { active, density, modules }]) => ({
      ...layer,
      active,
      density,
      modules: zip(layer.modules, modules).map(([module, own]) => ({
        ...module,
        active: own.active,
        density: own.density,
      })),
    })),
  };
}

function activityAt(document: AnalysisDocument, chosen: ChosenThreshold): Activity {
  const index = new ThresholdIndex(document);
  return index.at(chosenTau(document, index, chosen));
}
