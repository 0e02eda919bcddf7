import type { Model } from "../model/model";
import type { HeadResult } from "../sweep/head";
import type { ComparedToken } from "./shared";

/** The likeliest next tokens of two texts or models together, each with its probability in both, the likeliest of either first. */
export function comparedNext(
  { tokenizer }: Pick<Model, "tokenizer">,
  a: Pick<HeadResult, "next" | "likely">,
  b: Pick<HeadResult, "next" | "likely">,
): ComparedToken[] {
  const [ofA, ofB] = [a, b].map(({ likely }) => new Map(likely.map(({ id, probability }) => [id, probability])));
  const ids = new Set([...a.next, ...b.next].map(({ id }) => id));
  return [...ids]
    .map((id) => ({ id, text: tokenizer.tokenText(id), a: ofA?.get(id) ?? null, b: ofB?.get(id) ?? null }))
    .sort((x, y) => Math.max(y.a ?? 0, y.b ?? 0) - Math.max(x.a ?? 0, x.b ?? 0));
}
