import type { Node } from "../../graph/graph";
import { heads, turned } from "./attention";
import { blockInputs, type BlockBuilder } from "./block-builder";
import type { Mixer } from "./mixer";
import type { Norm } from "./norm";
import type { Rope } from "./rope";

/** The sizes of an attention whose keys and values come from a narrow vector per token (DeepSeek-V2, arXiv 2405.04434, section 2.1). */
export interface LatentSizes {
  readonly hiddenSize: number;
  readonly heads: number;
  /** The width of the vector that queries come from; undefined: they come from hidden states. */
  readonly queryRank?: number;
  /** The width of that of keys and values. */
  readonly keyValueRank: number;
  /** Of a head of queries and keys, the part that positions leave alone and the part that they turn; all heads share a key's turned part. */
  readonly plainSize: number;
  readonly turnedSize: number;
  readonly valueSize: number;
}

/** What surrounds it. */
export interface LatentOptions {
  readonly rope: Rope;
  /** Scores are multiplied by it. */
  readonly scale: number;
  /** The projections that make narrow vectors, and that of the output, have biases. */
  readonly bias: boolean;
  readonly norm: (name: string) => Norm;
}

/** Latent attention: names as in transformers' DeepSeek-V3. */
export function latentAttention(sizes: LatentSizes, options: LatentOptions): Mixer {
  const { heads: count, plainSize, turnedSize, valueSize, keyValueRank } = sizes;
  const queryName = sizes.queryRank === undefined ? "self_attn.q_proj" : "self_attn.q_b_proj";
  const compressed = "self_attn.kv_a_proj_with_mqa";
  const expanded = "self_attn.kv_b_proj";
  const output = "self_attn.o_proj";
  return {
    apply: (b, x) => {
      const query = heads(b, queries(b, b.select(x), sizes, options), count, plainSize + turnedSize);
      const latent = b.project(x, compressed, keyValueRank + turnedSize, options.bias);
      const narrow = b.normalize(b.slice(latent, 2, 0, keyValueRank), options.norm("self_attn.kv_a_layernorm"));
      const keysAndValues = heads(
        b,
        b.project(narrow, expanded, count * (plainSize + valueSize)),
        count,
        plainSize + valueSize,
      );
      const turnedKey = heads(b, b.slice(latent, 2, keyValueRank, keyValueRank + turnedSize), 1, turnedSize);

      // [batch, heads, queries, tokens]: what a head has of its own, and what all heads look for
      const own = b.matmul(b.slice(query, 3, 0, plainSize), b.slice(keysAndValues, 3, 0, plainSize), {
        transposeB: true,
        scale: options.scale,
      });
      const shared = b.matmul(
        turned(b, b.slice(query, 3, plainSize, plainSize + turnedSize), options.rope, "query"),
        turned(b, turnedKey, options.rope, "key"),
        { transposeB: true, scale: options.scale },
      );
      const mask = b.input(blockInputs.mask, [b.selected ? "batch" : 1, 1, b.queries, "tokens"]);
      const probabilities = b.unary("softmax", b.add(b.add(own, shared), mask));
      const mixed = b.matmul(probabilities, b.slice(keysAndValues, 3, plainSize, plainSize + valueSize));
      const perPosition = b.reshape(b.transpose(mixed, [0, 2, 1, 3]), ["batch", b.queries, count * valueSize]);
      return b.project(perPosition, output, sizes.hiddenSize, options.bias);
    },
    heads: {
      [queryName]: {
        axis: "rows",
        size: plainSize + turnedSize,
        parts: [{ from: 0, stride: plainSize + turnedSize, count }],
      },
      [expanded]: {
        axis: "rows",
        size: plainSize + valueSize,
        parts: [{ from: 0, stride: plainSize + valueSize, count }],
      },
      [output]: { axis: "columns", size: valueSize, parts: [{ from: 0, stride: valueSize, count }] },
    },
    fused: {
      [compressed]: [
        { name: "latent", rows: [[0, keyValueRank]] },
        { name: "turned key", rows: [[keyValueRank, keyValueRank + turnedSize]] },
      ],
      [expanded]: [
        { name: "k", rows: ofHeads(count, plainSize + valueSize, 0, plainSize) },
        { name: "v", rows: ofHeads(count, plainSize + valueSize, plainSize, plainSize + valueSize) },
      ],
    },
  };
}

function queries(b: BlockBuilder, x: Node, sizes: LatentSizes, { bias, norm }: LatentOptions): Node {
  const { queryRank, heads, plainSize, turnedSize } = sizes;
  const width = heads * (plainSize + turnedSize);
  if (queryRank === undefined) return b.project(x, "self_attn.q_proj", width);
  const narrow = b.normalize(b.project(x, "self_attn.q_a_proj", queryRank, bias), norm("self_attn.q_a_layernorm"));
  return b.project(narrow, "self_attn.q_b_proj", width);
}

/** Rows `[from, to)` of each of so many heads of `stride` rows. */
function ofHeads(count: number, stride: number, from: number, to: number): [number, number][] {
  return Array.from({ length: count }, (_, head) => [head * stride + from, head * stride + to]);
}
