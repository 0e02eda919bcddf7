import type { CompareRequest } from "../api";
import { ParamscopeError } from "../errors";
import type { Model } from "../model/model";
import type { Sample } from "../text/sample";
import { checkTemplate, inTemplate, MOST_TEMPLATE_TOKENS, ONE_WORD_TEMPLATE } from "../text/template";
import { classOf, type Framing } from "../unrelated/text-class";
import type { YardstickClass } from "./yardstick";

/** The texts of a comparison as they are run. */
export interface FramedSides {
  readonly a: readonly Sample[];
  readonly b: readonly Sample[];
  readonly template: string | null;
  /** The classes of the first text of both; undefined: what stands around the two is not the same. */
  readonly kind: YardstickClass | undefined;
}

/**
 * Puts around the texts of both sides what the request says: where it says nothing the one-word template, if none of them has more
 * than 64 tokens. Within the model's chat template texts stay as they are.
 * @throws ParamscopeError for a template without a place for the text.
 */
export function framedSides({ a, b, template, model }: CompareRequest): FramedSides {
  const chats = [a.set.chat === true, b.set.chat === true];
  const isChat = chats.includes(true);
  const all = [...a.set.samples, ...b.set.samples];
  const areShort = all.every(({ ids }) => ids.length <= MOST_TEMPLATE_TOKENS);
  const chosen = isChat ? null : template === undefined ? (areShort ? ONE_WORD_TEMPLATE : null) : template;
  if (chosen !== null) checkTemplate(chosen);
  const framing: Framing = chosen !== null ? { template: chosen } : isChat ? "chat" : "bare";
  const [firstOfA, firstOfB] = [a.set.samples[0], b.set.samples[0]];
  const kind =
    firstOfA === undefined || firstOfB === undefined || (isChat && chats.includes(false))
      ? undefined
      : {
          framing,
          a: classOf(firstOfA, framing, model.tokenizer),
          b: classOf(firstOfB, framing, model.tokenizer),
        };
  const framed = (samples: readonly Sample[]): readonly Sample[] =>
    chosen === null ? samples : samples.map((sample) => within(sample, chosen, model));
  return { a: framed(a.set.samples), b: framed(b.set.samples), template: chosen, kind };
}

function within(sample: Sample, template: string, { tokenizer, context }: Model): Sample {
  const framed = inTemplate(sample, template, tokenizer);
  if (framed.ids.length <= context) return framed;
  throw new ParamscopeError(
    `${sample.source} has ${framed.ids.length} tokens within the template, and the model can read ${context}.`,
    "Take a smaller window, or no template.",
    { settings: ["window"] },
  );
}
