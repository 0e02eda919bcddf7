import { type Command, Option } from "commander";
import type { PruneAllocation, PruneCriterion, PruneMethod, Threshold } from "../engine/api";
import { mean } from "../engine/numbers/statistics";
import { defaults } from "../engine/run/defaults";
import { parsePattern, parseSparsity, parseStrength } from "./options";
import { UsageError } from "./failure";
import { readAllocation } from "./given-allocation";
import { targetOf } from "./run";
import type { RunFlags } from "./run-options";

/** How a model is pruned, for every command that does; the share is `--threshold`. */
export interface MethodFlags extends Pick<PruneMethod, "criterion" | "strength" | "pattern"> {
  /** Not where it is not said. */
  readonly sparsity?: number;
  /** One that is reckoned, or the file that gives one. */
  readonly allocation: string;
  readonly threshold: Threshold;
}

/** Those that are reckoned; all else is a file's name. */
const RECKONED = ["uniform", "activation", "owl"] as const satisfies PruneAllocation[];

/** The options of `MethodFlags`, by their names in the flags. */
export const methodOptions = ["sparsity", "criterion", "allocation", "strength", "pattern"] as const;

/** Adds the options that say how a model is pruned. */
export function addMethodOptions(command: Command): Command {
  const { pruning } = defaults;
  return command
    .addOption(
      new Option(
        "--sparsity <s>",
        `the share of the weights that goes (default: ${pruning.sparsity}, or what a file of --allocation has)`,
      ).argParser(parseSparsity),
    )
    .addOption(
      new Option("--criterion <criterion>", "by what the weights that go are chosen")
        .choices(["magnitude", "wanda", "activation", "sparsegpt"] satisfies PruneCriterion[])
        .default(pruning.criterion),
    )
    .addOption(
      new Option(
        "--allocation <allocation>",
        `the same share of every layer, uniform; less of those that activate densely, activation, or that have more outliers, owl; or as a JSON file has it, a list of shares or a saved pruning`,
      ).default(pruning.allocation),
    )
    .addOption(
      new Option(
        "--strength <share>",
        `how far layers may lie from their mean, by activation or owl (default: ${pruning.strength})`,
      ).argParser(parseStrength),
    )
    .addOption(
      new Option("--pattern <n:m>", "n of every m consecutive inputs of a row go: 2:4, 4:8")
        .argParser(parsePattern)
        .conflicts("sparsity"),
    );
}

/** The file that an allocation is read from, where it is one. */
export function allocationFile({ allocation }: Pick<MethodFlags, "allocation">): string | undefined {
  return reckonedBy(allocation) === undefined ? allocation : undefined;
}

function reckonedBy(allocation: string): (typeof RECKONED)[number] | undefined {
  return RECKONED.find((name) => name === allocation);
}

/**
 * How a model is pruned, with texts as they are.
 * @throws ParamscopeError where a file of the allocation is none; UsageError for texts that are not, and for an absolute threshold, which says nothing of how dense a layer is beside another.
 */
export async function methodOf(
  command: string,
  {
    sparsity,
    criterion,
    allocation,
    strength,
    pattern,
    threshold,
    ...flags
  }: MethodFlags & Pick<RunFlags, "chat" | "target" | "answer">,
): Promise<PruneMethod> {
  if (flags.chat) throw new UsageError(`${command} takes texts as they are`, "Leave --chat out.");
  const target = targetOf(flags);
  if (target === "answer" || target?.startsWith("answer:"))
    throw new UsageError(`${command} takes texts as they are, with no answer behind them`, "Take another target.");
  if (threshold.mode === "absolute")
    throw new UsageError(
      `${command} takes the strongest share as active, not an absolute threshold`,
      "Write --threshold 10%.",
    );
  const { pruning } = defaults;
  const shared = { criterion, pattern, share: threshold.share };
  const reckoned = reckonedBy(allocation);
  if (strength !== undefined && (reckoned === undefined || reckoned === "uniform"))
    throw new UsageError(
      "--strength has no meaning where nothing is reckoned of the layers",
      "Leave it out, or write --allocation activation or owl.",
    );
  if (reckoned !== undefined)
    return { ...shared, sparsity: sparsity ?? pruning.sparsity, allocation: reckoned, strength };
  const sparsities = await readAllocation(allocation);
  return { ...shared, sparsity: sparsity ?? mean(sparsities), allocation: "given", sparsities };
}
