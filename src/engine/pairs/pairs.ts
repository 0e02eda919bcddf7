import * as z from "zod";

import type { Estimate, PairsRequest, PairsResult, RunEvent } from "../api";
import { deepLayers, relevance } from "../compare/deep-layers";
import { describeModel, describeRun } from "../document/describe";
import type { PairsDocument, SpearmanDescription } from "../document/document";
import { ParamscopeError } from "../errors";
import { elementAt } from "../numbers/elements";
import { answered } from "../run/answers";
import { estimateSweep, tokensOf } from "../run/estimate";
import { ResumeFile } from "../run/resume-file";
import { planRequest, runSweep } from "../run/run";
import { Grams } from "../sweep/grams";
import { targetName } from "../sweep/target";
import { firstWindows } from "../text/form-samples";
import { checkTemplate, filled, PLACE } from "../text/template";
import type { Sample } from "../text/sample";
import type { Pair } from "./group-pairs";
import { planPairs, type PairsPlan } from "./plan-pairs";
import { bootstrapIntervals, spearman } from "./spearman";

/** The fewest pairs that there is something to correlate of. */
const FEWEST_PAIRS = 3;

/**
 * How well the likeness of activations tracks how alike people find sentences: similarity and contrast similarity of every
 * pair in every layer, Spearman's rho of relevance and of each layer. Every distinct sentence is swept once, and only
 * products of sentences that are paired leave a tile.
 * @throws ParamscopeError for fewer than three pairs, an empty sentence, a template without `{text}`; else as `analyze` does.
 */
export async function* pairs(request: PairsRequest): AsyncGenerator<RunEvent<PairsResult>, void, void> {
  const { model, target, pairs: sentences, template, contrast, seed } = request;
  const deep = deepLayers(model.layers, request.deep);
  const sentencesOnce = distinctSentences(request);
  const { cut, numbered } = sentencesOnce;
  const samples = yield* answered(request, sentencesOnce.samples);
  const plan = planOf(request, samples, numbered);
  const description = await describeModel(model);
  const identity = [
    description.hash,
    targetName(target, model.tokenizer),
    sentences,
    template,
    contrast,
    request.window,
  ];
  const resume =
    request.resume === undefined
      ? undefined
      : await ResumeFile.open(request.resume, identity, layerResult, model.layers);
  const grams = new Grams(contrast ? backgroundShares(numbered, plan.textOf) : undefined);
  const similarities = (kind: "plain" | "contrast", layer: number): number[] =>
    plan.pairSamples.map(([a, b]) => grams.products(kind, layer, a, b).similarity);
  const results = resume?.layers ?? new Map<number, LayerResult>();
  const resultOf = (layer: number): LayerResult => {
    const result = results.get(layer) ?? {
      plain: similarities("plain", layer),
      contrast: contrast ? similarities("contrast", layer) : null,
    };
    results.set(layer, result);
    return result;
  };
  const scores = sentences.map(({ score }) => score);

  const swept = yield* runSweep(
    request,
    {
      samples: plan.textOf.map((text) => elementAt(samples, text)),
      units: [],
      reducers: [],
      keepsMatrices: false,
      grams,
      plan: plan.sweep,
      resume: resume?.forRun(plan.textOf, resultOf),
    },
    (layer) => ({
      parameters: model.scored / model.layers,
      figures: { spearman: spearman(resultOf(layer).plain, scores) },
    }),
  );
  await resume?.remove();

  const layers = Array.from({ length: model.layers }, (_, layer) => layer);
  const plain = layers.map((layer) => resultOf(layer).plain);
  const contrasts = contrast ? layers.map((layer) => resultOf(layer).contrast ?? []) : undefined;
  const notes = [...(request.notes ?? [])];
  if (cut > 0) notes.push(`Of ${cut} sentences only the first ${request.window} tokens were taken.`);
  const again = new Set(plan.pairSamples.flat()).size - samples.length;
  if (again > 0)
    notes.push(`${again} sentences were swept more than once: too many are connected by pairs to share a batch.`);
  const document: PairsDocument = {
    format: "paramscope.pairs",
    version: 1,
    model: description,
    run: describeRun(swept.runtime, swept.seconds, [], notes),
    target: targetName(target, model.tokenizer),
    source: request.source,
    template: template ?? null,
    deep,
    texts: samples.length,
    pairs: sentences.map(({ a, b, score }, pair) => {
      const similarity = plain.map((layer) => elementAt(layer, pair));
      return {
        a,
        b,
        score,
        relevance: relevance(similarity, deep),
        similarity,
        contrast: contrasts?.map((layer) => elementAt(layer, pair)) ?? null,
      };
    }),
    spearman: describeSpearman(plain, scores, { deep, seed }),
    contrastSpearman: contrasts ? describeSpearman(contrasts, scores, { deep, seed }) : null,
  };
  yield { type: "done", result: { document, profile: swept.profiler.seconds } };
}

/** What is kept of a layer: the similarity of each pair. */
const layerResult = z.object({ plain: z.array(z.number()), contrast: z.array(z.number()).nullable() });
type LayerResult = z.infer<typeof layerResult>;

/** The share of each sample in the background, which is the set itself, each pair's two sentences counted. */
function backgroundShares(pairs: readonly Pair[], textOf: readonly number[]): number[] {
  const times = new Map<number, number>();
  for (const text of pairs.flat()) times.set(text, (times.get(text) ?? 0) + 1);
  const seen = new Set<number>();
  return textOf.map((text) => {
    // a text that is swept twice counts where it comes first
    if (seen.has(text)) return 0;
    seen.add(text);
    return (times.get(text) ?? 0) / (2 * pairs.length);
  });
}

/**
 * How the similarities rank with the scores, over the deep layers and in each.
 * @param perLayer per layer the similarity of every pair.
 */
function describeSpearman(
  perLayer: readonly number[][],
  scores: readonly number[],
  { deep, seed }: { readonly deep: readonly [number, number]; readonly seed: number },
): SpearmanDescription {
  const relevances = scores.map((_, pair) =>
    relevance(
      perLayer.map((layer) => elementAt(layer, pair)),
      deep,
    ),
  );
  const intervals = bootstrapIntervals([relevances, ...perLayer], scores, seed);
  return {
    deep: spearman(relevances, scores),
    interval: elementAt(intervals, 0),
    layers: perLayer.map((layer) => spearman(layer, scores)),
    intervals: intervals.slice(1),
  };
}

/** The samples of a run, every distinct sentence once, and each pair by their numbers. */
function distinctSentences(request: PairsRequest): {
  readonly samples: readonly Sample[];
  /** How many sentences were longer than a window. */
  readonly cut: number;
  readonly numbered: readonly Pair[];
} {
  const { model, pairs: sentences, template } = request;
  if (sentences.length < FEWEST_PAIRS)
    throw new ParamscopeError(
      `${request.source} gives ${sentences.length} pairs, and a correlation needs at least ${FEWEST_PAIRS}.`,
      "Give more pairs.",
    );
  if (template !== undefined) checkTemplate(template);

  const numberOf = new Map<string, number>();
  for (const { a, b } of sentences)
    for (const text of [a, b]) if (!numberOf.has(text)) numberOf.set(text, numberOf.size);
  const numbered = sentences.map(({ a, b }): Pair => [numberOf.get(a) ?? 0, numberOf.get(b) ?? 0]);
  const { samples, cut } = firstWindows(
    [...numberOf.keys()].map((text) => ({
      source: `${request.source}: ${JSON.stringify(text)}`,
      text: filled(template ?? PLACE, text),
    })),
    model.tokenizer,
    { window: request.window, context: model.context },
  );
  return { samples, cut, numbered };
}

/** How a run is cut. */
function planOf(request: PairsRequest, samples: readonly Sample[], numbered: readonly Pair[]): PairsPlan {
  const planned = planRequest(request, { samples, units: [], reducers: [], keepsMatrices: false });
  return planPairs(planned, numbered, request.contrast);
}

/**
 * What a run over pairs would take, from sizes alone and the measurement of this machine.
 * @throws ParamscopeError as `pairs` itself would, before it computes.
 */
export async function estimatePairs(request: PairsRequest): Promise<Estimate> {
  const { samples, numbered } = distinctSentences(request);
  const plan = planOf(request, samples, numbered);
  const lengths = plan.textOf.map((text) => elementAt(samples, text).ids.length);
  const products = request.contrast ? "contrast" : "plain";
  const cost = await estimateSweep(request, { lengths, plan: plan.sweep, sets: 0, products });
  return { ...cost, samples: samples.length, tokens: tokensOf(samples) };
}
