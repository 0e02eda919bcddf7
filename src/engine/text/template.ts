import { ParamscopeError } from "../errors";
import type { Tokenizer } from "../model/tokenizer/tokenizer";
import type { Sample } from "./sample";

/** Where the text stands in a template. */
export const PLACE = "{text}";

/**
 * Puts texts before the same question, so that what is compared is their meaning, not how they happen to end
 * (PromptEOL: Jiang et al., "Scaling Sentence Embeddings with Large Language Models", 2024).
 */
export const ONE_WORD_TEMPLATE = `This sentence: "${PLACE}" means in one word: "`;

/** The most tokens of a text that the template is put around where nobody says otherwise. */
export const MOST_TEMPLATE_TOKENS = 64;

/** @throws ParamscopeError for a template without a place for the text. */
export function checkTemplate(template: string): void {
  if (template.includes(PLACE)) return;
  throw new ParamscopeError(
    `The template ${JSON.stringify(template)} has no ${PLACE}.`,
    `Write ${PLACE} where the text belongs: '${ONE_WORD_TEMPLATE}'.`,
  );
}

/** A text within a template. */
export function filled(template: string, text: string): string {
  return template.replaceAll(PLACE, () => text);
}

/** A sample with a template around its text; where the text stands in its source its tokens still say. */
export function inTemplate(sample: Sample, template: string, tokenizer: Tokenizer): Sample {
  const text = filled(template, sample.text);
  const { ids, starts, ends } = tokenizer.encode(text, { special: true });
  return {
    source: sample.source,
    text,
    offset: sample.offset - template.indexOf(PLACE),
    ids: Int32Array.from(ids),
    starts: Int32Array.from(starts),
    ends: Int32Array.from(ends),
  };
}
