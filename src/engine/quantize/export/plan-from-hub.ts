import { ParamscopeError } from "../../errors";
import { architectureOf } from "../../model/architectures/registry";
import { GGUF_ARCHITECTURES } from "../../model/formats/gguf-architectures";
import { ggufConfig } from "../../model/formats/gguf-config";
import { GgufDescription } from "../../model/formats/gguf-description";
import type { GgufTensor } from "../../model/formats/gguf-header";
import { GgufMetadata } from "../../model/formats/gguf-metadata";
import { quoteValue } from "../../model/formats/quote";
import { float32s, storedValue, text, type TypedValue } from "../../model/formats/gguf-values";
import type { Model } from "../../model/model";
import { GGML_TYPES } from "../../model/formats/stored-types";
import { HubModel } from "./hub-model";
import { takesHeads, writtenOf } from "./hub-metadata";
import { CONVERT, hubTensors, plannedFromHub, type HubTensor } from "./hub-tensors";
import { tokenizerEntries } from "./hub-tokenizer";
import type { GgufPlan } from "./plan";
import { plannedDivisors, ropeDivisors } from "./rope-tensors";
import { whatDiffers } from "./same-model";

/**
 * What a GGUF file of a Hugging Face folder holds: what llama.cpp's own converter writes. That the file will say what the folder says is
 * looked at: it is described as it would be read.
 * @throws ParamscopeError naming what of the folder such a file cannot say.
 */
export async function planFromHub(model: Model): Promise<GgufPlan> {
  const { values, tensors, notes } = await describedHub(model);
  for (const [key, value] of await tokenizerEntries(model)) values.set(key, value);
  return { entries: new Map([...values].map(([key, value]) => [key, storedValue(value)])), tensors, notes };
}

/** The same, but for the tokenizer, which takes a moment. */
export async function describedHub(
  model: Model,
): Promise<Pick<GgufPlan, "tensors" | "notes"> & { readonly values: Map<string, TypedValue> }> {
  const { path } = model.checkpoint;
  const hub = new HubModel(model);
  const written = writtenOf(hub);
  const architecture = written && GGUF_ARCHITECTURES.get(written.architecture);
  if (written === undefined || architecture === undefined)
    throw new ParamscopeError(
      `${path} is of the architecture ${quoteValue(model.architecture)}, of which GGUF files are not written.`,
      CONVERT,
    );
  if (!takesHeads(written.architecture, model.definition))
    throw new ParamscopeError(
      `The heads of ${model.name} are together not as wide as its hidden states, and llama.cpp opens no such file of ${written.architecture}.`,
      "Keep it as a folder, as other programs load it.",
    );
  const values = new Map<string, TypedValue>([
    ["general.architecture", text(written.architecture)],
    ["general.type", text("model")],
    ["general.name", text(model.name)],
  ]);
  for (const [key, value] of Object.entries(written.entries(hub)))
    if (value !== undefined) values.set(`${written.architecture}.${key}`, value);
  for (const [key, list] of await layerValues(hub, architecture.layerValues)) values.set(key, float32s(list));

  const divisors = ropeDivisors(hub);
  const described = (tensors: readonly HubTensor[]): GgufDescription =>
    new GgufDescription(
      new GgufMetadata(path, new Map([...values].map(([key, { value }]) => [key, value]))),
      new Map(tensors.map(({ name, dimensions }) => [name, asStored(name, dimensions)])),
      new Map([...divisors].map(([name, list]) => [name, [...list]])),
    );
  const tensors = hubTensors(hub, written.architecture, described([]));
  const description = described(tensors);
  const read = architectureOf(ggufConfig(description, architecture), path);
  const differing = whatDiffers(model.definition, read);
  if (differing !== undefined)
    throw new ParamscopeError(`A GGUF file of ${path} cannot say ${differing} as its configuration does.`, CONVERT);

  const note = written.note?.(hub);
  return {
    values,
    notes: note === undefined ? [] : [note],
    tensors: [
      ...[...divisors].map(([name, list]) => plannedDivisors(name, list)),
      ...tensors.map((tensor) => plannedFromHub(tensor, hub, { description, architecture })),
    ],
  };
}

/** Of which only name and shape are asked for. */
function asStored(name: string, dimensions: readonly number[]): GgufTensor {
  return { name, dimensions, type: FLOATS, offset: 0, bytes: 0 };
}

const FLOATS = GGML_TYPES.get(0)!;

/** Vectors of single layers that stand in the metadata, with one number for each layer, by their keys. */
async function layerValues(
  { model, definition }: HubModel,
  all: Readonly<Record<string, { readonly key: string }>> = {},
): Promise<[key: string, values: number[]][]> {
  const found: [string, number[]][] = [];
  for (const [name, { key }] of Object.entries(all)) {
    const values: number[] = [];
    for (let layer = 0; layer < definition.layers; layer++) {
      const one = new Float32Array(1);
      await model.checkpoint.read(`${definition.blocks}.${layer}.${name}`, one);
      values.push(one[0] ?? NaN);
    }
    found.push([key, values]);
  }
  return found;
}
