import type { CompareRequest, CompareResult, RunEvent } from "../api";
import { describeModel, describeRun, describeSamples } from "../document/describe";
import type { ComparisonDocument } from "../document/document";
import { runSweep } from "../run";
import { ProductReducer } from "../sweep/reducers/products";
import { TopSetReducer } from "../sweep/reducers/top-sets";
import { targetName } from "../sweep/target";
import { deepLayers, relevance } from "./deep-layers";

/**
 * How alike two sets of texts activate the parameters of a model, layer by layer: similarity and overlap of their means `Ā`
 * (of their activations, where each is one sample). Both are swept at once.
 * @throws ParamscopeError as `analyze` does.
 */
export async function* compare(request: CompareRequest): AsyncGenerator<RunEvent<CompareResult>, void, void> {
  const { model, a, b, share, target } = request;
  const samples = [...a.set.samples, ...b.set.samples];
  const members = samples.map((_, i) => i);
  const sets = [members.slice(0, a.set.samples.length), members.slice(a.set.samples.length)];
  const pair: [number, number] = [0, 1];
  const products = new ProductReducer(model.definition, [pair]);
  const top = new TopSetReducer(share, [pair], false);
  const overlap = (layer: number): number => {
    const counts = model.modules.flatMap(({ name }) => top.overlaps(layer, name));
    return ratio(
      counts.reduce((sum, { both }) => sum + both, 0),
      counts.reduce((sum, { either }) => sum + either, 0),
    );
  };
  const similarity = (layer: number): number => products.layer(layer, model.modules).similarity;

  const swept = yield* runSweep(
    request,
    { samples, units: [{ sets }], reducers: [products, top], keepsMatrices: true },
    (layer) => ({ parameters: model.scored / model.layers, similarity: similarity(layer), overlap: overlap(layer) }),
  );

  const layers = Array.from({ length: model.layers }, (_, layer) => ({
    layer,
    similarity: similarity(layer),
    contrast: null,
    overlap: overlap(layer),
    modules: model.modules.map(({ name }) => {
      const { total, heads } = products.module(layer, name);
      const [{ both, either }] = top.overlaps(layer, name);
      return {
        name,
        similarity: total.similarity,
        overlap: ratio(both, either),
        heads: heads.map(({ products: ofHead, ...head }) => ({ ...head, similarity: ofHead.similarity })),
      };
    }),
  }));
  const document: ComparisonDocument = {
    format: "paramscope.comparison",
    version: 1,
    model: await describeModel(model),
    run: describeRun(swept.runtime, swept.seconds, [a.set, b.set]),
    target: targetName(target, model.tokenizer),
    a: { name: a.name, samples: describeSamples(model, a.set, swept.heads, swept.saliency, 0) },
    b: { name: b.name, samples: describeSamples(model, b.set, swept.heads, swept.saliency, a.set.samples.length) },
    share,
    deep: deepLayers(model.layers),
    layers,
    relevance: relevance(layers.map((layer) => layer.similarity)),
    contrastRelevance: null,
    percentile: null,
  };
  yield { type: "done", result: { document, profile: swept.profiler.seconds } };
}

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
