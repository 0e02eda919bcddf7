import type { Node } from "../../graph/graph";
import type { PositionBias } from "./alibi";
import type { BlockBuilder } from "./block-builder";
import type { Norm } from "./norm";
import type { Rope } from "./rope";

/** What is the same in a model from text to logits, apart from the block: sizes, embedding, head, and what layers differ in. */
export interface Architecture {
  readonly modelType: string;
  readonly layers: number;
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  /** The longest text, in ids; Infinity where positions have no end. */
  readonly context: number;
  readonly queryHeads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** The text model of one that sees as well: its tensors may stand under a longer name (`wrapped-names.ts`). */
  readonly isWrapped?: boolean;
  /** Tensors of block l are called `${blocks}.${l}.…`. */
  readonly blocks: string;
  readonly embedding: {
    readonly tokens: string;
    readonly scale: number;
    /** Learned positions, row `position + offset`. */
    readonly positions?: { readonly weight: string; readonly offset: number };
    /** A narrower embedding, and the matrix `[hidden, width]` that widens it. */
    readonly projection?: Projection;
    /** Applied to a token's embedding. */
    readonly norm?: Norm;
    /** What every layer reads of the tokens beside hidden states. */
    readonly perLayer?: PerLayerInput;
  };
  readonly head: {
    readonly weight: string;
    /** The configuration says that the embedding takes its place; a checkpoint can have it all the same. */
    readonly isTied: boolean;
    /** undefined: none. */
    readonly norm?: Norm;
    /** Behind the norm, the matrix `[width, hidden]` that narrows hidden states to the vocabulary's matrix. */
    readonly projection?: Projection;
    /** Logits are multiplied by it. */
    readonly scale?: number;
    /** Added to logits, one for each token. */
    readonly bias?: string;
    /** Logits become `softcap · tanh(logits / softcap)`. */
    readonly softcap?: number;
  };
  /** Rotary embedding, where the blocks use one: of full layers and, if another, of sliding ones. */
  readonly rope?: { readonly full: Rope; readonly sliding?: Rope };
  /** What is added to scores by where positions are. */
  readonly positionBias?: PositionBias;
  /** What queries at a position are multiplied by, behind the rotation. */
  readonly queryScale?: (position: number) => number;
  /** What differs between layers. */
  readonly layer: (layer: number) => LayerKind;
  /** The block of all layers whose kind names no other. */
  readonly block: Block;
}

/** One kind of block: a model has one for all its layers, or a few. */
export interface Block {
  /** Hidden states in, hidden states out. */
  readonly compute: (b: BlockBuilder) => Node;
  /** The matrix, by module name, whose inputs are the block's feed-forward neurons; undefined where no single one has them. */
  readonly neurons?: string;
  /** Fused matrices by module name, and their parts. */
  readonly fused?: Readonly<Record<string, readonly FusedPart[]>>;
  /** Which heads a matrix has along its rows (outputs) or columns (inputs). */
  readonly heads: Readonly<Record<string, HeadLayout>>;
  /** The experts among which its `compute` routes tokens (`BlockBuilder.experts`). */
  readonly experts?: RoutedExperts;
  /** What of it mixes tokens and is no matrix, in words: it is not scored. */
  readonly unscored?: readonly string[];
  /** About how many numbers stand between inputs and outputs for each token, beside those of matrices and of attention; 0 unless given. */
  readonly between?: number;
}

/** The experts of a block: all compute the same, each with weights of its own. */
export interface Experts {
  readonly count: number;
  /** x `[batch, tokens, hidden]` through one expert. Its weights have names within the expert: `gate_proj`. */
  readonly compute: (b: BlockBuilder, x: Node) => Node;
  /** The name within the block of an expert's matrix: `mlp.experts.3.gate_proj`. */
  readonly nameOf: (name: string, expert: number) => string;
  /** The expert's fused matrices, by their names within it. */
  readonly fused?: Readonly<Record<string, readonly FusedPart[]>>;
}

/** The experts of a block with its router. */
export interface RoutedExperts extends Experts {
  /** How many of them a token is routed to. */
  readonly perToken: number;
  /** The router's matrix, by module name: a row for each. */
  readonly router: string;
}

/** The block of a layer. */
export function blockOf({ layer: kind, block }: Pick<Architecture, "layer" | "block">, layer: number): Block {
  return kind(layer).block ?? block;
}

/** A matrix between hidden states and embeddings of another width. */
export interface Projection {
  readonly weight: string;
  readonly width: number;
}

/**
 * What each layer reads of a token for itself (Gemma 4), so many values: of the token's embedding e and its row r in a table, of both those of the
 * layer, `(norm(projection · e / √hidden) + √size · r) / √2`.
 */
export interface PerLayerInput {
  readonly size: number;
  /** The table `[vocabularySize, layers · size]`. */
  readonly tokens: string;
  readonly vocabularySize: number;
  /** `[layers · size, hidden]` */
  readonly projection: string;
  readonly norm: Norm;
}

/** What differs between the layers of a model. */
export interface LayerKind {
  /** Position i sees `i − window + 1 … i`; undefined: all before it. */
  readonly window?: number;
  /** false: this layer leaves positions alone (SmolLM3). */
  readonly rotary?: boolean;
  /** Heads of keys and values, where they are others than the model's. */
  readonly keyValueHeads?: number;
  /** The earlier layer whose keys and values this one has; undefined: its own. */
  readonly borrowsFrom?: number;
  /** The layer's block, where it is another than most. */
  readonly block?: Block;
}

/** Output rows of a fused matrix that are one of its parts: ranges `[from, to)`, several where heads interleave. */
export interface FusedPart {
  readonly name: string;
  readonly rows: readonly (readonly [number, number])[];
}

/** Where the heads of a matrix lie: along its rows (outputs) or columns (inputs), head h at `from + h · stride`. */
export interface HeadLayout {
  readonly axis: "rows" | "columns";
  readonly size: number;
  /** Where the heads of the matrix lie, or of each part of a fused one; in several pieces where one stride does not do. */
  readonly parts: readonly {
    readonly name?: string;
    /** The number of the first one; 0 unless given. */
    readonly head?: number;
    readonly from: number;
    readonly stride: number;
    readonly count: number;
  }[];
}
