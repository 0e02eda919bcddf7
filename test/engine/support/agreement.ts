import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modulesAt, openModel, type Model } from "../../../src/engine/model/model";
import type { RuntimeWish } from "../../../src/engine/runtime/runtime";
import type { StatisticsReducer } from "../../../src/engine/sweep/reducers/statistics";
import { addedOverlaps, type TopOverlap } from "../../../src/engine/sweep/reducers/top-sets";
import { overlapOf } from "../../../src/engine/numbers/overlap";
import { Deviations, tolerances } from "./deviations";
import type { Reference, ReferenceLayers, ReferenceMeasures, ReferenceTarget } from "./reference";
import { engineValues, measuresOf, type EngineValues, type TargetValues } from "./reference-values";

interface Compared {
  readonly model: Model;
  readonly reference: Reference;
  readonly values: EngineValues;
}

/** What a reference file holds, one check after the other: together they read every value of it. */
const agreements: readonly (readonly [string, (compared: Compared) => void])[] = [
  ["the ids are the tokenizer's of transformers", idsAgree],
  ["a token's text is the slice that its offsets name", offsetsAgree],
  ["the same matrices of the same shapes are scored", shapesAgree],
  ["value, token and probability of every sample's target agree", headsAgree],
  ["logits and negative log-likelihood of every sample agree", logitsAgree],
  ["sum, L2 and maximum of every matrix agree for every sample", samplesAgree],
  ["sum, L2 and maximum of every matrix agree for the mean", meansAgree],
  ["the threshold and the activated parameters of every matrix and layer agree", densitiesAgree],
  ["similarity, overlap and relevance of every pair agree", pairsAgree],
  ["the comparison of two texts says the same of them", comparisonAgrees],
  ["the frequency of parameters in top sets agrees", frequencyAgrees],
  ["the targets max-logit, loss, next-token, spread and answer agree", targetsAgree],
];

/** Tests that the engine says of a model what PyTorch says of it. */
export function describeAgreement(name: string, path: string, reference: Reference, wish: RuntimeWish = {}): void {
  describe(`${name}, against PyTorch`, () => {
    let compared: Compared;

    beforeAll(async () => {
      const model = await openModel(path);
      compared = { model, reference, values: await engineValues(model, reference, wish) };
    });

    afterAll(async () => {
      await compared.model.close();
    });

    test.each(agreements)("%s", (_, agree) => {
      agree(compared);
    });
  });
}

function expectWithin(deviations: Deviations): void {
  expect(deviations.all.length).toBeGreaterThan(0);
  expect(deviations.beyond).toEqual([]);
}

function idsAgree({ reference, values }: Compared): void {
  expect(values.samples.map(({ ids }) => [...ids])).toEqual(reference.tokens);
  const { samples } = values.analysis;
  expect(samples.map(({ tokens }) => tokens.map(({ id }) => id))).toEqual(reference.tokens);
}

function offsetsAgree({ model, reference, values }: Compared): void {
  values.analysis.samples.forEach((sample, i) => {
    expect(sample.text).toBe(reference.texts[i]);
    let end = 0;
    for (const token of sample.tokens) {
      if (token.start < 0) continue;
      expect(token.text).toBe(sample.text.slice(token.start, token.end));
      // nothing between two tokens; those that share a character share its offsets
      expect(token.start).toBeLessThanOrEqual(end);
      expect(token.end).toBeGreaterThanOrEqual(end);
      end = token.end;
      const alone = model.tokenizer.tokenText(token.id);
      if (!/^<0x[0-9A-F]{2}>/.test(alone)) expect(token.text.trimStart()).toBe(alone.trimStart());
    }
    expect(end).toBe(sample.text.length);
  });
}

function shapesAgree({ model, reference, values }: Compared): void {
  expect(model.scored).toBe(reference.scored);
  expect(model.layers).toBe(reference.shapes.length);
  // GPT-2's matrices stand the other way round in its checkpoints
  const turned = model.architecture === "gpt2";
  for (const { layer, modules } of values.analysis.layers) {
    const shapes = modules.map(({ name, shape: [out, inner] }) => [name, turned ? [inner, out] : [out, inner]]);
    expect(Object.fromEntries(shapes)).toEqual(reference.shapes[layer]);
    expect(shapes.map(([name]) => name).sort()).toEqual(Object.keys(reference.shapes[layer]).sort());
  }
}

function headsAgree({ reference, values }: Compared): void {
  const deviations = new Deviations();
  reference.samples.forEach(({ targetValue, targetToken, targetProbability }, i) => {
    const where = `sample ${i}`;
    const { value, token, probability, next } = values.heads[i];
    deviations.relative("target value", value, targetValue, where);
    deviations.relative("target probability", probability ?? NaN, targetProbability, where);
    deviations.relative("probability of the likeliest token", next[0].probability, targetProbability, where);
    expect([token, next[0].id]).toEqual([targetToken, targetToken]);

    const described = values.analysis.samples[i];
    expect(described.targetToken?.id).toBe(targetToken);
    deviations.relative("target value in the document", described.targetValue, targetValue, where);
    deviations.relative("probability in the document", described.targetProbability ?? NaN, targetProbability, where);
  });
  expectWithin(deviations);
}

function logitsAgree({ reference, values }: Compared): void {
  const deviations = new Deviations();
  reference.samples.forEach(({ logitsHead, negativeLogLikelihood }, i) => {
    // a logit near 0 is the difference of large ones: relative to the largest of them all
    const scale = Math.max(...logitsHead.map(Math.abs));
    logitsHead.forEach((logit, id) => {
      const deviation = (values.logits[i][id] - logit) / scale;
      deviations.absolute("logits", deviation, 0, `sample ${i}, id ${id}`, tolerances.value);
    });
    const own = values.loss.heads[i].negativeLogLikelihood ?? NaN;
    deviations.relative("negative log-likelihood", own, negativeLogLikelihood, `sample ${i}`);
  });
  expectWithin(deviations);
}

function samplesAgree({ reference, values }: Compared): void {
  const deviations = new Deviations();
  reference.samples.forEach(({ layers }, i) => {
    layersAgree(deviations, `sample ${i}`, values.statistics, layers, i);
  });
  expectWithin(deviations);
}

function layersAgree(
  deviations: Deviations,
  of: string,
  statistics: StatisticsReducer,
  layers: ReferenceLayers<ReferenceMeasures>,
  set: number,
): void {
  layers.forEach((modules, layer) => {
    const own = statistics.layer(layer, 0, set);
    expect([...own.keys()].sort()).toEqual(Object.keys(modules).sort());
    for (const [name, statisticsOfModule] of own)
      measuresAgree(deviations, `${of}, layer ${layer}, ${name}`, measuresOf(statisticsOfModule), modules[name]);
  });
}

function measuresAgree(
  deviations: Deviations,
  where: string,
  actual: ReferenceMeasures,
  expected: ReferenceMeasures,
): void {
  for (const measure of ["sum", "l2", "max"] as const)
    deviations.relative(measure, actual[measure], expected[measure], where);
}

function meansAgree({ reference, values }: Compared): void {
  const deviations = new Deviations();
  for (const { layer, modules, ...whole } of values.analysis.layers) {
    const expected = reference.mean.layers[layer];
    for (const module of modules)
      measuresAgree(deviations, `mean, layer ${layer}, ${module.name}`, module, expected[module.name]);
    const of = Object.values(expected);
    measuresAgree(deviations, `mean, layer ${layer}`, whole, {
      sum: of.reduce((total, { sum }) => total + sum, 0),
      l2: Math.hypot(...of.map(({ l2 }) => l2)),
      max: Math.max(...of.map(({ max }) => max)),
    });
  }
  expectWithin(deviations);
}

function densitiesAgree({ reference, values }: Compared): void {
  const deviations = new Deviations();
  const { threshold, layers } = values.analysis;
  deviations.relative("threshold", threshold.tau, reference.mean.threshold, "mean");
  for (const { layer, modules, density, active } of layers) {
    const expected = reference.mean.layers[layer];
    let activeOfLayer = 0;
    let parametersOfLayer = 0;
    for (const module of modules) {
      const [out, inner] = reference.shapes[layer][module.name];
      const where = `layer ${layer}, ${module.name}`;
      const share = expected[module.name].active / (out * inner);
      deviations.absolute("density of a matrix", module.density, share, where, tolerances.moduleDensity);
      expect(module.density).toBe(module.active / (out * inner));
      activeOfLayer += expected[module.name].active;
      parametersOfLayer += out * inner;
    }
    const share = activeOfLayer / parametersOfLayer;
    deviations.absolute("density of a layer", density, share, `layer ${layer}`, tolerances.layerDensity);
    expect(active).toBe(modules.reduce((sum, module) => sum + module.active, 0));
  }
  expectWithin(deviations);
}

function pairsAgree({ model, reference, values }: Compared): void {
  const deviations = new Deviations();
  const { products, top } = values;
  reference.pairs.forEach((pair, k) => {
    const own = pair.similarity.map((similarity, layer) => {
      const where = `texts ${pair.a} and ${pair.b}, layer ${layer}`;
      const overlaps: TopOverlap[] = [];
      for (const { name } of modulesAt(model, layer)) {
        const ofModule = products.module(layer, name, k).total.similarity;
        const expected = pair.modules[layer][name];
        deviations.relative("similarity of a matrix", ofModule, expected, `${where}, ${name}`, tolerances.similarity);
        overlaps.push(top.overlaps(layer, name)[k]);
      }
      deviations.absolute(
        "overlap",
        overlapOf(addedOverlaps(overlaps)),
        pair.overlap[layer],
        where,
        tolerances.overlap,
      );
      const ofLayer = products.layer(layer, modulesAt(model, layer), k).similarity;
      deviations.relative("similarity of a layer", ofLayer, similarity, where, tolerances.similarity);
      return ofLayer;
    });
    const [from, to] = values.comparison.deep;
    const deep = own.slice(from, to);
    const relevance = deep.reduce((sum, similarity) => sum + similarity, 0) / deep.length;
    const where = `texts ${pair.a} and ${pair.b}`;
    deviations.relative("relevance", relevance, pair.relevance, where, tolerances.similarity);
  });
  expectWithin(deviations);
}

function comparisonAgrees({ reference, values }: Compared): void {
  const deviations = new Deviations();
  const { layers, relevance } = values.comparison;
  const pair = reference.pairs.find(({ a, b }) => a === 0 && b === 1);
  if (pair === undefined) throw new Error("the reference lacks the first pair");
  expect(layers).toHaveLength(pair.similarity.length);
  for (const { layer, similarity, overlap, modules } of layers) {
    const where = `layer ${layer}`;
    deviations.relative("similarity of a layer", similarity, pair.similarity[layer], where, tolerances.similarity);
    deviations.absolute("overlap", overlap, pair.overlap[layer], where, tolerances.overlap);
    for (const module of modules) {
      const expected = pair.modules[layer][module.name];
      deviations.relative("similarity of a matrix", module.similarity, expected, where, tolerances.similarity);
    }
  }
  deviations.relative("relevance", relevance, pair.relevance, "texts 0 and 1", tolerances.similarity);
  expectWithin(deviations);
}

function frequencyAgrees({ reference, values }: Compared): void {
  const deviations = new Deviations();
  expect(values.frequency.samples).toBe(reference.texts.length);
  expect(values.frequency.share).toBe(reference.share);
  expect(values.frequency.layers).toHaveLength(reference.frequency.length);
  for (const { layer, counts } of values.frequency.layers) {
    const expected = reference.frequency[layer];
    const parameters = expected.reduce((sum, count) => sum + count, 0);
    expect(counts).toHaveLength(expected.length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(parameters);
    counts.forEach((count, times) => {
      const where = `layer ${layer}, ${times} times`;
      deviations.absolute("frequency", count / parameters, expected[times] / parameters, where, tolerances.frequency);
    });
  }
  expectWithin(deviations);
}

function targetsAgree({ reference, values }: Compared): void {
  const deviations = new Deviations();
  const check = (name: string, own: TargetValues, expected: ReferenceTarget): void => {
    deviations.relative(`value of ${name}`, own.heads[0].value, expected.targetValue, "sample 0");
    expect(own.heads[0].token ?? null).toBe(expected.targetToken);
    layersAgree(deviations, name, own.statistics, expected.layers, 0);
  };
  check("max-logit", values, reference.targets["max-logit"]);
  check("loss", values.loss, reference.targets.loss);
  check("next-token:3", values.nextToken, reference.targets["next-token:3"]);
  check("spread", values.spread, reference.targets.spread);
  check("answer:4", values.answer, reference.targets["answer:4"]);
  expectWithin(deviations);
}
