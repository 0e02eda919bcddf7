import type { ConfigReader } from "./config-reader";
import { isFalse } from "./rope-parameters";

/** What no architecture here computes. @throws ParamscopeError naming it */
export function refuseCommon(config: ConfigReader): void {
  if (Object.keys(config.object("per_layer_config")?.values ?? {}).length > 0)
    config.unsupported("options of single layers (per_layer_config)");
  const { is_causal: isCausal } = config.values;
  if (isCausal !== undefined && isFalse(isCausal)) config.unsupported("bidirectional attention (is_causal)");
}
