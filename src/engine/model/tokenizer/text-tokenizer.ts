import { ParamscopeError } from "../../errors";
import { ChatTemplate } from "../chat-template/chat-template";
import { TemplateError } from "../chat-template/template-error";
import { toValue } from "../chat-template/to-value";
import { quote } from "../formats/quote";
import type { TokenFinder } from "./added-tokens";
import { AlignedText } from "./aligned-text";
import { bytesOf, textOfBytes } from "./byte-characters";
import type { PieceModel } from "./piece-model";
import { withinTime } from "./time-limit";
import type { Encoding, Tokenizer } from "./tokenizer";

/** What a file says of a tokenizer, whatever the file's format. */
export interface TokenizerParts {
  /** Of its model, for errors. */
  readonly path: string;
  readonly vocabularySize: number;
  readonly prefix: readonly number[];
  readonly suffix: readonly number[];
  readonly added: TokenFinder;
  /** Cuts a stretch of text into pieces; `first`: it begins the text, or comes after an added token. */
  readonly cut: (section: AlignedText, first: boolean) => AlignedText[];
  readonly model: PieceModel;
  /** A token as the vocabulary writes it. */
  readonly token: (id: number) => string | undefined;
  /** How a vocabulary's token is written: in byte characters, with ▁ for a space, or as it is (an added token). */
  readonly written: (id: number) => "bytes" | "spaces" | "plain";
  readonly chatTemplate: string | undefined;
  /** What the chat template may name: `bos_token`, `eos_token`, … */
  readonly templateVariables: Readonly<Record<string, string>>;
}

/** A tokenizer put together from its parts. */
export class TextTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly prefix: readonly number[];
  readonly suffix: readonly number[];
  readonly chatTemplate: string | undefined;
  readonly #parts: TokenizerParts;

  constructor(parts: TokenizerParts) {
    this.#parts = parts;
    ({
      vocabularySize: this.vocabularySize,
      prefix: this.prefix,
      suffix: this.suffix,
      chatTemplate: this.chatTemplate,
    } = parts);
  }

  encode(text: string, options: { special: boolean }): Encoding {
    return withinTime(text.length, () => this.#encode(text, options));
  }

  #encode(text: string, { special }: { special: boolean }): Encoding {
    const { added, cut, model } = this.#parts;
    const ids: number[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    const addSpecial = (tokens: readonly number[]): void => {
      for (const id of tokens) {
        ids.push(id);
        starts.push(-1);
        ends.push(-1);
      }
    };
    if (special) addSpecial(this.prefix);
    // A lone surrogate is no character, and has no bytes: it is read as U+FFFD, as everywhere.
    const wellFormed = text.replace(/\p{Surrogate}/gu, "\uFFFD");
    let first = true;
    for (const section of added.sections(new AlignedText(wellFormed))) {
      if (!(section instanceof AlignedText)) {
        ids.push(section.token.id);
        starts.push(section.start);
        ends.push(section.end);
        first = true;
        continue;
      }
      for (const piece of cut(section, first)) {
        const tokens = model.tokenize(piece.text);
        for (let i = 0; i < tokens.ids.length; i++) {
          ids.push(tokens.ids[i]!);
          starts.push(piece.startOf(tokens.starts[i]!));
          ends.push(piece.endOf(tokens.ends[i]! - 1));
        }
      }
      first = false;
    }
    if (special) addSpecial(this.suffix);
    return { ids, starts, ends };
  }

  tokenText(id: number): string {
    const token = this.#parts.token(id);
    if (token === undefined) return `<${id}>`;
    switch (this.#parts.written(id)) {
      case "bytes": {
        const bytes = bytesOf(token);
        return bytes ? textOfBytes(bytes) : token;
      }
      case "spaces": {
        const [, byte] = /^<0x([0-9A-F]{2})>$/.exec(token) ?? [];
        return byte === undefined ? token.replaceAll("▁", " ") : textOfBytes([parseInt(byte, 16)]);
      }
      case "plain":
        return token;
    }
  }

  applyChatTemplate(messages: { role: string; content: string }[]): string {
    const { chatTemplate, path, templateVariables } = this.#parts;
    if (chatTemplate === undefined) {
      throw new ParamscopeError(
        `${path} has no chat template.`,
        "Take the text as it is (without chat), or use a chat model.",
        {
          settings: ["chat"],
        },
      );
    }
    try {
      // What transformers' apply_chat_template hands over: None for what a caller did not give, not nothing.
      const names = { messages, tools: null, documents: null, add_generation_prompt: true, ...templateVariables };
      return new ChatTemplate(chatTemplate).render(Object.entries(names).map(([name, json]) => [name, toValue(json)]));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw new ParamscopeError(
        `The chat template of ${path} cannot be applied: ${quote(error.message.replace(/\s+/g, " ").trim(), 300)}`,
        "Leave it out, or use another model.",
        { cause: error, settings: ["chat"] },
      );
    }
  }
}
