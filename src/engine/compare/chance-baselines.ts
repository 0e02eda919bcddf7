import type { DomainsRequest } from "../api";
import { openRuntime } from "../runtime/open-runtime";
import { Profiler } from "../sweep/profiler";
import type { GradientObserver } from "../sweep/sweep";
import { namedInLayer } from "./domain-activation";
import type { DomainActivation, DomainLayer } from "./domain-layer";
import { halfOverlaps, randomSplits, type Split } from "./half-overlaps";
import { NeuronTest } from "./neuron-test";
import { TextSamples } from "./text-samples";

/** The domains of a run, as many texts of each, and the text that each sample is, of one sample a text. */
interface Texts {
  readonly domains: number;
  readonly count: number;
  readonly home: ReadonlyMap<number, number>;
}

/**
 * What chance makes of what is said of two domains: what the top sets of two halves of one domain share, and how far neurons stand
 * apart where texts are shuffled. Of a sample of the activations, layer by layer.
 */
export class ChanceBaselines {
  readonly #samples: TextSamples;
  readonly #splits: readonly Split[];
  readonly #neurons: NeuronTest;

  private constructor(samples: TextSamples, { domains, count }: Texts, seed: number) {
    this.#samples = samples;
    this.#splits = randomSplits(domains, count, seed);
    this.#neurons = new NeuronTest(domains, count, seed);
  }

  static async open(request: DomainsRequest, texts: Texts): Promise<ChanceBaselines> {
    const context = { runtime: await openRuntime(request), profiler: new Profiler() };
    return new ChanceBaselines(new TextSamples(request.model, context, texts.home, request.seed), texts, request.seed);
  }

  get observe(): GradientObserver {
    return this.#samples.observe;
  }

  /** Of the layer that was passed last. */
  measure(share: number, domains: readonly DomainActivation[] | null): Pick<DomainLayer, "halves" | "neuronMeasures"> {
    return {
      halves: halfOverlaps(this.#samples.matrices, this.#splits, share),
      neuronMeasures: domains && this.#neurons.measure(this.#samples.neurons.sums, namedInLayer(domains)),
    };
  }

  async dispose(): Promise<void> {
    await this.#samples.dispose();
  }
}
