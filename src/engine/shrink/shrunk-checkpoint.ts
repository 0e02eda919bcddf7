import type { Checkpoint, TensorInfo } from "../model/checkpoint";
import { elementAt } from "../numbers/elements";

/** Weights that are read of the whole tensor at a time. */
const PIECE = 2 ** 21;

/** A tensor of the shrunk model, and what of the whole model's it is. */
export interface ShrunkTensor {
  readonly info: TensorInfo;
  /** The whole model's name for it. */
  readonly source: string;
  /** The rows and columns that stay, ascending; undefined: all. */
  readonly rows?: Int32Array | undefined;
  readonly columns?: Int32Array | undefined;
}

/** The checkpoint of a model that lost something: rows and columns of what is stored. Closing it closes the whole one. */
export class ShrunkCheckpoint implements Checkpoint {
  readonly format;
  readonly path;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly #whole: Checkpoint;
  readonly #shrunk: ReadonlyMap<string, ShrunkTensor>;

  constructor(
    whole: Checkpoint,
    readonly config: Readonly<Record<string, unknown>>,
    tensors: readonly ShrunkTensor[],
  ) {
    this.#whole = whole;
    ({ format: this.format, path: this.path } = whole);
    this.#shrunk = new Map(tensors.map((tensor) => [tensor.info.name, tensor]));
    this.tensors = new Map(tensors.map(({ info }) => [info.name, info]));
  }

  /** The same tensors under another configuration. */
  withConfig(config: Readonly<Record<string, unknown>>): ShrunkCheckpoint {
    return new ShrunkCheckpoint(this.#whole, config, [...this.#shrunk.values()]);
  }

  async read(name: string, out: Float32Array, from?: number, to?: number): Promise<void> {
    const tensor = this.#shrunk.get(name);
    if (tensor === undefined) throw new Error(`the shrunk model has no ${name}`);
    const { info, source, rows, columns } = tensor;
    if (rows === undefined && columns === undefined) return await this.#whole.read(source, out, from, to);
    const whole = this.#whole.tensors.get(source)?.shape ?? [];
    if (info.shape.length < 2) {
      const values = new Float32Array(elementAt(whole, 0));
      await this.#whole.read(source, values);
      for (const [i, row] of (rows ?? new Int32Array()).entries()) out[i] = elementAt(values, row);
      return;
    }
    const width = whole.slice(1).reduce((product, size) => product * size, 1);
    const end = to ?? elementAt(info.shape, 0);
    const rowAt = (row: number): number => (rows === undefined ? row : elementAt(rows, row));
    const atOnce = Math.max(1, Math.floor(PIECE / width));
    let values = new Float32Array(0);
    let at = 0;
    for (let first = from ?? 0; first < end;) {
      const [start, next] = [rowAt(first), this.#together(first, end, atOnce, rowAt)];
      const stop = rowAt(next - 1) + 1;
      if (values.length < (stop - start) * width) values = new Float32Array((stop - start) * width);
      await this.#whole.read(source, values.subarray(0, (stop - start) * width), start, stop);
      for (let row = first; row < next; row++) {
        const own = values.subarray((rowAt(row) - start) * width, (rowAt(row) - start + 1) * width);
        if (columns === undefined) out.set(own, at);
        else for (let i = 0; i < columns.length; i++) out[at + i] = own[columns[i]!]!;
        at += columns?.length ?? width;
      }
      first = next;
    }
  }

  /** The end of the rows from `first` on that lie within so many of the whole tensor's. */
  #together(first: number, end: number, atOnce: number, rowAt: (row: number) => number): number {
    let next = first + 1;
    while (next < end && rowAt(next) - rowAt(first) < atOnce) next++;
    return next;
  }

  close(): Promise<void> {
    return this.#whole.close();
  }
}
