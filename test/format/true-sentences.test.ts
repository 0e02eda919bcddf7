import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type {
  AnalysisDocument,
  ComparisonDocument,
  DomainsDocument,
  EvaluationDescription,
  FrequencyDocument,
  NeuronsDocument,
  PairsDocument,
  PatchingDocument,
} from "../../src/engine/document/document";
import type { Activity } from "../../src/engine/document/threshold-index";
import * as analysisWords from "../../src/format/analysis-findings";
import { balanceInWords } from "../../src/format/balance";
import { countedExpertsSentences } from "../../src/format/counted-experts";
import { calibrationSentences } from "../../src/format/calibration";
import * as calibrationWords from "../../src/format/calibration-findings";
import { partingSentence, relevanceSentences } from "../../src/format/comparison";
import * as comparisonWords from "../../src/format/comparison-findings";
import { type DomainsLayer, domainsSentence, domainsSentences } from "../../src/format/domains";
import * as domainsWords from "../../src/format/domains-findings";
import { finding, textsFinding } from "../../src/format/finding";
import { alwaysSentence, clusteringSentence } from "../../src/format/frequency";
import * as frequencyWords from "../../src/format/frequency-findings";
import * as neuronsWords from "../../src/format/neurons";
import { pairsSentences } from "../../src/format/pairs";
import * as pairsWords from "../../src/format/pairs-findings";
import { answersSentence, carriedSentence } from "../../src/format/patching";
import * as pruningFormat from "../../src/format/pruning";
import * as pruningWords from "../../src/format/pruning-findings";
import { randomNumbers } from "../../src/engine/numbers/random";
import { calibrationsOf, curveOf, evaluationOf } from "./simulated-losses";
import { positionsFinding } from "../../src/format/positions";
import { textFinding } from "../../src/format/text-finding";
import { domainsLines } from "../../src/cli/render/domains";
import { plain } from "../../src/cli/terminal/style";

/*
 * No sentence says what its own figures deny, as they are printed. First each sentence where it may claim something, where it
 * may not, and where there is nothing; then random figures of every kind, and every claim that is found in what is said of them.
 */

/** A figure as it is printed: `1.2e-7`, `−0.005`; `<0.1` is less than 0.1. */
const figure = "<?[−-]?[\\d.]+(?:e-?\\d+)?";
function printed(text: string): number {
  const value = Number(text.replace("−", "-").replace("<", "").replace(/\.$/, ""));
  return text.startsWith("<") ? value / 2 : value;
}

interface Claim {
  readonly said: RegExp;
  /** Whether it holds of the figures that were found, in their order. */
  readonly holds: (...figures: number[]) => boolean;
}

const claim = (said: string, holds: Claim["holds"]): Claim => ({
  said: new RegExp(said.replaceAll("#", `(${figure})`), "g"),
  holds,
});

/** Everything that sentences claim of figures beside them. */
const claims: readonly Claim[] = [
  claim("holds? # % of the active weights; an equal share would be # %", (held, equal) => held > equal),
  claim("one by one it is # % .*interval # % to # %., more than", (held, low, high) => held >= low && held <= high),
  claim(
    "density falls with depth: .* is # on average .95 % interval # to #",
    (rho, low, high) => rho < 0 && low <= high && high <= 0,
  ),
  claim("density rises with depth: .* is # on average .95 % interval # to #", (rho, low) => rho > 0 && low >= 0),
  claim(
    "exts of one domain are more alike than texts of two, in the deep layers by # on average .95 % interval # to #, p #",
    (more, low, high, p) => low > 0 && more >= low && more <= high && p < 0.05,
  ),
  claim("[xyz] by # .95 % interval # to #, p #", (more, low, high, p) => low > 0 && more <= high && p < 0.05),
  claim(
    "In # of # layers texts of one domain are more alike by more than chance",
    (some, all) => some > 0 && some <= all,
  ),
  claim(
    "the difference is largest in layer #: (?:median|on average) # within, # across",
    (_, within, across) => within >= across,
  ),
  claim("more than chance .*: median # within, # across .p #", (within, across, p) => within >= across && p < 0.05),
  claim(
    "more than chance .*: on average # within, # across .95 % interval # to #, p #",
    (within, across, low, _, p) => within >= across && low > 0 && p < 0.05,
  ),
  claim("# times its part of", (times) => times >= 1.5),
  claim("activates it # times as strongly", (times) => times >= 1.05),
  claim("tells them apart best: .*, # times as strong in [xy] .p #", (times, p) => times >= 1.5 && p < 0.05),
  claim("one of them share # %, halves of both # %: each has weights of its own", (within, across) => within > across),
  claim(", # times as strong in", (times) => times >= 1.05),
  claim("\\) [xy] # x", (times) => times >= 1.5),
  claim("more than # % of # pairs", (percent) => percent > 0 && percent < 100),
  claim("more than # of # pairs", (some, all) => some > 0 && some < all),
  claim("highest figure is # .*, the lowest #", (most, least) => most > least),
  claim("least alike in .*, #, and most in .*, #\\.", (least, most) => least < most),
  claim("densities lie between # % .* and # %", (least, most) => most > least),
  claim("is the densest, # %; .* the sparsest, # %", (most, least) => most > least),
  claim("(?:highest mean activation|largest norm|strongest weight), #; .*, #\\.", (most, least) => most > least),
  claim("Similarity falls from # .* to # in the deep", (before, after) => before > after),
  claim("Similarity rises from # .* to # in the deep", (before, after) => before < after),
  claim(
    "Similarity is about the same in the shallow layers as in the deep ones, #; it is least in layer #, #",
    (mean, _, least) => least <= mean + 0.01,
  ),
  claim("by more than chance: the intraclass correlation is #", (most) => most > 0),
  claim("^Samples agree .* by more than chance: .* and # in layer #, the least", (least) => least > 0),
  claim("^Samples that reach .* by more than chance: .* and # in expert #", (least) => least > 0),
  claim("no more than by chance: the intraclass correlation is #", (most) => most <= 0),
  claim("^Every sample reaches # of # experts, none reaches #", (every, of, none) => every + none <= of),
  claim("^At # of # experts the samples that reach them agree", (some, known) => some > 0 && some < known),
  claim("layer #, # % .* the most of all layers; of layer #, # %", (_, most, __, least) => most > least),
  claim("has # times the mean", (times) => times >= 1.05),
  claim("the share of neurons is # %", (share) => share > 0),
  claim("^# % of every layer's feed-forward neurons.* can be deactivated", (share) => share > 0),
  claim(
    "can be deactivated before fewer than # % .*: # of # do; of others like them # % to # %",
    (kept, stay, of, low, high) => stay / of >= kept / 100 && 100 * stay >= of * low && 100 * stay <= of * high,
  ),
  claim("^With # % .* deactivated, .* fewer than # % .*: # of # do", (_, kept, stay, of) => stay / of < kept / 100),
  claim("elevance follows the human scores: .* 95 % within # to #", (low) => low > 0),
  claim("runs against the human scores: .* 95 % within # to #", (_, high) => high < 0),
  claim("follows the human scores best: rho #, 95 % within # to #", (rho, low) => rho > 0 && low > 0),
  claim("does not certainly follow .* 95 % within # to #", (low, high) => low <= 0 && high >= 0),
  claim("most of it is carried by .*position \\d+, #\\)\\.", (value) => value >= 0.5),
  claim("the most have .*position \\d+, #\\)\\.", (value) => value > 0),
  claim("loses most, # % .*; .* least, # %", (most, least) => most > least),
  claim("loses # % of its weights; .* loses # %", (least, most) => most > least),
  claim("dense #, pruned #, # × dense", (dense, pruned, times) => (pruned - dense) * (times - 1) >= 0),
  claim("# × dense \\(# to #\\)", (times, low, high) => low <= times && times <= high),
  claim("# × dense \\(# to #\\), within", (_, low, high) => low <= 1 && high >= 1),
  claim("# × as much \\(# to #\\)", (times, low, high) => low <= times && times <= high && high <= 1),
  claim("# % (?:less|more) \\(# % to # %\\)", (much, low, high) => low <= much && much <= high),
  claim("dense #, pruned # \\(no difference", (dense, pruned) => dense === pruned),
  claim("# % less \\(# % to # %\\) than with its own", (less, low) => less >= 2 && low > 0),
  claim("with .* it is # % more \\(# % to # %\\)", (more, low) => more >= 2 && low > 0),
  claim("# % (?:less|more) \\(# % to # %\\), and by more than draws", (much, low) => much >= 2 && low > 0),
  claim("perplexity #, .* ones # \\(# to # in .* less .* by more than draws", (own, _, low) => own < low),
  claim("perplexity #, .* ones # \\(# to # in .*worse than chance", (own, _, __, high) => own > high),
  claim("gives # % to # % more perplexity than the best", (least, most) => least >= 2 && least <= most),
  claim("strongest tenth of the rows holds # % of the activation", (held) => held > 10),
  claim("that of the columns # %", (held) => held > 10),
  claim("is expected least: a loss of #, where their mean is #", (most, mean) => most >= mean && most > 0),
  claim("hold # % of the saliency of", (share) => share > 0),
];

/** Every claim of a sentence that its figures deny; all that is no figure at all. */
function denied(sentence: string): string[] {
  const broken = /NaN|Infinity|undefined|null/.test(sentence) ? [`no figure: ${sentence}`] : [];
  return [
    ...broken,
    ...claims.flatMap(({ said, holds }) =>
      [...sentence.matchAll(said)].flatMap((match) => {
        const figures = match.slice(1).map(printed);
        return holds(...figures) ? [] : [`${sentence} (${figures.join(", ")})`];
      }),
    ),
  ];
}

test("a claim that its figures deny is found", () => {
  for (const sentence of [
    "Texts of one domain are more alike than texts of two, in the deep layers by 0.05 on average (95 % interval −0.02 to 0.12, p 0.01).",
    "Only A: head 3.0 (1.01 times its part of B).",
    "The ten shallowest layers hold 31 % of the active weights; an equal share would be 33 %.",
    "Relevance follows the human scores: agreement 0.100, 95 % within 0.00 to 0.20.",
    "Perplexity on a (8 tokens): dense 50, pruned 60, 0.833 × dense.",
    "For a calibrate with b: perplexity 50, 1.2 × dense (1.1 to 1.3), 5 % less (−1 % to 11 %) than with its own texts.",
  ])
    expect(denied(sentence)).not.toEqual([]);
});

/* Figures of a few layers. */

const layersOf = (actives: readonly number[], parameters = 100) => actives.map((active) => ({ active, parameters }));

const domainLayer = (layer: number, within: number, across: number, p: number): DomainsLayer => ({
  layer,
  within: [within],
  across: [across],
  medians: { within, across },
  tested: undefined,
  p,
});

type Interval = [low: number, high: number] | null;

/** A difference that was tested. */
const differenceOf = (difference: number, interval: Interval, p: number) => ({
  ...{ within: 0.5 + difference, across: 0.5, difference, interval },
  ...{ p, corrected: p },
});

/** Domains x, y and so on, with the test of all texts, and of every two of them. */
function domainsOf(
  deep: ReturnType<typeof differenceOf> | null,
  pairs: readonly ReturnType<typeof differenceOf>[] = [],
  leastP = 0.001,
): DomainsDocument {
  const similarity = { deep, layers: [differenceOf(0.1, [0.05, 0.15], 0.01)], pairs: namedPairs(pairs) };
  return {
    deep: [0, 1],
    domains: ["x", "y", "z"].map((name) => ({ name })),
    pairs: [
      { a: "x", b: "x", similarity: [[0.6, 0.6]] },
      { a: "x", b: "y", similarity: [[0.5, 0.5]] },
    ],
    tests: deep && { leastP, similarity, contrast: null },
    significance: [0.01],
    contrastSignificance: null,
  } as unknown as DomainsDocument;
}

function namedPairs(pairs: readonly ReturnType<typeof differenceOf>[]) {
  const names = [
    [0, 1],
    [0, 2],
    [1, 2],
  ];
  return pairs.map((pair, i) => ({ a: names[i][0], b: names[i][1], ...pair }));
}

/** A comparison's place among unrelated pairs. */
const ranked = (share: number): Pick<ComparisonDocument, "percentile" | "percentiles"> => ({
  percentile: share,
  percentiles: { similarity: share, contrast: share },
});

function comparisonOf(
  similarities: readonly (readonly number[])[],
  heads: readonly (readonly [a: number, b: number])[] = [],
  sides: readonly [a: number, b: number] = [1, 1],
): ComparisonDocument {
  return {
    deep: [Math.floor(similarities.length / 2), similarities.length],
    relevance: 0.5,
    contrastRelevance: 0.2,
    ...ranked(0.5),
    template: null,
    yardstick: {
      pairs: 300,
      texts: 128,
      a: { length: "short", ending: null },
      b: { length: "short", ending: null },
      median: 0.5,
      contrastMedian: 0.1,
    },
    layers: similarities.map((modules, layer) => ({
      layer,
      similarity: modules.reduce((sum, value) => sum + value, 0) / modules.length,
      contrast: null,
      overlap: 0.5,
      modules: modules.map((similarity, m) => ({
        name: `self_attn.${"qkvo"[m]}_proj`,
        similarity,
        overlap: 0.5,
        parameters: 100,
        a: heads.length > 0 ? heads.reduce((sum, [a]) => sum + a, 0) : sides[0],
        b: heads.length > 0 ? heads.reduce((sum, [, b]) => sum + b, 0) : sides[1],
        heads: heads.map(([a, b], head) => ({ head, similarity, a, b })),
        onlyA: [],
        onlyB: [],
      })),
    })),
  } as unknown as ComparisonDocument;
}

/** Experts of one layer, how far samples agree at each, and how many of four reach it. */
const countedExpertsOf = (experts: readonly (readonly [correlation: number | null, samples: number])[]) =>
  ({
    samples: 4,
    layers: [
      {
        layer: 0,
        counts: [1, 0, 0, 0, 0],
        icc: null,
        routing: {
          tokens: 8,
          experts: experts.map(([icc, samples]) => ({ tokens: samples, samples, counts: [1, 0, 0, 0, 0], icc })),
        },
      },
    ],
  }) as unknown as FrequencyDocument;

/** null: of one sample, of which there is none. */
const frequencyOf = (correlations: readonly (number | null)[], always: readonly number[] = []): FrequencyDocument =>
  ({
    samples: 2,
    layers: correlations.map((icc, layer) => ({
      layer,
      icc,
      counts: icc === null ? [50, 0, 0] : [50, 10, always[layer] ?? 5],
    })),
  }) as unknown as FrequencyDocument;

type Ends = readonly [low: number, high: number];

function pairsOf(
  rhos: readonly number[],
  intervals: readonly Ends[],
  scores = [1, 2, 3],
  more: Partial<PairsDocument["spearman"]> = {},
): PairsDocument {
  return {
    deep: [0, rhos.length],
    pairs: scores.map((score) => ({ a: "a", b: "b", score, relevance: score / 10, similarity: [], contrast: null })),
    spearman: { deep: rhos[0], interval: intervals[0], layers: rhos, intervals, ...more },
    contrastSpearman: null,
  } as unknown as PairsDocument;
}

/** Pairs by contrast, and what it is held against: rho, its interval, and the interval of the difference, all around so much. */
interface Beside {
  readonly contrast: Ends;
  readonly tfidf?: readonly [rho: Ends, difference: Ends];
  readonly jaccard?: readonly [rho: Ends, difference: Ends];
  readonly hidden?: readonly [rho: Ends, difference: Ends];
  readonly similarity?: readonly [rho: Ends, difference: Ends];
  readonly partial?: Ends;
}

function besideOf({ contrast, partial = [0.1, 0.3], ...others }: Beside): PairsDocument {
  const middle = ([low, high]: Ends) => (low + high) / 2;
  const none: [Ends, Ends] = [
    [0, 0],
    [-0.1, 0.1],
  ];
  const of = (other: keyof typeof others) => others[other] ?? none;
  const rho = (interval: Ends) => ({ rho: middle(interval), interval });
  const deep = (interval: Ends) => ({ deep: middle(interval), interval, layers: [], intervals: [] });
  const over = (["tfidf", "jaccard", "hidden", "similarity"] as const).map((other) => {
    const [, interval] = of(other);
    return [other, { difference: middle(interval), interval }];
  });
  return {
    pairs: [],
    spearman: deep(of("similarity")[0]),
    contrastSpearman: { ...deep(contrast), partial: rho(partial), over: Object.fromEntries(over) as object },
    hiddenSpearman: deep(of("hidden")[0]),
    words: { tfidf: rho(of("tfidf")[0]), jaccard: rho(of("jaccard")[0]) },
  } as unknown as PairsDocument;
}

/** What is said of the best of two layers. */
const layerOf = (best: PairsDocument["spearman"]["best"]): string =>
  pairsWords.rhoFinding(
    pairsOf(
      [0.5, 0.6],
      [
        [0.3, 0.7],
        [0.4, 0.8],
      ],
      [1, 2, 3],
      { best },
    ),
    false,
  );

/** What is said of contrast beside something else. */
const saidOf = (beside: Beside, words: string): string | undefined =>
  pairsSentences(besideOf(beside)).find((sentence) => sentence.includes(words));

function patchingOf(
  grid: readonly (readonly number[])[] | null,
  probabilities: readonly number[] = [0.6, 0.4],
  site: PatchingDocument["site"] = "residual",
) {
  const prompt = (top: number) => ({
    tokens: (grid?.[0] ?? [0, 0]).map((_, i) => ({ id: i, text: ` t${i}` })),
    nextTokens: probabilities.map((probability, i) => ({ id: i === 0 ? top : i + 10, text: ` w${i}`, probability })),
  });
  return {
    a: prompt(1),
    b: prompt(2),
    answers: { a: { id: 1, text: " w0" }, b: { id: 2, text: " w0" } },
    grid,
    site,
  } as unknown as PatchingDocument;
}

/** Two curves, of so many of the samples' next tokens that stay with each twentieth of the neurons less. */
function neuronsOf(attribution: readonly number[], size: readonly number[], samples = 20): NeuronsDocument {
  const curve = (criterion: string, all: readonly number[]) => {
    const points = [samples, ...all].map((stays, i) => ({ share: i / 20, kl: i, agreement: stays / samples, stays }));
    const below = points.findIndex(({ agreement }) => agreement < 0.95);
    return { criterion, tolerated: points[(below < 0 ? points.length : below) - 1].share, points };
  };
  return {
    kept: 0.95,
    samples: Array.from({ length: samples }, () => ({})),
    curves: [curve("attribution", attribution), curve("size", size)],
    layers: [],
  } as unknown as NeuronsDocument;
}

/** Of one window. */
const costOf = (dense: number, pruned: number): EvaluationDescription =>
  evaluationOf([Math.log(dense)], [Math.log(pruned)], [7]);

const overlapOfTwo = (shared: readonly number[], halves: readonly [within: number, across: number] | null = null) =>
  ({
    a: "x",
    b: "y",
    layers: shared.map((both) => ({ both, onlyA: 50, onlyB: 50 })),
    halves: halves && { within: shared.map(() => halves[0]), across: shared.map(() => halves[1]) },
  }) as never;

/** x and y, whose texts are told apart or not. */
const twoDomains = (isTold: boolean, deep: readonly [number, number] = [1, 2]): DomainsDocument =>
  ({
    ...domainsOf(differenceOf(0, null, 1), [differenceOf(0.1, [0.05, 0.15], isTold ? 0.01 : 0.2)]),
    deep,
    share: 0.1,
  }) as unknown as DomainsDocument;

const neuronPair = (...shares: readonly (readonly [a: number, b: number, p?: number])[]) => ({
  a: "x",
  b: "y",
  neurons: shares.map(([a, b, p], neuron) => ({ layer: 0, neuron, a, b, ...(p !== undefined && { p }) })),
});

const planned = (...layers: readonly (readonly [sparsity: number, density: number | null])[]) =>
  layers.map(([sparsity, density], layer) => ({ layer, sparsity, density }));

describe("each sentence, where it may claim something, and what is said instead", () => {
  test.each<[string, string | undefined, string | undefined]>([
    // the shallowest third
    [
      "the shallow layers hold more",
      finding(layersOf([60, 30, 20])),
      "The shallowest layer holds 55 % of the active weights; an equal share would be 33 %.",
    ],
    [
      "… less",
      finding(layersOf([30, 60, 20])),
      "Of the active weights 27 % are in the shallowest layer; an equal share would be 33 %.",
    ],
    [
      "… as printed as much",
      finding(layersOf([10_001, 10_000, 10_000])),
      "Of the active weights 33 % are in the shallowest layer; an equal share would be 33 %.",
    ],
    [
      "… hardly more",
      finding(layersOf([34, 33, 33])),
      "Of the active weights 34 % are in the shallowest layer; an equal share would be 33 %.",
    ],
    [
      "… in every text",
      textsFinding(layersOf([60, 30, 20]), [
        [0.3, 0.2, 0.1],
        [0.4, 0.3, 0.1],
        [0.5, 0.1, 0.2],
      ]),
      "In the 3 samples one by one it is 54 % on average (95 % interval 36 % to 72 %), more than an equal share; density falls with depth: the agreement of density with depth is −0.83 on average (95 % interval −1.00 to −0.12).",
    ],
    [
      "… of which one activates nothing",
      textsFinding(layersOf([60, 30, 20]), [
        [0.3, 0.2, 0.1],
        [0, 0, 0],
        [0.5, 0.1, 0.2],
      ]),
      undefined,
    ],
    ["… of texts that were not looked at", textsFinding(layersOf([60, 30, 20]), []), undefined],
    ["… one layer", finding(layersOf([30])), "All active weights are in the one layer."],
    ["… none", finding(layersOf([0, 0])), "No weight is active at this threshold."],
    // domains
    [
      "domains are told",
      domainsSentence(domainsOf(differenceOf(0.05, [0.02, 0.08], 0.001)), "similarity"),
      "Texts of one domain are more alike than texts of two, in the deep layers by 0.05 on average (95 % interval 0.02 to 0.08, p 0.001 or less).",
    ],
    [
      "… by contrast too",
      domainsSentences({
        ...domainsOf(differenceOf(0.05, [0.02, 0.08], 0.3)),
        contrastSignificance: [0.01],
        tests: {
          leastP: 0.001,
          similarity: { deep: differenceOf(0.05, [0.02, 0.08], 0.3), layers: [], pairs: [] },
          contrast: { deep: differenceOf(0.05, null, 0.012), layers: [], pairs: [] },
        } as never,
      }).join(" "),
      "By contrast similarity texts of one domain are more alike than texts of two, in the deep layers by 0.05 on average (too few texts for an interval, p 0.012). By the paper's similarity it is not certain that texts of one domain are more alike than texts of two: in the deep layers the difference is 0.05 on average (95 % interval 0.02 to 0.08, p 0.3).",
    ],
    [
      "… not by the test",
      domainsSentence(domainsOf(differenceOf(0.05, [0.02, 0.08], 0.051)), "similarity"),
      "It is not certain that texts of one domain are more alike than texts of two: in the deep layers the difference is 0.05 on average (95 % interval 0.02 to 0.08, p 0.051).",
    ],
    [
      "… not by the interval",
      domainsSentence(domainsOf(differenceOf(0.05, [-0.02, 0.12], 0.01)), "similarity"),
      "It is not certain that texts of one domain are more alike than texts of two: in the deep layers the difference is 0.05 on average (95 % interval −0.02 to 0.12, p 0.01). More texts of each would tell.",
    ],
    [
      "… less alike",
      domainsSentence(domainsOf(differenceOf(-0.05, [-0.08, -0.02], 1)), "similarity"),
      "It is not certain that texts of one domain are more alike than texts of two: in the deep layers the difference is −0.05 on average (95 % interval −0.08 to −0.02, p 1).",
    ],
    [
      "… too few texts",
      domainsSentences(domainsOf(differenceOf(0.4, null, 0.33), [], 1 / 3)).at(-1),
      "So few texts cannot show a difference: the smallest p that they allow is 0.333. Compare more texts of each.",
    ],
    [
      "… of an earlier version",
      domainsSentences(domainsOf(null)).join(" "),
      "Texts of one domain and of two differ by 0.1 in the deep layers; this result has no test of all of them together: compare the folders again to have one.",
    ],
    [
      "two domains are told apart",
      domainsWords.pairsFinding(
        domainsOf(differenceOf(0, null, 1), [differenceOf(0.1, [0.05, 0.15], 0.01)]),
        "similarity",
      ),
      "The two domains are told apart by their texts (p < 0.05, and an interval above 0): x and y by 0.1 (95 % interval 0.05 to 0.15, p 0.01).",
    ],
    [
      "… or not",
      domainsWords.pairsFinding(
        domainsOf(differenceOf(0, null, 1), [differenceOf(0.1, [0.05, 0.15], 0.2)]),
        "similarity",
      ),
      "x and y are not certainly told apart by their texts (p < 0.05, and an interval above 0): the difference is 0.1 (95 % interval 0.05 to 0.15, p 0.2).",
    ],
    [
      "… of three, two",
      domainsWords.pairsFinding(
        domainsOf(differenceOf(0, null, 1), [
          differenceOf(0.1, [0.05, 0.15], 0.01),
          differenceOf(0.2, [-0.05, 0.45], 0.01),
          differenceOf(0.3, null, 0.02),
        ]),
        "similarity",
      ),
      "2 of 3 pairs of domains are told apart by their texts (p < 0.05, corrected for 3 pairs, and an interval above 0): y and z by 0.3 (too few texts for an interval, p 0.02), x and y by 0.1 (95 % interval 0.05 to 0.15, p 0.01).",
    ],
    [
      "… of three, none",
      domainsWords.pairsFinding(
        domainsOf(differenceOf(0, null, 1), [differenceOf(0.1, null, 0.5), differenceOf(0.2, null, 0.4)]),
        "similarity",
      ),
      "No two domains are certainly told apart by their texts (p < 0.05, corrected for 2 pairs); the difference is largest for x and z, 0.2 (too few texts for an interval, p 0.4).",
    ],
    ["… not tested", domainsWords.pairsFinding(domainsOf(null), "similarity"), undefined],
    [
      "layers are told apart",
      domainsWords.layersFinding([
        { ...domainLayer(0, 0.5, 0.4, 0.5), tested: differenceOf(0.3, [0.1, 0.5], 0.5) },
        { ...domainLayer(1, 0.8, 0.4, 0.01), tested: differenceOf(0.2, [0.1, 0.3], 0.01) },
      ]),
      "In 1 of 2 layers texts of one domain are more alike by more than chance (p < 0.05, corrected for 2 layers, and an interval above 0); the difference is largest in layer 1: on average 0.7 within, 0.5 across (95 % interval 0.1 to 0.3, p 0.01).",
    ],
    [
      "… of an earlier version",
      domainsWords.layersFinding([domainLayer(0, 0.5, 0.4, 0.5), domainLayer(1, 0.8, 0.4, 0.01)]),
      "In 1 of 2 layers texts of one domain are more alike by more than chance (p < 0.05, corrected for 2 layers); the difference is largest in layer 1: median 0.8 within, 0.4 across (p 0.01).",
    ],
    [
      "… none, but a difference",
      domainsWords.layersFinding([domainLayer(0, 0.5, 0.4, 0.5)]),
      "In no layer texts of one domain are certainly more alike (p < 0.05); the difference is largest in layer 0: median 0.5 within, 0.4 across (p 0.5).",
    ],
    [
      "… none, the other way round",
      domainsWords.layersFinding([domainLayer(0, 0.4, 0.5, 0.9)]),
      "In no layer texts of one domain are certainly more alike (p < 0.05).",
    ],
    [
      "domains as alike as each other",
      domainsWords.relevanceFinding(
        [
          { a: "x", b: "y" },
          { a: "x", b: "z" },
        ] as never,
        () => 0.5,
      ),
      "The figure of every two domains is 0.5.",
    ],
    [
      "domains as dense",
      domainsWords.densityFinding({ domains: [{ name: "x" }, { name: "y" }], deep: [0, 1] } as never, [
        [0.1],
        [0.1001],
      ]),
      "In the deep layers all domains are as dense, 10 % on average.",
    ],
    [
      "the same is shared in every layer",
      domainsWords.overlapFinding(overlapOfTwo([100, 100]), twoDomains(true)),
      "x and y share 50 % of the weights that either activates most before the deep layers, and 50 % in them. Sets that have nothing to do with each other would share 5.3 %.",
    ],
    [
      "two domains have weights of their own",
      domainsWords.halvesSentence(overlapOfTwo([100, 100], [0.4, 0.3]), twoDomains(true)),
      "In the deep layers random halves of the texts of one of them share 40 %, halves of both 30 %: each has weights of its own.",
    ],
    [
      "… no more than halves of one have",
      domainsWords.halvesSentence(overlapOfTwo([100, 100], [0.3, 0.3]), twoDomains(true)),
      "In the deep layers random halves of the texts of one of them share 30 %, halves of both 30 %: it is not certain that either has weights of its own.",
    ],
    [
      "… their texts are not told apart",
      domainsWords.halvesSentence(overlapOfTwo([100, 100], [0.4, 0.3]), twoDomains(false)),
      "In the deep layers random halves of the texts of one of them share 40 %, halves of both 30 %: it is not certain that either has weights of its own.",
    ],
    ["… not measured", domainsWords.halvesSentence(overlapOfTwo([100, 100]), twoDomains(true)), ""],
    [
      "a neuron tells apart",
      domainsWords.neuronsFinding(twoDomains(true), neuronPair([0.04, 0.01, 0.3], [0.02, 0.01, 0.01])),
      "Of all, neuron 1 of layer 0 tells them apart best: 2 % in x, 1 % in y, 2 times as strong in x (p 0.01).",
    ],
    [
      "… or hardly",
      domainsWords.neuronsFinding(twoDomains(true), neuronPair([0.0101, 0.01, 0.01])),
      "No neuron certainly tells them apart; the shares of neuron 0 of layer 0 differ most: 1 % in x, 1 % in y, about as strong in both (p 0.01).",
    ],
    [
      "… or chance does as much",
      domainsWords.neuronsFinding(twoDomains(true), neuronPair([0.79, 0.01, 0.05])),
      "No neuron certainly tells them apart; the shares of neuron 0 of layer 0 differ most: 79 % in x, 1 % in y, 79 times as strong in x (p 0.05).",
    ],
    [
      "… or the texts are not told apart",
      domainsWords.neuronsFinding(twoDomains(false), neuronPair([0.79, 0.01, 0.01])),
      "No neuron certainly tells them apart; the shares of neuron 0 of layer 0 differ most: 79 % in x, 1 % in y, 79 times as strong in x (p 0.01).",
    ],
    [
      "… or it is not tested",
      domainsWords.neuronsFinding(twoDomains(true), neuronPair([0.02, 0.01])),
      "The shares of neuron 0 of layer 0 differ most: 2 % in x, 1 % in y, 2 times as strong in x; whether that is chance was not tested.",
    ],
    [
      "… or is active in neither",
      domainsWords.neuronsFinding(twoDomains(true), neuronPair([0, 0, 1])),
      "No neuron certainly tells them apart; the shares of neuron 0 of layer 0 differ most: 0 % in x, 0 % in y, active in neither (p 1).",
    ],
    // comparisons
    [
      "matrices differ",
      partingSentence(comparisonOf([[0.9], [0.4]])),
      "They differ most in layer 1 q (0.4), layer 0 q (0.9).",
    ],
    ["… all as much", partingSentence(comparisonOf([[0.5], [0.50001]])), "They are as alike in every matrix (0.5)."],
    ["… not at all", partingSentence(comparisonOf([[1], [1]])), "They part nowhere: every matrix is activated alike."],
    [
      "curves are flat",
      comparisonWords.curvesFinding(comparisonOf([[0.5], [0.5]])),
      "Similarity is 0.5 in every layer.",
    ],
    [
      "matrices are as alike",
      comparisonWords.matricesFinding(comparisonOf([[0.5], [0.5]]), "similarity"),
      "A and B are as alike in every matrix, 0.5.",
    ],
    [
      "sides are hardly different",
      comparisonWords.matricesFinding(comparisonOf([[0.5], [0.5]], [], [1, 1.02]), "balance"),
      "Both activate every matrix about as strongly.",
    ],
    ["sides differ by rounding", balanceInWords({ a: 1, b: 1.04 }), "both activate it about as strongly"],
    [
      "heads of one side's own",
      comparisonWords
        .ownHeadSentences(
          comparisonOf(
            [[0.5]],
            [
              [3, 1],
              [1, 2],
            ],
          ),
        )
        .join(" "),
      "Clearly more in A: head 0.0 (2.25 times its part of B). Clearly more in B: head 0.1 (2.67 times its part of A).",
    ],
    [
      "… but none clearly",
      comparisonWords
        .ownHeadSentences(
          comparisonOf(
            [[0.5]],
            [
              [1.01, 1],
              [1, 1.01],
            ],
          ),
        )
        .join(" "),
      "No head is clearly more A's or B's: none has 1.5 times its part of the other side.",
    ],
    [
      "… the same heads",
      comparisonWords
        .ownHeadSentences(
          comparisonOf(
            [[0.5]],
            [
              [2, 2],
              [1, 1],
            ],
          ),
        )
        .join(" "),
      "The strongest tenth of the heads is the same in A and B.",
    ],
    ["… none active", comparisonWords.ownHeadSentences(comparisonOf([[0.5]], [[0, 0]])).join(" "), ""],
    [
      "more than all but one pair",
      relevanceSentences({ ...comparisonOf([[0.5]]), ...ranked(299 / 300) })[0],
      "Contrast relevance 0.2, without what all texts have in common: that of the deep layer 0, more than 99 % of 300 pairs of unrelated texts (their median is 0.1).",
    ],
    [
      "more than one pair",
      relevanceSentences({ ...comparisonOf([[0.5]]), ...ranked(1 / 300) })[0],
      "Contrast relevance 0.2, without what all texts have in common: that of the deep layer 0, more than 1 of 300 pairs of unrelated texts (their median is 0.1).",
    ],
    [
      "more than none",
      relevanceSentences({ ...comparisonOf([[0.5]]), ...ranked(0) })[0],
      "Contrast relevance 0.2, without what all texts have in common: that of the deep layer 0, not more than any of 300 pairs of unrelated texts (their median is 0.1).",
    ],
    // frequency
    [
      "samples agree",
      clusteringSentence(frequencyOf([0.5, 0.25])),
      "Samples agree on their strongest weights by more than chance: the intraclass correlation is 0.50 in layer 0, the most, and 0.25 in layer 1, the least (0 is chance, 1 the same weights in every sample).",
    ],
    [
      "… in some layers",
      clusteringSentence(frequencyOf([0.5, -0.1])),
      "In 1 of 2 layers samples agree on their strongest weights by more than chance: the intraclass correlation is 0.50 in layer 0, the most, and −0.10 in layer 1, the least (0 is chance, 1 the same weights in every sample).",
    ],
    [
      "… in none",
      clusteringSentence(frequencyOf([0.004, -0.1])),
      "Samples agree on their strongest weights no more than by chance: the intraclass correlation is 0.00 in layer 0, the most, and −0.10 in layer 1, the least (0 is chance, 1 the same weights in every sample).",
    ],
    [
      "… in one layer",
      clusteringSentence(frequencyOf([0.5])),
      "Samples agree on their strongest weights by more than chance: the intraclass correlation is 0.50 in layer 0 (0 is chance, 1 the same weights in every sample).",
    ],
    ["… not known", clusteringSentence(frequencyOf([null])), undefined],
    [
      "layers as often",
      frequencyWords.layersFinding(frequencyOf([2, 2])),
      "Of every layer 7.7 % of the weights are among the strongest in every sample.",
    ],
    // neurons
    [
      "neurons can go, by size as many",
      neuronsWords.toleratedSentences(neuronsOf([20, 19, 10], [19, 20, 9])).join(" "),
      "10 % of every layer's feed-forward neurons, those with the least attribution to a sample's prediction, can be deactivated before fewer than 95 % of these texts' next tokens stay: 19 of 20 do; of others like them 76 % to 99 % would (95 % interval). By the size of their activation it is as many.",
    ],
    [
      "… by size fewer, and clearly",
      neuronsWords.toleratedSentences(neuronsOf([20, 20], [20, 5])).at(-1),
      "By the size of their activation it is 5 %.",
    ],
    [
      "… by size fewer of two samples",
      neuronsWords.toleratedSentences(neuronsOf([2, 2], [2, 1], 2)).at(-1),
      "By the size of their activation it is 5 %, a difference that so few samples do not settle.",
    ],
    [
      "… none by either",
      neuronsWords.toleratedSentences(neuronsOf([18], [10])).join(" "),
      "With 5 % of every layer's feed-forward neurons deactivated, those with the least attribution to a sample's prediction, fewer than 95 % of these texts' next tokens stay: 18 of 20 do; of others like them 70 % to 97 % would (95 % interval). By the size of their activation it is none either.",
    ],
    [
      "half of the neurons",
      neuronsWords.halfAgreementSentence(neuronsOf(Array<number>(10).fill(4), Array<number>(10).fill(1), 4)),
      "With half of the neurons deactivated the next token stays in 4 of 4 by attribution (51 % to 100 %) and 1 of 4 by size (4.6 % to 70 %); in brackets the 95 % interval.",
    ],
    // pairs
    [
      "rho is above 0",
      pairsSentences(pairsOf([0.4], [[0.2, 0.6]]))[0],
      "Relevance follows the human scores: agreement 0.400, 95 % within 0.20 to 0.60.",
    ],
    [
      "… but not as printed",
      pairsSentences(pairsOf([0.4], [[0.004, 0.6]]))[0],
      "Relevance does not certainly follow the human scores: agreement 0.400, 95 % within 0.00 to 0.60.",
    ],
    [
      "… below, but not as printed",
      pairsSentences(pairsOf([-0.4], [[-0.6, -0.004]]))[0],
      "Relevance does not certainly follow the human scores: agreement −0.400, 95 % within −0.60 to 0.00.",
    ],
    [
      "contrast follows the scores more than counting words",
      saidOf(
        {
          contrast: [0.7, 0.9],
          tfidf: [
            [0.5, 0.7],
            [0.05, 0.35],
          ],
          jaccard: [
            [0.4, 0.6],
            [-0.1, 0.7],
          ],
        },
        "counting",
      ),
      "Contrast relevance follows them more than counting words by tf-idf (agreement 0.600): by 0.200, 95 % within 0.05 to 0.35.",
    ],
    [
      "… but not than the better way to count them",
      saidOf(
        {
          contrast: [0.7, 0.9],
          tfidf: [
            [0.5, 0.7],
            [0.05, 0.35],
          ],
          jaccard: [
            [0.6, 0.8],
            [-0.1, 0.3],
          ],
        },
        "counting",
      ),
      "Contrast relevance does not certainly differ from counting words by Jaccard (agreement 0.700): the difference is 0.100, 95 % within −0.10 to 0.30.",
    ],
    [
      "… as printed not at all",
      saidOf(
        {
          contrast: [0.7, 0.9],
          tfidf: [
            [0.5, 0.7],
            [0.004, 0.2],
          ],
        },
        "counting",
      ),
      "Contrast relevance does not certainly differ from counting words by tf-idf (agreement 0.600): the difference is 0.102, 95 % within 0.00 to 0.20.",
    ],
    [
      "… less",
      saidOf(
        {
          contrast: [0.2, 0.6],
          tfidf: [
            [0.5, 0.7],
            [-0.4, -0.1],
          ],
        },
        "counting",
      ),
      "Contrast relevance follows them less than counting words by tf-idf (agreement 0.600): by 0.250, 95 % within 0.10 to 0.40.",
    ],
    [
      "… where neither follows them",
      saidOf(
        {
          contrast: [-0.1, 0.3],
          jaccard: [
            [-0.6, -0.2],
            [0.3, 0.7],
          ],
          tfidf: [
            [-0.4, 0],
            [0.1, 0.5],
          ],
        },
        "counting",
      ),
      "The difference between contrast relevance and counting words by tf-idf (agreement −0.200) is 0.300, 95 % within 0.10 to 0.50, and the higher of the two does not certainly follow them.",
    ],
    [
      "hidden states do better",
      saidOf(
        {
          contrast: [0.6, 0.8],
          hidden: [
            [0.7, 0.9],
            [-0.2, -0.02],
          ],
        },
        "hidden",
      ),
      "Contrast relevance follows them less than hidden states (agreement 0.800): by 0.110, 95 % within 0.02 to 0.20.",
    ],
    [
      "… worse",
      saidOf(
        {
          contrast: [0.6, 0.8],
          hidden: [
            [0.3, 0.5],
            [0.1, 0.5],
          ],
        },
        "hidden",
      ),
      "Contrast relevance follows them more than hidden states (agreement 0.400): by 0.300, 95 % within 0.10 to 0.50.",
    ],
    [
      "… the same",
      saidOf(
        {
          contrast: [0.6, 0.8],
          hidden: [
            [0.6, 0.8],
            [0, 0],
          ],
        },
        "hidden",
      ),
      "Contrast relevance does not certainly differ from hidden states (agreement 0.700): the difference is 0.000, 95 % within 0.00 to 0.00.",
    ],
    [
      "given words something is left",
      saidOf({ contrast: [0.6, 0.8], partial: [0.2, 0.4] }, "Given"),
      "Given what tf-idf says, contrast relevance follows them: agreement 0.300, 95 % within 0.20 to 0.40.",
    ],
    [
      "… nothing",
      saidOf({ contrast: [0.6, 0.8], partial: [-0.2, 0.4] }, "Given"),
      "Given what tf-idf says, contrast relevance does not certainly follow them: agreement 0.100, 95 % within −0.20 to 0.40.",
    ],
    [
      "… less than nothing",
      saidOf({ contrast: [0.6, 0.8], partial: [-0.4, -0.2] }, "Given"),
      "Given what tf-idf says, contrast relevance runs against them: agreement −0.300, 95 % within −0.40 to −0.20.",
    ],
    [
      "the paper's measure follows less",
      pairsSentences(
        besideOf({
          contrast: [0.7, 0.9],
          similarity: [
            [0.4, 0.6],
            [0.1, 0.5],
          ],
        }),
      )
        .slice(-2)
        .join(" "),
      "The paper's relevance follows the human scores: agreement 0.500, 95 % within 0.40 to 0.60. Contrast relevance follows them more than the paper's relevance (agreement 0.500): by 0.300, 95 % within 0.10 to 0.50.",
    ],
    [
      "… and nothing was held against contrast",
      pairsSentences({
        ...pairsOf([0.4], [[0.2, 0.6]]),
        contrastSpearman: { deep: 0.5, interval: [0.3, 0.7], layers: [], intervals: [] },
      }).join(" "),
      "Contrast relevance follows the human scores: agreement 0.500, 95 % within 0.30 to 0.70. The paper's relevance follows the human scores: agreement 0.400, 95 % within 0.20 to 0.60.",
    ],
    [
      "a layer follows",
      layerOf({ layers: [1, 1], rho: 0.4, interval: [0.2, 0.6] }),
      "Either half of the pairs chooses layer 1; what is chosen follows the human scores on the half that did not choose it: mean agreement 0.400, 95 % within 0.20 to 0.60.",
    ],
    [
      "… not the same one by both halves",
      layerOf({ layers: [1, 0], rho: 0.4, interval: [0.2, 0.6] }),
      "One half of the pairs chooses layer 1, the other layer 0; what is chosen follows the human scores on the half that did not choose it: mean agreement 0.400, 95 % within 0.20 to 0.60.",
    ],
    [
      "… but not on other pairs",
      layerOf({ layers: [1, 0], rho: 0.1, interval: [-0.2, 0.4] }),
      "One half of the pairs chooses layer 1, the other layer 0; what is chosen does not certainly follow the human scores on the half that did not choose it: mean agreement 0.100, 95 % within −0.20 to 0.40.",
    ],
    [
      "… of too few pairs",
      layerOf(null),
      "There are too few pairs to choose the best layer on one half of them and measure it on the other.",
    ],
    [
      "… in a result of an earlier version",
      layerOf(undefined),
      "The agreement is highest in layer 1, 0.6: of the pairs that it was chosen by, which flatters it.",
    ],
    [
      "… or is it two layers",
      pairsWords.rhoFinding(pairsOf([0.6, 0.6000001, 0.1], Array(3).fill([0.2, 0.7]) as Ends[]), false),
      "The agreement is highest in two layers, 0.6: of the pairs that it was chosen by, which flatters it.",
    ],
    [
      "… as printed all the same",
      pairsWords.rhoFinding(
        pairsOf([0.6, 0.6000001], Array(2).fill([0.2, 0.7]) as Ends[], [1, 2], {
          best: { layers: [1, 1], rho: 0.6, interval: [0.4, 0.8] },
        }),
        false,
      ),
      "The agreement is 0.6 in every layer.",
    ],
    [
      "… the only one",
      pairsWords.rhoFinding(pairsOf([0.6], [[0.2, 0.7]]), false),
      "The one layer has an agreement of 0.600, 95 % within 0.20 to 0.70.",
    ],
    [
      "scores are all the same",
      pairsWords.scatterFinding(pairsOf([0], [[0, 0]], [2, 2, 2]), false),
      "All pairs have the same human score.",
    ],
    [
      "the ends of the scores",
      pairsWords.scatterFinding(pairsOf([0], [[0, 0]], [5, 1, 2, 3, 4, 6]), false),
      "Relevance is 0.15 on average where the human score is at most 2 (2 pairs), 0.55 where it is at least 5 (2 pairs).",
    ],
    [
      "… with all of the same score on one side",
      pairsWords.scatterFinding(pairsOf([0], [[0, 0]], [0, 0, 0, 0, 0, 1]), false),
      "Relevance is 0 on average where the human score is at most 0 (5 pairs), 0.1 where it is at least 1 (one pair).",
    ],
    // patching
    [
      "one position hands the answer over to the last",
      carriedSentence(
        patchingOf([
          [0, 0.776, 0.1],
          [0, 0.9, 0.2],
          [0.6, 0.2, 0.4],
          [0, 0.1, 1],
        ]),
      ),
      '" t1" (position 1) carries most of A\'s answer up to layer 1; " t0" (position 0) in layer 2; the last position, " t2", in layer 3.',
    ],
    [
      "… which begins later, and ends sooner",
      carriedSentence(
        patchingOf([
          [0.2, 0, 0.1],
          [0.9, 0, 0.2],
          [0.4, 0, 0.4],
        ]),
      ),
      '" t0" (position 0) carries most of A\'s answer in layer 1.',
    ],
    [
      "… two as much as each other, which is nobody",
      carriedSentence(
        patchingOf([
          [0.8, 0.8001, 0.1],
          [0.1, 0.8, 0.2],
        ]),
      ),
      '" t1" (position 1) carries most of A\'s answer in layer 1.',
    ],
    [
      "… to and fro",
      carriedSentence(patchingOf([...Array(8).keys()].map((layer) => (layer % 2 ? [1, 0, 0] : [0, 1, 0])))),
      '" t1" (position 1) carries most of A\'s answer in layer 0; " t0" (position 0) in layer 1; " t1" (position 1) in layer 2; ' +
        '" t0" (position 0) in layer 3; " t1" (position 1) in layer 4; and then others.',
    ],
    [
      "a branch hands nothing on: its places carry the answer",
      carriedSentence(
        patchingOf(
          [
            [0.776, 1],
            [0, 1],
          ],
          undefined,
          "attention",
        ),
      ),
      'Before the last position most of it is carried by layer 0 at " t0" (position 0, 0.776).',
    ],
    [
      "… none most of it",
      carriedSentence(
        patchingOf([
          [0.2, 1],
          [-0.1, 1],
        ]),
      ),
      'No place before the last position carries most of it; the most have layer 0 at " t0" (position 0, 0.2).',
    ],
    [
      "… none any of it",
      carriedSentence(patchingOf([[-0.2, 1]])),
      "No place before the last position carries any of it.",
    ],
    ["… runs that do not differ", carriedSentence(patchingOf(null)), undefined],
    ["answers are the likeliest", answersSentence(patchingOf([[0]])), 'A answers " w0" (60 %), B " w0" (60 %).'],
    [
      "… or were asked for",
      answersSentence({ ...patchingOf([[0]]), answers: { a: { id: 1, text: " w0" }, b: { id: 11, text: " w1" } } }),
      'A answers " w0" (60 %). B is asked for " w1" (40 %), and answers " w0" (60 %).',
    ],
    // pruning
    [
      "layers lose by density",
      pruningWords.planFinding(planned([0.4, 0.3], [0.6, 0.1])),
      "Layer 0, the densest (30.0 % active), loses 40.0 % of its weights; layer 1, the least dense (10.0 % active), loses 60.0 %.",
    ],
    [
      "… not by density",
      pruningWords.planFinding(planned([0.4, 0.1], [0.6, 0.3])),
      "Layer 0 (10.0 % active) loses 40.0 % of its weights; layer 1 (30.0 % active) loses 60.0 %.",
    ],
    [
      "… as printed all the same",
      pruningWords.planFinding(planned([0.5, 0.1], [0.50001, 0.3])),
      "Every layer loses 50 % of its weights.",
    ],
    [
      "matrices lose the same",
      pruningWords.lossFinding(
        [0, 1].map((layer) => ({ name: "q", matrix: "q", layer, lost: 0.1 })),
        "of it",
      ),
      "Every matrix loses 10.0 % of it.",
    ],
    [
      "perplexity is the same as printed",
      pruningFormat.perplexitySentence(costOf(50.31, 50.3102)),
      "Perplexity on a.txt (8 tokens): dense 50.3, pruned 50.3 (no difference).",
    ],
    ["no point of a curve", pruningWords.curveFinding([], costOf(10, 12)), ""],
    ["… and no criterion", pruningWords.criteriaFinding([], costOf(10, 12)), ""],
    // one text
    [
      "no token stands out",
      textFinding(textOf([0.5, 0.5, 0.5, 0.5])),
      "No token stands out: the saliency is spread over all of four tokens alike.",
    ],
    ["one token", textFinding(textOf([0.5])), ""],
    // a text that is moved through
    [
      "one token is expected least",
      positionsOf([0.2, 4.14, 1]),
      '"c", token 2, is expected least: a loss of 4.14, where their mean is 1.78.',
    ],
    ["two are expected alike", positionsOf([4.141, 4.139, 1]), ""],
    ["… or there is one", positionsOf([4]), ""],
    // the sums of one matrix
    [
      "a tenth holds more",
      analysisWords.profileFinding({ rows: [9, 1], columns: [2, 1] }),
      "The strongest tenth of the rows holds 90 % of the activation, that of the columns 67 %.",
    ],
    [
      "… of the rows only",
      analysisWords.profileFinding({ rows: [9, 1], columns: [1, 1] }),
      "The strongest tenth of the rows holds 90 % of the activation; all columns hold about as much.",
    ],
    [
      "… of neither",
      analysisWords.profileFinding({ rows: [0, 0], columns: [1] }),
      "All rows hold about as much, and all columns.",
    ],
    // one matrix
    [
      "all weights are alike",
      analysisWords.matrixFinding(matrixOf([1, 1, 1])),
      "All of its weights have about the same activation.",
    ],
    [
      "… or all 0",
      analysisWords.matrixFinding(matrixOf([0, 0])),
      "No weight of this matrix matters here: all activations are 0.",
    ],
  ])("%s", (_, said, expected) => {
    expect(said).toBe(expected);
    if (said !== undefined) expect(denied(said)).toEqual([]);
  });
});

function textOf(saliencies: readonly number[]) {
  return {
    text: "abcdefgh".slice(0, saliencies.length),
    tokens: saliencies.map((saliency, i) => ({ id: i, text: "abcdefgh"[i], start: i, end: i + 1, saliency })),
  } as never;
}

/** What is said of the positions of a text whose tokens have these losses, from the second on. */
function positionsOf(losses: readonly number[]): string {
  const at = [...losses, null].map((loss) => ({ loss, strongest: 0, next: [] }));
  const tokens = at.map((_, i) => ({ text: String.fromCharCode(97 + (i % 26)) }));
  return positionsFinding({ tokens } as never, { first: 0, at } as never);
}

/** A matrix of these activations. */
function matrixOf(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => b - a);
  return {
    top: sorted.slice(0, 10).map((value, row) => ({ row, column: 0, value, weight: 1 })),
    sum: values.reduce((sum, value) => sum + value, 0),
    parameters: values.length,
    zeros: values.filter((value) => value === 0).length,
  };
}

/* Random figures: with ties, and with what is told apart only behind the digits that are printed. */

const nearly = fc.constantFrom(0, 1e-9, 0.1, 0.1000001, 0.5, 0.500001, 0.999999, 1);
const share = fc.oneof(nearly, fc.double({ min: 1e-30, max: 1, noNaN: true }));
const positive = fc.oneof(
  fc.constantFrom(10, 10.0001, 10.1, 10.19, 10.3),
  fc.double({ min: 1, max: 1e4, noNaN: true }),
);
const signed = fc.oneof(fc.constantFrom(0, 0.004, -0.004, 0.005, -0.005), fc.double({ min: -1, max: 1, noNaN: true }));
const few = <T>(one: fc.Arbitrary<T>, min = 1): fc.Arbitrary<T[]> => fc.array(one, { minLength: min, maxLength: 6 });
const p = fc.integer({ min: 1, max: 1000 }).map((thousandths) => thousandths / 1000);
const cells = fc.tuple(share, share);
/** With how many windows models are simulated, whether the windows are kept, and from which numbers. */
const simulated = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.boolean(), fc.nat(1e6))
  .map(([windows, kept, seed]) => () => ({ windows, kept, next: randomNumbers(seed) }));
const layered = few(fc.tuple(share, share, p)).map((all) =>
  all.map(([within, across, p], layer) => domainLayer(layer, within, across, p)),
);
const differences = fc
  .tuple(signed, fc.option(fc.tuple(share, share)), p)
  .map(([value, ends, tested]) => differenceOf(value, ends && [value - ends[0] / 2, value + ends[1] / 2], tested));
const grids = (one: fc.Arbitrary<number>) =>
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
    .chain(([rows, columns]) =>
      fc.array(fc.array(one, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
    );

/** All that is said of random figures, by kind. */
const said: Record<string, fc.Arbitrary<readonly (string | undefined)[]>> = {
  layers: few(fc.nat(1000)).map((actives) => [finding(layersOf(actives, 1000))]),
  "layers of texts": fc
    .array(fc.array(share, { minLength: 4, maxLength: 4 }), { minLength: 3, maxLength: 6 })
    .map((densities) => [textsFinding(layersOf([1, 2, 3, 4]), densities)]),
  "layers of different sizes": few(fc.tuple(fc.nat(100), fc.integer({ min: 100, max: 1000 }))).map((all) => [
    finding(all.map(([active, parameters]) => ({ active, parameters }))),
  ]),
  "layers of domains": layered.map((layers) => [domainsWords.layersFinding(layers)]),
  "tests of domains": fc.tuple(differences, fc.array(differences, { maxLength: 3 })).map(([deep, pairs]) => {
    const document = domainsOf(deep, pairs);
    const layers = pairs.map((tested, layer) => ({ ...domainLayer(layer, 0, 0, tested.p), tested }));
    return [
      ...domainsSentences(document),
      domainsWords.pairsFinding(document, "similarity"),
      domainsWords.layersFinding(layers),
    ];
  }),
  "pairs of domains": few(share, 2).map((values) => [
    domainsWords.relevanceFinding(
      values.map((_, i) => ({ a: "x", b: `y${i}` })) as never,
      (pair) => values[Number((pair as unknown as { b: string }).b.slice(1))],
    ),
    domainsWords.densityFinding(
      { domains: values.map((_, i) => ({ name: `x${i}` })), deep: [0, 1] } as never,
      values.map((value) => [value]),
    ),
  ]),
  "neurons of domains": fc
    .tuple(few(fc.tuple(share, share, p)), fc.boolean())
    .map(([shares, isTold]) => [domainsWords.neuronsFinding(twoDomains(isTold), neuronPair(...shares))]),
  "domains in a terminal": few(cells).map((shares) =>
    domainsLines(
      {
        domains: [
          { name: "x", texts: 2 },
          { name: "y", texts: 2 },
        ],
        model: { name: "m" },
        run: { seconds: 1 },
        target: "loss",
        deep: [0, 1],
        pairs: [],
        tests: null,
        significance: [],
        contrastSignificance: null,
        overlaps: null,
        density: null,
        share: 0.1,
        neurons: [neuronPair(...shares)],
      } as unknown as DomainsDocument,
      plain,
    ).filter((line) => line.startsWith("x and y: ")),
  ),
  overlaps: fc
    .tuple(few(fc.nat(1000)), fc.option(fc.tuple(share, share)), fc.boolean())
    .map(([shared, halves, isTold]) => [
      domainsWords.overlapFinding(
        overlapOfTwo(shared, halves),
        twoDomains(isTold, [shared.length >> 1, shared.length]),
      ),
    ]),
  comparisons: fc.tuple(grids(share), few(cells, 0), cells, fc.nat(300)).map(([similarities, heads, sides, rank]) => {
    const document = { ...comparisonOf(similarities, heads, sides), ...ranked(rank / 300) };
    return [
      partingSentence(document),
      ...relevanceSentences(document),
      comparisonWords.curvesFinding(document),
      comparisonWords.matricesFinding(document, "similarity"),
      comparisonWords.matricesFinding(document, "balance"),
      ...comparisonWords.ownHeadSentences(document),
      ...comparisonWords.partingLines(document).map(({ text }) => text),
      comparisonWords.matrixFinding(
        document.layers[0].modules[0],
        heads.map(([a, b], i) => ({ name: `Head ${i}`, similarity: a, a, b })),
      ),
    ];
  }),
  frequency: few(fc.tuple(fc.option(fc.oneof(fc.constantFrom(0.0049, 0.0051, -0.0051), signed)), fc.nat(500))).map(
    (all) => {
      const document = frequencyOf(
        all.map(([correlation]) => correlation),
        all.map(([, always]) => always),
      );
      return [alwaysSentence(document), clusteringSentence(document), frequencyWords.layersFinding(document)];
    },
  ),
  "experts of several samples": few(
    fc.tuple(fc.option(fc.oneof(fc.constantFrom(0.0049, 0.0051, -0.0051), signed)), fc.nat(4)),
  ).map((experts) => countedExpertsSentences(countedExpertsOf(experts))),
  neurons: fc
    .tuple(few(fc.nat(20)), few(fc.nat(20)))
    .map(([attribution, size]) => neuronsWords.toleratedSentences(neuronsOf(attribution, size))),
  pairs: fc
    .tuple(few(fc.tuple(signed, signed, signed), 6), few(fc.nat(3), 2), fc.boolean())
    .map(([all, scores, isOld]) => {
      const sorted = all.map((three) => [...three].sort((a, b) => a - b));
      const intervals = sorted.map(([low, , high]): Ends => [low, high]);
      const best = {
        layers: [0, 1] as [number, number],
        rho: sorted[5][1],
        interval: [...intervals[5]] as [number, number],
      };
      const document = pairsOf(
        sorted.map(([, rho]) => rho),
        intervals,
        scores,
        isOld ? {} : { best },
      );
      const [contrast, tfidf, jaccard, hidden, similarity, partial] = intervals;
      const beside = {
        contrast,
        tfidf: [tfidf, jaccard],
        jaccard: [jaccard, hidden],
        hidden: [hidden, similarity],
        similarity: [similarity, partial],
        partial,
      } as const;
      return [
        ...pairsSentences(document),
        ...pairsSentences(besideOf(beside)),
        pairsWords.rhoFinding(document, false),
        pairsWords.scatterFinding(document, false),
      ];
    }),
  patching: grids(fc.oneof(signed, share)).map((grid) => [
    carriedSentence(patchingOf(grid)),
    carriedSentence(patchingOf(grid, undefined, "mlp")),
  ]),
  plans: few(fc.tuple(share, fc.option(share))).map((layers) => [pruningWords.planFinding(planned(...layers))]),
  losses: few(share).map((losses) => [
    pruningWords.lossFinding(
      losses.map((lost, layer) => ({ name: `layer ${layer} q`, layer, matrix: "q", lost })),
      "of its Σ|w|",
    ),
  ]),
  perplexities: few(fc.tuple(positive, positive)).map((windows) => [
    pruningFormat.perplexitySentence(
      evaluationOf(
        windows.map(([dense]) => Math.log1p(dense)),
        windows.map(([, pruned]) => Math.log1p(pruned)),
      ),
    ),
  ]),
  curves: fc.tuple(few(share), few(share), simulated).map(([magnitude, wanda, simulation]) => {
    const { points, evaluation } = curveOf({ magnitude, wanda }, simulation());
    return [pruningWords.curveFinding(points, evaluation), pruningWords.criteriaFinding(points, evaluation)];
  }),
  calibrations: fc
    .tuple(grids(share), simulated)
    .filter(([more]) => more.length === more[0].length && more.length < 6)
    .map(([more, simulation]) => {
      const document = calibrationsOf(more, simulation());
      return [...calibrationSentences(document), calibrationWords.spreadFinding(document)];
    }),
  choices: fc.tuple(few(share, 3), simulated).map(([more, simulation]) =>
    calibrationSentences(
      calibrationsOf(
        more.map((value) => [value]),
        { ...simulation(), choice: { pool: "pool", seed: 1, similarities: [] } },
      ),
    ),
  ),
  texts: few(signed).map((saliencies) => [textFinding(textOf(saliencies))]),
  matrices: fc
    .array(share, { minLength: 1, maxLength: 30 })
    .map((values) => [analysisWords.matrixFinding(matrixOf(values))]),
  positions: few(share).map((losses) => [positionsOf(losses.map((loss) => 9 * loss))]),
  "full profiles": fc
    .tuple(few(share), few(share))
    .map(([rows, columns]) => [analysisWords.profileFinding({ rows, columns })]),
  "heat maps": few(share).map((values) => {
    const modules = values.map((value, i) => ({ name: `m${i}`, parameters: 1, sum: value, l2: value, max: value }));
    const document = { layers: [{ layer: 0, modules }] } as unknown as AnalysisDocument;
    const activity = { layers: [{ modules: values.map((density) => ({ density })) }] } as unknown as Activity;
    return (["density", "mean", "l2", "max"] as const).map((measure) =>
      analysisWords.matricesFinding(document, activity, measure),
    );
  }),
};

describe("nothing is said that its own figures deny, of random", () => {
  test.each(Object.entries(said))("%s", (_, sentences) => {
    fc.assert(
      fc.property(sentences, (all) => {
        expect(all.flatMap((sentence) => (sentence === undefined ? [] : denied(sentence)))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("domains: more alike is said only where the test and the interval say so", () => {
    fc.assert(
      fc.property(differences, (deep) => {
        const sentence = domainsSentence(domainsOf(deep), "similarity");
        const isClaimed = deep.p < 0.05 && deep.difference > 0 && (deep.interval === null || deep.interval[0] > 0);
        expect(sentence.startsWith("Texts of one domain are more alike")).toBe(isClaimed);
      }),
    );
  });

  test("texts: a trend or a share is claimed 5 times of 100 where there is none, and found where there is one", () => {
    const next = randomNumbers(4);
    const of = (slope: number) =>
      textsFinding(
        layersOf(Array<number>(12).fill(1)),
        Array.from({ length: 8 }, () => Array.from({ length: 12 }, (_, layer) => 0.1 + 0.1 * next() - slope * layer)),
      );
    const runs = 200;
    const sentences = Array.from({ length: runs }, () => of(0));
    // 10 of 200 are expected of each; more than 19 come once in 300 times
    for (const none of ["neither certainly", "not certainly other"])
      expect(sentences.filter((sentence) => !sentence?.includes(none)).length).toBeLessThan(20);
    expect(of(0.005)).toMatch(/, more than an equal share; density falls with depth/);
    expect(of(-0.005)).toMatch(/, less than an equal share; density rises with depth/);
  });

  test("plans: the densest layer is the densest", () => {
    fc.assert(
      fc.property(few(fc.tuple(share, share), 2), (layers) => {
        const sentence = pruningWords.planFinding(planned(...layers));
        const found = /ayer (\d+), the densest/.exec(sentence);
        if (found) expect(layers[Number(found[1])][1]).toBe(Math.max(...layers.map(([, density]) => density)));
      }),
    );
  });
});
