/** A tokenized text: three arrays of the same length. */
export interface Encoding {
  readonly ids: number[];
  /** UTF-16 offsets into the text that was encoded, `text.slice(start, end)` is the token's text; −1 for a special token that was added. */
  readonly starts: number[];
  readonly ends: number[];
}

/** Turns texts into ids, and ids into text. */
export interface Tokenizer {
  /** The size of the vocabulary: one more than the largest id that the tokenizer can give. */
  readonly vocabularySize: number;
  /** Ids that `encode(…, { special: true })` puts before and after a text. */
  readonly prefix: readonly number[];
  readonly suffix: readonly number[];
  /** The Jinja source of the chat template, where the model has one. */
  readonly chatTemplate: string | undefined;
  /** A text exactly as it is; `special` adds the prefix and suffix. */
  encode(text: string, options: { special: boolean }): Encoding;
  /** What a token stands for when it is shown alone: ` river`; for a lone byte of a longer character `<0xE2>`. */
  tokenText(id: number): string;
  /** A text around each of whose messages the model's chat template stands. @throws ParamscopeError without a template. */
  applyChatTemplate(messages: { role: string; content: string }[]): string;
}
