import type { Model } from "../model/model";
import type { Tokenizer } from "../model/tokenizer/tokenizer";
import type { TaskItem } from "./read-tasks";

/** One answer behind its question, as a model reads it. */
export interface ChoiceIds {
  readonly ids: Int32Array;
  /** Where the answer's ids begin. */
  readonly from: number;
  /** Bytes of the answer, as UTF-8. */
  readonly bytes: number;
}

/**
 * The ids of every choice of a question behind its prompt. Both are cut together, since a tokenizer may join what stands side by side; the answer's are those behind as many as the
 * prompt alone has. Of what is longer than a model reads the beginning is left out.
 */
export function choiceIds({ prompt, choices }: TaskItem, tokenizer: Tokenizer, context: number): ChoiceIds[] {
  const alone = tokenizer.encode(prompt, { special: true }).ids.length - tokenizer.suffix.length;
  return choices.map((choice) => {
    const encoded = tokenizer.encode(prompt + choice, { special: true }).ids;
    const whole = tokenizer.suffix.length > 0 ? encoded.slice(0, -tokenizer.suffix.length) : encoded;
    // something of the answer is predicted, from something
    const from = Math.max(1, Math.min(alone, whole.length - 1));
    const left = Math.max(0, Math.min(whole.length - context, from - 1));
    return {
      ids: Int32Array.from(whole.slice(left, left + context)),
      from: from - left,
      bytes: Buffer.byteLength(choice),
    };
  });
}

/** All ids that a model reads to answer questions. */
export function taskTokens(
  items: readonly TaskItem[],
  { tokenizer, context }: Pick<Model, "tokenizer" | "context">,
): number {
  return items.reduce(
    (sum, item) => sum + choiceIds(item, tokenizer, context).reduce((own, { ids }) => own + ids.length, 0),
    0,
  );
}
