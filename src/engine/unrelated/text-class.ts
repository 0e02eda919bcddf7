import type { Model } from "../model/model";
import type { Tokenizer } from "../model/tokenizer/tokenizer";
import { elementAt } from "../numbers/elements";
import { formSamples } from "../text/form-samples";
import type { Sample } from "../text/sample";
import { inTemplate } from "../text/template";
import { endingOf, wholeSentences, withEnding, type Ending } from "./ending";

/** A text is short up to so many tokens: sentences and prompts are. */
const SHORT_TOKENS = 64;
/** Tokens that are taken of a long text at most. */
const LONG_TOKENS = 128;

/** What stands around texts: a template, the model's chat template, or nothing. */
export type Framing = { readonly template: string } | "chat" | "bare";

/** What of a text decides much of what it activates, whatever it is about: it is compared with texts of its class. */
export interface TextClass {
  readonly length: "short" | "long";
  /** Within a template all texts end alike: undefined. */
  readonly ending: Ending | undefined;
}

/** The class of a text, from its sample as it stands, without a template. */
export function classOf(sample: Sample, framing: Framing): TextClass {
  return {
    length: sample.ids.length <= SHORT_TOKENS ? "short" : "long",
    ending: framing === "bare" ? endingOf(sample.text) : undefined,
  };
}

export function isSameClass(a: TextClass, b: TextClass): boolean {
  return a.length === b.length && a.ending === b.ending;
}

/** The `number`-th unrelated text as one of a class, in a framing. */
export function unrelatedSample(
  texts: readonly string[],
  number: number,
  { length, ending }: TextClass,
  framing: Framing,
  model: Model,
): Sample {
  const whole = elementAt(texts, number);
  const { tokenizer, context } = model;
  const fitting = length === "long" ? shortened(whole, LONG_TOKENS, tokenizer) : whole;
  const text = withEnding(fitting, ending ?? "sentence", number);
  const source = `unrelated ${length} text ${number + 1}`;
  const chat = framing === "chat";
  const { samples } = formSamples([{ source, text }], tokenizer, { window: context, maxSamples: 1, context, chat });
  const [sample] = samples;
  if (sample === undefined) throw new Error(`${source} has no sample`);
  return typeof framing === "object" ? inTemplate(sample, framing.template, tokenizer) : sample;
}

/** The sentences, or else the lines, of a text that come to at most so many tokens; its first tokens where not even one does. */
function shortened(text: string, tokens: number, tokenizer: Tokenizer): string {
  const { ids, ends } = tokenizer.encode(text, { special: false });
  if (ids.length <= tokens) return text;
  const end = ends.slice(0, tokens).reduce((most, one) => Math.max(most, one), 0);
  const beginning = text.slice(0, end);
  const lines = /^[^]*(?=\n)/.exec(beginning)?.[0];
  return wholeSentences(beginning) ?? lines ?? beginning;
}
