import { elementAt, zip } from "../numbers/elements";
import { bytesOfBits, chooseOptions, type Option } from "./choose-formats";
import { formatForColumns, type FormatName } from "./formats";
import { sourcesOf, type GgufView } from "./gguf-view";
import { llamaMixture } from "./llama-mixture";
import { MIXTURES, type Mixture, type SizeWish, type Way } from "./options";
import type { Rounding } from "./rounding";
import type { FormatCost } from "./rounding-costs";
import { parametersOf, type QuantizedTensor, type QuantizedTensors } from "./tensors";

/** One format for each tensor, in their order, and what all of them take with what is kept. */
export interface ChosenFormats {
  readonly formats: readonly Rounding[];
  /** The mixture or the format that all have, where the way takes one. */
  readonly mixture?: string;
  readonly bytes: number;
}

/** All that choices are made from. */
export interface Choosing extends QuantizedTensors {
  /** Formats that may be chosen, from the fewest bits on. */
  readonly roundings: readonly Rounding[];
  /** Any format by its name, for the mixtures of llama.cpp. */
  readonly roundingOf: (name: FormatName) => Rounding;
  /** What was measured by each way, per tensor. */
  readonly costs: Partial<Record<"sensitivity" | "activation", readonly ReadonlyMap<string, FormatCost>[]>>;
  /** The model as a GGUF file; undefined where it cannot be one. */
  readonly view?: GgufView | undefined;
}

/** The formats of a tensor that may be chosen; float16 where rows are no whole blocks of any. */
export function optionsOf({ roundings, roundingOf }: Choosing, { columns }: QuantizedTensor): readonly Rounding[] {
  const possible = roundings.filter(({ divides }) => divides(columns));
  return possible.length > 0 ? possible : [roundingOf("F16")];
}

/** The bytes of a choice, with what is kept. */
export function bytesOfChoice({ tensors, keptBytes }: QuantizedTensors, formats: readonly Rounding[]): number {
  return zip(tensors, formats).reduce((sum, [{ parameters }, { bytesOf }]) => sum + bytesOf(parameters), keptBytes);
}

/** The bytes that a wish leaves for weights; undefined where it names a mixture of a model that llama.cpp does not know. */
export function bytesWished(choosing: Choosing, wish: SizeWish): number | undefined {
  if (wish.kind === "bytes") return wish.bytes - (choosing.view?.overhead ?? 0);
  if (wish.kind === "mixture") return mixtureOf(choosing, wish.mixture)?.bytes;
  return bytesOfBits(parametersOf(choosing), wish.bits);
}

/** One format for each tensor within so many bytes; undefined where nothing that small is possible. */
export function chooseFormats(choosing: Choosing, by: Way, bytes: number): ChosenFormats | undefined {
  if (by === "uniform")
    return largest(
      choosing.roundings.map((one) => uniform(choosing, one)),
      bytes,
    );
  if (by === "llama.cpp")
    return largest(
      MIXTURES.flatMap((mixture) => mixtureOf(choosing, mixture) ?? []),
      bytes,
    );
  const costs = choosing.costs[by === "activation" ? "activation" : "sensitivity"];
  if (costs === undefined) throw new Error(`nothing was measured for ${by}`);
  // activations are of the blocks' matrices, and so are outputs: what is outside gets what all would get alike
  const asUniform = by === "sensitivity" ? undefined : chooseFormats(choosing, "uniform", bytes);
  const options = choosing.tensors.map((tensor, i) => {
    const own = optionsOf(choosing, tensor);
    if (by === "sensitivity" || tensor.layer !== undefined) return own;
    return [asUniform?.formats[i] ?? smallestOf(own)];
  });
  const sizes = zip(choosing.tensors, options).map(([tensor, formats], i): Option[] =>
    formats.map((format) => ({
      bytes: format.bytesOf(tensor.parameters),
      cost: costOf(elementAt(costs, i).get(format.name), by),
    })),
  );
  const chosen = chooseOptions(sizes, bytes - choosing.keptBytes);
  if (chosen === undefined) return undefined;
  const formats = zip(options, chosen).map(([own, option]) => elementAt(own, option));
  return { formats, bytes: bytesOfChoice(choosing, formats) };
}

/** The format with the fewest bits. */
export function smallestOf(formats: readonly Rounding[]): Rounding {
  return formats.reduce((least, format) => (format.bitsPerWeight < least.bitsPerWeight ? format : least));
}

function costOf(measured: FormatCost | undefined, by: Way): number {
  if (measured === undefined) return 0;
  return by === "output-error" ? measured.outputError : measured.cost;
}

function largest(choices: readonly ChosenFormats[], bytes: number): ChosenFormats | undefined {
  const fitting = choices.filter((choice) => choice.bytes <= bytes);
  return fitting.reduce<ChosenFormats | undefined>(
    (best, choice) => (best === undefined || choice.bytes > best.bytes ? choice : best),
    undefined,
  );
}

/** All tensors in one format, or in what llama.cpp takes in its place. */
function uniform(choosing: Choosing, { name }: Rounding): ChosenFormats {
  const formats = choosing.tensors.map(({ columns }) => insteadOf(choosing, name, columns));
  return { formats, mixture: name, bytes: bytesOfChoice(choosing, formats) };
}

function insteadOf({ roundings, roundingOf }: Choosing, name: string, columns: number): Rounding {
  const own = roundings.find((one) => one.name === name);
  return own?.divides(columns) ? own : roundingOf(formatForColumns(name as FormatName, columns));
}

/** What llama.cpp's mixture takes; undefined where it does not know the architecture. */
export function mixtureOf(choosing: Choosing, mixture: Mixture): ChosenFormats | undefined {
  const { view, tensors, roundingOf } = choosing;
  if (view === undefined) return undefined;
  const all = llamaMixture(
    mixture,
    view.model,
    view.plan.tensors.map(({ name, dimensions }) => ({ name, shape: dimensions })),
    true,
  );
  const sources = sourcesOf(tensors);
  const formats = new Map<number, Rounding>();
  for (const planned of view.plan.tensors)
    for (const number of sources(planned)) {
      const format = all.get(planned.name);
      // of what is fused in the checkpoint, both parts have the same
      if (format !== undefined) formats.set(number, roundingOf(format));
    }
  const chosen = tensors.map(
    ({ columns }, number) => formats.get(number) ?? roundingOf(formatForColumns("F16", columns)),
  );
  return { formats: chosen, mixture, bytes: bytesOfChoice(choosing, chosen) };
}
