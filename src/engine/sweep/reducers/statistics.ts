import { blockOf, type Architecture, type Block, type HeadLayout } from "../../model/architectures/architecture";
import type { ScoredModule } from "../../model/model";
import { type Head, headsOf, headSums } from "../../model/architectures/heads";
import { elementAt, zip } from "../../numbers/elements";
import { BIN_COUNT, BIN_SHIFT, floatOf, trimmed } from "./histogram";
import { PooledMaxima } from "./pooled-maxima";
import type { Reducer, Tile } from "./reducer";

/** How many of a matrix's strongest parameters are kept. */
const STRONGEST = 10;

/** A matrix with so few parameters keeps all their values: one more or less would be seen in its density. */
const FEW = 512;

/** Cleared counts of all bins: a fresh array per matrix keeps the garbage collector busy with 128 KiB pieces. */
const spareCounts: Uint32Array[] = [];

/** One of the parameters of a matrix that are activated the most. */
export interface StrongParameter {
  readonly row: number;
  readonly column: number;
  readonly value: number;
  readonly weight: number;
  /** The value's float32 bits, by which they are ordered. */
  readonly bits: number;
}

/** What the activations of one part of a matrix come to: of all of it, unless it is fused. */
export class PartStatistics {
  sum = 0;
  sumOfSquares = 0;
  zeros = 0;
  parameters = 0;
  firstBin = 0;
  counts: Uint32Array = spareCounts.pop() ?? new Uint32Array(BIN_COUNT);
  /** All values, where they are few. */
  values: number[] | undefined;
  /** The strongest parameters, the strongest first. */
  readonly strongest: StrongParameter[] = [];

  constructor(readonly name: string | undefined) {}

  get max(): number {
    return this.strongest[0]?.value ?? 0;
  }

  /**
   * Takes in rows `[from, to)` of a tile whose first row is `tile.from`. Non-negative floats order as their bits do, so one
   * pass over the bits serves histogram and strongest. Kept apart from the sums, and by fours, both run in registers:
   * 1.3 ns a value instead of 3.3 one by one.
   */
  count(tile: Tile, bits: Int32Array, from: number, to: number): void {
    const { counts } = this;
    const first = from * tile.module.in;
    const end = to * tile.module.in;
    const zerosBefore = counts[0]!;
    if (this.parameters <= FEW) (this.values ??= []).push(...Array.from(bits.subarray(first, end), floatOf));
    let weakest = this.#weakest();
    let i = first;
    for (; i + 4 <= end; i += 4) {
      const a = bits[i]!;
      const b = bits[i + 1]!;
      const c = bits[i + 2]!;
      const d = bits[i + 3]!;
      counts[a >>> BIN_SHIFT]!++;
      counts[b >>> BIN_SHIFT]!++;
      counts[c >>> BIN_SHIFT]!++;
      counts[d >>> BIN_SHIFT]!++;
      if (a > weakest || b > weakest || c > weakest || d > weakest) weakest = this.#keepOf(tile, bits, i, i + 4);
    }
    for (let rest = i; rest < end; rest++) counts[bits[rest]! >>> BIN_SHIFT]!++;
    this.#keepOf(tile, bits, i, end);
    if (counts[0]! > zerosBefore) for (let at = first; at < end; at++) if (bits[at] === 0) this.zeros++;
  }

  /** Keeps those of `[from, to)` that are among the strongest; returns the bits to exceed from then on. */
  #keepOf(tile: Tile, bits: Int32Array, from: number, to: number): number {
    let weakest = this.#weakest();
    for (let i = from; i < to; i++) if (bits[i]! > weakest) weakest = this.#keep(tile, bits, i);
    return weakest;
  }

  /** Bits that a value must exceed to be among the strongest. */
  #weakest(): number {
    return this.strongest[STRONGEST - 1]?.bits ?? 0;
  }

  #keep({ from, module, weights }: Tile, bits: Int32Array, index: number): number {
    const { strongest } = this;
    const own = bits[index]!;
    // behind those that are as strong
    const place = strongest.findLastIndex((other) => other.bits >= own) + 1;
    strongest.splice(place, 0, {
      row: from + Math.floor(index / module.in),
      column: index % module.in,
      value: floatOf(own),
      weight: weights[index]!,
      bits: own,
    });
    strongest.length = Math.min(strongest.length, STRONGEST);
    return this.#weakest();
  }

  /** Gives back the memory of empty bins; nothing can be added afterwards. */
  finish(): void {
    const { firstBin, counts } = trimmed(this.counts);
    this.firstBin += firstBin;
    if (this.counts.length === BIN_COUNT) spareCounts.push(this.counts.fill(0));
    this.counts = counts;
  }
}

/** What the activations of a matrix come to, by its parts, rows and columns. */
export class ModuleStatistics {
  readonly parts: readonly PartStatistics[];
  /** Sums of the activations of every row and column. */
  readonly rows: Float64Array;
  readonly columns: Float64Array;
  /** The part that a row belongs to. */
  readonly partOf: Uint8Array;

  /** The matrix as a picture, where one is wanted. */
  readonly pooled: PooledMaxima | undefined;

  constructor(
    readonly module: ScoredModule,
    block: Pick<Block, "fused">,
    isPooled = false,
  ) {
    this.pooled = isPooled ? new PooledMaxima(module) : undefined;
    const fused = block.fused?.[module.name];
    this.parts = fused ? fused.map(({ name }) => new PartStatistics(name)) : [new PartStatistics(undefined)];
    this.partOf = new Uint8Array(module.out);
    fused?.forEach(({ rows }, part) => {
      for (const [from, to] of rows) this.partOf.fill(part, from, to);
    });
    for (const part of this.partOf) elementAt(this.parts, part).parameters += module.in;
    this.rows = new Float64Array(module.out);
    this.columns = new Float64Array(module.in);
  }

  /** The strongest parameters of all parts, the strongest first. */
  get strongest(): readonly StrongParameter[] {
    return this.parts
      .flatMap((part) => part.strongest)
      .sort((a, b) => b.bits - a.bits)
      .slice(0, STRONGEST);
  }

  get sum(): number {
    return this.parts.reduce((sum, part) => sum + part.sum, 0);
  }

  /** Sum of a head's activations, for each head of each part. */
  heads(layout: HeadLayout | undefined): (Head & { readonly sum: number })[] {
    if (layout === undefined) return [];
    const along = layout.axis === "rows" ? this.rows : this.columns;
    return zip(headsOf(layout), headSums(along, layout)).map(([head, sum]) => ({ ...head, sum }));
  }

  /** Takes in a tile's scores of one set. */
  add(tile: Tile, set: number): void {
    const values = elementAt(tile.scores, set);
    const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
    for (let row = 0; row < tile.rows;) {
      const part = this.partOf[tile.from + row]!;
      const first = row;
      while (row < tile.rows && this.partOf[tile.from + row] === part) row++;
      elementAt(this.parts, part).count(tile, bits, first, row);
    }
    this.#addSums(values, tile);
    this.pooled?.add(tile, bits);
  }

  #addSums(values: Float32Array, { from, rows }: Tile): void {
    const { columns } = this;
    const width = this.module.in;
    for (let row = 0, i = 0; row < rows; row++) {
      let sum = 0;
      let squares = 0;
      let column = 0;
      for (; column + 4 <= width; column += 4, i += 4) {
        const a = values[i]!;
        const b = values[i + 1]!;
        const c = values[i + 2]!;
        const d = values[i + 3]!;
        sum += a + b + (c + d);
        squares += a * a + b * b + (c * c + d * d);
        columns[column]! += a;
        columns[column + 1]! += b;
        columns[column + 2]! += c;
        columns[column + 3]! += d;
      }
      for (; column < width; column++, i++) {
        const value = values[i]!;
        sum += value;
        squares += value * value;
        columns[column]! += value;
      }
      const part = elementAt(this.parts, this.partOf[from + row]!);
      part.sum += sum;
      part.sumOfSquares += squares;
      this.rows[from + row]! += sum;
    }
  }
}

/** Sum, L2, maximum, zeros, histogram, rows, columns and strongest parameters of every matrix, for every set. */
export class StatisticsReducer implements Reducer {
  readonly #architecture: Architecture;
  readonly #isPooled: (layer: number, name: string) => boolean;
  /** Per unit, set and layer the matrices in the order in which the sweep came to them. */
  readonly #modules = new Map<string, Map<string, ModuleStatistics>>();

  /** @param isPooled which matrices are wanted as pictures, too; none unless given. */
  constructor(architecture: Architecture, isPooled: (layer: number, name: string) => boolean = () => false) {
    this.#architecture = architecture;
    this.#isPooled = isPooled;
  }

  tile(tile: Tile): void {
    tile.scores.forEach((_, set) => this.#of(tile, set).add(tile, set));
  }

  moduleDone(layer: number, module: ScoredModule, unit: number): void {
    for (let set = 0; ; set++) {
      const statistics = this.#modules.get(`${unit}/${set}/${layer}`)?.get(module.name);
      if (statistics === undefined) return;
      for (const part of statistics.parts) part.finish();
    }
  }

  #of({ layer, module, unit }: Tile, set: number): ModuleStatistics {
    const key = `${unit}/${set}/${layer}`;
    let modules = this.#modules.get(key);
    if (modules === undefined) this.#modules.set(key, (modules = new Map<string, ModuleStatistics>()));
    let statistics = modules.get(module.name);
    if (statistics === undefined) {
      const isPooled = this.#isPooled(layer, module.name);
      modules.set(
        module.name,
        (statistics = new ModuleStatistics(module, blockOf(this.#architecture, layer), isPooled)),
      );
    }
    return statistics;
  }

  /** @throws Error when the layer has not come yet. */
  layer(layer: number, unit = 0, set = 0): ReadonlyMap<string, ModuleStatistics> {
    const modules = this.#modules.get(`${unit}/${set}/${layer}`);
    if (modules === undefined) throw new Error(`layer ${layer} has not been swept`);
    return modules;
  }
}
