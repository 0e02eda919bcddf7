import { join } from "node:path";

import type { Estimate, RunEvent, RunOptions } from "../api";
import { Cache } from "../cache";
import { bundledModels } from "../model/library/folders";
import { answered } from "../run/answers";
import { estimateSweep, tokensOf } from "../run/estimate";
import { aside, planRequest, runSweep } from "../run/run";
import { openRuntime } from "../runtime/open-runtime";
import { planSweep } from "../sweep/plan";
import { Profiler } from "../sweep/profiler";
import { SideSums } from "../sweep/side-sums";
import { fewestIds, targetName } from "../sweep/target";
import type { Sample } from "../text/sample";
import { Places, sharesOf, type PlaceSums } from "./places";
import { packed, packedProfile, profileOf, unpacked, type PackedProfile, type TypicalProfile } from "./typical-profile";
import { checkActivating, lengthsOf, typicalSamples, type TypicalClass, type TypicalTexts } from "./typical-texts";

/** Changes with how texts are chosen and what is kept of them: what was measured otherwise is not taken. */
const FORM = 1;

/** A profile that is asked for: of these texts, of the class of the text that is held against it. */
export interface ProfileWish {
  readonly texts: TypicalTexts;
  readonly kind: TypicalClass;
}

/** Made when it is used: its folder is the environment's. Profiles of the bundled model come with it. */
const cache = () => new Cache("typical", packedProfile, join(bundledModels(), "demo", "typical"));

/** The name of a profile has everything that it is measured with. */
async function keyOf({ model, target }: RunOptions, { texts, kind }: ProfileWish): Promise<string> {
  return JSON.stringify([FORM, await model.identity(), targetName(target, model.tokenizer), kind, texts]);
}

/** The profile where it is known already: it came with the model, or was measured once. */
export async function knownProfile(options: RunOptions, wish: ProfileWish): Promise<TypicalProfile | undefined> {
  const kept = await cache().get(await keyOf(options, wish));
  return kept && unpacked(kept);
}

/** Those of the typical texts that the target can be asked of. */
function samplesOf({ model, target }: RunOptions, { texts, kind }: ProfileWish): Sample[] {
  return typicalSamples(texts, kind, model).filter(({ ids }) => ids.length >= fewestIds(target));
}

/** What it takes to measure a profile, from sizes alone. */
export async function estimateProfile(options: RunOptions, { texts, kind }: ProfileWish): Promise<Estimate> {
  const samples = samplesOf(options, { texts, kind });
  const request = planRequest(options, { samples, units: [], reducers: [], keepsMatrices: false });
  const plan = planSweep({ ...request, budget: Infinity });
  const cost = await estimateSweep(options, { lengths: request.lengths, plan, sets: 0, products: "plain" });
  return { ...cost, samples: samples.length, tokens: tokensOf(samples), leastMemory: plan.leastMemory };
}

/** @throws ParamscopeError where measuring a profile takes more memory than a run may. */
export function planProfile(options: RunOptions, { texts, kind }: ProfileWish): void {
  const samples = samplesOf(options, { texts, kind });
  planSweep(planRequest(options, { samples, units: [], reducers: [], keepsMatrices: false }));
}

/**
 * Measures a profile, and keeps it: what share of each text's activation every place of the model has.
 * @throws ParamscopeError for too few texts; else as `analyze` does.
 */
export async function* measureProfile(options: RunOptions, wish: ProfileWish): Measuring<PackedProfile> {
  const samples = samplesOf(options, wish);
  const asked = yield* aside(answered(options, samples), "typical texts");
  const shares = (yield* placeShares(options, asked)).filter((text) => text !== undefined);
  checkActivating(wish.texts, shares.length);
  const profile = packed(profileOf(new Places(options.model), shares, lengthsOf(samples)));
  await cache().set(await keyOf(options, wish), profile);
  return profile;
}

/** A run over typical texts: it has progress, and no layers of its own. */
type Measuring<Result> = AsyncGenerator<Exclude<RunEvent<never>, { type: "done" }>, Result, void>;

/** The shares that the places of a model have of each sample's activation; undefined where it has none. */
export async function* placeShares(
  options: RunOptions,
  samples: readonly Sample[],
): Measuring<(PlaceSums | undefined)[]> {
  const places = new Places(options.model);
  const sweeping = { samples, units: [], reducers: [], keepsMatrices: false };
  const plan = planSweep(planRequest(options, sweeping));
  const sums = new SideSums(options.model, (layer, module) => places.axisOf(layer, module), {
    runtime: await openRuntime(options),
    profiler: new Profiler(),
    tileBytes: plan.tileBytes,
  });
  /** Per sample and layer. */
  const texts = samples.map((): PlaceSums[] => []);
  try {
    const swept = runSweep(options, { ...sweeping, plan, observer: sums.observe }, (layer) => {
      texts.forEach(
        (layers, sample) => (layers[layer] = places.sumsOf(layer, (module) => sums.of(layer, sample, module))),
      );
      return { parameters: 0, figures: {} };
    });
    yield* aside(swept, "typical texts");
  } finally {
    await sums.dispose();
  }
  return texts.map((layers) => sharesOf(places, layers));
}
