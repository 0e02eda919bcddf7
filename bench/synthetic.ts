import { randomFillSync } from "node:crypto";

import { writeModel, type SyntheticTensor } from "./write-model";

/** A model of the LLaMA architecture with random weights: for time and memory, which do not depend on their values. */
interface Shape {
  readonly name: string;
  readonly layers: number;
  readonly hiddenSize: number;
  readonly feedForwardSize: number;
  readonly heads: number;
  readonly vocabularySize: number;
}

export async function modelOfDepth(layers: number): Promise<string> {
  return write({
    name: `depth-${layers}`,
    layers,
    hiddenSize: 384,
    feedForwardSize: 1024,
    heads: 6,
    vocabularySize: 4096,
  });
}

/** 32 layers of 4096: 13 GB. */
export async function largeModel(): Promise<string> {
  return write({
    name: "llama-7b-shaped",
    layers: 32,
    hiddenSize: 4096,
    feedForwardSize: 11008,
    heads: 32,
    vocabularySize: 32000,
  });
}

async function write(shape: Shape): Promise<string> {
  const config = {
    model_type: "llama",
    hidden_size: shape.hiddenSize,
    intermediate_size: shape.feedForwardSize,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.heads,
    max_position_embeddings: 2048,
    vocab_size: shape.vocabularySize,
    rms_norm_eps: 1e-5,
    tie_word_embeddings: false,
  };
  const bytes = randomBfloat16(2 ** 25, shape.hiddenSize);
  const tensors = tensorsOf(shape).map(([name, dims]): SyntheticTensor => ({ name, type: "BF16", shape: dims, bytes }));
  return writeModel(shape.name, config, tensors);
}

function tensorsOf({ layers, hiddenSize, feedForwardSize, vocabularySize }: Shape): [string, number[]][] {
  const square = [hiddenSize, hiddenSize];
  const tensors: [string, number[]][] = [["model.embed_tokens.weight", [vocabularySize, hiddenSize]]];
  for (let layer = 0; layer < layers; layer++) {
    const block = `model.layers.${layer}`;
    for (const name of ["q_proj", "k_proj", "v_proj", "o_proj"])
      tensors.push([`${block}.self_attn.${name}.weight`, square]);
    for (const name of ["gate_proj", "up_proj"])
      tensors.push([`${block}.mlp.${name}.weight`, [feedForwardSize, hiddenSize]]);
    tensors.push([`${block}.mlp.down_proj.weight`, [hiddenSize, feedForwardSize]]);
    for (const name of ["input_layernorm", "post_attention_layernorm"])
      tensors.push([`${block}.${name}.weight`, [hiddenSize]]);
  }
  tensors.push(["model.norm.weight", [hiddenSize]], ["lm_head.weight", [vocabularySize, hiddenSize]]);
  return tensors;
}

/** Values between ±1/√hidden: the sign and seven bits of mantissa are random, the exponent is fixed. */
export function randomBfloat16(count: number, hiddenSize: number): Buffer {
  const exponent = 127 - Math.ceil(Math.log2(hiddenSize) / 2) - 1;
  const words = new Uint16Array(count);
  randomFillSync(words);
  for (const [i, word] of words.entries()) words[i] = (word & 0x807f) | (exponent << 7);
  return Buffer.from(words.buffer);
}
