import { type Command, InvalidArgumentError, Option } from "commander";
import type { PatchingSite } from "../../engine/api";
import { checkOutputs } from "../check-outputs";
import { UsageError } from "../failure";
import { readTexts } from "../inputs";
import { patchingLines } from "../render/patching";
import { addRunOptions, type RunFlags } from "../run-options";
import { runDocument, type CarryOut } from "../run-document";

interface PatchFlags extends RunFlags {
  readonly site: PatchingSite;
  readonly answers?: readonly [string, string];
}

export function addPatch(program: Command, signal: AbortSignal, carryOut: CarryOut = runDocument): void {
  addRunOptions(program.command("patch"))
    .summary("where in the model do two prompts part")
    .description(
      "Runs prompt B with A's activations put in their place, one layer and position at a time: which of them carry A's answer.",
    )
    .argument("[inputs...]", "the two prompts, as files, or - for standard input")
    .addOption(
      new Option("--site <site>", "what is replaced: the residual stream behind a block, or what a branch adds to it")
        .choices(["residual", "attention", "mlp"])
        .default("residual"),
    )
    .option(
      "--answers <answers>",
      "A's answer and B's, each one token: ' Paris, Rome' (default: the likeliest)",
      parseAnswers,
    )
    .action(async (operands: string[], flags: PatchFlags) => {
      await patch(operands, flags, signal, carryOut);
    });
}

/** Two answers, parted at the first comma, so that a space in front of a word stays with it. */
function parseAnswers(text: string): [string, string] {
  const at = text.indexOf(",", 1);
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw new InvalidArgumentError("Write two tokens with a comma between: ' Paris, Rome'.");
}

async function patch(
  operands: readonly string[],
  flags: PatchFlags,
  signal: AbortSignal,
  carryOut: CarryOut,
): Promise<void> {
  if (flags.target !== undefined)
    throw new UsageError(
      "patch has a target of its own: the logits of the two answers",
      "Leave --target out; see --answers.",
    );
  await checkOutputs(flags, operands);
  const { texts } = await readTexts(operands, flags.text ?? []);
  const [a, b] = texts;
  if (a === undefined || b === undefined || texts.length > 2)
    throw new UsageError(`patch takes two prompts, not ${texts.length}`, "Name two files, or give --text twice.");

  const { site, answers, chat } = flags;
  const asked = { a, b, site, answers, chat };
  await carryOut(flags, signal, {
    name: "patch",
    run: (_, engine, options) => engine.patching({ ...options, ...asked }),
    estimate: (_, engine, options) => engine.estimatePatching({ ...options, ...asked }),
    lines: patchingLines,
  });
}
