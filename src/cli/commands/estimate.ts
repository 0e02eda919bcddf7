import type { Command } from "commander";
import { checkOutputs } from "../check-outputs";
import { printEstimate, estimateDocument } from "../estimate-document";
import { UsageError } from "../failure";
import { readTexts, sampleSetOf } from "../inputs";
import { runOptions, withModel } from "../run";
import { addAnalyze, readBy, typicalWish, type AnalyzeFlags } from "./analyze";
import { addCompare } from "./compare";
import { addDomains } from "./domains";
import { addNeurons } from "./neurons";
import { addPairs } from "./pairs";
import { addPatch } from "./patch";
import { addPrune } from "./prune";
import { addQuantize } from "./quantize";
import { addShrink } from "./shrink";

export function addEstimate(program: Command, signal: AbortSignal): void {
  const estimate = program
    .command("estimate")
    .summary("what would a command cost")
    .description(
      "Says how long a command would take, how much memory and how many reads from disk. It computes nothing.",
    )
    .usage("<command> ...");
  addAnalyze(estimate, signal, estimateAnalysis);
  for (const add of [addCompare, addDomains, addPairs, addPatch, addPrune, addQuantize, addShrink, addNeurons])
    add(estimate, signal, estimateDocument);
  for (const command of estimate.commands)
    command.summary("").description(`What \`${command.name()}\` would cost with the same arguments.`);
}

async function estimateAnalysis(operands: readonly string[], flags: AnalyzeFlags, signal: AbortSignal): Promise<void> {
  if (operands.length + (flags.text?.length ?? 0) === 0) {
    throw new UsageError("There is nothing to estimate", "Give the texts that analyze would get.");
  }
  await checkOutputs(flags, readBy(operands, flags));
  const texts = await readTexts(operands, flags.text ?? []);
  const typical = await typicalWish(flags, texts);
  await withModel(flags.model, {}, signal, async (model, engine) => {
    const options = runOptions(flags, model, engine, signal);
    const set = sampleSetOf(texts, model, flags);
    const cost = await engine.estimateAnalysis({
      ...options,
      set,
      frequency: flags.frequency,
      typical,
      ...(flags.positions && { positions: {} }),
    });
    const ablating = flags.ablate.length > 0 ? await import("../ablate") : undefined;
    const places = ablating?.placesNamed(flags.ablate, model) ?? [];
    const all = (await ablating?.withAblationCosts(cost, options, set, places, engine)) ?? cost;
    await printEstimate("analyze", model.name, all, flags, signal);
  });
}
