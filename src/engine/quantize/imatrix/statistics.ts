import { elementAt } from "../../numbers/elements";
import { meanSquares, type Imatrix, type ImatrixEntry } from "./imatrix";

/**
 * What an importance matrix says of some columns, as llama.cpp's `--show-statistics` does: of the mean squares `v_j` of what enters them. Matrices that no token
 * reached are left out.
 */
export interface ImatrixStatistics {
  readonly columns: number;
  /** Σ v */
  readonly total: number;
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  /** The standard deviation of v. */
  readonly deviation: number;
  /** The share of columns whose v is above 10⁻⁵. */
  readonly active: number;
  /** How evenly Σ v is spread over columns: the entropy of `v / Σ v` over that of as many equal ones, 0 … 1. */
  readonly evenness: number;
  /** The share of columns whose v is further from the mean than one standard deviation. */
  readonly farOff: number;
  /** The cosine between v and that of the same tensors in the layer before; null where there are none of the same sizes. */
  readonly likeBefore: number | null;
}

export interface TensorStatistics extends ImatrixStatistics {
  readonly name: string;
  /** null outside the blocks. */
  readonly layer: number | null;
}

export interface LayerStatistics extends ImatrixStatistics {
  readonly layer: number;
  readonly tensors: number;
}

const ACTIVE = 1e-5;

/** Of every tensor, in the order of layers and names. */
export function tensorStatistics({ entries }: Imatrix): TensorStatistics[] {
  return [...entries]
    .map(([name, entry]) => ({
      name,
      layer: layerOf(name) ?? null,
      ...statisticsOf([entry], before(entries, name)),
    }))
    .sort((a, b) => (a.layer ?? Infinity) - (b.layer ?? Infinity) || (a.name < b.name ? -1 : 1));
}

/** Of all tensors of each layer together. */
export function layerStatistics({ entries }: Imatrix): LayerStatistics[] {
  const layers = new Map<number, string[]>();
  for (const name of entries.keys()) {
    const layer = layerOf(name);
    if (layer === undefined) continue;
    const known = layers.get(layer);
    if (known === undefined) layers.set(layer, [name]);
    else known.push(name);
  }
  return [...layers]
    .sort(([a], [b]) => a - b)
    .map(([layer, names]) => {
      // llama.cpp compares what both layers have
      const both = names.filter((name) => before(entries, name) !== undefined);
      const own = both.flatMap((name) => [...meanSquares(entries.get(name)!)]);
      const earlier = both.flatMap((name) => [...meanSquares(before(entries, name)!)]);
      return {
        layer,
        tensors: names.length,
        ...statisticsOf(names.map((name) => entries.get(name)!)),
        likeBefore: both.length > 0 ? cosine(own, earlier) : null,
      };
    });
}

function layerOf(name: string): number | undefined {
  const number = /^blk\.(\d+)\./.exec(name)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** The same tensor of the layer before, where it has the same size. */
function before(entries: Imatrix["entries"], name: string): ImatrixEntry | undefined {
  const layer = layerOf(name);
  if (layer === undefined || layer === 0) return undefined;
  const entry = entries.get(name.replace(/^blk\.\d+/, `blk.${layer - 1}`));
  return entry?.sums.length === entries.get(name)?.sums.length ? entry : undefined;
}

function statisticsOf(all: readonly ImatrixEntry[], earlier?: ImatrixEntry): ImatrixStatistics {
  const values = all.flatMap((entry) => [...reached(entry)]);
  const total = values.reduce((sum, value) => sum + value, 0);
  const count = values.length;
  const mean = count > 0 ? total / count : 0;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = count > 1 ? Math.sqrt(squares / (count - 1)) : 0;
  const entropy = values.reduce(
    (sum, value) => (value > 0 ? sum - (value / total) * Math.log2(value / total) : sum),
    0,
  );
  const share = (of: (value: number) => boolean): number => (count > 0 ? values.filter(of).length / count : 0);
  const [first] = all;
  return {
    columns: count,
    total,
    least: values.reduce((least, value) => Math.min(least, value), count > 0 ? Infinity : 0),
    most: values.reduce((most, value) => Math.max(most, value), 0),
    mean,
    deviation,
    active: share((value) => value > ACTIVE),
    evenness: count > 1 && total > 0 ? entropy / Math.log2(count) : 0,
    farOff: share((value) => deviation > 0 && Math.abs(value - mean) > deviation),
    likeBefore: first === undefined || earlier === undefined ? null : cosine(meanSquares(first), meanSquares(earlier)),
  };
}

/** The mean squares of the columns of matrices that a token reached. */
function* reached({ sums, counts }: ImatrixEntry): Generator<number> {
  const columns = sums.length / counts.length;
  for (const [i, sum] of sums.entries()) {
    const count = elementAt(counts, Math.floor(i / columns));
    if (count > 0) yield sum / count;
  }
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  let [product, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += (a[i] ?? 0) * (b[i] ?? 0);
    ofA += (a[i] ?? 0) ** 2;
    ofB += (b[i] ?? 0) ** 2;
  }
  return ofA > 0 && ofB > 0 ? product / Math.sqrt(ofA * ofB) : null;
}
