import { ParamscopeError } from "../../errors";
import type { GgufArchitecture } from "./gguf-architectures";
import type { Config, GgufDescription } from "./gguf-description";

/**
 * The `config.json` that a GGUF file's model had, as far as the computation depends on it. What the metadata lack comes from the
 * architecture; what tells itself from the tensors (biases, tied head, sizes) from them.
 *
 * @throws ParamscopeError where the metadata lack a size, or name what is not supported.
 */
export function ggufConfig(description: GgufDescription, architecture: GgufArchitecture): Config {
  refuseVariants(description, architecture);
  const { metadata, tensors } = description;
  const config: Config = {
    _name_or_path: metadata.text("general.name"),
    tie_word_embeddings: !tensors.has("output.weight"),
    bos_token_id: metadata.number("tokenizer.ggml.bos_token_id"),
    eos_token_id: metadata.number("tokenizer.ggml.eos_token_id"),
    ...architecture.config(description),
  };
  const vocabulary = tensors.get("token_embd.weight")?.dimensions[1] ?? metadata.own("vocab_size");
  return isNested(config)
    ? { ...config, text_config: { ...config.text_config, vocab_size: vocabulary } }
    : { ...config, vocab_size: vocabulary };
}

function isNested(config: Config): config is Config & { readonly text_config: Config } {
  return config.text_config !== undefined;
}

/** Keys that only some architectures' computations have, by the architectures that read them; 0 and 1 change nothing. */
const SCALES: Readonly<Record<string, readonly string[]>> = {
  logit_scale: ["command-r", "cohere2", "granite", "granitemoe"],
  residual_scale: ["granite", "granitemoe"],
  embedding_scale: ["granite", "granitemoe"],
  "attention.scale": ["granite", "granitemoe"],
  "attention.temperature_scale": ["mistral3"],
  "attention.clamp_kqv": ["olmo", "mpt", "olmoe"],
  expert_weights_scale: ["glm4moe", "deepseek2"],
};

/** How routers weigh experts, where that is not by softmax (1): ggml's numbers of sigmoids, and of softmax over what is chosen. */
const GATINGS: Readonly<Record<string, number>> = {
  deepseek2: 2,
  glm4moe: 2,
  "minimax-m2": 2,
  "gpt-oss": 3,
};

/** Models that go by the name of a supported architecture, and compute something else. */
function refuseVariants(
  { metadata, experts }: GgufDescription,
  { experts: mayHaveExperts = false }: GgufArchitecture,
): void {
  const { path, architecture } = metadata;
  const refuse = (what: string): never => {
    throw new ParamscopeError(`${path}: ${what} is not supported.`, "Use another model.");
  };
  if (experts > 0 && !mayHaveExperts) refuse(`a mixture of experts (${architecture})`);
  if (experts === 0 && mayHaveExperts && architecture !== "llama") refuse(`${architecture} without experts`);
  const gating = metadata.own("expert_gating_func");
  const usual = GATINGS[architecture] ?? 1;
  if (experts > 0 && gating !== usual && (gating !== undefined || architecture === "deepseek2"))
    refuse(`a router of another kind (${architecture}.expert_gating_func ${gating ?? "is not there"})`);
  for (const [key, architectures] of Object.entries(SCALES)) {
    const scale = metadata.own(key);
    const changes = scale !== undefined && scale !== 0 && (scale !== 1 || key === "attention.clamp_kqv");
    if (changes && !architectures.includes(architecture)) refuse(`${architecture}.${key} ${scale}`);
  }
}
