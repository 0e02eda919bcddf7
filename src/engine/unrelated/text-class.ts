import type { Model } from "../model/model";
import type { Tokenizer } from "../model/tokenizer/tokenizer";
import { elementAt } from "../numbers/elements";
import { formSamples } from "../text/form-samples";
import type { Sample } from "../text/sample";
import { inTemplate } from "../text/template";
import type { UnrelatedTexts } from "./unrelated-texts";
import { endingOf, wholeSentences, withEnding, type Ending } from "./ending";

/** A text is brief up to so many tokens of its own, which a few words are, and short up to so many: sentences and prompts are. */
const BRIEF_TOKENS = 8;
const SHORT_TOKENS = 64;
/** Tokens that are taken of a long text at most. */
const LONG_TOKENS = 128;

/** What stands around texts: a template, the model's chat template, or nothing. */
export type Framing = { readonly template: string } | "chat" | "bare";

/** From a few words to a page. */
export type Length = "brief" | "short" | "long";

/** What of a text decides much of what it activates, whatever it is about: it is compared with texts of its class. */
export interface TextClass {
  readonly length: Length;
  /** Within a template all texts end alike: undefined. */
  readonly ending: Ending | undefined;
}

/** The class of a text, from its sample as it stands, without a template. */
export function classOf(sample: Sample, framing: Framing, tokenizer: Tokenizer): TextClass {
  return classWithin(sample, framing, tokensAround(framing, tokenizer));
}

/** The classes of texts of one framing. */
export function classesOf(samples: readonly Sample[], framing: Framing, tokenizer: Tokenizer): TextClass[] {
  const around = tokensAround(framing, tokenizer);
  return samples.map((sample) => classWithin(sample, framing, around));
}

function classWithin(sample: Sample, framing: Framing, around: number): TextClass {
  const tokens = sample.ids.length - around;
  return {
    length: tokens <= BRIEF_TOKENS ? "brief" : tokens <= SHORT_TOKENS ? "short" : "long",
    ending: framing === "bare" ? endingOf(sample.text) : undefined,
  };
}

/** How many tokens stand around a text: those of the chat template, or the special ones. */
function tokensAround(framing: Framing, tokenizer: Tokenizer): number {
  const letter = "a";
  const whole =
    framing === "chat"
      ? tokenizer.encode(tokenizer.applyChatTemplate([{ role: "user", content: letter }]), { special: false })
      : tokenizer.encode(letter, { special: true });
  return whole.ids.length - 1;
}

export function isSameClass(a: TextClass, b: TextClass): boolean {
  return a.length === b.length && a.ending === b.ending;
}

/** The unrelated texts of a length, in a framing: what stands in a chat template is mostly asked of the model. */
export function unrelatedOf(texts: UnrelatedTexts, length: Length, framing: Framing): readonly string[] {
  if (framing !== "chat" || length !== "short") return texts[length];
  // two requests, then another text
  return texts.requests.flatMap((request, i) =>
    i % 2 === 0 ? [request] : [request, ...texts.short.slice(i >> 1, (i >> 1) + 1)],
  );
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
