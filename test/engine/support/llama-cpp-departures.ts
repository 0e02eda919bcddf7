/** What llama.cpp (v0.5.0) says against a file: of these it takes for granted what the published models have. */
export const REFUSED: Readonly<Record<string, RegExp>> = {
  cohere: /expected 42, got 34/, // norms of heads only from 64 layers on
  "gpt_neox-sequential": /attn_qkv.bias/,
  olmoe: /attn_k_norm.weight.*expected +64, got +32/, // as many keys as queries
  "qwen3_5-multimodal": /attn_qkv.weight/, // heads of keys as wide as those of values
  phi: /attn_k.weight/, // as many keys as queries
};

const ROUNDED = "it rounds where yarn begins and ends to whole dimensions, and gpt-oss does not";

/** Where it computes something else than the folder's model, and why. */
export const OTHER: Readonly<Record<string, string>> = {
  exaone4: "it slides where there are 64 layers, whatever the file says",
  gpt_oss: ROUNDED,
  "gpt_oss-mxfp4": ROUNDED,
};

/** How far logarithms of probabilities may be from each other, where not as float32 has them. */
export const FAR: Readonly<Record<string, number>> = {
  // its GELU is a table of half floats
  ...Object.fromEntries(
    [
      "bloom",
      "falcon",
      "falcon-7b-like",
      "gemma",
      "gemma2",
      "gemma3",
      "gemma3-multimodal",
      "gemma4",
      "gemma4-multimodal",
      "gpt2",
      "gpt_neox",
      "mpt",
      "starcoder2",
    ].map((name) => [name, 2e-2]),
  ),
  qwen2_5_vl: 1e-3, // it passes over the epsilon of the norms
  qwen3_vl: 5e-2, // it leaves the pairs unturned that the sections of pictures do not come to
};
