import { blockOf, type Architecture, type Block, type HeadLayout } from "../../model/architectures/architecture";
import type { ScoredModule } from "../../model/model";
import { type Head, headsOf, headSums } from "../../model/architectures/heads";
import { elementAt, zip } from "../../numbers/elements";
import { BIN_COUNT, floatOf, trimmed } from "./histogram";
import { PooledMaxima } from "./pooled-maxima";
import type { Reducer, Tile } from "./reducer";
import { StripSummer, type StripSums } from "./strip-sums";

/** How many of a matrix's strongest parameters are kept. */
const STRONGEST = 10;

/** A matrix with so few parameters keeps all their values: one more or less would be seen in its density. */
const FEW = 512;

/** Cleared counts of all bins: a fresh array per matrix keeps the garbage collector busy with 128 KiB pieces. */
const spareCounts: Uint32Array[] = [];

let summer: StripSummer | undefined;
/** Made for the first matrix: whoever shows a saved result needs none. */
const stripSummer = (): StripSummer => (summer ??= new StripSummer());

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
  #isEmpty = true;

  constructor(readonly name: string | undefined) {}

  get max(): number {
    return this.strongest[0]?.value ?? 0;
  }

  /** Takes in rows `[from, to)` of a tile whose values are `values`; no more than fit into a strip. */
  add(tile: Tile, values: Float32Array, from: number, to: number): StripSums {
    const width = tile.module.in;
    const first = from * width;
    const strip = values.subarray(first, to * width);
    if (this.parameters <= FEW) (this.values ??= []).push(...strip);
    this.#isEmpty = false;
    const sums = stripSummer().add(strip, width, this.counts, this.#weakest());
    for (const sum of sums.rows) this.sum += sum;
    for (const sum of sums.squares) this.sumOfSquares += sum;
    this.zeros += sums.zeros;
    const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
    for (const candidate of sums.candidates)
      for (let i = first + candidate; i < first + candidate + sums.sizeOf(candidate); i++)
        if (bits[i]! > this.#weakest()) this.#keep(tile, bits, i);
    return sums;
  }

  /** How many rows are taken in at a time: first one, so that of the others few are strong enough to be looked at. */
  rowsAtOnce(width: number): number {
    return this.#isEmpty ? 1 : stripSummer().rowsAtOnce(width);
  }

  /** Bits that a value must exceed to be among the strongest. */
  #weakest(): number {
    return this.strongest[STRONGEST - 1]?.bits ?? 0;
  }

  #keep({ from, module, weights }: Tile, bits: Int32Array, index: number): void {
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
    const { columns, partOf } = this;
    for (let row = 0; row < tile.rows;) {
      const number = partOf[tile.from + row]!;
      const part = elementAt(this.parts, number);
      const most = Math.min(tile.rows, row + part.rowsAtOnce(this.module.in));
      let end = row + 1;
      while (end < most && partOf[tile.from + end] === number) end++;
      const sums = part.add(tile, values, row, end);
      this.pooled?.add(sums, tile.from + row);
      for (let i = 0; i < columns.length; i++) columns[i]! += sums.columns[i]!;
      for (let i = 0; i < sums.rows.length; i++) this.rows[tile.from + row + i]! += sums.rows[i]!;
      row = end;
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
