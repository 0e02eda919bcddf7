import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { PruneAllocation, PruneCriterion, PruneRequest } from "../../../src/engine/api";
import type { PruningDocument } from "../../../src/engine/document/document";
import type { Model } from "../../../src/engine/model/model";
import { prune } from "../../../src/engine/prune/prune";
import type { Text } from "../../../src/engine/text/text";
import { resultOf } from "./reference-values";
import { maxLogit } from "./sweeping";

/** What the reference program wrote of one model: `prune_reference.py`, its options in `command`. */
export interface PruneReference {
  readonly sparsity: number;
  readonly context: number;
  readonly windows: number;
  readonly dense: number;
  readonly density: readonly number[];
  readonly allocation: readonly number[];
  readonly perplexity: Readonly<Record<PruneCriterion, Readonly<Record<PruneAllocation, number>>>>;
  readonly layers: Readonly<
    Record<
      PruneCriterion,
      Readonly<
        Record<PruneAllocation, readonly Readonly<Record<string, { readonly zeros: number; readonly kept: number }>>[]>
      >
    >
  >;
}

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

export const pruneReference = (name: string): PruneReference =>
  JSON.parse(read(`reference/prune.${name}.json`)) as PruneReference;

export const calibrationTexts = (): Text[] =>
  (JSON.parse(read("reference/prune.calibration.json")) as { texts: string[] }).texts.map((text, i) => ({
    source: `calibration ${i + 1}`,
    text,
  }));

/** A pruning that takes little time: two of those texts, in short windows. */
export function pruneRequestOf(model: Model, changes: Partial<PruneRequest>): PruneRequest {
  return {
    model,
    target: maxLogit,
    threads: 1,
    calibration: calibrationTexts().slice(0, 2),
    window: 32,
    sparsity: 0.5,
    criterion: "wanda",
    allocation: "uniform",
    share: 0.1,
    ...changes,
  };
}

export const evaluationText = (): Text => ({
  source: "wikitext2-valid-head.txt",
  text: read("data/wikitext2-valid-head.txt"),
});

/** Prunes as the reference did. */
export async function pruneLike(
  reference: PruneReference,
  model: Model,
  criterion: PruneCriterion,
  allocation: PruneAllocation,
  options: { readonly densities?: readonly number[]; readonly threads?: number } = {},
): Promise<PruningDocument> {
  const { document } = await resultOf(
    prune({
      model,
      target: maxLogit,
      threads: 1,
      calibration: calibrationTexts(),
      window: reference.context,
      sparsity: reference.sparsity,
      criterion,
      allocation,
      share: 0.1,
      evaluation: { text: evaluationText(), windows: reference.windows },
      ...options,
    }),
  );
  return document;
}

/**
 * Where a document is farther from the reference than the definitions allow; none is what a test wants. `perplexity` says how far,
 * relative to the reference's, the pruned model's may be; it is not looked at where it is `undefined`.
 */
export function pruneDeviations(
  document: PruningDocument,
  reference: PruneReference,
  { perplexity: perplexityTolerance, kept: relative }: { readonly perplexity?: number; readonly kept?: number },
): string[] {
  const { criterion, allocation } = document;
  const deviations: string[] = [];
  const check = (what: string, ours: number, theirs: number, tolerance: number): void => {
    if (!(Math.abs(ours - theirs) <= tolerance)) deviations.push(`${what}: ${ours} instead of ${theirs}`);
  };
  const isUpdated = criterion === "sparsegpt";
  const keptTolerance = relative ?? (isUpdated ? 1e-2 : 1e-3);
  for (const { layer, sparsity, modules } of document.layers) {
    if (allocation === "activation") check(`sparsity of layer ${layer}`, sparsity, reference.allocation[layer], 0.003);
    for (const { name, zeros, kept } of modules) {
      const theirs = reference.layers[criterion][allocation][layer][name];
      const at = `layer ${layer} ${name}`;
      check(`zeros of ${at}`, zeros, theirs.zeros, isUpdated ? 0.001 * theirs.zeros : 0);
      check(`kept of ${at}`, kept, theirs.kept, keptTolerance * theirs.kept);
    }
  }
  expect(document.perplexity).not.toBeNull();
  const { dense, pruned } = document.perplexity ?? { dense: NaN, pruned: NaN };
  if (perplexityTolerance !== undefined) {
    check("perplexity, dense", dense, reference.dense, 1e-3 * reference.dense);
    const theirs = reference.perplexity[criterion][allocation];
    check("perplexity, pruned", pruned, theirs, perplexityTolerance * theirs);
  }
  return deviations;
}
