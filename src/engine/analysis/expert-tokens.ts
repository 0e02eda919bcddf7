import type { AnalysisLayer } from "../document/document";
import { blockAt, type Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import type { RoutingObserver } from "../sweep/sweep";

/** How many tokens of all samples, and of how many samples any, are routed to each expert, layer by layer. */
export class ExpertTokens {
  readonly #model: Model;
  /** Per layer with experts. */
  readonly #layers = new Map<number, { tokens: number; readonly counts: Uint32Array; readonly samples: Uint32Array }>();

  constructor(model: Model) {
    this.#model = model;
  }

  readonly observe: RoutingObserver = (layer, _sample, counts, tokens) => {
    const known = this.#layers.get(layer) ?? {
      tokens: 0,
      counts: new Uint32Array(counts.length),
      samples: new Uint32Array(counts.length),
    };
    this.#layers.set(layer, known);
    known.tokens += tokens;
    counts.forEach((count, expert) => {
      known.counts[expert]! += count;
      if (count > 0) known.samples[expert]!++;
    });
  };

  /** What a document says of a layer's experts; undefined where it has none. */
  of(layer: number): AnalysisLayer["routing"] {
    const known = this.#layers.get(layer);
    if (known === undefined) return undefined;
    return {
      tokens: known.tokens,
      experts: blockAt(this.#model, layer).experts.map(({ modules }, expert) => ({
        tokens: elementAt([...known.counts], expert),
        modules: modules.map(({ name }) => name),
      })),
    };
  }

  /** Per expert of a layer of how many samples any token is routed to it; none where it has no experts. */
  samplesOf(layer: number): readonly number[] {
    return [...(this.#layers.get(layer)?.samples ?? [])];
  }
}
