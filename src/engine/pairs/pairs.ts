import * as z from "zod";

import type { Estimate, PairsRequest, PairsResult, RunEvent } from "../api";
import { deepLayers, relevance } from "../compare/deep-layers";
import { describeModel, describeRun } from "../document/describe";
import type { PairsDocument } from "../document/document";
import { ParamscopeError } from "../errors";
import { elementAt } from "../numbers/elements";
import { plural } from "../numbers/plural";
import { spearman } from "../numbers/spearman";
import { answered } from "../run/answers";
import { estimateSweep, tokensOf } from "../run/estimate";
import { ResumeFile } from "../run/resume-file";
import { planRequest, runSweep } from "../run/run";
import { stopwatch } from "../run/stopwatch";
import { Grams } from "../sweep/grams";
import { targetName } from "../sweep/target";
import { firstWindows } from "../text/form-samples";
import { checkTemplate, filled, PLACE } from "../text/template";
import type { Sample } from "../text/sample";
import { correlationsOf } from "./correlations";
import type { Pair } from "./group-pairs";
import { LastStates } from "./last-states";
import { planPairs, type PairsPlan } from "./plan-pairs";
import { wordLikeness } from "./words";
import { scoredAt } from "../model/model";

/** The fewest pairs that there is something to correlate of. */
const FEWEST_PAIRS = 3;

/**
 * How well the likeness of activations tracks how alike people find sentences: similarity and contrast similarity of every
 * pair in every layer, Spearman's rho of relevance and of each layer; beside them what hidden states, which the same sweep passes, and
 * counting words do. Every distinct sentence is swept once, and only products of sentences that are paired leave a tile.
 * @throws ParamscopeError for fewer than three pairs, an empty sentence, a template without `{text}`; else as `analyze` does.
 */
export async function* pairs(request: PairsRequest): AsyncGenerator<RunEvent<PairsResult>, void, void> {
  const seconds = stopwatch();
  const { model, target, pairs: sentences, template, contrast, seed } = request;
  const deep = deepLayers(model.layers, request.deep);
  const sentencesOnce = distinctSentences(request);
  const { texts, cut, numbered } = sentencesOnce;
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
  const sweptSamples = plan.textOf.map((text) => elementAt(samples, text));
  const states = new LastStates(sweptSamples, plan.textOf);
  const grams = new Grams(contrast ? backgroundShares(numbered, plan.textOf) : undefined);
  const similarities = (kind: "plain" | "contrast", layer: number): number[] =>
    plan.pairSamples.map(([a, b]) => grams.products(kind, layer, a, b).similarity);
  const results = resume?.layers ?? new Map<number, LayerResult>();
  const resultOf = (layer: number): LayerResult => {
    const result = results.get(layer) ?? {
      plain: similarities("plain", layer),
      contrast: contrast ? similarities("contrast", layer) : null,
      hidden: states.cosines(numbered),
    };
    results.set(layer, result);
    return result;
  };
  const scores = sentences.map(({ score }) => score);

  const swept = yield* runSweep(
    request,
    {
      samples: sweptSamples,
      units: [],
      reducers: [],
      keepsMatrices: false,
      grams,
      observer: states.observe,
      plan: plan.sweep,
      resume: resume?.forRun(plan.textOf, resultOf),
    },
    (layer) => ({
      parameters: scoredAt(model, layer),
      figures: { spearman: spearman(resultOf(layer).plain, scores) },
    }),
  );
  await resume?.remove();

  const layers = Array.from({ length: model.layers }, (_, layer) => layer);
  const plain = layers.map((layer) => resultOf(layer).plain);
  const contrasts = contrast ? layers.map((layer) => resultOf(layer).contrast ?? []) : undefined;
  const hidden = layers.map((layer) => resultOf(layer).hidden);
  const words = wordLikeness(texts, numbered);
  const notes = [...(request.notes ?? [])];
  if (cut > 0) notes.push(`Of ${cut} sentences only the first ${request.window} tokens were taken.`);
  const twice = numbered.length - new Set(numbered.map(([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`)).size;
  if (twice > 0)
    notes.push(
      `${twice} of ${numbered.length} pairs ${plural(twice, "has", "have")} the sentences of another: intervals take ${plural(twice, "it for a pair of its", "them for pairs of their")} own.`,
    );
  const again = new Set(plan.pairSamples.flat()).size - samples.length;
  if (again > 0)
    notes.push(`${again} sentences were swept more than once: too many are connected by pairs to share a batch.`);
  const document: PairsDocument = {
    format: "paramscope.pairs",
    version: 1,
    model: description,
    run: describeRun(swept.runtime, seconds(), [], notes),
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
        hidden: hidden.map((layer) => elementAt(layer, pair)),
        jaccard: elementAt(words.jaccard, pair),
        tfidf: elementAt(words.tfidf, pair),
      };
    }),
    ...correlationsOf({ scores, plain, contrast: contrasts, hidden, ...words }, { deep, seed }),
  };
  yield { type: "done", result: { document, profile: swept.profiler.seconds } };
}

/** What is kept of a layer: the likeness of each pair. */
const layerResult = z.object({
  plain: z.array(z.number()),
  contrast: z.array(z.number()).nullable(),
  hidden: z.array(z.number()),
});
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

/** Every distinct sentence of a run once, its sample, and each pair by their numbers. */
function distinctSentences(request: PairsRequest): {
  readonly texts: readonly string[];
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
  const [{ score } = { score: 0 }] = sentences;
  if (sentences.every((pair) => pair.score === score))
    throw new ParamscopeError(
      `All ${sentences.length} pairs of ${request.source} have the score ${score}: there is no order that likeness could follow.`,
      "Choose pairs of several scores, or name the column that has them.",
    );
  if (template !== undefined) checkTemplate(template);

  const numberOf = new Map<string, number>();
  for (const { a, b } of sentences)
    for (const text of [a, b]) if (!numberOf.has(text)) numberOf.set(text, numberOf.size);
  const numbered = sentences.map(({ a, b }): Pair => [numberOf.get(a) ?? 0, numberOf.get(b) ?? 0]);
  const texts = [...numberOf.keys()];
  const { samples, cut } = firstWindows(
    texts.map((text) => ({
      source: `${request.source}: ${JSON.stringify(text)}`,
      text: filled(template ?? PLACE, text),
    })),
    model.tokenizer,
    { window: request.window, context: model.context },
  );
  return { texts, samples, cut, numbered };
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
