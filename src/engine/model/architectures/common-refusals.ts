import type { ConfigReader } from "./config-reader";
import { isFalse } from "./rope-parameters";

/** Those whose own function reads `per_layer_config`. */
const withLayerOptions: readonly unknown[] = ["gemma4_text"];

/** What no architecture here computes. @throws ParamscopeError naming it */
export function refuseCommon(config: ConfigReader): void {
  const reads = withLayerOptions.includes(config.values.model_type);
  if (!reads && Object.keys(config.object("per_layer_config")?.values ?? {}).length > 0)
    config.unsupported("options of single layers (per_layer_config)");
  const { is_causal: isCausal } = config.values;
  if (isCausal !== undefined && isFalse(isCausal)) config.unsupported("bidirectional attention (is_causal)");
}
