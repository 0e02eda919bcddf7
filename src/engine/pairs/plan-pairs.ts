import type { Batch } from "../sweep/batch";
import type { Unit } from "../sweep/reducers/reducer";
import { firstThatFits, planBatches, type PlanRequest, type SweepPlan } from "../sweep/plan";
import { connectedTexts, longest, packGroups, type Pair } from "./group-pairs";

/** A run that forms the products of pairs of texts. */
export interface PairsPlan {
  /** The text that each sample of the run is: a text that two groups need is in both, and swept twice. */
  readonly textOf: readonly number[];
  /** Per pair the samples that its texts are. */
  readonly samplesOf: readonly Pair[];
  /** Samples of a group whose products are formed all with all; undefined: those of a batch. */
  readonly size: number | undefined;
  readonly sweep: SweepPlan;
}

/** Positions of a batch at most: what is held per position grows with them, and texts on both sides of a cut are swept twice. */
const POSITIONS = 4096;
/**
 * Where no text is connected to more than seven others, products are formed in groups of this size. Measured with 96 samples:
 * 0.1 ns a score instead of 1.2 all with all; groups of 2 or 4 are no faster.
 */
const SMALL_GROUP = 8;

/** A group joins a batch whose texts are at most so much longer than its longest. */
const MOST_PADDING = 0.2;

/**
 * Cuts a run of pairs into batches so that the two texts of every pair share one, as fast as the budget allows.
 * @param request its `lengths` are those of the texts.
 * @param unitsOf what else is made of the scores, by the text that each sample is.
 * @throws ParamscopeError with the figure that would do, when the least that the run needs is more than the budget.
 */
export function planPairs(
  request: Omit<PlanRequest, "units">,
  pairs: readonly Pair[],
  contrast: boolean,
  unitsOf: (textOf: readonly number[]) => readonly Unit[] = () => [],
): PairsPlan {
  const { lengths } = request;
  const connected = connectedTexts(pairs, lengths);
  const size = connected.every(({ members }) => members.length <= SMALL_GROUP) ? SMALL_GROUP : undefined;
  const least = Math.max(...pairs.map((pair) => 2 * longest(pair, lengths)));
  const plans: (SweepPlan & { pairs: Omit<PairsPlan, "sweep"> })[] = [];
  for (let positions = POSITIONS; ; positions /= 2) {
    const cut = cutPairs(
      pairs,
      lengths,
      connected,
      size,
      Math.max(positions, least * (size === undefined ? 1 : SMALL_GROUP)),
    );
    const run = {
      ...request,
      lengths: cut.pairs.textOf.map((text) => lengths[text]),
      units: unitsOf(cut.pairs.textOf),
      products: contrast ? ("contrast" as const) : ("plain" as const),
    };
    plans.push(...planBatches(run, cut.batches).map((plan) => ({ ...plan, pairs: cut.pairs })));
    if (positions <= least) break;
  }
  const { pairs: cut, ...sweep } = firstThatFits(plans, request.budget);
  return { ...cut, sweep };
}

function cutPairs(
  pairs: readonly Pair[],
  lengths: readonly number[],
  connected: ReturnType<typeof connectedTexts>,
  size: number | undefined,
  positions: number,
): { batches: Batch[]; pairs: Omit<PairsPlan, "sweep"> } {
  const within = (members: ReadonlySet<number>): boolean => members.size * longest(members, lengths) <= positions;
  const groups = packGroups(connected, pairs, size === undefined ? within : (members) => members.size <= size);
  const textOf: number[] = [];
  const samplesOf: Pair[] = [];
  const batches: { samples: number[]; tokens: number }[] = [];
  for (const group of groups) {
    const first = textOf.length;
    // a group that is not full is filled with a text that it has
    const filled = [...group.members];
    while (size !== undefined && filled.length < size) filled.push(group.members[0]);
    textOf.push(...filled);
    for (const pair of group.pairs) {
      const [a, b] = pairs[pair];
      samplesOf[pair] = [first + group.members.indexOf(a), first + group.members.indexOf(b)];
    }
    const samples = filled.map((_, i) => first + i);
    const tokens = longest(group.members, lengths);
    const open = batches.at(-1);
    // groups come with the longest first: one much shorter would be mostly padding
    const joins =
      size !== undefined &&
      open !== undefined &&
      (open.samples.length + size) * open.tokens <= positions &&
      tokens >= (1 - MOST_PADDING) * open.tokens;
    if (joins) open.samples.push(...samples);
    else batches.push({ samples, tokens });
  }
  return { batches, pairs: { textOf, samplesOf, size } };
}
