import { ParamscopeError } from "../errors";
import type { AblatedPlace } from "../document/ablation";
import { headsOf } from "../model/architectures/heads";
import { blockAt, neuronsAt, type Model } from "../model/model";
import type { MatrixSide } from "../sweep/ablation-graph";

/** The most others of its kind that a place is compared with. */
export const MOST_PEERS = 15;

/** A range of rows, or of columns, and its number among its kind. */
export interface NumberedRange {
  readonly index: number;
  readonly from: number;
  readonly size: number;
}

/** Where the weights of a place are, and those of others of its kind. */
export interface PlaceSide extends MatrixSide {
  /** Rows, or columns, that the matrix has. */
  readonly length: number;
  readonly own: NumberedRange;
  /** How many others there are, and those of them that it is compared with. */
  readonly others: number;
  readonly peers: readonly NumberedRange[];
}

/**
 * The rows, or columns, of a head or a neuron, and at most `MOST_PEERS` others, evenly spaced.
 * @throws ParamscopeError where the model has no such place, or it is within an expert.
 */
export function sideOf(model: Model, place: AblatedPlace): PlaceSide {
  const { module, layer } = place;
  const block = layer < model.layers ? blockAt(model, layer) : undefined;
  const matrix = block?.common.modules.find(({ name }) => name === module);
  const ranges = matrix && rangesOf(model, place);
  const own = ranges?.find(({ index }) => index === place.index);
  if (!matrix || !ranges || !own)
    throw new ParamscopeError(
      `${model.name} has no ${place.level} ${place.index} of ${module} in layer ${layer}`,
      "Analyze the text again with this model.",
    );
  const axis = place.level === "neuron" ? "columns" : (block?.definition.heads[module]?.axis ?? "columns");
  const others = ranges.filter((range) => range !== own);
  const count = Math.min(MOST_PEERS, others.length);
  const peers = Array.from({ length: count }, (_, i) => others[Math.floor(((i + 0.5) * others.length) / count)] ?? own);
  return { module, axis, length: axis === "rows" ? matrix.out : matrix.in, own, others: others.length, peers };
}

/** All places of that kind in a matrix. */
function rangesOf(model: Model, { level, layer, module, part }: AblatedPlace): NumberedRange[] {
  if (level === "neuron") {
    const neurons = neuronsAt(model, layer);
    if (neurons?.name !== module) return [];
    return Array.from({ length: neurons.in }, (_, index) => ({ index, from: index, size: 1 }));
  }
  const layout = blockAt(model, layer).definition.heads[module];
  return headsOf(layout)
    .filter((head) => head.part === part)
    .map(({ head, from }) => ({ index: head, from, size: layout?.size ?? 0 }));
}
