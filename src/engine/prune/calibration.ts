import { ParamscopeError } from "../errors";
import type { PruneRequest } from "../api";
import { modulesOfKinds } from "../model/model";
import { firstWindows } from "../text/form-samples";
import { withoutCopies } from "../text/copies";
import type { Text } from "../text/text";
import type { Sample } from "../text/sample";
import { plural } from "../numbers/plural";
import { isCalibrated } from "./options";
import { tooFewTokens } from "./too-few-tokens";

/** The tokens below which it is a matter of chance what weights see; Wanda and SparseGPT are published with 128 texts of 2048. */
const FEW_TOKENS = 1024;

/** The samples that pruning is calibrated with. */
export interface CalibrationSet {
  readonly samples: readonly Sample[];
  readonly tokens: number;
  /** The most ids of a text. */
  readonly window: number;
  readonly notes: readonly string[];
}

/**
 * The samples that pruning is calibrated with: the first `window` ids of each text, special tokens included; samples as they are.
 * @throws ParamscopeError when a text has no tokens, or one that pruning needs is missing.
 */
export function calibrationSet({
  calibration,
  model,
  ...request
}: Pick<
  PruneRequest,
  "calibration" | "model" | "window" | "criterion" | "allocation" | "densities" | "pattern" | "sparsity"
>): CalibrationSet {
  const window = Math.min(request.window, model.context);
  const notes: string[] = [];
  const { samples, cut } = calibrationSamples(calibration, model, window, notes);
  if (cut > 0)
    notes.push(`Of ${cut} of ${samples.length} calibration texts only the first ${window} tokens were taken.`);
  const tokens = samples.reduce((sum, { ids }) => sum + ids.length, 0);
  if (isCalibrated(request)) {
    if (samples.length === 0)
      throw new ParamscopeError(
        "There is no calibration text: what goes depends on what texts activate.",
        "Give some texts of the kind that the pruned model is for, or prune by magnitude, uniformly.",
      );
    const tooFew = request.criterion === "sparsegpt" ? tooFewTokens(tokens, modulesOfKinds(model)) : undefined;
    if (tooFew !== undefined) notes.push(tooFew);
    else if (tokens < FEW_TOKENS && request.sparsity > 0)
      notes.push(
        `The calibration has only ${tokens} ${plural(tokens, "token", "tokens")}: with some thousands the choice is less a matter of chance.`,
      );
  }
  return { samples, tokens, window, notes };
}

function calibrationSamples(
  calibration: PruneRequest["calibration"],
  { tokenizer, context }: PruneRequest["model"],
  window: number,
  notes: string[],
): { readonly samples: readonly Sample[]; readonly cut: number } {
  const given = calibration.filter((text) => !isSample(text));
  const texts = withoutCopies(given, notes);
  const { samples, cut } = firstWindows(texts, tokenizer, { window, context });
  return { samples: [...samples, ...calibration.filter(isSample)], cut };
}

const isSample = (text: Text | Sample): text is Sample => "ids" in text;
