import type { TypicalDescription } from "../document/analysis";
import type { Model } from "../model/model";
import type { Tokenizer } from "../model/tokenizer/tokenizer";
import { ParamscopeError } from "../errors";
import { plural } from "../numbers/plural";
import { evenlySpacedOf } from "../text/choose-windows";
import { firstWindows } from "../text/form-samples";
import type { Sample, SampleSet } from "../text/sample";
import { textKey } from "../text/copies";
import type { Text } from "../text/text";
import type { Ending } from "../unrelated/ending";
import { classesOf, unrelatedOf, unrelatedSample, type Length } from "../unrelated/text-class";
import type { UnrelatedTexts } from "../unrelated/unrelated-texts";

/** With fewer texts nothing could be found in one of twenty. */
const FEWEST_TEXTS = 20;
/** The most texts that are taken: of no more than a sentence or two, and long ones. */
const SHORT_TEXTS = 64;
const LONG_TEXTS = 48;

/** What a text is held against: the texts that come with Paramscope, or a folder of the user's. */
export type TypicalTexts = { readonly kind: "shipped"; readonly texts: UnrelatedTexts } | OwnTexts;

export interface OwnTexts {
  readonly kind: "own";
  readonly name: string;
  readonly texts: readonly Text[];
  readonly window: number;
  /** How many more the folder has, which are analysed themselves. */
  readonly leftOut: number;
}

/** The texts of a user's folder, without those that are held against it: beside itself nothing is unusual. */
export function ownTexts(
  name: string,
  texts: readonly Text[],
  { window, analysed }: { readonly window: number; readonly analysed: readonly Text[] },
): OwnTexts {
  const own = new Set(analysed.map(textKey));
  const others = texts.filter((text) => !own.has(textKey(text)));
  return { kind: "own", name, texts: others, window, leftOut: texts.length - others.length };
}

/** What decides much of what texts activate, whatever they are about. */
export interface TypicalClass {
  readonly chat: boolean;
  readonly length: Length;
  /** How the texts end, each kind once; within a chat template all end alike: none. */
  readonly endings: readonly Ending[];
}

/** The class of a set of texts: the length that most of them have, the longer one of two, and every ending that there is. */
export function typicalClassOf({ samples, chat = false }: SampleSet, tokenizer: Tokenizer): TypicalClass {
  const classes = classesOf(samples, chat ? "chat" : "bare", tokenizer);
  const count = (length: Length): number => classes.filter((one) => one.length === length).length;
  const length = lengths.reduce((most, one) => (count(one) > count(most) ? one : most));
  const endings = new Set(classes.flatMap(({ ending }) => ending ?? []));
  return { chat, length, endings: [...endings].sort() };
}

const lengths = ["long", "short", "brief"] as const;

/** @throws ParamscopeError for fewer than twenty texts of the user's own. */
export function checkTypical(typical: TypicalTexts): void {
  if (typical.kind === "shipped" || typical.texts.length >= FEWEST_TEXTS) return;
  const { name, texts, leftOut } = typical;
  const beside = leftOut > 0 ? " beside what is analysed" : "";
  throw tooFewTexts(`${name} has ${texts.length} ${plural(texts.length, "text", "texts")}${beside}`);
}

/**
 * The samples of typical texts: shipped ones are of the class, their endings by turns; a user's own are what they are.
 * @throws ParamscopeError for a text without tokens.
 */
export function typicalSamples(typical: TypicalTexts, kind: TypicalClass, model: Model): Sample[] {
  const { chat, length, endings } = kind;
  if (typical.kind === "shipped") {
    const framing = chat ? "chat" : "bare";
    const texts = unrelatedOf(typical.texts, length, framing);
    const count = Math.min(texts.length, length === "long" ? LONG_TEXTS : SHORT_TEXTS);
    return Array.from({ length: count }, (_, i) =>
      unrelatedSample(texts, i, { length, ending: endings[i % endings.length] }, framing, model),
    );
  }
  const { texts, window } = typical;
  const chosen = evenlySpacedOf(texts, Math.min(texts.length, SHORT_TEXTS));
  return firstWindows(chosen, model.tokenizer, { window, context: model.context, chat }).samples;
}

/** The fewest and the most tokens of a sample. */
export function lengthsOf(samples: readonly Sample[]): [fewest: number, most: number] {
  const lengths = samples.map(({ ids }) => ids.length);
  return [Math.min(...lengths), Math.max(...lengths)];
}

/** Whether no typical text is shorter than any sample, but some longer, or the other way round; undefined: neither. */
export function lengthBeyond(
  samples: readonly Sample[],
  [fewest, most]: readonly [fewest: number, most: number],
): TypicalDescription["beyond"] {
  const [shortest, longest] = lengthsOf(samples);
  if (longest <= fewest && shortest < most) return "shorter";
  return shortest >= most && longest > fewest ? "longer" : undefined;
}

/** @throws ParamscopeError where fewer than twenty of the texts activate the model. */
export function checkActivating(typical: TypicalTexts, count: number): void {
  if (count >= FEWEST_TEXTS) return;
  const name = typical.kind === "own" ? typical.name : "the set of typical texts";
  throw tooFewTexts(`Of ${name} ${count} ${plural(count, "text activates", "texts activate")} the model`);
}

function tooFewTexts(what: string): ParamscopeError {
  return new ParamscopeError(
    `${what}, and to say what is usual takes at least ${FEWEST_TEXTS}.`,
    "Name a folder with more texts.",
  );
}
