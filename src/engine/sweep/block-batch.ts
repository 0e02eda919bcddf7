import type { Graph } from "../graph/graph";
import { elementAt } from "../numbers/elements";
import type { LentStates } from "./lent-states";
import type { FloatTensor, Tensors } from "../runtime/runtime";

/** The shape of a batch that a block runs on. */
export interface BlockBatch {
  readonly samples: number;
  readonly tokens: number;
  /** Per sample the ids of its text, whether all of them are read or not: what positions turn by may depend on their number. */
  readonly texts: readonly Int32Array[];
  /** Per sample the positions, counted from 0, whose output is asked for, of all samples equally many; undefined: all. */
  readonly positions: readonly (readonly number[])[] | undefined;
  /** What the batch's layers lend to each other; undefined where no two layers of it are run. */
  readonly lent: LentStates | undefined;
}

/**
 * Positions that pass through a block at once: its inner tensors then stay in the processor's cache, and the products gain
 * nothing from more (measured on SmolLM2: 100 MiB less than with 2048, in the same time).
 */
export const PART_POSITIONS = 512;

/** Positions per sample whose output is asked for. */
export function queriesIn({ tokens, positions }: BlockBatch): number {
  return positions === undefined ? tokens : elementAt(positions, 0).length;
}

/** So many samples of a batch at a time, with the number of the first, that they pass a block at once. */
export function* partsOf(batch: BlockBatch): Generator<[part: BlockBatch, from: number]> {
  const { samples: all, tokens, texts, positions } = batch;
  const size = Math.max(1, Math.floor(PART_POSITIONS / tokens));
  for (let from = 0; from < all; from += size) {
    const samples = Math.min(size, all - from);
    const own = { texts: texts.slice(from, from + samples), positions: positions?.slice(from, from + samples) };
    yield [{ ...batch, samples, ...own }, from];
  }
}

/** A batch that passes a block. */
export interface BlockPass {
  /** What enters it, `[samples, tokens, hidden]`. */
  readonly hidden: Float32Array;
  readonly batch: BlockBatch;
}

/** What linear maps of a block came to for a batch, by the names of the graphs that give and take it. */
export type Held = Readonly<Record<string, FloatTensor>>;

/** A batch, what goes into each part of it besides, and where its results go. */
export interface BatchEnds extends BlockPass {
  readonly ends: (part: BlockBatch, from: number) => { readonly inputs?: Tensors; readonly outputs: Tensors };
  readonly done?: () => void;
}

/** The inputs that a graph really has: a weight that no gradient needs is none of them. */
export function takenBy({ inputs }: Graph, tensors: Tensors): Tensors {
  const names = new Set(inputs.map(({ attributes }) => attributes.name));
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => names.has(name)));
}
