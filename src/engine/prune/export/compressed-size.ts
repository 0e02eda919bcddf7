import { Zstd } from "@hpcc-js/wasm-zstd";

/** The most bytes of which all pieces are compressed, not only some: zstd takes seconds for each gigabyte. */
const MOST_BYTES = 2 ** 27;

/**
 * What zstd at its usual level makes of the pieces of two streams that go side by side, as frames one behind the other are a zstd
 * file. Of large ones every second, third, … piece of both is compressed, and stands for those around it. In WebAssembly:
 * Node.js has zstd from 22.15 on, and editors have older ones.
 */
export class CompressedSizes {
  readonly #zstd: Zstd;
  readonly #every: number;
  #pieces = 0;
  readonly #bytes = { all: 0, compressed: 0 };
  readonly #sums = { pruned: 0, dense: 0 };

  private constructor(zstd: Zstd, bytes: number) {
    this.#zstd = zstd;
    this.#every = Math.ceil(bytes / MOST_BYTES);
  }

  /**
   * Loads the compressor.
   * @param bytes of all pieces together.
   */
  static async load(bytes: number): Promise<CompressedSizes> {
    return new CompressedSizes(await Zstd.load(), bytes);
  }

  /**
   * Takes in a piece of each stream.
   * @param dense undefined: the same as the other.
   */
  add(pruned: Uint8Array, dense: Uint8Array | undefined): void {
    this.#bytes.all += pruned.length;
    if (this.#pieces++ % this.#every > 0) return;
    const size = this.#zstd.compress(pruned).length;
    this.#bytes.compressed += pruned.length;
    this.#sums.pruned += size;
    this.#sums.dense += dense === undefined ? size : this.#zstd.compress(dense).length;
  }

  /** What the pieces take when they are compressed, in bytes. */
  get sizes(): { readonly pruned: number; readonly dense: number } {
    const { all, compressed } = this.#bytes;
    const scale = compressed > 0 ? all / compressed : 1;
    return { pruned: Math.round(this.#sums.pruned * scale), dense: Math.round(this.#sums.dense * scale) };
  }
}
