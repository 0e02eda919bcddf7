import { ParamscopeError } from "../../../errors";
import { quote, quoteValue } from "../quote";
import { awq } from "./awq";
import { bitsandbytes } from "./bitsandbytes";
import { compressedTensors } from "./compressed-tensors";
import { fp8, modelOpt } from "./fp8";
import { gptq } from "./gptq";
import { mxfp4 } from "./mxfp4";
import { Tensors, type Decoded, type Scheme, type StoredTensors } from "./stored";

/** Every way of quantizing that is read, by the `quant_method` of a configuration, and what it is called. */
const SCHEMES: ReadonlyMap<unknown, readonly [name: string, scheme: Scheme]> = new Map<
  unknown,
  readonly [string, Scheme]
>([
  ["gptq", ["GPTQ", gptq]],
  ["awq", ["AWQ", awq]],
  ["bitsandbytes", ["bitsandbytes", bitsandbytes]],
  ["compressed-tensors", ["compressed-tensors", compressedTensors]],
  ["fp8", ["FP8", fp8]],
  ["fbgemm_fp8", ["FP8", fp8]],
  ["modelopt", ["ModelOpt", modelOpt]],
  ["mxfp4", ["MXFP4", mxfp4]],
]);

/** Where a configuration says how its model is quantized: today, in older compressed-tensors, and in MLX. */
export const QUANTIZATION_KEYS: readonly string[] = ["quantization_config", "compression_config", "quantization"];

/** Whether a configuration says that its model is quantized. */
export function isQuantized(config: Readonly<Record<string, unknown>>): boolean {
  return quantizationIn(config) !== undefined;
}

function quantizationIn(config: Readonly<Record<string, unknown>>): object | undefined {
  return QUANTIZATION_KEYS.map((key) => config[key]).find(
    (value): value is object => typeof value === "object" && value !== null,
  );
}

/** What tells that tensors are quantized, where the configuration does not. */
const MARKS: readonly string[] = [".qweight", ".weight_packed", ".absmax", ".SCB", ".weight_scale_inv"];

const BEFORE = "Use the model as it was before it was quantized, or a GGUF file of it.";

/**
 * How a configuration says that its model is quantized; undefined where it says nothing of it.
 * @param path where the model is, for errors
 * @throws ParamscopeError naming a way of quantizing that is not read.
 */
export function quantizationOf(
  path: string,
  config: Readonly<Record<string, unknown>>,
):
  { readonly name: string; readonly scheme: Scheme; readonly settings: Readonly<Record<string, unknown>> } | undefined {
  const given = quantizationIn(config);
  if (given === undefined) return undefined;
  const settings = given as Readonly<Record<string, unknown>>;
  // MLX alone has no name for what it does, and says it under a key of its own
  const method = settings.quant_method ?? (config.quantization === undefined ? undefined : "MLX");
  const [name, scheme] = SCHEMES.get(method) ?? [];
  if (name !== undefined && scheme !== undefined) return { name, scheme, settings };
  throw new ParamscopeError(
    `${path} is quantized with ${method === undefined ? "a method that config.json does not name" : quoteValue(method)}, which is not supported.`,
    `${BEFORE} Of quantized folders are read: ${[...new Set([...SCHEMES.values()].map(([one]) => one))].join(", ")}.`,
  );
}

/**
 * What the quantized tensors of a Hugging Face folder come to, by its configuration; none where it is not quantized.
 * @param path the folder, for errors
 * @throws ParamscopeError naming a way of quantizing, or what of one, is not supported; or a tensor that is missing or of another shape.
 */
export async function decodedMatrices(
  path: string,
  config: Readonly<Record<string, unknown>>,
  stored: StoredTensors,
): Promise<Decoded> {
  const quantization = quantizationOf(path, config);
  if (quantization !== undefined) {
    const { name, scheme, settings } = quantization;
    return scheme(settings, new Tensors(path, name, stored));
  }
  const mark = [...stored.keys()].find((name) => MARKS.some((ending) => name.endsWith(ending)));
  if (mark === undefined) return { matrices: new Map() };
  throw new ParamscopeError(
    `${path} is quantized (${quote(mark)}), and its config.json does not say how (quantization_config).`,
    "Download config.json again; of older models copy what quantize_config.json holds into it.",
  );
}
