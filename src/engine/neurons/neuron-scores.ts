import { GraphBuilder, type Graph } from "../graph/graph";
import { requiredNeurons, type Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import { tensor, type Runtime } from "../runtime/runtime";
import { allPositions } from "../sweep/passing-batch";
import type { Profiler } from "../sweep/profiler";
import { Programs } from "../sweep/programs";
import type { GradientObserver, ObservedBlock } from "../sweep/sweep";
import { sizeGraph, sizeNames } from "./size-graph";
import { type SizedBlock } from "../sweep/block-graphs";

/** The measures by which neurons are ordered: `|Σ_t h_t · ∂y/∂h_t|`, or `Σ_t |h_t|`. */
export const criteria = ["attribution", "size"] as const;
export type Criterion = (typeof criteria)[number];

/**
 * How much each feed-forward neuron has to do with a sample's prediction, for every block and sample: h is an input of the
 * matrix that takes the neurons in, the sums go over all of the sample's positions, in every block, and not over padding. After "Achieving
 * Sparse Activation in Small Language Models", where the attribution is gradient times output.
 */
export class NeuronScores {
  readonly #model: Model;
  readonly #ids: readonly Int32Array[];
  readonly #programs: Programs;
  /** The scores of the neurons, by layer and sample. */
  readonly #scores: Record<Criterion, Float32Array[][]> = { attribution: [], size: [] };

  /** @param ids those of each sample: what is behind them is padding. */
  constructor(model: Model, runtime: Runtime, profiler: Profiler, ids: readonly Int32Array[]) {
    this.#model = model;
    this.#ids = ids;
    this.#programs = new Programs(runtime, profiler);
  }

  /** Takes what the gradient of the neurons' matrix is made of, in a sweep without scores. */
  readonly observe: GradientObserver = async (block) => {
    const { layer, batch, gradients, blocks } = block;
    const { name, out, in: neurons } = requiredNeurons(this.#model, layer);
    const site = gradients.sites.get(name);
    if (site === undefined) throw new Error(`${name} has no gradient`);
    const weight = tensor(blocks.weight(`${name}.weight`), out, neurons);
    const program = await this.#programs.get(`neurons ${out} ${neurons}`, () => scoresGraph(out, neurons));
    const positions = elementAt(site.x.shape, 1);
    for (const [i, sample] of batch.samples.entries()) {
      // without padding, where all positions are there
      const count = Math.min(positions, elementAt(this.#ids, sample).length);
      const x = site.x.data.subarray(i * positions * neurons, (i * positions + count) * neurons);
      const delta = site.delta.data.subarray(i * out * positions, (i + 1) * out * positions);
      const own = count === positions ? delta : rowsOf(delta, positions, count);
      const [attribution, size] = [new Float32Array(neurons), new Float32Array(neurons)];
      await program.run(
        { x: tensor(x, count, neurons), delta: tensor(own, out, count), weight },
        { attribution: tensor(attribution, 1, neurons), size: tensor(size, 1, neurons) },
      );
      this.#keep("attribution", layer, sample, attribution);
      this.#keep("size", layer, sample, size);
    }
    // Of the last block the sweep has one position: no other has a gradient, which the attribution does not miss. A size has all.
    if (positions < batch.tokens) await this.#measureSizes(block);
  };

  /** Sums Σ_t |h_t| over all positions of every sample of the batch, by another pass through the block. */
  async #measureSizes({ layer, batch, lent, blocks, hidden }: ObservedBlock): Promise<void> {
    const { name, in: neurons } = requiredNeurons(this.#model, layer);
    const { samples, tokens } = batch;
    const there = new Float32Array(samples.length * tokens);
    samples.forEach((sample, i) => there.fill(1, i * tokens, i * tokens + elementAt(this.#ids, sample).length));
    const sizes = new Float32Array(samples.length * neurons);
    const shape = allPositions(batch, this.#ids, lent);
    const graph = (block: SizedBlock): Graph => sizeGraph(block, name);
    await blocks.observe("neuron sizes", graph, await hidden(), shape, (part, from) => {
      const to = from + part.samples;
      return {
        inputs: { [sizeNames.there]: tensor(there.subarray(from * tokens, to * tokens), part.samples, tokens, 1) },
        outputs: { [sizeNames.size]: tensor(sizes.subarray(from * neurons, to * neurons), part.samples, 1, neurons) },
      };
    });
    samples.forEach((sample, i) => {
      this.#keep("size", layer, sample, sizes.subarray(i * neurons, (i + 1) * neurons));
    });
  }

  #keep(criterion: Criterion, layer: number, sample: number, scores: Float32Array): void {
    (this.#scores[criterion][layer] ??= [])[sample] = scores;
  }

  /** The scores of a block's neurons for a sample, all at least 0. */
  of(criterion: Criterion, layer: number, sample: number): Float32Array {
    return elementAt(elementAt(this.#scores[criterion], layer), sample);
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
  }
}

/** The graph from a sample's inputs of the matrix, `[positions, neurons]`, and its output's gradients, `[out, positions]`, to both scores. */
function scoresGraph(out: number, neurons: number): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", ["positions", neurons]);
  const delta = b.input("delta", [out, "positions"]);
  const gradient = b.matmul(delta, b.input("weight", [out, neurons]), { transposeA: true });
  return b.graph(
    new Map([
      ["attribution", b.unary("absolute", b.sum(b.multiply(x, gradient), 0))],
      ["size", b.sum(b.unary("absolute", x), 0)],
    ]),
  );
}

/** The first `count` values of every row of `width`. */
function rowsOf(values: Float32Array, width: number, count: number): Float32Array {
  const cut = new Float32Array((values.length / width) * count);
  for (let row = 0; row * width < values.length; row++)
    cut.set(values.subarray(row * width, row * width + count), row * count);
  return cut;
}
