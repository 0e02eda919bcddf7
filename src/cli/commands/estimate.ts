import type { Command } from "commander";
import type { Estimate } from "../../engine/api";
import type { Sample } from "../../engine/text/sample";
import { samplesFolder, unrelatedTexts } from "../../engine/text/shipped-samples";
import { UsageError } from "../failure";
import { readTexts, samplesOf } from "../inputs";
import { writeOut } from "../output";
import { estimateLines } from "../render/estimate";
import { runOptions, withModel } from "../run";
import { addRunOptions, type RunFlags } from "../run-options";
import { Screen } from "../terminal/screen";
import { readSides, setOf, settingsOf } from "./compare";
import { addPruneOptions, pruneRequest, readPruneTexts, type PruneFlags } from "./prune";

/** What `--json` prints. */
interface EstimateDocument extends Estimate {
  readonly format: "paramscope.estimate";
  readonly version: 1;
  readonly command: string;
  readonly model: string;
  readonly samples: number;
  readonly tokens: number;
}

export function addEstimate(program: Command, signal: AbortSignal): void {
  const estimate = program
    .command("estimate")
    .summary("what would a command cost")
    .description(
      "Says how long a command would take, how much memory and how many reads from disk. It computes nothing.",
    )
    .usage("<command> ...");
  addRunOptions(estimate.command("analyze"))
    .description("What `analyze` would cost with the same arguments.")
    .argument("[inputs...]", "text files, folders of text files, or - for standard input")
    .option("--frequency", "as for analyze")
    .option("--report <file>", "as for analyze; costs nothing more")
    .option("--matrices", "as for analyze; costs nothing more")
    .action(async (operands: string[], flags: RunFlags & { readonly frequency?: boolean }) => {
      if (operands.length + (flags.text?.length ?? 0) === 0) {
        throw new UsageError("There is nothing to estimate", "Give the texts that analyze would get.");
      }
      const texts = await readTexts(operands, flags.text ?? []);
      await withModel(flags.model, signal, async (model, engine) => {
        const { samples } = samplesOf(texts, model, flags);
        const { frequency } = flags;
        const cost = await engine.estimate(runOptions(flags, model, engine, signal), { samples, frequency });
        await print("analyze", model.name, samples, cost, flags);
      });
    });
  addRunOptions(estimate.command("compare"))
    .description("What `compare` would cost with the same arguments.")
    .argument("[inputs...]", "two of: text file, folder of text files, saved *.paramscope, -")
    .action(async (operands: string[], flags: RunFlags) => {
      const [a, b] = await readSides(operands, flags);
      const { model: modelPath, target } = await settingsOf(a, b, flags);
      await withModel(modelPath, signal, async (model, engine) => {
        const sides = [a, b].map((side) => setOf(side, model, flags).samples);
        const samples = sides.flat();
        const split = sides[0].length;
        const cost = await engine.estimate(runOptions(flags, model, engine, signal, target), {
          samples,
          split,
          background: await unrelatedTexts(samplesFolder()),
        });
        await print("compare", model.name, samples, cost, flags);
      });
    });
  addPruneOptions(estimate.command("prune"))
    .description("What `prune` would cost with the same arguments.")
    .action(async (operands: string[], flags: PruneFlags) => {
      const texts = await readPruneTexts(operands, flags);
      await withModel(flags.model, signal, async (model, engine) => {
        const request = pruneRequest(texts, flags, runOptions(flags, model, engine, signal));
        const { samples } = engine.calibrationSet(request);
        await print("prune", model.name, samples, await engine.estimatePruning(request), flags);
      });
    });
}

async function print(
  command: string,
  model: string,
  samples: readonly Sample[],
  cost: Estimate,
  flags: RunFlags,
): Promise<void> {
  const tokens = samples.reduce((sum, { ids }) => sum + ids.length, 0);
  const document: EstimateDocument = {
    format: "paramscope.estimate",
    version: 1,
    command,
    model,
    samples: samples.length,
    tokens,
    ...cost,
  };
  if (flags.json) await writeOut(`${JSON.stringify(document)}\n`);
  else new Screen(process.stdout, process.stderr, false).print(estimateLines(document));
}
