import { type Command, Option } from "commander";
import type { PruneAllocation, PruneCriterion, PruneMethod, Threshold } from "../engine/api";
import { defaults } from "../engine/run/defaults";
import { parsePattern, parseSparsity } from "./options";
import { UsageError } from "./failure";
import { targetOf } from "./run";
import type { RunFlags } from "./run-options";

/** How a model is pruned, for every command that does; the share is `--threshold`. */
export interface MethodFlags extends Omit<PruneMethod, "share"> {
  readonly threshold: Threshold;
}

/** The options of `MethodFlags`, by their names in the flags. */
export const methodOptions = ["sparsity", "criterion", "allocation", "pattern"] as const;

/** Adds the options that say how a model is pruned. */
export function addMethodOptions(command: Command): Command {
  const { pruning } = defaults;
  return command
    .addOption(
      new Option("--sparsity <s>", "the share of the weights that goes")
        .argParser(parseSparsity)
        .default(pruning.sparsity, String(pruning.sparsity)),
    )
    .addOption(
      new Option("--criterion <criterion>", "by what the weights that go are chosen")
        .choices(["magnitude", "wanda", "activation", "sparsegpt"] satisfies PruneCriterion[])
        .default(pruning.criterion),
    )
    .addOption(
      new Option("--allocation <allocation>", "the same share of every layer, or less of those that activate densely")
        .choices(["uniform", "activation"] satisfies PruneAllocation[])
        .default(pruning.allocation),
    )
    .addOption(
      new Option("--pattern <n:m>", "n of every m consecutive inputs of a row go: 2:4, 4:8")
        .argParser(parsePattern)
        .conflicts("sparsity"),
    );
}

/**
 * How a model is pruned, with texts as they are.
 * @throws UsageError for texts that are not, and for an absolute threshold, which says nothing of how dense a layer is beside another.
 */
export function methodOf(
  command: string,
  {
    sparsity,
    criterion,
    allocation,
    pattern,
    threshold,
    ...flags
  }: MethodFlags & Pick<RunFlags, "chat" | "target" | "answer">,
): PruneMethod {
  if (flags.chat) throw new UsageError(`${command} takes texts as they are`, "Leave --chat out.");
  const target = targetOf(flags);
  if (target === "answer" || target?.startsWith("answer:"))
    throw new UsageError(`${command} takes texts as they are, with no answer behind them`, "Take another target.");
  if (threshold.mode === "absolute")
    throw new UsageError(
      `${command} takes the strongest share as active, not an absolute threshold`,
      "Write --threshold 10%.",
    );
  return { sparsity, criterion, allocation, pattern, share: threshold.share };
}
