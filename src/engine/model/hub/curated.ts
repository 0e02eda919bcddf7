/** A model that is worth a first look, as it is offered for download. */
export interface CuratedModel {
  /** The model's repository on the Hugging Face Hub, `owner/name`. */
  readonly id: string;
  readonly parameters: number;
  /** About what the download takes, in bytes. The exact size is that of the repository when it is downloaded. */
  readonly approximateBytes: number;
  readonly licence: string;
  /** Whether the licence must be accepted on the model's page, and a token is needed. */
  readonly gated: boolean;
}

const apache = "Apache-2.0";

/**
 * Small models whose repositories hold safetensors and a tokenizer.json, smallest first. Left out on purpose: OPT, whose
 * repositories hold pickle files.
 */
export const curatedModels: readonly CuratedModel[] = [
  model("HuggingFaceTB/SmolLM2-135M", 135e6, 271e6, apache),
  model("HuggingFaceTB/SmolLM2-135M-Instruct", 135e6, 271e6, apache),
  model("EleutherAI/pythia-160m", 162e6, 377e6, apache),
  model("openai-community/gpt2", 124e6, 550e6, "MIT"),
  model("HuggingFaceTB/SmolLM2-360M", 362e6, 726e6, apache),
  model("EleutherAI/pythia-410m", 405e6, 913e6, apache),
  model("Qwen/Qwen2.5-0.5B", 494e6, 995e6, apache),
  model("Qwen/Qwen3-0.6B", 596e6, 1.51e9, apache),
  model("google/gemma-3-1b-pt", 1e9, 2.03e9, "Gemma", true),
  model("meta-llama/Llama-3.2-1B", 1.24e9, 2.48e9, "Llama 3.2", true),
  model("allenai/OLMo-2-0425-1B-Instruct", 1.48e9, 2.98e9, apache),
];

function model(id: string, parameters: number, approximateBytes: number, licence: string, gated = false): CuratedModel {
  return { id, parameters, approximateBytes, licence, gated };
}
