import type { ExpertStack } from "../checkpoint";
import { accessTo, type TensorAccess } from "./tensor-access";
import type { StoredMatrix } from "./read-weights";
import { elementAt } from "../../numbers/elements";

/** A tensor in which all experts of a block stand one behind the other, `[experts, …]`, and what each one's part of it is called. */
export interface StackedExperts {
  /** The name of expert `expert`'s part: `model.layers.0.mlp.experts.3.gate_up_proj.weight`. */
  readonly nameOf: (expert: number) => string;
  /** Each matrix lies the other way round, `[in, out]`. */
  readonly transposed: boolean;
}

/** `[experts, 2 · size, hidden]`, gates and ups one behind the other, and `[experts, hidden, size]`. */
const fusedExperts = (name: string): StackedExperts | undefined => {
  const [, before, matrix] = /^(.*\.experts)\.(gate_up_proj|down_proj)$/.exec(name) ?? [];
  if (before === undefined || matrix === undefined) return undefined;
  return { nameOf: (expert) => `${before}.${expert}.${matrix}.weight`, transposed: false };
};

/** How an architecture stacks its experts, by `model_type`. A bias is a vector for each. */
const STACKS: Readonly<Record<string, (name: string) => StackedExperts | undefined>> = {
  gpt_oss: (name) => {
    const [, before, matrix, bias] = /^(.*\.experts)\.(gate_up_proj|down_proj)(_bias)?$/.exec(name) ?? [];
    if (before === undefined || matrix === undefined) return undefined;
    const kind = bias === undefined ? "weight" : "bias";
    return { nameOf: (expert) => `${before}.${expert}.${matrix}.${kind}`, transposed: bias === undefined };
  },
  qwen3_5_moe: fusedExperts,
  qwen3_5_moe_text: fusedExperts,
  granitemoe: (name) => {
    const [, before] = /^(.*\.(?:input|output)_linear)\.weight$/.exec(name) ?? [];
    if (before === undefined) return undefined;
    return { nameOf: (expert) => `${before}.${expert}.weight`, transposed: false };
  },
};

/** What a tensor is a stack of; undefined where it is none. */
export function stackOf(name: string, modelType: string): StackedExperts | undefined {
  return Object.hasOwn(STACKS, modelType) ? STACKS[modelType]?.(name) : undefined;
}

/** Where a part of an expert stands in the stack that a Hugging Face checkpoint of that architecture has; undefined where it has none. */
export function stackOfPart(name: string, experts: number, modelType: string): ExpertStack | undefined {
  const [, before = "", number = "", matrix, kind] = /^(.*)\.(\d+)\.(?:(\w+)\.)?(weight|bias)$/.exec(name) ?? [];
  const stackName = matrix === undefined ? `${before}.${kind}` : `${before}.${matrix}${kind === "bias" ? "_bias" : ""}`;
  const stack = stackOf(stackName, modelType);
  if (stack?.nameOf(Number(number)) !== name) return undefined;
  return { name: stackName, expert: Number(number), experts, transposed: stack.transposed };
}

/** The parts of a stored stack, `[out, in]` each, as tensors of their own: only that of an expert which is asked for is read. */
export function unstacked(
  name: string,
  { nameOf, transposed }: StackedExperts,
  shape: readonly number[],
  stored: StoredMatrix,
): TensorAccess[] {
  const [experts = 0, ...own] = shape;
  const size = own.reduce((product, dim) => product * dim, 1);
  const bytes = (size / stored.type.weights) * stored.type.bytes;
  const isMatrix = own.length > 1;
  return Array.from({ length: experts }, (_, expert) => {
    const rows = isMatrix ? elementAt(own, 0) : 1;
    const matrix = { ...stored, offset: stored.offset + expert * bytes, rows, columns: size / rows };
    const info = {
      name: nameOf(expert),
      shape: transposed ? own.toReversed() : own,
      type: stored.type.name,
      bytes,
      stack: { name, expert, experts, transposed },
    };
    return accessTo(info, matrix, { transposed });
  });
}
