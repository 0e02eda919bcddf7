import { zip } from "../numbers/elements";
import { overlapOf } from "../numbers/overlap";
import { median } from "../numbers/statistics";
import type { CompareRequest, CompareResult, RunEvent } from "../api";
import { describeModel, describeRun, describeSamples } from "../document/describe";
import type { ComparisonDocument, ComparisonModule } from "../document/document";
import type { Model, ScoredModule } from "../model/model";
import { runSweep } from "../run/run";
import { ContrastReducer } from "../sweep/reducers/contrast";
import { ProductReducer } from "../sweep/reducers/products";
import { StatisticsReducer } from "../sweep/reducers/statistics";
import { addedOverlaps, TopSetReducer } from "../sweep/reducers/top-sets";
import { targetName } from "../sweep/target";
import { deepLayers, relevance } from "./deep-layers";
import { backgroundSamples, percentileAmong, yardstickOf, type Yardstick } from "./yardstick";

/** The most parameters per matrix that are told as those that only one side activates. */
const EXCLUSIVE = 5;
const A = 0;
const B = 1;
const BACKGROUND = 2;

/**
 * How alike two sets of texts activate the parameters of a model, layer by layer: similarity and overlap of their means `Ā`
 * (of their activations, where each is one sample), and with unrelated texts as a background contrast similarity and the
 * percentile among them. All are swept at once.
 * @throws ParamscopeError as `analyze` does.
 */
export async function* compare(request: CompareRequest): AsyncGenerator<RunEvent<CompareResult>, void, void> {
  const { model, a, b, share, target } = request;
  const description = await describeModel(model);
  const background = backgroundSamples(request.background ?? [], request);
  const yardstick = background.length > 0 ? yield* yardstickOf(request, background, description.hash) : undefined;

  const samples = [...a.set.samples, ...b.set.samples, ...background];
  const members = samples.map((_, i) => i);
  const [endOfA, endOfB] = [a.set.samples.length, a.set.samples.length + b.set.samples.length];
  const sets = [members.slice(0, endOfA), members.slice(endOfA, endOfB), members.slice(endOfB)];
  const pair: [number, number] = [A, B];
  const reducers = new ComparisonReducers(model, share, pair, background.length > 0);

  const swept = yield* runSweep(
    request,
    { samples, units: [{ sets: sets.filter((set) => set.length > 0) }], reducers: reducers.all, keepsMatrices: true },
    (layer) => ({
      parameters: model.scored / model.layers,
      figures: { similarity: reducers.similarity(layer), overlap: reducers.overlap(layer) },
    }),
  );

  const layers = Array.from({ length: model.layers }, (_, layer) => ({
    layer,
    similarity: reducers.similarity(layer),
    contrast: reducers.contrast?.similarity(layer) ?? null,
    overlap: reducers.overlap(layer),
    modules: model.modules.map((module) => reducers.describe(layer, module)),
  }));
  const plain = relevance(layers.map((layer) => layer.similarity));
  const contrasted = reducers.contrast ? relevance(layers.map((layer) => layer.contrast ?? 0)) : null;
  const document: ComparisonDocument = {
    format: "paramscope.comparison",
    version: 1,
    model: description,
    run: describeRun(swept.runtime, swept.seconds, [a.set, b.set]),
    target: targetName(target, model.tokenizer),
    a: { name: a.name, samples: describeSamples(model, a.set, swept) },
    b: { name: b.name, samples: describeSamples(model, b.set, swept, endOfA) },
    share,
    deep: deepLayers(model.layers),
    layers,
    relevance: plain,
    contrastRelevance: contrasted,
    percentile: yardstick ? percentileAmong(yardstick.relevance, plain) : null,
    contrastPercentile: yardstick && contrasted !== null ? percentileAmong(yardstick.contrast, contrasted) : null,
    yardstick: yardstick ? describeYardstick(yardstick) : null,
  };
  yield { type: "done", result: { document, profile: swept.profiler.seconds } };
}

/** What is kept of a comparison's scores. Set 0 is A, 1 is B, 2 the background. */
class ComparisonReducers {
  readonly #model: Model;
  readonly #products: ProductReducer;
  readonly #top: TopSetReducer;
  readonly #statistics: StatisticsReducer;
  readonly contrast: ContrastReducer | undefined;

  constructor(model: Model, share: number, pair: readonly [number, number], background: boolean) {
    this.#model = model;
    this.#products = new ProductReducer(model.definition, [pair]);
    this.#top = new TopSetReducer(share, [pair], false, EXCLUSIVE);
    this.#statistics = new StatisticsReducer(model.definition);
    this.contrast = background ? new ContrastReducer({ a: A, b: B, background: BACKGROUND }) : undefined;
  }

  get all() {
    return [this.#products, this.#top, this.#statistics, ...(this.contrast ? [this.contrast] : [])];
  }

  similarity(layer: number): number {
    return this.#products.layer(layer, this.#model.modules).similarity;
  }

  overlap(layer: number): number {
    return overlapOf(addedOverlaps(this.#model.modules.flatMap(({ name }) => this.#top.overlaps(layer, name))));
  }

  describe(layer: number, { name, out, in: width }: ScoredModule): ComparisonModule {
    const { total, heads } = this.#products.module(layer, name);
    const [overlap] = this.#top.overlaps(layer, name);
    const [only] = this.#top.exclusiveOf(layer, name);
    const [a, b] = [A, B].map((set) => this.#statistics.layer(layer, 0, set).get(name));
    if (overlap === undefined || only === undefined || a === undefined || b === undefined)
      throw new Error(`${name} of layer ${layer} has not been swept`);
    const layout = this.#model.definition.heads[name];
    const sums = zip(a.heads(layout), b.heads(layout));
    return {
      name,
      similarity: total.similarity,
      overlap: overlapOf(overlap),
      parameters: out * width,
      a: a.sum,
      b: b.sum,
      heads: zip(heads, sums).map(([{ products, ...head }, [ofA, ofB]]) => ({
        ...head,
        similarity: products.similarity,
        a: ofA.sum,
        b: ofB.sum,
      })),
      onlyA: only.onlyA.map((parameter) => ({ ...parameter })),
      onlyB: only.onlyB.map((parameter) => ({ ...parameter })),
    };
  }
}

function describeYardstick({ tokens, relevance: plain, contrast }: Yardstick): ComparisonDocument["yardstick"] {
  return { pairs: plain.length, tokens, median: median(plain), contrastMedian: median(contrast) };
}
