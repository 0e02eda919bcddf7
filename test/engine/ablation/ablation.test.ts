import { describe, expect, test } from "vitest";
import { ablate } from "../../../src/engine/ablation/ablation";
import { MOST_PEERS } from "../../../src/engine/ablation/place-side";
import { ablationFlops, estimateAblation } from "../../../src/engine/ablation/plan-ablation";
import type { AblationRequest } from "../../../src/engine/api";
import type { AblatedPlace, AblationDescription } from "../../../src/engine/document/ablation";
import { headsOf } from "../../../src/engine/model/architectures/heads";
import { blockAt, blockTensor, neuronsAt, openModel, type Model } from "../../../src/engine/model/model";
import { elementAt } from "../../../src/engine/numbers/elements";
import { logitsOf, logSoftmax } from "../support/forward";
import { readBy } from "../support/model-copy";
import { demoModel, fixturePath, fixtureReference, kindsOfFixtures } from "../support/reference";
import { resultOf } from "../support/reference-values";

/** A head of every matrix that has heads, and a neuron: of the first layer the first, of the last the last. */
function placesOf(model: Model, layer: number): AblatedPlace[] {
  const { definition, common } = blockAt(model, layer);
  const heads = common.modules.flatMap(({ name: module }) => {
    const all = headsOf(definition.heads[module]).map(({ part, head }) => ({ part, index: head }));
    const end = all.at(layer === 0 ? 0 : -1);
    return end
      ? [{ level: "head" as const, layer, module, ...(end.part && { part: end.part }), index: end.index }]
      : [];
  });
  const neurons = neuronsAt(model, layer);
  if (!neurons) return heads;
  return [...heads, { level: "neuron", layer, module: neurons.name, index: Math.floor(neurons.in / 3) }];
}

/** The model as if weights of one matrix were stored as 0: the rows, or the columns, of a head or of a neuron. */
function withZeros(model: Model, { level, layer, module, part, index }: AblatedPlace): Model {
  const layout = blockAt(model, layer).definition.heads[module];
  const { out, in: width } = elementAt(
    blockAt(model, layer).modules.filter(({ name }) => name === module),
    0,
  );
  const head = headsOf(layout).find((one) => one.head === index && one.part === part);
  const from = level === "neuron" ? index : (head?.from ?? NaN);
  const size = level === "neuron" ? 1 : (layout?.size ?? NaN);
  const isRow = level === "head" && layout?.axis === "rows";
  const isZero = (row: number, column: number): boolean => {
    const at = isRow ? row : column;
    return at >= from && at < from + size;
  };
  return readBy(model, async (read, name, values, ...rows) => {
    await read(name, values, ...rows);
    if (name !== blockTensor(model, layer, `${module}.weight`)) return;
    expect(values.length).toBe(out * width);
    for (let row = 0; row < out; row++)
      for (let column = 0; column < width; column++) if (isZero(row, column)) values[row * width + column] = 0;
  });
}

async function logProbabilities(model: Model, ids: readonly number[]): Promise<Float64Array> {
  return logSoftmax(elementAt((await logitsOf(model, ids)).slice(-1), 0));
}

/** Σ p (log p − log q) */
const divergenceOf = (p: Float64Array, q: Float64Array): number =>
  p.reduce((sum, own, i) => sum + Math.exp(own) * (own - q[i]), 0);

async function ablated(request: Omit<AblationRequest, "threads">): Promise<AblationDescription> {
  return (await resultOf(ablate({ threads: 1, ...request }))).document.ablation;
}

const near = (ours: number, theirs: number): void => {
  expect(Math.abs(ours - theirs)).toBeLessThan(2e-5 * Math.max(1, Math.abs(theirs)));
};

describe.each(kindsOfFixtures)("what %s predicts", (fixture) => {
  test("without a head or a neuron is what it predicts with their weights stored as 0", async () => {
    const model = await openModel(fixturePath(fixture));
    const ids = [...fixtureReference(fixture).tokens[0]];
    const whole = await logProbabilities(model, ids);
    for (const layer of new Set([0, model.layers - 1]))
      for (const place of placesOf(model, layer)) {
        const found = await ablated({ model, ids: Int32Array.from(ids), place });
        const without = await logProbabilities(withZeros(model, place), ids);
        near(found.whole.probability, Math.max(...whole.map(Math.exp)));
        near(found.without.probability, Math.exp(without[found.token.id]));
        near(found.without.divergence, divergenceOf(whole, without));
        near(found.without.next[0]?.probability ?? NaN, Math.max(...without.map(Math.exp)));
        const peer = found.peers.at(-1);
        if (!peer) continue;
        const other = await logProbabilities(withZeros(model, { ...place, index: peer.index }), ids);
        near(peer.probability, Math.exp(other[found.token.id]));
        near(peer.divergence, divergenceOf(whole, other));
      }
    await model.close();
  });
});

describe("the place that is taken away", () => {
  const ids = Int32Array.from([1, 5, 9, 200, 31]);
  const head = { level: "head", layer: 3, module: "self_attn.k_proj", index: 1 } as const;

  test("is compared with all others of its kind, or with evenly spaced ones of many", async () => {
    const model = await openModel(demoModel);
    const { others, peers } = await ablated({ model, ids, place: head });
    expect(others).toBe(peers.length);
    expect(peers.map(({ index }) => index)).not.toContain(head.index);
    const neuron = await ablated({
      model,
      ids,
      place: { level: "neuron", layer: 3, module: "mlp.down_proj", index: 7 },
    });
    expect(neuron.peers).toHaveLength(MOST_PEERS);
    expect(new Set(neuron.peers.map(({ index }) => index)).size).toBe(MOST_PEERS);
    expect(neuron.others).toBe((neuronsAt(model, 3)?.in ?? NaN) - 1);
    await model.close();
  });

  test("changes the probability of the token that is asked for", async () => {
    const model = await openModel(demoModel);
    const found = await ablated({ model, ids, place: head, token: 42 });
    expect(found.token).toEqual({ id: 42, text: model.tokenizer.tokenText(42) });
    near(found.whole.probability, Math.exp((await logProbabilities(model, [...ids]))[42]));
    await model.close();
  });

  test.each([
    ["a layer that is not there", { layer: 99 }],
    ["a head that is not there", { index: 99 }],
    ["a matrix that is not there", { module: "constructor" }],
    ["a matrix without heads", { module: "mlp.up_proj" }],
    ["a neuron of a matrix that has none", { level: "neuron" as const }],
  ])("is refused as %s", async (_, change) => {
    const model = await openModel(demoModel);
    await expect(ablated({ model, ids, place: { ...head, ...change } })).rejects.toThrow(/has no (head|neuron)/);
    await model.close();
  });

  test("is refused where there is not the memory, with what would do, before anything is read", async () => {
    const model = await openModel(demoModel);
    await expect(ablated({ model, ids, place: head, memory: 2 ** 20 })).rejects.toThrow(/memory|MiB/i);
    await model.close();
  });

  test("takes less the deeper it is, and the estimate says so", async () => {
    const model = await openModel(demoModel);
    const of = (layer: number) => ({ model, ids, threads: 1, place: { ...head, layer } });
    const flops = [0, 5, 11].map((layer) => ablationFlops(of(layer)));
    expect(flops).toEqual([...flops].sort((a, b) => b - a));
    // a block less is passed by all runs: the whole model's, that without the place, and that without the other
    const parameters = blockAt(model, 3).modules.reduce((sum, { out, in: width }) => sum + out * width, 0);
    expect(ablationFlops(of(3)) - ablationFlops(of(4))).toBe(2 * parameters * ids.length * (2 + 1 - 1));
    expect((await estimateAblation(of(0))).seconds[1]).toBeGreaterThan(0);
    await model.close();
  });
});
