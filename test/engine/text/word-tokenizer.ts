import type { Encoding, Tokenizer } from "../../../src/engine/model/tokenizer/tokenizer";

/** A tokenizer for tests: every run of letters with the space before it is a token, and so is every other character. */
export function wordTokenizer(prefix: readonly number[] = [1], suffix: readonly number[] = []): Tokenizer {
  const words: string[] = ["<unk>", "<s>", "</s>"];
  const idOf = (word: string): number => {
    const known = words.indexOf(word);
    return known >= 0 ? known : words.push(word) - 1;
  };
  return {
    vocabularySize: 100_000,
    prefix,
    suffix,
    chatTemplate: "<user>{{ content }}</user>",
    encode(text, { special }): Encoding {
      const encoding: Encoding = { ids: [], starts: [], ends: [] };
      const add = (id: number, start: number, end: number) => {
        encoding.ids.push(id);
        encoding.starts.push(start);
        encoding.ends.push(end);
      };
      if (special) for (const id of prefix) add(id, -1, -1);
      for (const { 0: word, index } of text.matchAll(/ ?\p{L}+|[^]/gu)) add(idOf(word), index, index + word.length);
      if (special) for (const id of suffix) add(id, -1, -1);
      return encoding;
    },
    tokenText: (id) => words[id] ?? "<unk>",
    applyChatTemplate: (messages) => messages.map(({ content }) => `<user>${content.trim()}</user>`).join(""),
  };
}
