import type {
  AblatedPlace,
  AblationDescription,
  AblationDocument,
  SampleDescription,
} from "../engine/document/document";
import { elementAt } from "../engine/numbers/elements";
import { ScoringProcessError } from "../wire/errors";
import type { RunName } from "../wire/protocol";
import type { PlaceInSample } from "../pages/analysis";
import type { AskedAgain, Wanted } from "./on-demand";

/** The first sample, as it was analysed, without the weights of a place. */
export type AskedAblation = AskedAgain & {
  readonly samples: readonly SampleDescription[];
  readonly without: AblatedPlace;
};

/** Runs whose result is not shown by itself: it becomes part of an analysis. */
export const ablationRun: RunName<AskedAblation, AblationDocument> = { format: "paramscope.ablation" };

/** What a sample's prediction is without a place. */
export const withoutPlace: Wanted<
  PlaceInSample,
  PlaceInSample,
  { readonly ablation: AblationDescription },
  AblationDocument
> = {
  name: "prediction without it",
  place: (place) => place,
  // nobody holds it but who asked
  held: () => Promise.resolve(null),
  made: ({ ablation }, { sample }) => ({ ablation: { ...ablation, sample } }),
  asked: ({ sample, ...place }, { samples }) => ({ samples: [elementAt(samples, sample)], without: place }),
  missing: () => new ScoringProcessError("crash", "The run gave no prediction"),
};
