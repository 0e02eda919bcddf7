import { chosenTau } from "../../src/engine/document/at-threshold";
import type { AnalysisDocument } from "../../src/engine/document/document";
import { type Activity, ThresholdIndex } from "../../src/engine/document/threshold-index";
import { madeOnce } from "../shared/made-once";
import type { ViewState } from "./view-state";

/** What is active in a document at the threshold that was last asked for. */
class ActivityOf {
  readonly index: ThresholdIndex;
  readonly #document: AnalysisDocument;
  #last: { readonly tau: number; readonly activity: Activity } | undefined;

  constructor(document: AnalysisDocument) {
    this.#document = document;
    this.index = new ThresholdIndex(document);
  }

  /** Threshold changes are measured as `paramscope.threshold`. */
  at(threshold: ViewState["threshold"]): Activity {
    const begun = performance.now();
    const tau = chosenTau(this.#document, this.index, threshold);
    if (this.#last?.tau !== tau) {
      this.#last = { tau, activity: this.index.at(tau) };
      performance.measure("paramscope.threshold", { start: begun });
    }
    return this.#last.activity;
  }
}

/** What is active in a document at any threshold: looked through once, since a threshold that is dragged asks often. */
export const activityOf = madeOnce((document: AnalysisDocument) => new ActivityOf(document));
