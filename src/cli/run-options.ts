import { type Command, InvalidArgumentError, Option } from "commander";
import type { Threshold } from "../engine/api";
import { defaults, defaultThreshold } from "../engine/run/defaults";
import { executionProviders, runtimeNames, type ExecutionProvider, type RuntimeName } from "../engine/runtime/runtime";
import { PLACE } from "../engine/text/template";
import { TARGETS } from "../engine/sweep/target";
import type { DeepLayers } from "../engine/api";
import { checkTarget, collect, parseBytes, parseCount, parseDeepLayers, parseThreshold } from "./options";

/** A template by this name is none. */
export const NO_TEMPLATE = "none";

/** What stands around a text. */
export function parseTemplate(text: string): string {
  if (text === NO_TEMPLATE || text.includes(PLACE)) return text;
  throw new InvalidArgumentError(`Write ${PLACE} where the text belongs, or ${NO_TEMPLATE}.`);
}

/** What every command can be told that runs a model. */
export interface RunFlags {
  readonly model?: string;
  readonly target?: string;
  readonly answer?: string;
  readonly deep?: DeepLayers;
  readonly threshold: Threshold;
  readonly window: number;
  readonly maxSamples: number;
  readonly chat?: boolean;
  readonly threads?: number;
  readonly runtime?: RuntimeName;
  readonly provider?: ExecutionProvider;
  readonly memory?: number;
  readonly seed: number;
  readonly json?: boolean;
  readonly output?: string;
  readonly report?: string;
  readonly quiet?: boolean;
  readonly profile?: boolean;
  readonly text?: string[];
}

/** Adds the option of commands that say how alike texts are: `RunFlags.deep`. */
export function addDeepOption(command: Command): Command {
  return command.option(
    "--deep <layers>",
    "the layers that a relevance is the mean of: quarter, half or FROM-TO (default: quarter, the deepest less the last two)",
    parseDeepLayers,
  );
}

/** Adds the options of `RunFlags` to a command, but for `deep`. */
export function addRunOptions(command: Command): Command {
  addTextOptions(command)
    .option("--target <target>", `what is differentiated: ${TARGETS} (default: ${defaults.target})`, checkTarget)
    .option("--answer <text>", "differentiate the likelihood of this text behind each text: --target answer:TEXT")
    .addOption(
      new Option("--threshold <t>", "what counts as active: a share of all weights, 10%, or an activation, 5e-6")
        .argParser(parseThreshold)
        .default({ mode: "share", share: defaults.share } satisfies Threshold, defaultThreshold),
    );
  return addMachineOptions(addSampleOptions(command))
    .option("--seed <n>", "where random choices start; analyze and compare make none", parseCount(0), 0)
    .option("--json", "print the result as one JSON document and nothing else")
    .option("-o, --output <file>", "save the result; VS Code opens it as FILE.paramscope")
    .option("--report <file>", "write the result that --json prints as a page to look at and pass on, one HTML file")
    .option("-q, --quiet", "no progress, no layers while running, no notes")
    .option("--profile", "say on standard error where the time went");
}

/** Which texts and which model, beside files. */
export function addTextOptions(command: Command): Command {
  return command
    .option("--text <text>", "a text itself, after those of files; may be repeated", collect)
    .option("-m, --model <model>", "folder, .gguf file or id of a model (default: the bundled one, demo)");
}

/** How texts are cut into samples. */
export function addSampleOptions(command: Command): Command {
  return command
    .option(
      "--window <n>",
      "the most tokens of a sample; longer texts are cut into several",
      parseCount(1),
      defaults.window,
    )
    .option(
      "--max-samples <n>",
      "the most samples of a run; of more, evenly spaced ones are taken",
      parseCount(1),
      defaults.maxSamples,
    )
    .option("--chat", "put the model's chat template around each text");
}

/** What computes, and with how much memory. */
export function addMachineOptions(command: Command): Command {
  return command
    .option("--threads <n>", "processor threads (default: the machine's cores)", parseCount(1))
    .addOption(
      new Option(
        "--runtime <runtime>",
        "what computes (default: onnx, or tensorflow where that cannot be loaded)",
      ).choices(runtimeNames),
    )
    .addOption(
      new Option("--provider <provider>", "where ONNX Runtime computes; doctor says what works (default: cpu)").choices(
        executionProviders,
      ),
    )
    .option("--memory <size>", "upper bound of memory, such as 2GiB (default: what is free)", parseBytes);
}
