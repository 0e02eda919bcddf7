import { type Command, InvalidArgumentError } from "commander";
import { ParamscopeError } from "../../engine/errors";
import { choosePairs, leftOutNotes } from "../../engine/pairs/choose-pairs";
import { readPairs, type Columns } from "../../engine/pairs/read-pairs";
import { readTextFile } from "../../engine/text/read";
import { ONE_WORD_TEMPLATE } from "../../engine/text/template";
import { checkOutputs } from "../check-outputs";
import { UsageError } from "../failure";
import { parseCount } from "../options";
import { pairsLines } from "../render/pairs";
import { addDeepOption, addRunOptions, NO_TEMPLATE, parseTemplate, type RunFlags } from "../run-options";
import { runDocument, type CarryOut } from "../run-document";

interface PairsFlags extends RunFlags {
  readonly columns?: Columns;
  readonly template: string;
  readonly limit?: number;
  readonly every: number;
  readonly skip: number;
  readonly contrast: boolean;
  readonly resume?: string;
}

export function addPairs(program: Command, signal: AbortSignal, carryOut: CarryOut = runDocument): void {
  addDeepOption(addRunOptions(program.command("pairs")))
    .summary("do activations follow human scores")
    .description(
      "Compares the activations of sentence pairs with human scores of their likeness: Spearman's rho of the relevance, and per layer.",
    )
    .argument("<file>", "STS-B or SICK as they are distributed, or any .csv or .tsv with a header line")
    .option("--columns <names>", "columns of the two sentences and the score: a,b,score", parseColumns)
    .option(
      "--template <template>",
      "stands around each sentence, with {text} in its place; none: nothing",
      parseTemplate,
      ONE_WORD_TEMPLATE,
    )
    .option("--limit <n>", "the most pairs; of more, evenly spaced ones are taken", parseCount(3))
    .option("--every <n>", "every n-th pair only", parseCount(1), 1)
    .option("--skip <n>", "leave out the first n pairs", parseCount(0), 0)
    .option("--no-contrast", "without contrast similarity, with which it takes nearly three times as long")
    .option("--resume <file>", "keep how far the run is in this file, and go on with it where it is there")
    .action(async (file: string, flags: PairsFlags) => {
      await pairs(file, flags, signal, carryOut);
    });
}

function parseColumns(text: string): Columns {
  const [a, b, score, ...others] = text.split(",").map((name) => name.trim());
  if (a && b && score && others.length === 0) return [a, b, score];
  throw new InvalidArgumentError("Write three names with commas between: sentence1,sentence2,score.");
}

async function pairs(file: string, flags: PairsFlags, signal: AbortSignal, carryOut: CarryOut): Promise<void> {
  if (flags.text !== undefined) throw new UsageError("pairs takes no --text", "Name a file with pairs of sentences.");
  await checkOutputs(flags, [file]);
  const read = readPairs(await readTextFile(file), file, flags.columns);
  const chosen = choosePairs(read.pairs, flags);
  if (chosen.length === 0)
    throw new ParamscopeError(`${file}: no pair is left after --skip ${flags.skip}.`, "Skip fewer.");
  const notes = leftOutNotes(read, chosen, file);

  const asked = {
    pairs: chosen,
    source: file,
    template: flags.template === NO_TEMPLATE ? undefined : flags.template,
    contrast: flags.contrast,
    window: flags.window,
    seed: flags.seed,
    resume: flags.resume,
    notes,
  };
  await carryOut(flags, signal, {
    name: "pairs",
    run: (_, engine, options) => engine.pairs({ ...options, ...asked }),
    estimate: (_, engine, options) => engine.estimatePairs({ ...options, ...asked }),
    lines: pairsLines,
  });
}
