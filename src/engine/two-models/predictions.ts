import { compareDistributions, type ComparedRow } from "../prune/predictions";
import type { RunContext } from "../sweep/run-context";
import { Vocabulary } from "../sweep/vocabulary";
import type { Model } from "../model/model";

/** What two models predict at the same positions. */
interface Predicting {
  readonly a: Model;
  readonly b: Model;
  /** Hidden states behind the last block, `[samples, hidden]`. */
  readonly states: readonly [Float32Array, Float32Array];
  /** How many tokens are in the vocabulary of both: distributions are those over these. */
  readonly tokens: number;
}

/** Compares the next-token distributions of two models, each with its own final norm and vocabulary; a row per sample. */
export async function compareNextTokens(
  { runtime, profiler }: Pick<RunContext, "runtime" | "profiler">,
  { a, b, states: [own, other], tokens }: Predicting,
  signal: AbortSignal | undefined,
): Promise<readonly ComparedRow[]> {
  const vocabulary = new Vocabulary({ model: a, runtime, profiler });
  const otherVocabulary = new Vocabulary({ model: b, runtime, profiler });
  const separate = { vocabulary: otherVocabulary, definition: b.definition, tokens };
  try {
    return (await compareDistributions(a, vocabulary, { own, other }, signal, separate)).rows;
  } finally {
    await vocabulary.dispose();
    await otherVocabulary.dispose();
  }
}
