import type { BitsDocument } from "../engine/document/document";
import { elementAt } from "../engine/numbers/elements";
import { chosenOption } from "./bits";
import { shortNames } from "./matrix-names";

export type BitsTensor = BitsDocument["tensors"][number];

/** The tensors of a model as a grid, layers down and matrices across; and those outside of the layers. */
export interface BitsGrid {
  /** `q`, …; of experts' `gate ×8`. */
  readonly titles: readonly string[];
  /** A tensor for each title; undefined where the layer has none. */
  readonly rows: readonly { readonly layer: number; readonly tensors: readonly (BitsTensor | undefined)[] }[];
  readonly outside: readonly BitsTensor[];
}

export function bitsGrid({ tensors }: Pick<BitsDocument, "tensors">): BitsGrid {
  const inside = tensors.filter(({ layer }) => layer !== null);
  const modules = [...new Set(inside.map(({ module }) => module))];
  // an expert's number is no part of what they are called
  const shorts = shortNames(modules.map((module) => module.replace(/(^|\.)\*(?=\.|$)/, "")));
  const layers = [...new Set(inside.map(({ layer }) => layer ?? 0))].sort((a, b) => a - b);
  return {
    titles: modules.map((module, i) => `${elementAt(shorts, i)}${/(^|\.)\*(\.|$)/.test(module) ? " of experts" : ""}`),
    rows: layers.map((layer) => {
      const own = new Map(inside.filter((tensor) => tensor.layer === layer).map((tensor) => [tensor.module, tensor]));
      return { layer, tensors: modules.map((module) => own.get(module)) };
    }),
    outside: tensors.filter(({ layer }) => layer === null),
  };
}

/** What a tensor is called: `layer 3 down`, `embedding`. */
export function tensorName({ titles, rows }: BitsGrid, tensor: BitsTensor): string {
  if (tensor.layer === null) return tensor.module === "perLayerEmbedding" ? "embeddings of layers" : tensor.module;
  const row = rows.find(({ layer }) => layer === tensor.layer);
  const column = row?.tensors.findIndex((own) => own?.name === tensor.name) ?? -1;
  return `layer ${tensor.layer} ${titles[column] ?? tensor.module}`;
}

/** Bits of a weight at which what rounding costs is compared: of the usual formats the middle. */
const COMPARED_BITS = 4.5;

/** What rounding the weights of each matrix would cost, all in one format. */
export interface RoundingCosts {
  readonly format: string;
  /** Of the average weight; undefined: it was not measured. */
  readonly costOf: (tensor: BitsTensor) => number | undefined;
}

/** What rounding costs in the format of about 4.5 bits that all matrices of the layers could have; undefined: there is none, or nothing was measured. */
export function roundingCosts({ tensors }: Pick<BitsDocument, "tensors">): RoundingCosts | undefined {
  const inside = tensors.filter(({ layer }) => layer !== null);
  const optionIn = ({ options }: BitsTensor, name: string) =>
    options.find(({ format, cost }) => format === name && cost !== null);
  const bitsIn = (name: string): number =>
    inside.reduce((sum, tensor) => sum + 8 * (optionIn(tensor, name)?.bytes ?? 0), 0) /
    inside.reduce((sum, { parameters }) => sum + parameters, 0);
  const [format] = (inside[0]?.options ?? [])
    .map((option) => option.format)
    .filter((name) => inside.every((tensor) => optionIn(tensor, name) !== undefined))
    .sort((a, b) => Math.abs(bitsIn(a) - COMPARED_BITS) - Math.abs(bitsIn(b) - COMPARED_BITS));
  if (format === undefined) return undefined;
  return {
    format,
    costOf: (tensor) => {
      const cost = optionIn(tensor, format)?.cost;
      return cost == null ? undefined : cost / tensor.parameters;
    },
  };
}

/** What the tensors of one name take of the file together. */
export interface NamedShare {
  readonly name: string;
  readonly bytes: number;
  /** What storing them so is expected to cost; undefined: not measured. */
  readonly cost: number | undefined;
}

/** The matrices of one name of all layers, and those outside, by what they take: the largest first. */
export function sharesOf(document: Pick<BitsDocument, "tensors">): NamedShare[] {
  const grid = bitsGrid(document);
  const columns = grid.titles.map((name, column) => ({
    name,
    tensors: grid.rows.flatMap(({ tensors }) => tensors[column] ?? []),
  }));
  const outside = grid.outside.map((tensor) => ({ name: tensorName(grid, tensor), tensors: [tensor] }));
  return [...columns, ...outside]
    .map(({ name, tensors }) => {
      const costs = tensors.map((tensor) => chosenOption(tensor)?.cost ?? undefined);
      return {
        name,
        bytes: tensors.reduce((sum, tensor) => sum + (chosenOption(tensor)?.bytes ?? 0), 0),
        cost: costs.every((cost) => cost !== undefined) ? costs.reduce((sum, cost) => sum + cost, 0) : undefined,
      };
    })
    .sort((a, b) => b.bytes - a.bytes);
}
