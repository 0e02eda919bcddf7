import { formatForColumns, formatOf, type FormatName } from "./formats";

/** What most tensors of one of llama.cpp's file types are in (`llama_ftype_get_default_type`). */
const MOST = {
  Q2_K: "Q2_K",
  Q3_K_S: "Q3_K",
  Q3_K_M: "Q3_K",
  Q3_K_L: "Q3_K",
  IQ4_XS: "IQ4_XS",
  IQ4_NL: "IQ4_NL",
  Q4_0: "Q4_0",
  Q4_1: "Q4_1",
  Q4_K_S: "Q4_K",
  Q4_K_M: "Q4_K",
  Q5_0: "Q5_0",
  Q5_1: "Q5_1",
  Q5_K_S: "Q5_K",
  Q5_K_M: "Q5_K",
  Q6_K: "Q6_K",
  Q8_0: "Q8_0",
} as const satisfies Record<string, FormatName>;

/** A file type of llama.cpp's: which format each tensor of a model is in. */
export type Mixture = keyof typeof MOST;

export const MIXTURES = Object.keys(MOST) as Mixture[];

/** What the rules ask of a model. */
export interface MixedModel {
  /** `general.architecture`. */
  readonly architecture: string;
  /** Blocks, those that predict further tokens included. */
  readonly layers: number;
  /** Heads of the first layer, and those of its keys. */
  readonly heads: number;
  readonly keyValueHeads: number;
  /** In a block; 0 of a model without. */
  readonly experts: number;
}

export interface MixedTensor {
  /** As it is called in a GGUF file. */
  readonly name: string;
  /** As ggml has it: a row's length first. */
  readonly shape: readonly number[];
}

/** Tensors that llama.cpp leaves as they are, by a part of their names (`tensor_allows_quantization`). */
const KEPT =
  /_norm\.weight|ffn_gate_inp\.weight|ffn_gate_tid2eid\.weight|altup|laurel|per_layer_model_proj|ssm_conv1d|shortconv\.conv\.weight|indexer\.[kq]_proj\.weight|time_mix_(first|w[012]|v[012]|a[012]|g[12]|decay_w[12]|lerp_fused)\.weight|attn_rel_b\.weight|\.position_embd|\.rel_pos|\.patch_(embd|merger)|sam\.(pos_embd|neck\.|net_)|a\.rvq\.codebook|mm\.a\.code_embd|^(position_embd|token_types)\.weight$/;

/** Kinds of tensors, by a part of their names: the first that fits (`tensor_get_category`). */
const KINDS = [
  ["output", /^output\.weight$/],
  ["embedding", /^(per_layer_)?token_embd\.weight$/],
  ["value", /attn_(qkv|kv_b|v)\.weight/],
  ["key", /attn_k\.weight/],
  ["attention output", /attn_output\.weight/],
  ["down", /ffn_down/],
] as const;

/** A tensor among those of its kind. */
interface Place {
  /** How many of its kind come before it, or its layer, and how many there are. */
  readonly index: number;
  readonly count: number;
}

/**
 * The format that llama.cpp (v0.5.0, `llama_tensor_get_type` of llama-quant.cpp) gives each tensor of a model that it quantises, by name; tensors that are left
 * as they are stand in none. Where rows are no whole blocks, it is the format that llama.cpp takes instead.
 * @param hasImportance an imatrix is given, for which a few rules differ.
 */
export function llamaMixture(
  mixture: Mixture,
  model: MixedModel,
  tensors: readonly MixedTensor[],
  hasImportance = false,
): ReadonlyMap<string, FormatName> {
  const formats = new Map<string, FormatName>();
  const kinds = new Map(tensors.map(({ name }) => [name, KINDS.find(([, pattern]) => pattern.test(name))?.[0]]));
  const isTied = ![...kinds.values()].includes("output");
  const values = [...kinds.values()].filter((kind) => kind === "value").length;
  const seen = { value: 0, down: 0 };
  for (const { name, shape } of [...tensors].sort(byLayer)) {
    if (!isQuantized(name, shape)) continue;
    const columns = shape[0] ?? 0;
    const kind = kinds.get(name);
    let format: FormatName = MOST[mixture];
    if (kind === "output" || (kind === "embedding" && isTied)) {
      format = ofOutput(format, model, columns);
    } else if (kind === "value") {
      format = ofValues(mixture, model, { index: seen.value++, count: values }) ?? format;
      if (model.experts === 8) format = "Q8_0";
      else if (has70B(model) && (format === "Q3_K" || format === "Q4_K")) format = "Q5_K";
    } else if (kind === "key") {
      if (model.experts === 8) format = "Q8_0";
    } else if (kind === "down") {
      const index = model.experts > 1 ? layerOf(name) : seen.down;
      seen.down++;
      format = ofDown(mixture, model, { index, count: model.layers }, hasImportance) ?? format;
    } else if (kind === "attention output") {
      format = ofAttentionOutput(mixture, model) ?? format;
    }
    formats.set(name, formatForColumns(format, columns));
  }
  return formats;
}

/**
 * Whether llama.cpp quantises a tensor: matrices, and what all experts' are, but for small ones that matter.
 * @param shape as ggml has it
 */
export function isQuantized(name: string, shape: readonly number[]): boolean {
  return name.endsWith("weight") && !KEPT.test(name) && shape.slice(1).some((size) => size > 1);
}

function layerOf(name: string): number {
  return Number(/^blk\.(\d+)\./.exec(name)?.[1] ?? -1);
}

/** The order in which llama.cpp goes through them, and counts. */
function byLayer(one: MixedTensor, other: MixedTensor): number {
  return layerOf(one.name) - layerOf(other.name) || (one.name < other.name ? -1 : 1);
}

/** The first eighth, the last, and every third between. */
function isMore({ index, count }: Place): boolean {
  const eighth = Math.floor(count / 8);
  return index < eighth || index >= Math.floor((7 * count) / 8) || (index - eighth) % 3 === 2;
}

const among = (mixture: Mixture, ...mixtures: readonly Mixture[]): boolean => mixtures.includes(mixture);

function groupsOf({ heads, keyValueHeads }: MixedModel): number {
  return keyValueHeads === 0 ? 0 : Math.floor(heads / keyValueHeads);
}

/** The models that llama.cpp takes for one of 70 billion parameters, by their layers. */
function has70B({ architecture, layers, heads, keyValueHeads }: MixedModel): boolean {
  if (architecture === "llama") return layers === 80 && heads !== keyValueHeads;
  return layers === ({ deci: 80, jais2: 68, olmo: 80, qwen2: 80 } as Readonly<Record<string, number>>)[architecture];
}

function ofOutput(format: FormatName, { architecture }: MixedModel, columns: number): FormatName {
  if (architecture === "falcon" || columns % formatOf(format).blockSize !== 0) return "Q8_0";
  return format === "Q8_0" ? "Q8_0" : "Q6_K";
}

function ofValues(mixture: Mixture, model: MixedModel, place: Place): FormatName | undefined {
  const hasGroups = groupsOf(model) >= 4;
  if (mixture === "Q2_K") return hasGroups ? "Q4_K" : "Q3_K";
  if (mixture === "Q3_K_M") return place.index < 2 ? "Q5_K" : "Q4_K";
  if (mixture === "Q3_K_L") return "Q5_K";
  if (among(mixture, "IQ4_NL", "IQ4_XS") && hasGroups) return "Q5_K";
  if (among(mixture, "Q4_K_M", "Q5_K_M") && isMore(place)) return "Q6_K";
  if (mixture === "Q4_K_S" && place.index < 4) return "Q5_K";
  return undefined;
}

function ofDown(
  mixture: Mixture,
  { architecture }: MixedModel,
  place: Place,
  hasImportance: boolean,
): FormatName | undefined {
  const { index, count } = place;
  const isFalcon = architecture === "falcon";
  const isFirstEighth = index < Math.floor(count / 8);
  const isFirstSixteenth = index < Math.floor(count / 16);
  switch (mixture) {
    case "Q2_K":
      return "Q3_K";
    case "Q3_K_M":
      if (isFirstSixteenth) return "Q5_K";
      return !isFalcon || isMore(place) ? "Q4_K" : "Q3_K";
    case "Q3_K_L":
      return isFalcon ? "Q4_K" : "Q5_K";
    case "Q4_K_M":
      if (isFalcon) return isFirstSixteenth ? "Q6_K" : isMore(place) ? "Q5_K" : "Q4_K";
      return isMore(place) ? "Q6_K" : undefined;
    case "Q5_K_M":
      return isMore(place) ? "Q6_K" : undefined;
    case "Q4_K_S":
      return !isFalcon && isFirstEighth ? "Q5_K" : undefined;
    case "IQ4_NL":
    case "IQ4_XS":
      return isFirstEighth && !hasImportance ? "Q5_K" : undefined;
    case "Q4_0":
    case "Q5_0":
      if (!isFirstEighth || !hasImportance) return undefined;
      return mixture === "Q4_0" ? "Q4_1" : "Q5_1";
    default:
      return undefined;
  }
}

function ofAttentionOutput(mixture: Mixture, { architecture, experts }: MixedModel): FormatName | undefined {
  if (architecture === "falcon") return mixture === "Q3_K_L" ? "Q4_K" : undefined;
  if (experts === 8)
    return among(mixture, "Q2_K", "Q3_K_S", "Q3_K_M", "IQ4_NL", "IQ4_XS", "Q4_K_S", "Q4_K_M") ? "Q5_K" : undefined;
  return ({ Q2_K: "Q3_K", Q3_K_M: "Q4_K", Q3_K_L: "Q5_K" } as Partial<Record<Mixture, FormatName>>)[mixture];
}
