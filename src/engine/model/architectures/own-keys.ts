import type { ConfigReader } from "./config-reader";

/**
 * Sizes in an architecture's own keys. transformers (`configuration_utils.py`: fields first, then what else stands in the file, by
 * `attribute_map`) lets the common names win, in whatever order they stand.
 * @param ownKeys the architecture's own name of each common one
 */
export function inOwnKeys(config: ConfigReader, ownKeys: Readonly<Record<string, string>>): ConfigReader {
  const common = Object.entries(ownKeys).filter(([key]) => config.values[key] !== undefined);
  // what is overwritten must be a size all the same
  for (const [, own] of common) if (config.values[own] !== undefined) config.size(own);
  return config.with(Object.fromEntries(common.map(([key, own]) => [own, config.values[key]])));
}

/** The sizes of a model, in whatever keys its configuration has them. */
interface Sizes {
  readonly layers: number;
  readonly hiddenSize: number;
  readonly feedForwardSize: number;
  readonly queryHeads: number;
  readonly keyValueHeads?: number;
  readonly context: number;
}

/**
 * The configuration in the keys that `decoder` reads, heads evenly split. What stands there under those keys and is none of the
 * architecture's has no effect, as in transformers.
 * @throws ParamscopeError where heads do not divide hidden states
 */
export function inCommonKeys(config: ConfigReader, sizes: Sizes): ConfigReader {
  const { hiddenSize, queryHeads } = sizes;
  if (hiddenSize % queryHeads !== 0) config.fail(`splits ${hiddenSize} values between ${queryHeads} heads`);
  return config.with({
    num_hidden_layers: sizes.layers,
    hidden_size: hiddenSize,
    intermediate_size: sizes.feedForwardSize,
    num_attention_heads: queryHeads,
    num_key_value_heads: sizes.keyValueHeads ?? queryHeads,
    head_dim: hiddenSize / queryHeads,
    max_position_embeddings: sizes.context,
  });
}
