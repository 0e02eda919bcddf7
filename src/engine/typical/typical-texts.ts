import type { Model } from "../model/model";
import { ParamscopeError } from "../errors";
import { evenlySpacedOf } from "../text/choose-windows";
import { firstWindows } from "../text/form-samples";
import type { Sample, SampleSet } from "../text/sample";
import type { Text } from "../text/text";
import type { Ending } from "../unrelated/ending";
import { classOf, unrelatedSample, type TextClass } from "../unrelated/text-class";
import type { UnrelatedTexts } from "../unrelated/unrelated-texts";

/** With fewer texts nothing could be found in one of twenty. */
export const FEWEST_TEXTS = 20;
/** The most texts that are taken: short ones, and long ones. */
const SHORT_TEXTS = 64;
const LONG_TEXTS = 48;

/** What a text is held against: the texts that come with Paramscope, or a folder of the user's. */
export type TypicalTexts =
  | { readonly kind: "shipped"; readonly texts: UnrelatedTexts }
  | { readonly kind: "own"; readonly name: string; readonly texts: readonly Text[]; readonly window: number };

/** What decides much of what texts activate, whatever they are about. */
export interface TypicalClass {
  readonly chat: boolean;
  readonly length: TextClass["length"];
  /** How the texts end, each kind once; within a chat template all end alike: none. */
  readonly endings: readonly Ending[];
}

/** The class of a set of texts: the length that most of them have, and every ending that there is. */
export function typicalClassOf({ samples, chat = false }: SampleSet): TypicalClass {
  const classes = samples.map((sample) => classOf(sample, chat ? "chat" : "bare"));
  const short = classes.filter(({ length }) => length === "short").length;
  const endings = new Set(classes.flatMap(({ ending }) => ending ?? []));
  return { chat, length: 2 * short > classes.length ? "short" : "long", endings: [...endings].sort() };
}

/** @throws ParamscopeError for fewer than twenty texts of the user's own. */
export function checkTypical(typical: TypicalTexts): void {
  if (typical.kind === "own" && typical.texts.length < FEWEST_TEXTS) throw tooFewTexts(typical, typical.texts.length);
}

/**
 * The samples of typical texts: shipped ones are of the class, their endings by turns; a user's own are what they are.
 * @throws ParamscopeError for a text without tokens.
 */
export function typicalSamples(typical: TypicalTexts, kind: TypicalClass, model: Model): Sample[] {
  const { chat, length, endings } = kind;
  if (typical.kind === "shipped") {
    const texts = typical.texts[length];
    const count = Math.min(texts.length, length === "short" ? SHORT_TEXTS : LONG_TEXTS);
    return Array.from({ length: count }, (_, i) =>
      unrelatedSample(texts, i, { length, ending: endings[i % endings.length] }, chat ? "chat" : "bare", model),
    );
  }
  const { texts, window } = typical;
  const chosen = evenlySpacedOf(texts, Math.min(texts.length, SHORT_TEXTS));
  return firstWindows(chosen, model.tokenizer, { window, context: model.context, chat }).samples;
}

export function tooFewTexts(typical: TypicalTexts, count: number): ParamscopeError {
  const name = typical.kind === "own" ? typical.name : "The set of typical texts";
  return new ParamscopeError(
    `${name} has ${count} texts that activate the model, and to say what is usual takes at least ${FEWEST_TEXTS}.`,
    "Name a folder with more texts.",
  );
}
