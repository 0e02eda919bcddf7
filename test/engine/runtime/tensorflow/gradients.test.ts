import { readFileSync } from "node:fs";
import { join } from "node:path";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import type { Graph } from "../../../../src/engine/graph/graph";
import { blockInputs } from "../../../../src/engine/model/architectures/block-builder";
import { modulesAt, openModel, type Model } from "../../../../src/engine/model/model";
import { openRuntime } from "../../../../src/engine/runtime/open-runtime";
import type { Runtime, RuntimeWish, Tensor, Tensors } from "../../../../src/engine/runtime/runtime";
import { interpret, stepsOf } from "../../../../src/engine/runtime/tensorflow/interpret";
import { names } from "../../../../src/engine/sweep/block-graphs";
import type { BlockBatch } from "../../../../src/engine/sweep/block-batch";
import { BlockRunner } from "../../../../src/engine/sweep/block-runner";
import { LentStates } from "../../../../src/engine/sweep/lent-states";
import { Profiler } from "../../../../src/engine/sweep/profiler";
import { Workspace } from "../../../../src/engine/sweep/workspace";
import { random, randomArray } from "../../support/random";
import { kindsOfFixtures, fixturePath } from "../../support/reference";
import { tensorflows } from "../../support/runtimes";

/*
 * The independent check of our differentiation: of the forward graph alone, TensorFlow.js's own automatic differentiation
 * gives the gradients that our backward graph gives.
 */

/** float32 against float32, relative to the largest of a matrix. */
const TOLERANCE = 1e-4;

const [samples, tokens] = [2, 5];
const textsOf = (...lengths: number[]): Int32Array[] => lengths.map((length) => new Int32Array(length).fill(7));
/** All positions, as in most blocks; one of each sample, as in the last. */
const batches: readonly (readonly [string, BlockBatch])[] = [
  ["all positions", { samples, tokens, texts: textsOf(5, 5), positions: undefined, lent: undefined }],
  ["selected positions", { samples, tokens, texts: textsOf(5, 3), positions: [[4], [2]], lent: undefined }],
];

const withExperts: ReadonlySet<string> = new Set(
  kindsOfFixtures.filter((name) =>
    /"(num_experts|num_local_experts|n_routed_experts)":/.test(
      readFileSync(join(fixturePath(name), "config.json"), "utf8"),
    ),
  ),
);

/** What the library calls the backend, and how it is made ready: its copies in one process share one engine. */
const backends: readonly (readonly [string, string, RuntimeWish | undefined])[] = [
  ["TensorFlow.js in plain JavaScript", "cpu", undefined],
  ...tensorflows.map(([name, wish]) => [name, wish.backend === "wasm" ? "wasm" : "tensorflow", wish] as const),
];

describe.each(backends)("%s differentiates the forward graph as our backward graph does", (_, backend, wish) => {
  beforeAll(async () => {
    // of kernels that two copies of the library register
    vi.spyOn(console, "warn").mockReturnValue(undefined);
    if (wish !== undefined) await openRuntime(wish);
    await tf.setBackend(backend);
  });

  // of a block with experts the forward graph is not one: PyTorch alone has its gradients
  describe.each(kindsOfFixtures.filter((name) => !withExperts.has(name)))("%s", (fixture) => {
    let model: Model;

    beforeAll(async () => {
      model = await openModel(fixturePath(fixture));
    });

    afterAll(async () => {
      await model.close();
    });

    test.each(batches)("%s", async (_, shape) => {
      const batch = { ...shape, lent: new LentStates() };
      const next = random(11);
      const { hiddenSize, layers } = model;
      const queries = batch.positions === undefined ? tokens : 1;
      const hidden = randomArray(next, samples * tokens * hiddenSize);
      const seed = randomArray(next, samples * queries * hiddenSize);
      const recorded = new Recording(await openRuntime({ threads: 1 }));
      const blocks = new BlockRunner({ model, runtime: recorded.runtime, profiler: new Profiler() });
      const lender = model.definition.layer(layers - 1).borrowsFrom;
      if (lender !== undefined) {
        await blocks.load(lender);
        const all = { ...batch, positions: undefined };
        await blocks.forward([{ hidden, batch: all, output: new Float32Array(hidden.length) }]);
      }
      await blocks.load(layers - 1);
      await blocks.forward([{ hidden, batch, output: new Float32Array(seed.length) }]);
      const forward = recorded.calls.findLast(({ graph }) => graph.outputs.has(names.output));
      if (forward === undefined) throw new Error("the block has not been run");
      const pass = { hidden: () => Promise.resolve(hidden), batch, outputGradient: seed, space: new Workspace() };
      const stage = await blocks.backward([pass]).next();
      if (stage.done) throw new Error("a block has gradients");
      const ours = await stage.value.gradients(0);

      const matrices = modulesAt(model, layers - 1).map(({ name }) => `${name}.weight`);
      const theirs = gradientsOf(forward, seed, [samples, queries, hiddenSize], [blockInputs.hidden, ...matrices]);
      expectClose(theirs[0], ours.inputGradient ?? new Float32Array());
      modulesAt(model, layers - 1).forEach((module, i) => {
        const site = ours.sites.get(module.name);
        if (site === undefined) throw new Error(`${module.name} has no gradient`);
        expectClose(theirs[i + 1], product(site.delta, site.x));
      });
      await blocks.dispose();
    });
  });
});

interface Call {
  readonly graph: Graph;
  readonly inputs: Tensors;
}

/** A runtime that remembers what it ran. */
class Recording {
  readonly calls: Call[] = [];
  readonly runtime: Runtime;

  constructor(runtime: Runtime) {
    this.runtime = {
      name: runtime.name,
      device: runtime.device,
      version: runtime.version,
      threads: runtime.threads,
      notes: [],
      hold: (tensors) => runtime.hold(tensors),
      compile: async (graph, options) => {
        const program = await runtime.compile(graph, options);
        return {
          run: async (inputs, outputs) => {
            this.calls.push({ graph, inputs });
            await program.run(inputs, outputs);
          },
          dispose: () => program.dispose(),
        };
      },
    };
  }
}

/** `∂ Σ output·seed / ∂` the inputs of those names, by TensorFlow.js. */
function gradientsOf(
  { graph, inputs }: Call,
  seed: Float32Array,
  shape: number[],
  of: readonly string[],
): Float32Array[] {
  return tf.tidy(() => {
    const values = new Map(Object.entries(inputs).map(([name, input]) => [name, valueOf(input)]));
    const variables = of.map((name) => values.get(name) ?? missing(name));
    const weighted = (...given: tf.Tensor[]): tf.Scalar => {
      given.forEach((value, i) => values.set(of[i], value));
      const sums: tf.Scalar[] = [];
      interpret(tf, stepsOf(graph), values, (name, value) => {
        if (name === names.output) sums.push(tf.sum(tf.mul(value, tf.tensor(seed, shape))));
      });
      return sums[0];
    };
    return tf
      .grads(weighted)(variables)
      .map((gradient) => gradient.dataSync<"float32">().slice());
  });
}

function valueOf({ data, shape }: Tensor): tf.Tensor {
  return data instanceof Float32Array
    ? tf.tensor(data, [...shape])
    : tf.tensor(Int32Array.from(data, Number), [...shape], "int32");
}

function missing(name: string): never {
  throw new Error(`the forward graph has no input ${name}`);
}

/** `Σ_s δ_s x_s`, δ `[samples, out, positions]`, x `[samples, positions, in]`: the gradient of the matrix. */
function product(delta: Tensor, x: Tensor): Float32Array {
  const [count, out, positions] = delta.shape;
  const width = x.shape[2];
  const gradient = new Float32Array(out * width);
  for (let s = 0; s < count; s++)
    for (let row = 0; row < out; row++)
      for (let t = 0; t < positions; t++)
        for (let column = 0; column < width; column++)
          gradient[row * width + column] +=
            Number(delta.data[(s * out + row) * positions + t]) * Number(x.data[(s * positions + t) * width + column]);
  return gradient;
}

function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual).toHaveLength(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(largest).toBeGreaterThan(0);
  const difference = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i])), 0);
  expect(difference / largest).toBeLessThan(TOLERANCE);
}
