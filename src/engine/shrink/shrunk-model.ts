import { ParamscopeError } from "../errors";
import type { TensorInfo } from "../model/checkpoint";
import { architectureOf } from "../model/architectures/registry";
import { blockAt, reshapedModel, type Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import { changedKeys } from "./configuration";
import type { Structure } from "./options";
import { ShrunkCheckpoint, type ShrunkTensor } from "./shrunk-checkpoint";
import { unitsAt, type BlockUnits } from "./units";

/** What stays of a model. */
export interface Kept {
  readonly structure: Structure;
  /** The numbers of the layers that stay, ascending. */
  readonly layers: readonly number[];
  /** By the number of the layer the neurons, heads or experts of it that stay, ascending; undefined where there are none. */
  readonly units: readonly (readonly number[] | undefined)[];
}

/**
 * The model without what does not stay, as its changed configuration describes it. Nothing of it is stored: what is read are rows and columns of what is.
 * Closing it closes the whole one.
 * @throws ParamscopeError naming what a configuration of the architecture cannot say.
 */
export function shrunkModel(model: Model, kept: Kept): Model {
  const { checkpoint } = model;
  const remaining = { structure: kept.structure, layers: kept.layers, ...sameCount(kept) };
  const config = { ...checkpoint.config, ...changedKeys(model, remaining) };
  const shrunk = new ShrunkCheckpoint(checkpoint, config, shrunkTensors(model, kept));
  let made: Model;
  try {
    // what is wrong with the configuration itself is said in its own words
    architectureOf(config, checkpoint.path, [...shrunk.tensors.keys()]);
  } catch (cause) {
    if (!(cause instanceof ParamscopeError)) throw cause;
    throw cannotSay(model, kept, cause.message, cause);
  }
  try {
    made = describedBy(model, shrunk, kept);
  } catch (cause) {
    if (!(cause instanceof ParamscopeError)) throw cause;
    throw cannotSay(model, kept, "it has no number for that", cause);
  }
  const differs = whatDiffers(model, made, kept) ?? whatOthersLack(made, model);
  if (differs !== undefined) throw cannotSay(model, kept, differs);
  return made;
}

/** What transformers would stumble over, which a configuration can say. */
function whatOthersLack(made: Model, { checkpoint: { config } }: Model): string | undefined {
  const attends = (types: unknown): boolean =>
    Array.isArray(types) && types.some((type) => type === "full_attention" || type === "sliding_attention");
  const { layer_types: types } = made.checkpoint.config;
  if (attends(config.layer_types) && !attends(types))
    return "no layer would have attention, and transformers does not run such a model";
  return undefined;
}

/** With windows spelled out where only a rule says which layers slide: by the rule others would. */
function describedBy(model: Model, shrunk: ShrunkCheckpoint, kept: Kept): Model {
  const made = reshapedModel(model, shrunk);
  if (kept.structure !== "layers" || whatDiffers(model, made, kept) === undefined) return made;
  const types = kept.layers.map((layer) =>
    model.definition.layer(layer).window === undefined ? "full_attention" : "sliding_attention",
  );
  return reshapedModel(model, shrunk.withConfig({ ...shrunk.config, layer_types: types }));
}

function sameCount({ units }: Kept): { readonly units?: number } {
  const counts = new Set(units.flatMap((own) => (own === undefined ? [] : [own.length])));
  const [count, ...others] = counts;
  if (others.length > 0) throw new Error("as many stay in every layer");
  return count === undefined ? {} : { units: count };
}

/** What the shrunk model would do otherwise than the whole one, by its configuration; undefined: nothing. */
function whatDiffers(model: Model, shrunk: Model, { layers }: Kept): string | undefined {
  const [own, other] = [model.definition, shrunk.definition];
  if (own.headSize !== other.headSize) return `heads would have ${other.headSize} values, and have ${own.headSize}`;
  if (JSON.stringify(own.rope) !== JSON.stringify(other.rope)) return "positions would turn otherwise";
  for (const [i, layer] of layers.entries()) {
    const [before, after] = [own.layer(layer), other.layer(i)];
    if (before.window !== after.window)
      return `by the rule that says which layers slide, layer ${layer} would see another stretch of text as layer ${i}`;
    if ((before.rotary ?? true) !== (after.rotary ?? true) || before.borrowsFrom !== after.borrowsFrom)
      return `layer ${layer} would be of another kind as layer ${i}`;
    const names = (block: Model["blocks"][number]): string => block.weights.map(({ name }) => name).join(" ");
    const [whole, made] = [blockAt(model, layer), blockAt(shrunk, i)];
    // experts that are gone have no names any more
    if (whole.experts.length === made.experts.length && names(whole) !== names(made))
      return `layer ${layer} would be of another kind as layer ${i}`;
  }
  return undefined;
}

const REMEDIES: Readonly<Record<Structure, string>> = {
  layers: "Take out fewer or others, chosen by another way, or neurons or heads.",
  neurons: "Take out layers or heads.",
  heads: "Take out another share of them, or neurons or layers.",
  experts: "Take out layers or heads.",
};

function cannotSay(model: Model, { structure }: Kept, why: string, cause?: Error): ParamscopeError {
  return new ParamscopeError(
    `A configuration of ${model.architecture} cannot say what would be left of the ${structure} of ${model.name}: ${why.replace(/\.$/, "")}.`,
    REMEDIES[structure],
    { cause },
  );
}

function shrunkTensors(model: Model, kept: Kept): ShrunkTensor[] {
  const { checkpoint, definition } = model;
  const tensors: ShrunkTensor[] = [];
  for (const info of checkpoint.tensors.values())
    if (!info.name.startsWith(`${definition.blocks}.`)) tensors.push({ info, source: info.name });
  for (const [i, layer] of kept.layers.entries()) {
    const units = kept.units[layer];
    const of = units && unitsAt(model, kept.structure, layer);
    const parts = units && of ? partsOf(model, layer, of, units) : new Map<string, Part | undefined>();
    for (const { name } of blockAt(model, layer).weights) {
      const info = checkpoint.tensors.get(`${definition.blocks}.${layer}.${name}`);
      if (info === undefined) throw new Error(`the model has no ${name} in layer ${layer}`);
      const part = parts.has(name) ? parts.get(name) : { name };
      if (part === undefined) continue;
      const { rows, columns } = part;
      const shape = info.shape.map(
        (dim, axis) => (axis === 0 ? rows : axis === 1 ? columns : undefined)?.length ?? dim,
      );
      const stack = restacked(info, part, i);
      tensors.push({
        info: {
          ...info,
          name: `${definition.blocks}.${i}.${part.name}`,
          shape,
          bytes: Math.round((info.bytes * size(shape)) / size(info.shape)),
          ...(stack && { stack }),
        },
        source: info.name,
        rows,
        columns,
      });
    }
  }
  return tensors;

  function restacked({ stack }: TensorInfo, { expert, experts }: Part, layer: number): TensorInfo["stack"] {
    if (stack === undefined) return undefined;
    const beginning = new RegExp(`^${definition.blocks.replaceAll(".", "\\.")}\\.\\d+\\.`);
    return {
      ...stack,
      name: stack.name.replace(beginning, `${definition.blocks}.${layer}.`),
      ...(expert !== undefined && experts !== undefined && { expert, experts }),
    };
  }
}

/** What stays of a tensor of a block. */
interface Part {
  /** What it is called within the block. */
  readonly name: string;
  readonly rows?: Int32Array;
  readonly columns?: Int32Array;
  /** Of an expert's tensor its new number, and how many there are. */
  readonly expert?: number;
  readonly experts?: number;
}

/** By the names of the tensors that change; undefined: it goes wholly. */
function partsOf(
  model: Model,
  layer: number,
  { slices, count }: BlockUnits,
  kept: readonly number[],
): Map<string, Part | undefined> {
  const stays = new Uint8Array(count);
  for (const unit of kept) stays[unit] = 1;
  const { experts } = blockAt(model, layer);
  const parts = new Map<string, Part | undefined>();
  for (const slice of slices) {
    if (slice.axis === "whole") {
      const expert = kept.indexOf(slice.unit);
      const at = elementAt(experts, slice.unit).weights.findIndex(({ name }) => name === slice.tensor);
      const name = expert < 0 ? "" : elementAt(elementAt(experts, expert).weights, at).name;
      parts.set(slice.tensor, expert < 0 ? undefined : { name, expert, experts: kept.length });
      continue;
    }
    // what belongs to none stays: `stays` has nothing at NO_UNIT
    const indices = Int32Array.from([...slice.units.keys()].filter((i) => stays[slice.units[i]!] !== 0));
    parts.set(slice.tensor, {
      name: slice.tensor,
      ...(slice.axis === "rows" ? { rows: indices } : { columns: indices }),
    });
  }
  return parts;
}

const size = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);
