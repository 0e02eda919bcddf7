import type { ShrinkRequest, Structure } from "../../../src/engine/api";
import type { Model } from "../../../src/engine/model/model";
import { sampleOf, setOf } from "./samples";
import { maxLogit } from "./sweeping";

/** What the parts of fixtures are chosen with. */
export const shrinkIds = [5, 17, 100, 42, 7, 300, 11, 256];
const samples = [sampleOf(shrinkIds), sampleOf(shrinkIds.toReversed(), "text 2")];

export const share = (amount: number) => ({ kind: "share", share: amount }) as const;

const amounts: Record<Structure, ShrinkRequest["amount"]> = {
  layers: { kind: "count", count: 2 },
  neurons: share(0.25),
  heads: share(0.5),
  experts: share(0.25),
};

export function shrinkRequestOf(
  model: Model,
  structure: Structure,
  changes: Partial<ShrinkRequest> = {},
): ShrinkRequest {
  return {
    model,
    target: maxLogit,
    threads: 1,
    set: setOf(samples),
    structure,
    amount: amounts[structure],
    by: "activation",
    seed: 0,
    ...changes,
  };
}

/** Fixtures, and what they lose: every structure, and of architectures those whose tensors or configurations are of their own kind. */
export const shrunkFixtures: [string, Structure][] = [
  ["llama", "layers"],
  ["llama", "neurons"],
  ["llama", "heads"],
  ["gemma2", "layers"],
  ["gemma3", "heads"],
  ["gpt2", "neurons"],
  ["gpt_neox", "layers"],
  ["gpt_oss", "experts"],
  ["gpt_oss", "heads"],
  ["granitemoe", "experts"],
  ["mixtral", "experts"],
  ["olmo2", "heads"],
  ["opt", "neurons"],
  ["phi3", "heads"],
  ["phi3", "neurons"],
  ["qwen2_moe", "experts"],
  ["qwen3_moe", "layers"],
  ["smollm3", "layers"],
];
