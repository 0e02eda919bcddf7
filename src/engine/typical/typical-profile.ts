import * as z from "zod";

import { elementAt } from "../numbers/elements";
import { farness, logShare, ownFarness, steadying, usualOf, usualShare, type Usual } from "./deviation";
import { levels, ofLevels, type Level, type Places, type PlaceSums } from "./places";
import { Furthest } from "./unusual";

/** Of levels with more places the logarithms of single texts are not kept, but the lowest and the highest. */
const MOST_KEPT_PLACES = 4096;

/** How typical texts share out their activation over the places of one level. */
export interface LevelProfile {
  /** Per place mean and standard deviation of the logarithms of shares, and the lowest and highest of them. */
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
  readonly lowest: Float32Array;
  readonly highest: Float32Array;
  /** Per place and text the logarithm; empty where there are too many places. */
  readonly values: Float32Array;
  /** What steadies the deviations. */
  readonly steady: number;
  /** Per text how far its furthest place is, against all others. */
  readonly furthest: readonly number[];
}

/** What texts usually use a model's parameters for. */
export interface TypicalProfile {
  readonly texts: number;
  /** The fewest and the most tokens of one of them. */
  readonly lengths: readonly [fewest: number, most: number];
  readonly levels: Readonly<Record<Level, LevelProfile>>;
}

/** @param shares of at least three texts, as `sharesOf` gives them. */
export function profileOf(
  places: Places,
  shares: readonly PlaceSums[],
  lengths: TypicalProfile["lengths"],
): TypicalProfile {
  const of = (level: Level): LevelProfile =>
    levelProfile(
      shares.map((text) => text[level]),
      places.count(level),
    );
  return {
    texts: shares.length,
    lengths,
    levels: ofLevels(of),
  };
}

function levelProfile(shares: readonly Float64Array[], count: number): LevelProfile {
  const texts = shares.length;
  const keeps = count <= MOST_KEPT_PLACES;
  const [mean, deviation, lowest, highest] = [0, 0, 0, 0].map(() => new Float32Array(count)) as FourArrays;
  const values = new Float32Array(keeps ? count * texts : 0);
  const usual: Usual[] = [];
  const row = new Float64Array(texts);
  const at = (place: number): Float64Array => {
    for (let text = 0; text < texts; text++) row[text] = logShare(shares[text]![place]!, count);
    return row;
  };
  for (let place = 0; place < count; place++) {
    const logs = at(place);
    const found = usualOf(logs);
    usual.push(found);
    mean[place] = found.mean;
    deviation[place] = found.deviation;
    lowest[place] = Math.min(...logs);
    highest[place] = Math.max(...logs);
    if (keeps) values.set(logs, place * texts);
  }
  const steady = count > 0 ? steadying(usual.map((one) => one.deviation)) : 0;
  const furthest = new Float64Array(texts);
  for (let place = 0; place < count; place++) {
    const logs = at(place);
    for (let text = 0; text < texts; text++) {
      const far = Math.abs(ownFarness(logs[text]!, usual[place]!, steady, texts));
      if (far > furthest[text]!) furthest[text] = far;
    }
  }
  return { mean, deviation, lowest, highest, values, steady, furthest: count > 0 ? [...furthest] : [] };
}

type FourArrays = [Float32Array, Float32Array, Float32Array, Float32Array];

/** Logarithms are kept in steps of this part: a thousandth of a share, which is finer than they are known. */
const STEPS = 1024;
const STEP = 1 / STEPS;

/** One place of a text beside the typical texts. */
export interface PlaceFound {
  readonly number: number;
  readonly share: number;
  /** The geometric mean of the typical texts' shares. */
  readonly usual: number;
  readonly ratio: number;
  /** How far that is from the usual, in deviations; negative: less than usual. */
  readonly farness: number;
  /** In how many typical texts the share is smaller; null: that is not known. */
  readonly above: number | null;
  /** In how many it is the same, as finely as they are kept. */
  readonly tied: number;
  /** In how many typical texts something, wherever, is at least as far. */
  readonly textsAsFar: number;
  readonly p: number;
}

/** A text's shares at one level beside the typical ones. */
export class TextBeside {
  readonly #profile: TypicalProfile;
  readonly #shares: PlaceSums;
  readonly #furthest: Furthest;

  constructor(profile: TypicalProfile, shares: PlaceSums) {
    this.#profile = profile;
    this.#shares = shares;
    this.#furthest = new Furthest(levels.map((level) => profile.levels[level].furthest));
  }

  /** Every place's share as a ratio to the usual. */
  ratios(level: Level): number[] {
    const { mean } = this.#profile.levels[level];
    return [...this.#shares[level]].map((share, i) => besideUsual(share, elementAt(mean, i), mean.length).ratio);
  }

  /** The numbers of a level's places, the furthest from the usual first, at most so many; and how far they are. */
  furthestPlaces(level: Level, most: number): PlaceFound[] {
    const own = this.#profile.levels[level];
    const far = Float64Array.from(this.#shares[level], (share, place) => this.#farness(own, share, place));
    const order = [...far.keys()].sort((a, b) => Math.abs(far[b]!) - Math.abs(far[a]!)).slice(0, most);
    return order.map((place) => this.#found(level, place, elementAt(far, place)));
  }

  /** How many of a level's places are as far as in at most one text of twenty anything is. */
  unusualCount(level: Level, isUnusual: (p: number) => boolean): number {
    const own = this.#profile.levels[level];
    const at = levels.indexOf(level);
    // the threshold once, as p falls with farness: a model has many neurons
    let least = Infinity;
    let count = 0;
    this.#shares[level].forEach((share, place) => {
      const far = Math.abs(this.#farness(own, share, place));
      if (far < least && !isUnusual(this.#furthest.p(far, at))) return;
      least = Math.min(least, far);
      count++;
    });
    return count;
  }

  #farness(own: LevelProfile, share: number, place: number): number {
    const usual = { mean: elementAt(own.mean, place), deviation: elementAt(own.deviation, place) };
    return farness(logShare(share, own.mean.length), usual, own.steady, this.#profile.texts);
  }

  #found(level: Level, number: number, far: number): PlaceFound {
    const own = this.#profile.levels[level];
    const { texts } = this.#profile;
    const share = elementAt(this.#shares[level], number);
    const log = logShare(share, own.mean.length);
    const mean = elementAt(own.mean, number);
    const at = levels.indexOf(level);
    const values = own.values.subarray(number * texts, (number + 1) * texts);
    const above =
      values.length > 0
        ? values.filter((value) => value < log - STEP).length
        : log > elementAt(own.highest, number) + STEP
          ? texts
          : log < elementAt(own.lowest, number) - STEP
            ? 0
            : null;
    return {
      number,
      share,
      ...besideUsual(share, mean, own.mean.length),
      farness: far,
      above,
      tied: values.filter((value) => Math.abs(value - log) <= STEP).length,
      textsAsFar: this.#furthest.textsWith(far, at),
      p: this.#furthest.p(far, at),
    };
  }
}

/** A share beside the usual one, and that is at least a thousandth of an equal share: where next to nothing is usual there is no ratio to it. */
function besideUsual(share: number, mean: number, places: number): { readonly usual: number; readonly ratio: number } {
  const usual = Math.max(usualShare(mean, places), 1e-3 / places);
  return { usual, ratio: share / usual };
}

const packedLevel = z.object({
  mean: z.string(),
  deviation: z.string(),
  lowest: z.string(),
  highest: z.string(),
  values: z.string(),
  steady: z.number(),
  furthest: z.array(z.number()),
});

/** A profile as it is kept in a file: arrays as base64 of 16-bit steps. */
export const packedProfile = z.object({
  texts: z.int(),
  lengths: z.tuple([z.int(), z.int()]),
  levels: z.object({
    layer: packedLevel,
    // a model without experts has none
    expert: packedLevel.optional(),
    matrix: packedLevel,
    head: packedLevel,
    neuron: packedLevel,
  }),
});

export type PackedProfile = z.infer<typeof packedProfile>;

export function packed({ texts, lengths, levels: of }: TypicalProfile): PackedProfile {
  const pack = ({ mean, deviation, lowest, highest, values, steady, furthest }: LevelProfile) => ({
    mean: base64(mean),
    deviation: base64(deviation),
    lowest: base64(lowest),
    highest: base64(highest),
    values: base64(values),
    steady,
    furthest: furthest.map((value) => Number(value.toPrecision(6))),
  });
  return {
    texts,
    lengths: [...lengths],
    levels: {
      layer: pack(of.layer),
      ...(of.expert.furthest.length > 0 && { expert: pack(of.expert) }),
      matrix: pack(of.matrix),
      head: pack(of.head),
      neuron: pack(of.neuron),
    },
  };
}

export function unpacked({ texts, lengths, levels: of }: PackedProfile): TypicalProfile {
  const unpack = ({ mean, deviation, lowest, highest, values, ...others }: z.infer<typeof packedLevel>) => ({
    mean: floats(mean),
    deviation: floats(deviation),
    lowest: floats(lowest),
    highest: floats(highest),
    values: floats(values),
    ...others,
  });
  return {
    texts,
    lengths,
    levels: ofLevels((level) => {
      const own = of[level];
      return own ? unpack(own) : levelProfile([], 0);
    }),
  };
}

function base64(values: Float32Array): string {
  const steps = Int16Array.from(values, (value) => Math.round(value * STEPS));
  return Buffer.from(steps.buffer).toString("base64");
}

function floats(text: string): Float32Array {
  const bytes = Buffer.from(text, "base64");
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i) / STEPS);
}
