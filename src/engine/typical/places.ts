import { headsOf, headSums } from "../model/architectures/heads";
import { blockAt, neuronsAt, type Model, type ModelBlock } from "../model/model";
import { elementAt } from "../numbers/elements";

/** Where in a model activation is looked for, from coarse to fine. */
export const levels = ["layer", "expert", "matrix", "head", "neuron"] as const;
export type Level = (typeof levels)[number];

/** Something of every level. */
export function ofLevels<Value>(of: (level: Level) => Value): Record<Level, Value> {
  return Object.fromEntries(levels.map((level) => [level, of(level)] as const)) as Record<Level, Value>;
}

/** One place of a level: a layer, an expert of it, a matrix, a head along one side of a matrix, a feed-forward neuron. */
export interface Place {
  readonly layer: number;
  /** The module's name, of a matrix, a head, or the matrix whose columns are the neurons. */
  readonly module?: string;
  /** The part of a fused matrix that the head is in. */
  readonly part?: string;
  /** The expert's, the head's, or the neuron's, number. */
  readonly index?: number;
}

type PlaceInLayer = Omit<Place, "layer">;

/** Of a matrix, sums of activations along one side: a value for each row, or for each column. */
export type SumsAlong = (module: string, axis: "rows" | "columns") => Float64Array;

/** Sums of activations, for every place of a level in their order: layer after layer. */
export type PlaceSums = Readonly<Record<Level, Float64Array>>;

/** The places of a model at each level, layer after layer. A level with one place alone is empty: it holds all there is of any text. */
export class Places {
  readonly #model: Model;
  /** Per level and layer: layers of one kind share their lists. */
  readonly #ofLayers: Readonly<Record<Level, readonly (readonly PlaceInLayer[])[]>>;
  /** Per level and layer the number of its first place. */
  readonly #begins: Readonly<Record<Level, readonly number[]>>;

  constructor(model: Model) {
    this.#model = model;
    const ofKinds = new Map<ModelBlock, Record<Level, readonly PlaceInLayer[]>>();
    for (const [layer, block] of model.blocks.entries())
      if (!ofKinds.has(block)) ofKinds.set(block, placesOf(model, layer));
    const ofLayers = ofLevels((level) => model.blocks.map((block) => ofKinds.get(block)?.[level] ?? []));
    this.#ofLayers = ofLayers;
    this.#begins = ofLevels((level) => beginsOf(ofLayers[level]));
  }

  /** How many places a level has. */
  count(level: Level): number {
    const count = this.#ofLayers[level].reduce((sum, { length }) => sum + length, 0);
    return count > 1 ? count : 0;
  }

  /** The place with that number. */
  at(level: Level, number: number): Place {
    const begins = this.#begins[level];
    const layer = begins.findLastIndex((begin) => begin <= number);
    return { layer, ...elementAt(elementAt(this.#ofLayers[level], layer), number - elementAt(begins, layer)) };
  }

  /** The side of a matrix along which its activations are summed. */
  axisOf(layer: number, module: string): "rows" | "columns" {
    const { neurons, heads } = blockAt(this.#model, layer).definition;
    return module === neurons ? "columns" : (heads[module]?.axis ?? "columns");
  }

  /** The sums of a layer's places. */
  sumsOf(layer: number, along: SumsAlong): PlaceSums {
    const { modules, experts, definition } = blockAt(this.#model, layer);
    const own = (module: string): Float64Array => along(module, this.axisOf(layer, module));
    const matrix = Float64Array.from(modules, ({ name }) => sum(own(name)));
    const ofMatrix = new Map(modules.map(({ name }, i) => [name, elementAt(matrix, i)]));
    return {
      layer: Float64Array.of(sum(matrix)),
      expert: Float64Array.from(experts, (expert) =>
        expert.modules.reduce((all, { name }) => all + (ofMatrix.get(name) ?? 0), 0),
      ),
      matrix,
      head: Float64Array.from(modules.flatMap(({ name }) => headSums(own(name), definition.heads[name]))),
      neuron: definition.neurons === undefined ? new Float64Array() : Float64Array.from(own(definition.neurons)),
    };
  }
}

function placesOf(model: Model, layer: number): Record<Level, readonly PlaceInLayer[]> {
  const { modules, experts, definition } = blockAt(model, layer);
  const neurons = neuronsAt(model, layer);
  return {
    layer: [{}],
    expert: experts.map((_, index) => ({ index })),
    matrix: modules.map(({ name }) => ({ module: name })),
    head: modules.flatMap(({ name }) =>
      headsOf(definition.heads[name]).map(({ part, head }) => ({
        module: name,
        ...(part !== undefined && { part }),
        index: head,
      })),
    ),
    neuron:
      neurons === undefined ? [] : Array.from({ length: neurons.in }, (_, index) => ({ module: neurons.name, index })),
  };
}

/** The number of each layer's first place. */
function beginsOf(layers: readonly (readonly PlaceInLayer[])[]): number[] {
  let begin = 0;
  return layers.map(({ length }) => {
    const own = begin;
    begin += length;
    return own;
  });
}

/** All layers' sums as shares of a text's whole activation; undefined where it has none. */
export function sharesOf(places: Places, layers: readonly PlaceSums[]): PlaceSums | undefined {
  const total = layers.reduce((all, { layer }) => all + sum(layer), 0);
  if (!(total > 0)) return undefined;
  return ofLevels((level) => {
    const all = new Float64Array(places.count(level));
    let begin = 0;
    if (all.length > 0)
      for (const sums of layers) {
        all.set(sums[level], begin);
        begin += sums[level].length;
      }
    return all.map((value) => value / total);
  });
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
