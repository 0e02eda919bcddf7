import type { SampleDescription } from "../document/document";
import type { Target } from "../sweep/target";

/**
 * The ids behind which a target asks for a prediction, and the token that it asks for; undefined: the likeliest.
 * @param answer how many of the ids, at their end, are an answer that stands behind the text.
 */
export function predictionOf(
  ids: Int32Array,
  target: Target,
  answer: number,
): { readonly ids: Int32Array; readonly token?: number } {
  const asked = (length: number) => {
    const token = ids[length];
    return { ids: ids.subarray(0, length), ...(token !== undefined && { token }) };
  };
  if (target.kind === "next-token") return asked(target.position);
  if (answer > 0) return asked(ids.length - answer);
  return target.kind === "logit" ? { ids, token: target.token } : { ids };
}

/** The same of a sample that a document describes: the ids that it was analysed with. */
export function predictionOfDescribed(
  { tokens, answer }: Pick<SampleDescription, "tokens" | "answer">,
  target: Target,
): ReturnType<typeof predictionOf> {
  return predictionOf(
    Int32Array.from(tokens, ({ id }) => id),
    target,
    answer?.tokens ?? 0,
  );
}
