import type { Architecture } from "./architecture";
import type { ConfigReader } from "./config-reader";
import { decoder, decoderSizes, windows } from "./decoder";

/** Mistral: LLaMA with a sliding window in every layer, where the configuration gives one. */
export function mistral(given: ConfigReader): Architecture {
  const config = given.withDefaults({ sliding_window: 4096 });
  return decoder(config, { layer: windows(config, decoderSizes(config).layers, () => true) });
}
