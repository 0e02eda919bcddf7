import { randomBytes } from "node:crypto";

import { randomBfloat16 } from "./synthetic";
import { writeModel, type SyntheticTensor } from "./write-model";

const hiddenSize = 2880;
const layers = 24;
const experts = 32;
const [heads, keyValueHeads, headSize] = [64, 8, 64];
const vocabularySize = 201_088;
/** Values that share a scale, and the bytes of their codes. */
const [group, codes] = [32, 16];

/**
 * A model of the shape of gpt-oss-20b with random weights, experts in MXFP4 as they are published: 13 GB. Memory and time depend on its values in one
 * thing alone, to how many experts tokens are routed; random routers spread them as widely as trained ones at the most.
 */
export async function mixtureModel(): Promise<string> {
  const config = {
    model_type: "gpt_oss",
    hidden_size: hiddenSize,
    intermediate_size: hiddenSize,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: keyValueHeads,
    head_dim: headSize,
    num_local_experts: experts,
    num_experts_per_tok: 4,
    max_position_embeddings: 131_072,
    vocab_size: vocabularySize,
    sliding_window: 128,
    attention_bias: true,
    tie_word_embeddings: false,
    quantization_config: { quant_method: "mxfp4" },
  };
  return writeModel("gpt-oss-20b-shaped", config, tensors());
}

function tensors(): SyntheticTensor[] {
  const floats = randomBfloat16(2 ** 25, hiddenSize);
  const random = randomBytes(2 ** 25);
  // 2^-8 of values up to 6
  const scales = Buffer.alloc(2 ** 20, 119);
  const matrix = (name: string, ...shape: number[]): SyntheticTensor => ({ name, type: "BF16", shape, bytes: floats });
  const linear = (name: string, out: number, width: number): SyntheticTensor[] => [
    matrix(`${name}.weight`, out, width),
    matrix(`${name}.bias`, out),
  ];
  const packed = (name: string, out: number): SyntheticTensor[] => {
    const groups = hiddenSize / group;
    return [
      { name: `${name}_blocks`, type: "U8", shape: [experts, out, groups, codes], bytes: random },
      { name: `${name}_scales`, type: "U8", shape: [experts, out, groups], bytes: scales },
      matrix(`${name}_bias`, experts, out),
    ];
  };
  const block = (layer: string): SyntheticTensor[] => [
    matrix(`${layer}.input_layernorm.weight`, hiddenSize),
    matrix(`${layer}.post_attention_layernorm.weight`, hiddenSize),
    ...linear(`${layer}.self_attn.q_proj`, heads * headSize, hiddenSize),
    ...linear(`${layer}.self_attn.k_proj`, keyValueHeads * headSize, hiddenSize),
    ...linear(`${layer}.self_attn.v_proj`, keyValueHeads * headSize, hiddenSize),
    ...linear(`${layer}.self_attn.o_proj`, hiddenSize, heads * headSize),
    matrix(`${layer}.self_attn.sinks`, heads),
    ...linear(`${layer}.mlp.router`, experts, hiddenSize),
    ...packed(`${layer}.mlp.experts.gate_up_proj`, 2 * hiddenSize),
    ...packed(`${layer}.mlp.experts.down_proj`, hiddenSize),
  ];
  return [
    matrix("model.embed_tokens.weight", vocabularySize, hiddenSize),
    ...Array.from({ length: layers }, (_, layer) => block(`model.layers.${layer}`)).flat(),
    matrix("model.norm.weight", hiddenSize),
    matrix("lm_head.weight", vocabularySize, hiddenSize),
  ];
}
