import { neuronsAt, type Model } from "../model/model";
import type { Structure } from "./options";

type Values = Readonly<Record<string, unknown>>;

/** What stays, as a configuration can say it: one number for all layers. */
export interface Remaining {
  readonly structure: Structure;
  /** The numbers of the layers that stay. */
  readonly layers: readonly number[];
  /** How many neurons, heads or experts of each layer do; undefined: all. */
  readonly units?: number;
}

/** The keys under which configurations say how many there are. */
const LAYER_KEYS = ["num_hidden_layers", "n_layer", "n_layers", "num_layers"];
const NEURON_KEYS = ["intermediate_size", "n_inner", "ffn_dim", "ffn_hidden_size"];
const EXPERT_KEYS = ["num_local_experts", "num_experts", "n_routed_experts"];

/** What of a configuration changes, by its keys. Whether that says what stays is to be looked at: architectures read other keys, too. */
export function changedKeys(model: Model, remaining: Remaining): Values {
  const { config } = model.checkpoint;
  const changed = { ...layersKeys(model, remaining), ...unitsKeys(model, remaining) };
  // layers behind the last, which predict further tokens, are not read and not kept
  const further = Number(config.num_nextn_predict_layers ?? 0) > 0 ? { num_nextn_predict_layers: 0 } : {};
  return { ...changed, ...further };
}

function layersKeys({ checkpoint: { config }, layers: all }: Model, { structure, layers }: Remaining): Values {
  if (structure !== "layers") return {};
  const changed: Record<string, unknown> = {};
  for (const key of LAYER_KEYS) if (config[key] === all) changed[key] = layers.length;
  for (const [key, value] of Object.entries(config)) {
    if (!Array.isArray(value)) continue;
    const entries = value as unknown[];
    // the numbers of layers
    if (key === "mlp_only_layers" || key === "full_attn_idxs")
      changed[key] = layers.flatMap((layer, i) => (entries.includes(layer) ? [i] : []));
    // an entry for each
    else if (key.includes("layer") && entries.length >= all) changed[key] = layers.map((layer) => entries[layer]);
  }
  for (const key of ["first_k_dense_replace", "max_window_layers"]) {
    const first = config[key];
    if (typeof first === "number") changed[key] = layers.filter((layer) => layer < first).length;
  }
  return changed;
}

function unitsKeys(model: Model, { structure, units }: Remaining): Values {
  if (units === undefined) return {};
  const { definition, blocks, checkpoint } = model;
  const { config } = checkpoint;
  const { hiddenSize, headSize, queryHeads, keyValueHeads } = definition;
  switch (structure) {
    case "layers":
      return {};
    case "neurons": {
      const count = blocks.map((_, layer) => neuronsAt(model, layer)?.in).find((own) => own !== undefined);
      const said = NEURON_KEYS.filter((key) => config[key] === count);
      // what is not said is four times the width, where there is a key to say it otherwise
      const key = ["gpt2", "gptj"].includes(definition.modelType) ? "n_inner" : "ffn_hidden_size";
      return Object.fromEntries((said.length > 0 ? said : [key]).map((one) => [one, units]));
    }
    case "heads": {
      const queries = (units * queryHeads) / keyValueHeads;
      const key = config.n_head === undefined ? "num_attention_heads" : "n_head";
      return {
        [key]: queries,
        ...(config.num_key_value_heads !== undefined && { num_key_value_heads: units }),
        ...((typeof config.head_dim === "number" || headSize * queries !== hiddenSize) && { head_dim: headSize }),
      };
    }
    case "experts": {
      const count = Math.max(...blocks.map(({ experts }) => experts.length));
      return Object.fromEntries(EXPERT_KEYS.filter((key) => config[key] === count).map((key) => [key, units]));
    }
  }
}
