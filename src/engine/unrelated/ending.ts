/**
 * How a text ends: with a sentence, with a line, or in the middle of a sentence. It decides much of what the model expects next,
 * and so much of what a text activates: texts are compared with such as end alike.
 */
export type Ending = "sentence" | "line" | "middle";

/** A sentence's end mark of any script, with the quotation marks and brackets behind it. */
const SENTENCE_MARKS = "[.!?…。！？؟।][\"'”’»)\\]」』]*";
const SENTENCE_END = new RegExp(`${SENTENCE_MARKS}$`, "u");
/** From a text's beginning to the end of its last whole sentence. */
const WHOLE_SENTENCES = new RegExp(String.raw`^[^]*${SENTENCE_MARKS}(?=\s|$)`, "u");

/** The last words of a text, which are cut off where it shall end in the middle of a sentence; at least two words stay. */
const LAST_WORDS = /(?<=\S\s+\S+)(?:\s+\S+){1,3}$/u;

/** The whole sentences that a text begins with; undefined: there is none. */
export function wholeSentences(text: string): string | undefined {
  return WHOLE_SENTENCES.exec(text)?.[0];
}

export function endingOf(text: string): Ending {
  if (/[\n\r]$/.test(text)) return "line";
  return SENTENCE_END.test(text) ? "sentence" : "middle";
}

/**
 * A text that ends with a sentence, made to end otherwise. In the middle of a sentence is both behind its last word and further in
 * front: by turns, as `turn` says. What has no sentence's end (code) stays as it is, but for a line's end.
 */
export function withEnding(text: string, ending: Ending, turn: number): string {
  if (ending === "line") return `${text}\n`;
  if (ending === "sentence" || !SENTENCE_END.test(text)) return text;
  const bare = text.replace(SENTENCE_END, "");
  return turn % 2 === 0 ? bare : bare.replace(LAST_WORDS, "");
}
