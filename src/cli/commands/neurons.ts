import type { Command } from "commander";
import { checkOutputs } from "../check-outputs";
import { UsageError } from "../failure";
import { readTexts, sampleSetOf } from "../inputs";
import { neuronsLines } from "../render/neurons";
import { addRunOptions, type RunFlags } from "../run-options";
import { runDocument, type CarryOut } from "../run-document";

export function addNeurons(program: Command, signal: AbortSignal, carryOut: CarryOut = runDocument): void {
  const command = addRunOptions(program.command("neurons"))
    .summary("how many feed-forward neurons can be deactivated")
    .description(
      "Deactivates, for every sample by itself, the feed-forward neurons that its prediction owes least to: how many can go before the next token changes, by attribution and by size of activation.",
    )
    .argument("[inputs...]", "text files, folders of text files, or - for standard input");
  command.action(async (operands: string[], flags: RunFlags) => {
    if (command.getOptionValueSource("threshold") === "cli")
      throw new UsageError("neurons has no threshold: it tries all shares", "Leave --threshold out.");
    await neurons(operands, flags, signal, carryOut);
  });
}

async function neurons(
  operands: readonly string[],
  flags: RunFlags,
  signal: AbortSignal,
  carryOut: CarryOut,
): Promise<void> {
  if (flags.target !== undefined || flags.answer !== undefined)
    throw new UsageError(
      "neurons asks for the likeliest next token: its target is max-logit",
      "Leave --target and --answer out.",
    );
  if (operands.length + (flags.text?.length ?? 0) === 0)
    throw new UsageError(
      "There is nothing to predict from",
      "Name a file or a folder, - for standard input, or use --text.",
    );
  await checkOutputs(flags, operands);
  const texts = await readTexts(operands, flags.text ?? []);
  await carryOut(flags, signal, {
    name: "neurons",
    run: (model, engine, options) => engine.neurons({ ...options, set: sampleSetOf(texts, model, flags) }),
    estimate: (model, engine, options) => engine.estimateNeurons({ ...options, set: sampleSetOf(texts, model, flags) }),
    lines: neuronsLines,
  });
}
