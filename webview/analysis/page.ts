import type { AblationDescription } from "../../src/engine/document/document";
import type {
  AblationState,
  AnalysisState,
  FromAnalysisView,
  PositionsState,
  ProfileState,
  ToAnalysisView,
  WeightsState,
} from "../../src/pages/analysis";
import type { Page } from "../shared/page";
import { activityOf } from "./activity";
import { finishedSection } from "./finished";
import { closeMatrix } from "./opened-matrix";
import { emptyMessage } from "./messages";
import { cancelledSection, runningSection } from "./running";
import { firstView, isThreshold, keep, type ViewState, within } from "./view-state";

/** What the page is told besides the run. */
interface Told {
  /** The full profile of a matrix, where one was asked for. */
  readonly profile?: ProfileState;
  /** A part of a matrix, where one was asked for. */
  readonly weights?: WeightsState;
  /** What the beginnings of a sample activate, where that was asked for. */
  readonly positions?: PositionsState;
  /** The place that was last taken away, and what was found of such places. */
  readonly ablation?: AblationState;
  readonly ablations?: readonly AblationDescription[];
  /** Whether the tokens are tinted in the editor. */
  readonly decorated?: boolean;
}

/** The page of one analysis; besides the run it is told what is in no document, and whether tokens are tinted in the editor. */
export const page: Page<AnalysisState, FromAnalysisView, ViewState, Told, ToAnalysisView> = {
  firstView,
  tried: "analyzed",
  run: {
    empty: ({ post }) => emptyMessage(post),
    running: runningSection,
    cancelled: cancelledSection,
  },
  finished: (result, { profile, weights, positions, ablation, ablations = [], decorated = false } = {}) => {
    const { document } = result;
    const kept = within(result.view, { layers: document.layers.length, samples: document.samples.length });
    const ofDocument = activityOf(document);
    const { index } = ofDocument;
    const activity = ofDocument.at(kept.threshold);
    // a file that is saved has the threshold that was chosen as its own
    const isOwn = activity.tau === document.threshold.tau;
    return finishedSection({
      ...result,
      view: isOwn ? { ...kept, threshold: undefined } : kept,
      profile,
      weights,
      positions,
      ablation,
      ablations,
      decorated,
      index,
      activity,
    });
  },
  identify: ({ target, threshold }) => [target, threshold.tau],
  keep,
  mended: ({ threshold, ...view }) => (isThreshold(threshold) ? { ...view, threshold } : view),
  choice: ({ threshold }) => ({ type: "chooseThreshold", threshold: threshold ?? null }),
  /** From one matrix back to the heat map. */
  back: (stage) => {
    if (!stage.view.opened) return false;
    closeMatrix(stage);
    return true;
  },
  receive: (now, message) => {
    if (message.type === "profile") return { ...now, told: { ...now.told, profile: message.profile } };
    if (message.type === "weights") return { ...now, told: { ...now.told, weights: message.weights } };
    if (message.type === "positions") return { ...now, told: { ...now.told, positions: message.positions } };
    if (message.type === "ablation")
      return { ...now, told: { ...now.told, ablation: message.ablation, ablations: message.made } };
    if (message.type === "decorated") return { ...now, told: { ...now.told, decorated: message.decorated } };
    return message.type === "state" ? { ...now, told: undefined } : now;
  },
};
