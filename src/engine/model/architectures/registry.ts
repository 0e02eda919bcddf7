import { ParamscopeError } from "../../errors";
import type { Architecture } from "./architecture";
import { ConfigReader } from "./config-reader";
import { gemma2 } from "./gemma2";
import { gemma3 } from "./gemma3";
import { gpt2 } from "./gpt2";
import { gptNeox } from "./gpt-neox";
import { llama } from "./llama";
import { mistral } from "./mistral";
import { olmo2 } from "./olmo2";
import { opt } from "./opt";
import { otherKind } from "./other-kinds";
import { phi3 } from "./phi3";
import { qwen2 } from "./qwen2";
import { qwen3 } from "./qwen3";
import { isFalse } from "./rope-parameters";
import { smollm3 } from "./smollm3";

/** Every architecture that can be scored, by the `model_type` of its configuration. */
const architectures: Readonly<Record<string, (config: ConfigReader) => Architecture>> = {
  llama,
  mistral,
  qwen2,
  qwen3,
  gpt2,
  gpt_neox: gptNeox,
  opt,
  phi3,
  gemma2,
  gemma3_text: gemma3,
  olmo2,
  smollm3,
};

/** Where transformers looks for the configuration of a part (`get_text_config`); those of text models have none. */
const nested = ["text_config", "decoder", "generator"];

/** The values of `model_type` that are supported. */
export const supportedArchitectures: readonly string[] = Object.keys(architectures);

/**
 * The architecture that a checkpoint's configuration describes.
 * @throws ParamscopeError naming the architecture, or the feature of it, that is not supported.
 */
export function architectureOf(config: Readonly<Record<string, unknown>>, path: string): Architecture {
  const type = config.model_type;
  const build = typeof type === "string" && Object.hasOwn(architectures, type) ? architectures[type] : undefined;
  if (build === undefined) {
    const other = typeof type === "string" ? otherKind(type) : undefined;
    if (other !== undefined)
      throw new ParamscopeError(
        `${path} holds ${other} ('${String(type)}'), which does not go on with a text token by token.`,
        `Use a model that does: ${supportedArchitectures.join(", ")}.`,
      );
    const name = typeof type === "string" ? `'${type}'` : "without a name (config.json lacks model_type)";
    throw new ParamscopeError(
      `${path} has the architecture ${name}, which is not supported.`,
      `Supported are ${supportedArchitectures.join(", ")}.`,
    );
  }
  const reader = new ConfigReader(config, path);
  for (const key of nested)
    if (reader.has(key)) reader.unsupported(`a configuration inside the configuration (${key})`);
  if (Object.keys(reader.object("per_layer_config")?.values ?? {}).length > 0)
    reader.unsupported("options of single layers (per_layer_config)");
  if (config.is_causal !== undefined && isFalse(config.is_causal))
    reader.unsupported("bidirectional attention (is_causal)");
  return build(reader);
}
