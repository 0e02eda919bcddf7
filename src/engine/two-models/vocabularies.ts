import { ParamscopeError } from "../errors";
import { quoteText } from "../model/formats/quote";
import type { Model } from "../model/model";
import { plural } from "../numbers/plural";
import type { Sample } from "../text/sample";
import { nameBeside } from "./model-names";

/**
 * The share of tokens that may be called otherwise in the other model: tuning gives names to tokens that were reserved for it, a few of
 * tens of thousands, while another tokenizer has nearly all of them in other places.
 */
const RENAMED = 0.01;

/** What two models are called. */
type Names = readonly [a: string, b: string];

/** How much of two vocabularies is the same. */
export interface ComparedVocabularies {
  /** How many tokens, from the first on, both have. */
  readonly tokens: number;
  readonly notes: readonly string[];
}

/**
 * Compares what two models call their tokens, id by id.
 * @throws ParamscopeError where the tokenizers are not the same, or a sample has tokens that one of the models lacks.
 */
export function compareVocabularies(a: Model, b: Model, samples: readonly Sample[]): ComparedVocabularies {
  const tokens = Math.min(a.vocabularySize, b.vocabularySize);
  const named = Math.min(tokens, a.tokenizer.vocabularySize, b.tokenizer.vocabularySize);
  const renamed: number[] = [];
  for (let id = 0; id < named; id++) if (a.tokenizer.tokenText(id) !== b.tokenizer.tokenText(id)) renamed.push(id);
  const names: Names = [nameBeside(a, b), nameBeside(b, a)];
  const called = (id: number, [own, other]: Names = names): string =>
    `#${id} is ${quoteText(a.tokenizer.tokenText(id))} in ${own} and ${quoteText(b.tokenizer.tokenText(id))} in ${other}`;
  const [first] = renamed;
  const remedy = "Compare models of one tokenizer.";
  if (first !== undefined && renamed.length > RENAMED * named)
    throw new ParamscopeError(
      `The two models have other tokenizers: ${renamed.length} of ${named} tokens differ, ${called(first)}.`,
      remedy,
    );
  const strange = new Set(renamed);
  for (const { ids, source } of samples)
    for (const id of ids) {
      if (strange.has(id))
        throw new ParamscopeError(`${source} has a token that the two models call otherwise: ${called(id)}.`, remedy);
      if (id >= tokens)
        throw new ParamscopeError(
          `${source} has the token ${quoteText(a.tokenizer.tokenText(id))}, which ${nameBeside(b, a)} lacks.`,
          "Leave it out of the text.",
        );
    }
  return {
    tokens,
    notes: [...sizeNotes(a, b, tokens), ...renamedNotes(first, renamed.length, called), ...cutNotes(a, b, samples)],
  };
}

function sizeNotes(a: Model, b: Model, tokens: number): string[] {
  if (a.vocabularySize === b.vocabularySize) return [];
  const larger = a.vocabularySize > b.vocabularySize ? "A" : "B";
  const more = Math.max(a.vocabularySize, b.vocabularySize) - tokens;
  return [
    `${larger} has ${more} more ${plural(more, "token", "tokens")}: predictions are compared over the ${tokens} that both have.`,
  ];
}

function renamedNotes(
  first: number | undefined,
  count: number,
  called: (id: number, names: Names) => string,
): string[] {
  if (first === undefined) return [];
  const rest = count === 1 ? "" : `, the first of ${count} such tokens`;
  return [`${called(first, ["A", "B"])}${rest}; the texts have none of them.`];
}

/** Both models are given the first one's tokens. */
function cutNotes(a: Model, b: Model, samples: readonly Sample[]): string[] {
  const cut = ({ tokenizer }: Model, { text }: Sample): string => String(tokenizer.encode(text, { special: true }).ids);
  const other = samples.filter((sample) => cut(a, sample) !== cut(b, sample)).length;
  if (other === 0) return [];
  return [
    `B by itself would cut ${other} of ${samples.length} ${plural(samples.length, "sample", "samples")} into other tokens: both models read A's.`,
  ];
}
