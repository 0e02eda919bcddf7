import type { Model } from "../../engine/api";
import { resolveModel } from "../../engine/model/library/resolve";
import { refuseModelFiles } from "../check-outputs";
import { UsageError } from "../failure";
import { readTexts, sampleSetOf } from "../inputs";
import { modelsLines } from "../render/models";
import type { CarryOut } from "../run-document";
import type { RunFlags } from "../run-options";

/** The flags of a comparison of two models; `share` is that of a top set. */
export interface CompareModelsFlags extends RunFlags {
  readonly modelB: string;
}

/** Runs the same texts through two models, all of them as one set. */
export async function compareModels(
  operands: readonly string[],
  flags: CompareModelsFlags,
  share: number,
  { signal, carryOut }: { readonly signal: AbortSignal; readonly carryOut: CarryOut },
): Promise<void> {
  const texts = flags.text ?? [];
  if (operands.length + texts.length === 0)
    throw new UsageError(
      "compare needs a text to run through both models",
      "Name files or a folder, - for standard input, or use --text.",
    );
  const collected = await readTexts(operands, texts);
  const other = await resolveModel(flags.modelB);
  await refuseModelFiles(flags, other);
  const asked = (model: Model) => ({ set: sampleSetOf(collected, model, flags), share, seed: flags.seed });
  await carryOut(flags, signal, {
    name: "compare",
    run: async function* (model, engine, options) {
      const b = await engine.openModel(other);
      try {
        yield* engine.compareModels({ ...options, ...asked(model), other: b });
      } finally {
        await b.close();
      }
    },
    estimate: async (model, engine, options) => {
      const b = await engine.openModel(other);
      try {
        return await engine.estimateModels({ ...options, ...asked(model), other: b });
      } finally {
        await b.close();
      }
    },
    lines: modelsLines,
  });
}
