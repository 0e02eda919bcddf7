import { ParamscopeError } from "../../engine/errors";
import { parseTarget, type ResumePlace, type RunOptions } from "../../engine/index";
import type { MachineOptions, RunContext } from "./run";

/** Where random choices start: as on the command line, where it can be chosen. */
export const SEED = 0;

const FLOPS_PER_PARAMETER_AND_TOKEN = 10;

/** What of the machine a run takes, and with what it computes. */
export function machineOptions({ model, settings, signal }: RunContext): MachineOptions {
  const { memory, threads, runtime, provider, tensorflowFolder } = settings;
  return { memory, threads, runtime, provider, tensorflowFolder, model, signal };
}

/** The same with what is differentiated. */
export function runOptions(context: RunContext): RunOptions {
  const { model, settings } = context;
  return { ...machineOptions(context), target: parseTarget(settings.target, model.tokenizer) };
}

/** Where a long run keeps how far it is, if anywhere. */
export function resumeOptions({ settings: { resumeFolder: folder } }: RunContext): { resume?: ResumePlace } {
  return folder === undefined ? {} : { resume: { folder } };
}

/** @throws ParamscopeError for an absolute threshold. */
export function topShare({ settings: { threshold } }: RunContext): number {
  if (threshold.mode === "share") return threshold.share;
  throw new ParamscopeError(
    "Here a threshold is the strongest share of each matrix, not an absolute activation",
    "Set the threshold to a share, such as 10%.",
  );
}

/** What a sweep over so many tokens takes at least, in multiplications and additions. */
export function sweepArithmetic({ model }: RunContext, tokens: number): number {
  return FLOPS_PER_PARAMETER_AND_TOKEN * model.parameters * tokens;
}

/** The most tokens that texts can have, whatever they are: a token has one byte at least. */
export function mostTokens(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
