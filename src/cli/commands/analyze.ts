import type { Command } from "commander";
import type { TypicalWish } from "../../engine/api";
import { withSettings } from "../../engine/document/settings";
import { defaults, MOST_POSITIONS } from "../../engine/run/defaults";
import { shippedUnrelatedTexts } from "../../engine/text/shipped-samples";
import type { TextCollection } from "../../engine/text/collect";
import { withoutCopies } from "../../engine/text/copies";
import { ownTexts } from "../../engine/typical/typical-texts";
import { checkOutputs } from "../check-outputs";
import { UsageError } from "../failure";
import { readTexts, sampleSetOf } from "../inputs";
import { writeOut } from "../output";
import { ablationLines, analysisLines, expertLines, matrixLines } from "../render/analysis";
import { frequencyLines } from "../render/frequency";
import { runningLayer } from "../render/running";
import { follow, profileLines, runOptions, withModel } from "../run";
import { typedCommand } from "../typed-command";
import { addRunOptions, type RunFlags } from "../run-options";
import { Screen } from "../terminal/screen";
import { standardError } from "../terminal/streams";
import { writeResult } from "../write-result";

export interface AnalyzeFlags extends RunFlags {
  readonly frequency?: boolean;
  readonly positions?: boolean;
  readonly ablate: readonly string[];
  readonly matrices?: boolean;
  readonly baseline?: string;
}

/** Does what the command says, or something else about it. */
type CarryOut = (operands: readonly string[], flags: AnalyzeFlags, signal: AbortSignal) => Promise<void>;

export function addAnalyze(program: Command, signal: AbortSignal, carryOut: CarryOut = analyze): void {
  addRunOptions(program.command("analyze"))
    .summary("which parameters do texts activate")
    .description(
      "Shows how strongly texts activate the parameters of a model, per layer and matrix: |w·∂y/∂w|, the mean over all samples.",
    )
    .argument("[inputs...]", "text files, folders of text files, or - for standard input")
    .option("--matrices", "print the table of matrices even where it is wider than the terminal")
    .option(
      "--baseline <texts>",
      "what counts as usual: a folder of at least twenty texts; typical: those that come with Paramscope, measured once for a model; none (default: typical, where that is measured or takes less than 20 s)",
    )
    .option(
      "--frequency",
      "also: in how many samples each parameter is among the strongest of its matrix; that is the result then which is saved",
    )
    .option(
      "--positions",
      `also: what the first sample activates up to each of its tokens, of at most ${MOST_POSITIONS}; the page of a report or a saved result moves through them`,
    )
    .option(
      "--ablate <place>",
      "also: what the first sample's prediction is without the weights of a head or a feed-forward neuron, named as results name it: 'layer 5 k head 1', 'layer 9 neuron 211'; give it several times for several",
      (name: string, names: readonly string[]) => [...names, name],
      [],
    )
    .action(async (operands: string[], flags: AnalyzeFlags) => {
      if (flags.frequency && (flags.positions || flags.ablate.length > 0)) {
        const [option, what] = flags.positions ? ["--positions", "positions"] : ["--ablate", "ablations"];
        throw new UsageError(
          `With --frequency the result that is saved has no ${what}`,
          `Leave one of ${option} and --frequency out.`,
        );
      }
      await carryOut(operands, flags, signal);
    });
}

async function analyze(operands: readonly string[], flags: AnalyzeFlags, signal: AbortSignal): Promise<void> {
  if (operands.length + (flags.text?.length ?? 0) === 0) {
    throw new UsageError(
      "There is nothing to analyse",
      "Name a file or a folder, - for standard input, or use --text.",
    );
  }
  await checkOutputs(flags, readBy(operands, flags));
  const screen = new Screen(flags.quiet ?? false);
  const showLayers = !flags.json && !flags.quiet;
  const texts = await readTexts(operands, flags.text ?? []);
  const typical = await typicalWish(flags, texts);

  await withModel(flags.model, flags, signal, async (model, engine) => {
    const set = sampleSetOf(texts, model, flags);
    const ablating = flags.ablate.length > 0 ? await import("../ablate") : undefined;
    const places = ablating?.placesNamed(flags.ablate, model) ?? [];
    const options = runOptions(flags, model, engine, signal);
    const run = engine.analyze({
      ...options,
      set,
      threshold: flags.threshold,
      frequency: flags.frequency,
      pictures: (flags.json ?? flags.output ?? flags.report) !== undefined && !flags.frequency,
      typical,
      ...(flags.positions && { positions: {} }),
    });
    const result = await follow(run, screen, signal, (layer) => {
      if (showLayers) screen.print([runningLayer(layer)]);
    });
    const made = await ablating?.ablations(options, result.document, places, { engine, screen, signal });
    const whole = { ...result.document, ...(made && { ablations: made }) };
    const analysis = withSettings(whole, model, flags, typedCommand());
    const frequency = result.frequency && withSettings(result.frequency, model, flags, typedCommand());
    const document = frequency ?? analysis;

    await writeResult(document, flags);
    if (flags.json) await writeOut(`${JSON.stringify(document)}\n`);
    else {
      if (showLayers) screen.print([""]);
      screen.print(analysisLines(analysis, screen.style));
      const experts = expertLines(analysis, screen.style, screen.width);
      if (experts.length > 0) screen.print(["", ...experts]);
      const matrices = matrixLines(analysis, screen.style, flags.matrices ? Infinity : screen.width);
      if (matrices.length > 0) screen.print(["", ...matrices]);
      const without = ablationLines(analysis);
      if (without.length > 0) screen.print(["", ...without]);
      if (frequency) screen.print(["", ...frequencyLines(frequency, screen.style, screen.width)]);
    }
    // In a document they are in run.notes.
    if (!flags.json) for (const note of analysis.run.notes) screen.note(note);
    if (flags.profile) standardError.write(`${profileLines(result.profile).join("\n")}\n`);
  });
}

/** The files and folders that an analysis reads. */
export function readBy(operands: readonly string[], flags: Pick<AnalyzeFlags, "baseline">): readonly string[] {
  const baseline = ownBaseline(flags);
  return baseline === undefined ? operands : [...operands, baseline];
}

/** The file or folder of typical texts that is named. */
function ownBaseline({ baseline }: Pick<AnalyzeFlags, "baseline">): string | undefined {
  return baseline === "none" || baseline === "typical" ? undefined : baseline;
}

/** What the texts that are analysed are held against; what of it is left out is said with their notes. */
export async function typicalWish(
  { baseline, window }: Pick<AnalyzeFlags, "baseline" | "window">,
  { texts: analysed, notes }: TextCollection,
): Promise<TypicalWish | undefined> {
  if (baseline === "none") return undefined;
  const own = ownBaseline({ baseline });
  if (own === undefined) {
    const texts = { kind: "shipped" as const, texts: await shippedUnrelatedTexts() };
    return baseline === undefined ? { texts, seconds: defaults.typicalSeconds } : { texts };
  }
  const typical = await readTexts([own], []);
  notes.push(...typical.notes);
  return { texts: ownTexts(own, withoutCopies(typical.texts, notes, own), { window, analysed }) };
}
