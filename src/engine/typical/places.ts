import { headsOf, headSums } from "../model/architectures/heads";
import { neuronsModule, type Model } from "../model/model";
import { elementAt } from "../numbers/elements";

/** Where in a model activation is looked for, from coarse to fine. */
export const levels = ["layer", "matrix", "head", "neuron"] as const;
export type Level = (typeof levels)[number];

/** One place of a level: a layer, a matrix of it, a head along one side of a matrix, a feed-forward neuron. */
export interface Place {
  readonly layer: number;
  /** The module's name, of a matrix, a head, or the matrix whose columns are the neurons. */
  readonly module?: string;
  /** The part of a fused matrix that the head is in. */
  readonly part?: string;
  /** The head's, or the neuron's, number. */
  readonly index?: number;
}

/** Of a matrix, sums of activations along one side: a value for each row, or for each column. */
export type SumsAlong = (module: string, axis: "rows" | "columns") => Float64Array;

/** Sums of activations, for every place of a level in their order: layer after layer. */
export type PlaceSums = Readonly<Record<Level, Float64Array>>;

/**
 * The places of a model at each level. Every layer has the same ones, in the same order. A level with one place alone is empty: it holds
 * all there is of any text.
 */
export class Places {
  readonly #ofLayer: Readonly<Record<Level, readonly Omit<Place, "layer">[]>>;
  readonly #model: Model;

  constructor(model: Model) {
    this.#model = model;
    const neurons = neuronsModule(model);
    this.#ofLayer = {
      layer: [{}],
      matrix: model.modules.map(({ name }) => ({ module: name })),
      head: model.modules.flatMap(({ name }) =>
        headsOf(model.definition.heads[name]).map(({ part, head }) => ({
          module: name,
          ...(part !== undefined && { part }),
          index: head,
        })),
      ),
      neuron: Array.from({ length: neurons.in }, (_, index) => ({ module: neurons.name, index })),
    };
  }

  /** How many places a level has. */
  count(level: Level): number {
    const count = this.#model.layers * this.#ofLayer[level].length;
    return count > 1 ? count : 0;
  }

  /** The place with that number. */
  at(level: Level, number: number): Place {
    const ofLayer = this.#ofLayer[level];
    return { layer: Math.floor(number / ofLayer.length), ...elementAt(ofLayer, number % ofLayer.length) };
  }

  /** The side of a matrix along which its activations are summed. */
  axisOf(module: string): "rows" | "columns" {
    const { neurons, heads } = this.#model.definition;
    return module === neurons ? "columns" : (heads[module]?.axis ?? "columns");
  }

  /** The sums of a layer's places. */
  sumsOf(along: SumsAlong): PlaceSums {
    const { modules, definition } = this.#model;
    const own = (module: string): Float64Array => along(module, this.axisOf(module));
    const matrix = Float64Array.from(modules, ({ name }) => sum(own(name)));
    return {
      layer: Float64Array.of(sum(matrix)),
      matrix,
      head: Float64Array.from(modules.flatMap(({ name }) => headSums(own(name), definition.heads[name]))),
      neuron: Float64Array.from(own(definition.neurons)),
    };
  }
}

/** All layers' sums as shares of a text's whole activation; undefined where it has none. */
export function sharesOf(places: Places, layers: readonly PlaceSums[]): PlaceSums | undefined {
  const total = layers.reduce((all, { layer }) => all + sum(layer), 0);
  if (!(total > 0)) return undefined;
  const shares = (level: Level): Float64Array => {
    const all = new Float64Array(places.count(level));
    if (all.length > 0) layers.forEach((sums, i) => all.set(sums[level], i * sums[level].length));
    return all.map((value) => value / total);
  };
  return { layer: shares("layer"), matrix: shares("matrix"), head: shares("head"), neuron: shares("neuron") };
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
