import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, windows } from "./decoder";

/** Mistral: LLaMA with a sliding window in every layer, where the configuration gives one. */
export function mistral(config: ConfigReader): Architecture {
  return decoder(config, { layer: windows(config, decoderSizes(config).layers, () => true) });
}
