import type { Region } from "../../document/matrix-image";
import type { Reducer, Tile } from "./reducer";

/** All activations of one matrix, to within 0.8 %: the upper halves of float32 bits, which order as the numbers do. */
export interface MatrixScores {
  readonly out: number;
  readonly in: number;
  /** `[out, in]` */
  readonly halves: Uint16Array;
}

/** A matrix, by its layer and name. */
export interface MatrixPlace {
  readonly layer: number;
  readonly matrix: string;
}

/** Keeps every activation of one matrix. */
export class KeptScores implements Reducer {
  readonly #place: MatrixPlace;
  #scores: MatrixScores | undefined;

  constructor(place: MatrixPlace) {
    this.#place = place;
  }

  /** undefined: no such matrix has come. */
  get scores(): MatrixScores | undefined {
    return this.#scores;
  }

  tile({ layer, module, from, scores: [scores] }: Tile): void {
    const { layer: wanted, matrix } = this.#place;
    if (layer !== wanted || module.name !== matrix || scores === undefined) return;
    const { out, in: width } = module;
    this.#scores ??= { out, in: width, halves: new Uint16Array(out * width) };
    const bits = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
    const first = from * width;
    for (let i = 0; i < bits.length; i++) this.#scores.halves[first + i] = bits[i]! >>> 16;
  }
}

/** The largest activations of cells that cover a region evenly: at most `most` along either side, each a weight where there are no more. */
export function regionOf(
  { out, in: width, halves }: MatrixScores,
  { rows: [top, bottom], columns: [left, right] }: Region,
  most: number,
): { readonly rows: number; readonly columns: number; readonly values: Float32Array } {
  const isWithin = 0 <= top && top < bottom && bottom <= out && 0 <= left && left < right && right <= width;
  if (!isWithin) throw new RangeError(`rows ${top} to ${bottom}, columns ${left} to ${right} of ${out} × ${width}`);
  const [height, breadth] = [bottom - top, right - left];
  const [rows, columns] = [Math.min(most, height), Math.min(most, breadth)];
  const bits = new Uint32Array(rows * columns);
  for (let row = top; row < bottom; row++) {
    const cells = Math.floor(((row - top) * rows) / height) * columns;
    for (let column = left; column < right; column++) {
      const cell = cells + Math.floor(((column - left) * columns) / breadth);
      const own = halves[row * width + column]! << 16;
      if (own > bits[cell]!) bits[cell] = own;
    }
  }
  return { rows, columns, values: new Float32Array(bits.buffer) };
}
