import type { Estimate, LayerSums, RunEvent, RunOptions, TypicalWish } from "../api";
import type { TypicalDescription, UnusualPlace } from "../document/analysis";
import { budgetOf } from "../run/run";
import type { SampleSet } from "../text/sample";
import { estimateProfile, knownProfile, measureProfile, planProfile, type ProfileWish } from "./measured-profile";
import { levels, Places, sharesOf, type Level } from "./places";
import { TextBeside, unpacked, type PlaceFound, type TypicalProfile } from "./typical-profile";
import { checkTypical, lengthBeyond, typicalClassOf } from "./typical-texts";
import { UNUSUAL } from "./unusual";

/** The places of a level that a document names. */
const NAMED = 20;

/** What of a profile is kept in a document; or what it would take to measure it. */
export interface TypicalResult {
  readonly typical?: TypicalDescription;
  readonly typicalSeconds?: [number, number];
}

/** How a set of texts is held against typical ones; undefined: it is not, or cannot be. */
function profileWish(
  { target, model }: RunOptions,
  set: SampleSet,
  wish: TypicalWish | undefined,
): ProfileWish | undefined {
  // which token is explained, and what comes before it, decides what is activated: no typical text has it
  if (wish === undefined || target.kind === "next-token") return undefined;
  return { texts: wish.texts, kind: typicalClassOf(set, model.tokenizer) };
}

/**
 * Before anything is computed: whether a profile that is to be measured, whatever it takes, can be.
 * @throws ParamscopeError for fewer than twenty texts of the user's own, or more memory than a run may take.
 */
export async function checkProfile(options: RunOptions, set: SampleSet, wish: TypicalWish | undefined): Promise<void> {
  if (wish === undefined) return;
  checkTypical(wish.texts);
  const asked = profileWish(options, set, wish);
  // where it may take only so long it is left out for lack of memory too
  if (asked === undefined || wish.seconds !== undefined || (await knownProfile(options, asked)) !== undefined) return;
  planProfile(options, asked);
}

/**
 * What texts use more, or less, than texts usually do. The profile is measured where it is not known and may be.
 * @param sums of the texts' activations.
 */
export async function* typicalOf(
  options: RunOptions,
  { set, wish, sums }: { readonly set: SampleSet; readonly wish: TypicalWish | undefined; readonly sums: LayerSums },
): AsyncGenerator<Exclude<RunEvent<never>, { type: "done" }>, TypicalResult, void> {
  const asked = profileWish(options, set, wish);
  if (asked === undefined) return {};
  let profile = await knownProfile(options, asked);
  if (profile === undefined) {
    const cost = await tooMuch(options, asked, wish?.seconds);
    if (cost) return { typicalSeconds: [...cost.seconds] };
    profile = unpacked(yield* measureProfile(options, asked));
  }
  const places = new Places(options.model);
  const shares = sharesOf(
    places,
    sums.map((ofLayer, layer) =>
      places.sumsOf(layer, (module, axis) => {
        const own = ofLayer.get(module);
        if (own === undefined) throw new Error(`${module} has no sums`);
        return own[axis];
      }),
    ),
  );
  if (shares === undefined) return {};
  const beyond = lengthBeyond(set.samples, profile.lengths);
  const described = describe(places, profile, new TextBeside(profile, shares), asked);
  return { typical: { ...described, ...(beyond && { beyond }) } };
}

/** What measuring a profile takes, where that is more than may be. */
async function tooMuch(
  options: RunOptions,
  asked: ProfileWish,
  seconds: number | undefined,
): Promise<Estimate | undefined> {
  if (seconds === undefined) return undefined;
  const cost = await estimateProfile(options, asked);
  return cost.seconds[1] > seconds || cost.leastMemory > budgetOf(options) ? cost : undefined;
}

/** What the profile adds to a run; undefined: nothing, since it is known, not asked for, or not measured by itself. */
export async function estimateTypical(
  options: RunOptions,
  set: SampleSet,
  wish: TypicalWish | undefined,
): Promise<Estimate | undefined> {
  const asked = profileWish(options, set, wish);
  if (asked === undefined || (await knownProfile(options, asked)) !== undefined) return undefined;
  if (await tooMuch(options, asked, wish?.seconds)) return undefined;
  return await estimateProfile(options, asked);
}

function describe(
  places: Places,
  { texts }: TypicalProfile,
  beside: TextBeside,
  { texts: of, kind }: ProfileWish,
): TypicalDescription {
  const isUnusual = (p: number): boolean => p <= UNUSUAL;
  const there = levels.filter((level) => places.count(level) > 0);
  return {
    texts,
    of:
      of.kind === "own"
        ? { name: of.name, from: of.texts.length }
        : { length: kind.length, endings: [...kind.endings], chat: kind.chat },
    ratios: {
      layer: beside.ratios("layer"),
      matrix: beside.ratios("matrix"),
      head: beside.ratios("head"),
    },
    levels: there.map((level) => ({
      level,
      places: places.count(level),
      unusual: beside.unusualCount(level, isUnusual),
      furthest: beside.furthestPlaces(level, NAMED).map((found) => describePlace(places, level, found)),
    })),
  };
}

function describePlace(
  places: Places,
  level: Level,
  { number, share, usual, ratio, farness, above, tied, textsAsFar, p }: PlaceFound,
): UnusualPlace {
  return { ...places.at(level, number), share, usual, ratio, farness, above, ...(tied > 0 && { tied }), textsAsFar, p };
}
