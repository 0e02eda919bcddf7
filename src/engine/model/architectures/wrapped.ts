import type { Architecture } from "./architecture";
import { refuseCommon } from "./common-refusals";
import type { ConfigReader } from "./config-reader";
import { gemma3 } from "./gemma3";
import { gemma4 } from "./gemma4";
import { ministral3 } from "./ministral3";
import { mistral } from "./mistral";
import { qwen35, qwen35Moe } from "./qwen3-5";
import { qwen25VlText, qwen3VlText } from "./qwen-vl";

/*
 * Models that see: only their text model counts, whose configuration stands inside theirs. Which head counts is said outside.
 */

/** What transformers takes of Gemma 3's sizes where the configuration has none, as the published ones do not. */
const gemma3Sizes = { num_attention_heads: 8, vocab_size: 262208, max_position_embeddings: 131072 };

export function gemma3Multimodal(config: ConfigReader): Architecture {
  const text = textOf(config, ["gemma3_text"]).withDefaults(gemma3Sizes);
  // transformers passes over it here, and has it in the text model alone
  if (text.has("final_logit_softcapping")) config.unsupported("soft-capped logits (final_logit_softcapping)");
  return named(config, gemma3(withOuterHead(config, text, true)));
}

export function gemma4Multimodal(config: ConfigReader): Architecture {
  return named(config, gemma4(withOuterHead(config, textOf(config, ["gemma4_text"]), true)));
}

export function mistral3Multimodal(config: ConfigReader): Architecture {
  const text = textOf(config, ["mistral", "ministral3"]);
  const build = text.values.model_type === "ministral3" ? ministral3 : mistral;
  return named(config, build(withOuterHead(config, text, true)));
}

/** Qwen2.5-VL's published configurations have the text model's values among their own. */
export function qwen25Vl(config: ConfigReader): Architecture {
  const text = config.has("text_config") ? textOf(config, ["qwen2_5_vl_text"]) : config;
  const isTied = config.flag("tie_word_embeddings", false) || text.flag("tie_word_embeddings", false);
  return named(config, qwen25VlText(text.with({ tie_word_embeddings: isTied })));
}

export function qwen3Vl(config: ConfigReader): Architecture {
  const text = textOf(config, ["qwen3_vl_text"]);
  return named(config, qwen3VlText(withOuterHead(config, text, false)));
}

export function qwen35Multimodal(config: ConfigReader): Architecture {
  return named(config, qwen35(withOuterHead(config, textOf(config, ["qwen3_5_text"]), false)));
}

export function qwen35MoeMultimodal(config: ConfigReader): Architecture {
  return named(config, qwen35Moe(withOuterHead(config, textOf(config, ["qwen3_5_moe_text"]), false)));
}

/** The configuration of the text model. @throws ParamscopeError where there is none, or it is of another type. */
function textOf(config: ConfigReader, types: readonly string[]): ConfigReader {
  const text = config.object("text_config") ?? config.fail("lacks text_config");
  const type = text.string("model_type", types[0]);
  if (!types.includes(type)) config.unsupported(`a text model of type '${type}'`);
  refuseCommon(text);
  return text.with({ model_type: type });
}

function withOuterHead(config: ConfigReader, text: ConfigReader, isTied: boolean): ConfigReader {
  return text.with({ tie_word_embeddings: config.flag("tie_word_embeddings", isTied) });
}

function named(config: ConfigReader, text: Architecture): Architecture {
  return { ...text, modelType: config.string("model_type"), isWrapped: true };
}
