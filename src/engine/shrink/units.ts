import type { HeadLayout } from "../model/architectures/architecture";
import { headsOf } from "../model/architectures/heads";
import type { BlockWeight } from "../model/architectures/block-builder";
import { blockAt, neuronsAt, type Model, type ModelBlock } from "../model/model";
import type { Structure } from "./options";

/** What belongs to no unit, and stays. */
export const NO_UNIT = -1;

/** What of a tensor belongs to which unit. */
export type Slice =
  | {
      /** The tensor's name within the block. */
      readonly tensor: string;
      readonly axis: "rows" | "columns";
      /** The unit of each row or column; `NO_UNIT`: of none. */
      readonly units: Int32Array;
    }
  | { readonly tensor: string; readonly axis: "whole"; readonly unit: number };

/** What of a block can go: so many neurons, heads or experts, and the parts of tensors that go with each. */
export interface BlockUnits {
  readonly count: number;
  readonly slices: readonly Slice[];
}

/** What a structure other than layers has in a layer; undefined where there is none, or it cannot be told apart. */
export function unitsAt(model: Model, structure: Structure, layer: number): BlockUnits | undefined {
  switch (structure) {
    case "layers":
      return undefined;
    case "neurons":
      return neuronUnits(model, layer);
    case "heads":
      return headUnits(model, layer);
    case "experts":
      return expertUnits(blockAt(model, layer));
  }
}

/** A neuron is a column of the matrix that leads down, and its rows in those that lead up, with their biases. */
function neuronUnits(model: Model, layer: number): BlockUnits | undefined {
  const down = neuronsAt(model, layer);
  if (down === undefined) return undefined;
  const { common, definition, modules } = blockAt(model, layer);
  const count = down.in;
  const beginning = down.name.slice(0, down.name.lastIndexOf(".") + 1);
  const slices: Slice[] = [{ tensor: `${down.name}.weight`, axis: "columns", units: inOrder(count) }];
  for (const { name, out } of modules) {
    const isBeside = name.startsWith(beginning) && !name.slice(beginning.length).includes(".");
    if (!isBeside || name === down.name) continue;
    const fused = definition.fused?.[name];
    const units = new Int32Array(out).fill(NO_UNIT);
    for (const { rows } of fused ?? [{ rows: [[0, out] as const] }]) {
      let unit = 0;
      for (const [from, to] of rows) for (let row = from; row < to; row++) units[row] = unit++;
      if (unit !== count) return undefined;
    }
    slices.push(...alongRows(common.weights, name, units));
  }
  return { count, slices };
}

/** A head is a key head with all query heads that look at it: their rows of q, k and v, and their columns of o. */
function headUnits(model: Model, layer: number): BlockUnits | undefined {
  const { definition, common } = blockAt(model, layer);
  const { queryHeads, headSize, layer: kindOf } = model.definition;
  const count = kindOf(layer).keyValueHeads ?? model.definition.keyValueHeads;
  const layouts = Object.entries(definition.heads);
  if (layouts.length === 0) return undefined;
  const grouped = queryHeads / count;
  const unitOf = (head: number, of: number): number => (of === count ? head : Math.floor(head / grouped));
  const slices: Slice[] = [];
  for (const [name, layout] of layouts) {
    const module = common.modules.find((one) => one.name === name);
    if (module === undefined) return undefined;
    const units = new Int32Array(layout.axis === "rows" ? module.out : module.in).fill(NO_UNIT);
    for (const { head, from, of } of countedHeads(layout)) {
      if (of !== count && of !== queryHeads) return undefined;
      units.fill(unitOf(head, of), from, from + layout.size);
    }
    if (units.includes(NO_UNIT)) return undefined;
    if (layout.axis === "columns") slices.push({ tensor: `${name}.weight`, axis: "columns", units });
    else slices.push(...alongRows(common.weights, name, units));
  }
  for (const { name, shape } of common.weights) {
    const of = /\bq_norm\./.test(name) || /\bsinks$/.test(name) ? queryHeads : /\bk_norm\./.test(name) ? count : 0;
    const [rows = 0] = shape;
    // one vector for all heads stays as it is
    const each = rows === of ? 1 : rows === of * headSize ? headSize : 0;
    if (of === 0 || each === 0 || rows === headSize) continue;
    const units = Int32Array.from({ length: rows }, (_, row) => unitOf(Math.floor(row / each), of));
    slices.push({ tensor: name, axis: "rows", units });
  }
  return { count, slices };
}

/** The heads of a matrix, and how many there are of their part. */
function countedHeads(layout: HeadLayout): { readonly head: number; readonly from: number; readonly of: number }[] {
  const heads = headsOf(layout);
  return heads.map(({ part, head, from }) => ({
    head,
    from,
    of: Math.max(...heads.filter((other) => other.part === part).map((other) => other.head)) + 1,
  }));
}

/** An expert is its matrices, its row of the router's, and what the router has for it besides. */
function expertUnits({ experts, definition, common }: ModelBlock): BlockUnits | undefined {
  const router = definition.experts?.router;
  if (experts.length === 0 || router === undefined) return undefined;
  const count = experts.length;
  const whole = experts.flatMap(({ weights }, unit) =>
    weights.map(({ name }): Slice => ({ tensor: name, axis: "whole", unit })),
  );
  const ofRouter = common.weights.filter(
    ({ name, shape: [rows] }) =>
      rows === count && (name.startsWith(`${router}.`) || name.endsWith("e_score_correction_bias")),
  );
  const rows = ofRouter.map(({ name }): Slice => ({ tensor: name, axis: "rows", units: inOrder(count) }));
  return { count, slices: [...whole, ...rows] };
}

/** A matrix' rows and those of its bias, where it has one. */
function alongRows(weights: readonly BlockWeight[], module: string, units: Int32Array): Slice[] {
  return weights
    .filter(({ name }) => name === `${module}.weight` || name === `${module}.bias`)
    .map(({ name }) => ({ tensor: name, axis: "rows", units }));
}

const inOrder = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);
