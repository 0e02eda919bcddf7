import type { CalibrationDocument, CurvePoint, EvaluationDescription } from "../../src/engine/document/document";
import { perplexityOf } from "../../src/engine/prune/window-losses";
import { normalNumbers } from "../engine/support/simulated-texts";

/** How unlike windows are to predict, and how far what pruning adds differs from window to window. */
const [HARDNESS, NOISE] = [0.5, 0.05];

/** What windows lose more by a model, on average. */
export interface SimulatedModel {
  readonly more: number;
}

/** Losses of windows by the dense model and by others, each with noise of its own in every window. */
export function simulatedLosses(models: readonly SimulatedModel[], windows: number, next: () => number) {
  const normal = normalNumbers(next);
  const tokens = Array.from({ length: windows }, () => 63);
  const dense = tokens.map(() => 3 + HARDNESS * normal());
  return { tokens, dense, models: models.map(({ more }) => dense.map((loss) => loss + more + NOISE * normal())) };
}

/** Texts that were tried as calibration on one domain or more, with what each loses more by evaluation. */
export function calibrationsOf(
  more: readonly (readonly number[])[],
  {
    windows,
    next,
    kept = true,
    choice = null,
  }: {
    readonly windows: number;
    readonly next: () => number;
    /** Whether the document has what windows lose. */
    readonly kept?: boolean;
    readonly choice?: CalibrationDocument["choice"];
  },
): CalibrationDocument {
  const names = ["fiction", "news", "code", "math", "law"];
  const evaluated = more[0].map((_, k) =>
    simulatedLosses(
      more.map((of) => ({ more: of[k] })),
      windows,
      next,
    ),
  );
  return {
    calibrations: more.map((_, i) => ({
      name: choice === null ? names[i] : i === 0 ? "chosen" : `random ${i}`,
      kind: choice === null ? "domain" : i === 0 ? "chosen" : "random",
      texts: 8,
    })),
    evaluations: evaluated.map((_, k) => ({ name: names[k] })),
    dense: evaluated.map(({ dense, tokens }) => perplexityOf(dense, tokens)),
    perplexity: more.map((_, i) => evaluated.map(({ models, tokens }) => perplexityOf(models[i], tokens))),
    losses: kept
      ? {
          tokens: evaluated.map(({ tokens }) => tokens),
          dense: evaluated.map(({ dense }) => dense),
          pruned: more.map((_, i) => evaluated.map(({ models }) => models[i])),
        }
      : undefined,
    choice,
  } as unknown as CalibrationDocument;
}

/** A curve of criteria, with what each loses more at 10 %, 20 % and so on. */
export function curveOf(
  more: Partial<Record<CurvePoint["criterion"], readonly number[]>>,
  { windows, next, kept = true }: { readonly windows: number; readonly next: () => number; readonly kept?: boolean },
): { readonly points: CurvePoint[]; readonly evaluation: EvaluationDescription } {
  const wanted = Object.entries(more).flatMap(([criterion, values]) =>
    values.map((value, i) => ({
      criterion: criterion as CurvePoint["criterion"],
      sparsity: (i + 1) / 10,
      more: value,
    })),
  );
  const { tokens, dense, models } = simulatedLosses(wanted, windows, next);
  const points = wanted.map(({ criterion, sparsity }, i) => ({
    criterion,
    sparsity,
    perplexity: perplexityOf(models[i], tokens),
    agreement: 1,
    divergence: 0,
    losses: kept ? models[i] : undefined,
  }));
  return { points, evaluation: evaluationOf(dense, models[0], tokens, kept) };
}

/** A text that both models predicted. */
export function evaluationOf(
  dense: readonly number[],
  pruned: readonly number[],
  tokens: readonly number[] = dense.map(() => 63),
  kept = true,
): EvaluationDescription {
  return {
    dense: perplexityOf(dense, tokens),
    pruned: perplexityOf(pruned, tokens),
    text: "a.txt",
    window: tokens[0] + 1,
    windows: tokens.length,
    available: tokens.length,
    tokens: tokens.reduce((sum, count) => sum + count, 0),
    agreement: 1,
    divergence: 0,
    losses: kept ? { tokens: [...tokens], dense: [...dense], pruned: [...pruned] } : undefined,
  };
}
