import type { Node } from "../../graph/graph";
import { blockOf, type Architecture, type Block, type LayerKind } from "../../model/architectures/architecture";
import { BlockBuilder } from "../../model/architectures/block-builder";
import type { Rope } from "../../model/architectures/rope";

/** Numbers of a file are float32. */
const NEAR = 2e-6;
/** Divisors of frequencies are rounded as well. */
const NEAR_FREQUENCIES = 1e-5;

/**
 * What two descriptions compute otherwise, in words; undefined: nothing. Names of tensors do not count, nor how long texts may be.
 * @param source the model's own
 * @param read that of the file
 */
export function whatDiffers(source: Architecture, read: Architecture): string | undefined {
  const numbers = (a: unknown, b: unknown): boolean => isAlike(a, b, NEAR);
  const of = (pick: (architecture: Architecture) => unknown): boolean => numbers(pick(source), pick(read));
  if (!of(({ layers, hiddenSize, vocabularySize }) => [layers, hiddenSize, vocabularySize])) return "its sizes";
  if (!of(({ queryHeads }) => queryHeads)) return "how many heads there are";
  if (!of(({ embedding }) => [embedding.scale, embedding.norm?.epsilon, embedding.perLayer?.size]))
    return "what is done to embeddings";
  if (
    !of(({ head: { scale, softcap, norm } }) => [
      scale ?? 1,
      softcap,
      norm?.kind,
      norm?.epsilon,
      norm?.plusOne ?? false,
    ])
  )
    return "what is done to logits";
  const isRopeAlike = (["full", "sliding"] as const).every((kind) => {
    const [a, b] = [source, read].map(({ rope }) => rope?.[kind] ?? rope?.full);
    return a === undefined || b === undefined ? a === b : isSameRope(a, b);
  });
  if (!isRopeAlike) return "how positions turn (its rope)";
  const lengths = [0, 1, 100, 20_000];
  if (!of(({ queryScale }) => lengths.map((position) => queryScale?.(position) ?? 1)))
    return "how queries are scaled by their positions";
  if ((source.positionBias === undefined) !== (read.positionBias === undefined)) return "what positions add to scores";
  for (let layer = 0; layer < source.layers; layer++) {
    const [a, b] = [source, read].map((one) => kindOf(one, layer));
    if (!numbers(a, b)) return `what layer ${layer} sees`;
    if (!isSameBlock(blockOf(source, layer), blockOf(read, layer), source.hiddenSize))
      return `what layer ${layer} computes`;
  }
  return undefined;
}

function kindOf({ layer, keyValueHeads }: Architecture, index: number): unknown {
  const kind: LayerKind = layer(index);
  return [kind.window, kind.rotary ?? true, kind.keyValueHeads ?? keyValueHeads, kind.borrowsFrom];
}

function isSameRope(a: Rope, b: Rope): boolean {
  const at = (rope: Rope, length: number): Float32Array => rope.frequenciesAt?.(length) ?? rope.frequencies;
  return (
    isAlike(
      [a.rotated, a.interleaved ?? false, a.scale],
      [b.rotated, b.interleaved ?? false, b.scale],
      NEAR_FREQUENCIES,
    ) && [1, 1e6].every((length) => isAlike([...at(a, length)], [...at(b, length)], NEAR_FREQUENCIES))
  );
}

function isSameBlock(a: Block, b: Block, hiddenSize: number): boolean {
  const written = (compute: Block["compute"]): Node => compute(new BlockBuilder(hiddenSize, false));
  if (!isSameNode(written(a.compute), written(b.compute), new Set())) return false;
  return isAlike([a.experts?.count, a.experts?.perToken], [b.experts?.count, b.experts?.perToken], 0);
}

/** @param seen pairs that were looked at */
function isSameNode(a: Node, b: Node, seen: Set<string>): boolean {
  const pair = `${a.id} ${b.id}`;
  if (seen.has(pair)) return true;
  seen.add(pair);
  const [ofA, ofB]: [readonly Node[], readonly Node[]] = [a.inputs, b.inputs];
  return (
    a.op === b.op &&
    isAlike(a.shape, b.shape, 0) &&
    isAlike(a.attributes, b.attributes, NEAR) &&
    ofA.length === ofB.length &&
    ofA.every((input, i) => isSameNode(input, ofB[i]!, seen))
  );
}

/** Whether two values are equal, their numbers but for a share. */
function isAlike(a: unknown, b: unknown, share: number): boolean {
  if (typeof a === "number" && typeof b === "number")
    return a === b || Math.abs(a - b) <= share * Math.max(Math.abs(a), Math.abs(b));
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const [ofA, ofB] = [Object.entries(a), new Map(Object.entries(b))];
  return ofA.length === ofB.size && ofA.every(([key, value]) => isAlike(value, ofB.get(key), share));
}
