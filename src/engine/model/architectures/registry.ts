import { ParamscopeError } from "../../errors";
import { quoteValue } from "../formats/quote";
import { apertus } from "./apertus";
import { arcee } from "./arcee";
import type { Architecture } from "./architecture";
import { bloom } from "./bloom";
import { cohere, cohere2 } from "./cohere";
import { refuseCommon } from "./common-refusals";
import { ConfigReader } from "./config-reader";
import { deepseekV3 } from "./deepseek-v3";
import { ernie45 } from "./ernie45";
import { exaone4 } from "./exaone4";
import { falcon } from "./falcon";
import { gemma } from "./gemma";
import { gemma2 } from "./gemma2";
import { gemma3 } from "./gemma3";
import { gemma4 } from "./gemma4";
import { glm, glm4 } from "./glm";
import { glm4Moe } from "./glm4-moe";
import { gptNeox } from "./gpt-neox";
import { gptOss } from "./gpt-oss";
import { gpt2 } from "./gpt2";
import { gptj } from "./gptj";
import { granite } from "./granite";
import { graniteMoe } from "./granite-moe";
import { helium } from "./helium";
import { hunyuanDense } from "./hunyuan";
import { lfm2 } from "./lfm2";
import { llama } from "./llama";
import { ministral3 } from "./ministral3";
import { minimaxM2 } from "./minimax-m2";
import { mistral } from "./mistral";
import { mixtral } from "./mixtral";
import { mpt } from "./mpt";
import { nemotron } from "./nemotron";
import { olmo } from "./olmo";
import { olmo2 } from "./olmo2";
import { olmo3 } from "./olmo3";
import { olmoe } from "./olmoe";
import { opt } from "./opt";
import { otherKind } from "./other-kinds";
import { phi } from "./phi";
import { phi3 } from "./phi3";
import { qwen2Moe, qwen3Moe } from "./qwen-moe";
import { qwen2 } from "./qwen2";
import { qwen3 } from "./qwen3";
import { qwen35, qwen35Moe } from "./qwen3-5";
import { seedOss } from "./seed-oss";
import { smollm3 } from "./smollm3";
import { stablelm } from "./stablelm";
import { starcoder2 } from "./starcoder2";
import {
  gemma3Multimodal,
  gemma4Multimodal,
  mistral3Multimodal,
  qwen25Vl,
  qwen35MoeMultimodal,
  qwen35Multimodal,
  qwen3Vl,
} from "./wrapped";

/** Every architecture that can be scored, by the `model_type` of its configuration. */
const architectures: Readonly<Record<string, (config: ConfigReader) => Architecture>> = {
  llama,
  mistral,
  ministral3,
  qwen2,
  qwen3,
  qwen3_5_text: qwen35,
  qwen3_5_moe_text: qwen35Moe,
  lfm2,
  gpt2,
  gptj,
  gpt_neox: gptNeox,
  opt,
  bloom,
  falcon,
  mpt,
  phi,
  phi3,
  gemma,
  gemma2,
  gemma3_text: gemma3,
  gemma4_text: gemma4,
  olmo,
  olmo2,
  olmo3,
  granite,
  cohere,
  cohere2,
  glm,
  glm4,
  exaone4,
  stablelm,
  starcoder2,
  nemotron,
  apertus,
  arcee,
  ernie4_5: ernie45,
  helium,
  hunyuan_v1_dense: hunyuanDense,
  seed_oss: seedOss,
  smollm3,
  mixtral,
  minimax_m2: minimaxM2,
  qwen2_moe: qwen2Moe,
  qwen3_moe: qwen3Moe,
  olmoe,
  granitemoe: graniteMoe,
  gpt_oss: gptOss,
  glm4_moe: glm4Moe,
  deepseek_v3: deepseekV3,
};

/** Those whose text model stands inside a model that sees as well. */
const wrappers: Readonly<Record<string, (config: ConfigReader) => Architecture>> = {
  gemma3: gemma3Multimodal,
  gemma4: gemma4Multimodal,
  mistral3: mistral3Multimodal,
  qwen2_5_vl: qwen25Vl,
  qwen3_vl: qwen3Vl,
  qwen3_5: qwen35Multimodal,
  qwen3_5_moe: qwen35MoeMultimodal,
};

/** Where transformers looks for the configuration of a part (`get_text_config`); those of text models have none. */
const nested = ["text_config", "decoder", "generator"];

/** The values of `model_type` that are supported. */
export const supportedArchitectures: readonly string[] = [...Object.keys(architectures), ...Object.keys(wrappers)];

/**
 * The architecture that a checkpoint's configuration describes.
 * @param tensors names of what is stored, where that is known.
 * @throws ParamscopeError naming the architecture, or the feature of it, that is not supported.
 */
export function architectureOf(
  config: Readonly<Record<string, unknown>>,
  path: string,
  tensors: readonly string[] = [],
): Architecture {
  const type = config.model_type;
  const wrapper = named(wrappers, type);
  const build = wrapper ?? named(architectures, type);
  if (build === undefined) {
    const other = typeof type === "string" ? otherKind(type) : undefined;
    if (other !== undefined)
      throw new ParamscopeError(
        `${path} holds ${other} ('${quoteValue(type)}'), which does not go on with a text token by token.`,
        `Use a model that does: ${supportedArchitectures.join(", ")}.`,
      );
    const name = typeof type === "string" ? `'${quoteValue(type)}'` : "without a name (config.json lacks model_type)";
    throw new ParamscopeError(
      `${path} has the architecture ${name}, which is not supported.`,
      `Supported are ${supportedArchitectures.join(", ")}.`,
    );
  }
  const reader = new ConfigReader(config, path, tensors);
  for (const key of nested)
    if (reader.has(key) && wrapper === undefined)
      reader.unsupported(`a configuration inside the configuration (${key})`);
  refuseCommon(reader);
  return build(reader);
}

function named<Value>(table: Readonly<Record<string, Value>>, name: unknown): Value | undefined {
  return typeof name === "string" && Object.hasOwn(table, name) ? table[name] : undefined;
}
