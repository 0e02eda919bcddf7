import { numberedName } from "./matrix-names";

/** A matrix of a block: its name, and its outputs and inputs. */
interface Matrix {
  readonly name: string;
  readonly shape: readonly [out: number, input: number];
}

/** A branch of a block beside its residual stream: attention, feed-forward, … */
export interface Branch<M extends Matrix> {
  readonly title: string;
  /** What is computed from the stream, in the order of the block: places among its matrices, experts' of one name together. */
  readonly reads: readonly Group<M>[];
  /** What is added to the stream. */
  readonly writes: Group<M>;
}

/** A matrix, or those of all experts of one name. */
export interface Group<M extends Matrix> {
  readonly name: string;
  readonly matrices: readonly M[];
  /** Their places among the matrices of the block. */
  readonly places: readonly number[];
}

/**
 * The branches of a block, from the names and shapes of its matrices, which stand in the order in which they are used: what is called alike
 * belongs together, and the last of a branch that gives as many values as the stream has writes to it.
 */
export function branchesOf<M extends Matrix>(matrices: readonly M[]): Branch<M>[] {
  const groups = new Map<string, { matrices: M[]; places: number[] }>();
  matrices.forEach((matrix, place) => {
    const { name } = numberedName(matrix.name);
    const group = groups.get(name) ?? { matrices: [], places: [] };
    group.matrices.push(matrix);
    group.places.push(place);
    groups.set(name, group);
  });
  const branches = new Map<string, Group<M>[]>();
  for (const [name, group] of groups) {
    const key = keyOf(name);
    branches.set(key, [...(branches.get(key) ?? []), { name, ...group }]);
  }
  const width = matrices[0]?.shape[1];
  return [...branches].flatMap(([key, all]) => {
    const writes = all.findLast(({ matrices: [matrix] }) => matrix?.shape[0] === width) ?? all.at(-1);
    return writes === undefined
      ? []
      : [{ title: titleOf(key, writes.name), reads: all.filter((group) => group !== writes), writes }];
  });
}

/** What is in front of the first dot, experts that all tokens pass apart; nothing of names without one. */
function keyOf(name: string): string {
  const [first = "", ...rest] = name.split(".");
  if (rest.length === 0) return "";
  return rest.some((segment) => segment.startsWith("shared")) ? `${first} shared` : first;
}

function titleOf(key: string, name: string): string {
  if (name.startsWith("per_layer")) return "Input of the layer";
  if (key.endsWith(" shared")) return "Shared expert";
  if (key.includes("linear_attn")) return "Linear attention";
  if (key.includes("att")) return "Attention";
  if (key.includes("conv")) return "Convolution";
  if (key.includes("moe")) return "Experts";
  return "Feed-forward";
}
