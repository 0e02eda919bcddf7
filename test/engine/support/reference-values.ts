import { analyze } from "../../../src/engine/analysis/analyze";
import type { RunEvent } from "../../../src/engine/api";
import { compare } from "../../../src/engine/compare/compare";
import type { AnalysisDocument, ComparisonDocument, FrequencyDocument } from "../../../src/engine/document/document";
import type { Model } from "../../../src/engine/model/model";
import type { HeadResult } from "../../../src/engine/sweep/head";
import type { RuntimeWish } from "../../../src/engine/runtime/runtime";
import { UnitFilter } from "../../../src/engine/sweep/reducers/filter";
import { ProductReducer } from "../../../src/engine/sweep/reducers/products";
import { StatisticsReducer, type ModuleStatistics } from "../../../src/engine/sweep/reducers/statistics";
import { TopSetReducer } from "../../../src/engine/sweep/reducers/top-sets";
import type { Target } from "../../../src/engine/sweep/target";
import type { Sample } from "../../../src/engine/text/sample";
import { embeddedTogether, logitsFrom } from "./forward";
import type { Reference, ReferenceMeasures } from "./reference";
import { samplesOf, setOf } from "./samples";
import { maxLogit, swept } from "./sweeping";

/** Everything that the engine says of what a reference file holds. */
export interface EngineValues {
  readonly samples: readonly Sample[];
  /** Per sample, with the target `max-logit`. */
  readonly heads: readonly HeadResult[];
  readonly statistics: StatisticsReducer;
  /** Of every pair of samples. */
  readonly products: ProductReducer;
  readonly top: TopSetReducer;
  readonly analysis: AnalysisDocument;
  readonly frequency: FrequencyDocument;
  /** Of the first two samples. */
  readonly comparison: ComparisonDocument;
  /** Of every sample, at its last position. */
  readonly logits: readonly Float32Array[];
  /** Per sample with the target `loss`, and the first one's statistics. */
  readonly loss: TargetValues;
  /** The same of the first sample alone, with `next-token:3`. */
  readonly nextToken: TargetValues;
  /** The same with `spread`, and with its last four ids as the answer. */
  readonly spread: TargetValues;
  readonly answer: TargetValues;
}

export interface TargetValues {
  readonly heads: readonly HeadResult[];
  readonly statistics: StatisticsReducer;
}

export async function engineValues(model: Model, reference: Reference, wish: RuntimeWish = {}): Promise<EngineValues> {
  const samples = samplesOf(reference, model);
  const { share } = reference;
  const statistics = new StatisticsReducer(model.definition);
  const pairs = reference.pairs.map(({ a, b }): [number, number] => [a, b]);
  const products = new ProductReducer(model.definition, pairs);
  const top = new TopSetReducer(share, pairs);
  const { heads } = await swept({
    model,
    samples,
    runtime: wish,
    units: [{ sets: samples.map((_, i) => [i]) }],
    reducers: [statistics, products, top],
  });
  const threshold = { mode: "share", share } as const;
  const options = { model, target: maxLogit, threads: 1, ...wish };
  const analyzed = await resultOf(analyze({ ...options, set: setOf(samples), threshold, frequency: true }));
  if (analyzed.frequency === undefined) throw new Error("a frequency document was asked for");
  const side = (i: number) => ({ name: samples[i].source, set: setOf([samples[i]]) });
  const compared = await resultOf(compare({ ...options, a: side(0), b: side(1), share, template: null, deep: "half" }));

  const texts = samples.map(({ ids }) => ids);
  const logits = await logitsFrom(
    model,
    await embeddedTogether(model, texts),
    texts,
    samples.map(({ ids }) => [ids.length - 1]),
    wish,
  );
  return {
    samples,
    heads,
    statistics,
    products,
    top,
    analysis: analyzed.document,
    frequency: analyzed.frequency,
    comparison: compared.document,
    logits: logits.map(([last]) => last),
    loss: await targetValues(model, samples, { kind: "loss" }, wish),
    nextToken: await targetValues(model, samples.slice(0, 1), { kind: "next-token", position: 3 }, wish),
    spread: await targetValues(model, samples.slice(0, 1), { kind: "spread" }, wish),
    answer: await targetValues(model, [{ ...samples[0], answer: 4 }], { kind: "answer" }, wish),
  };
}

/** What a run ends with. */
export async function resultOf<Result>(events: AsyncIterable<RunEvent<Result, unknown>>): Promise<Result> {
  for await (const event of events) if (event.type === "done") return event.result;
  throw new Error("the run ended without a result");
}

async function targetValues(
  model: Model,
  samples: readonly Sample[],
  target: Target,
  runtime: RuntimeWish,
): Promise<TargetValues> {
  const all = new StatisticsReducer(model.definition);
  const { heads } = await swept({
    model,
    samples,
    target,
    runtime,
    // what the samples above hold is computed again here
    holds: false,
    units: [{ sets: [[0]] }],
    reducers: [new UnitFilter(all, (unit) => unit === 0)],
  });
  return { heads, statistics: all };
}

/** Of a matrix as a whole, its parts together. */
export function measuresOf({ parts }: ModuleStatistics): ReferenceMeasures {
  return {
    sum: parts.reduce((sum, part) => sum + part.sum, 0),
    l2: Math.sqrt(parts.reduce((sum, part) => sum + part.sumOfSquares, 0)),
    max: Math.max(...parts.map((part) => part.max)),
  };
}
