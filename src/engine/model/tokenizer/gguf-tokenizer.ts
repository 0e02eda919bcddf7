import { ParamscopeError } from "../../errors";
import type { GgufMetadata } from "../formats/gguf-metadata";
import { quote } from "../formats/quote";
import type { AlignedText } from "./aligned-text";
import { ggufBytePairs } from "./gguf-merges";
import { GGUF_PATTERNS, type GgufPattern } from "./gguf-patterns";
import { ggufSpecialTokens, SpecialTokens } from "./gguf-special-tokens";
import { compilePattern, matches, replacements, split, type Span } from "./patterns";
import { CachedModel, type PieceModel } from "./piece-model";
import { ScoreModel } from "./score-model";
import { TextTokenizer } from "./text-tokenizer";
import type { Tokenizer } from "./tokenizer";
import { asInUnicode15 } from "./unicode-15";

/** The vocabulary of a GGUF file, by id, none of them empty: llama.cpp gives an empty one this name. */
export function ggufTokens(metadata: GgufMetadata): readonly string[] {
  const tokens = metadata.texts("tokenizer.ggml.tokens") ?? [];
  return tokens.includes("") ? tokens.map((token, id) => (token === "" ? `[EMPTY_${id}]` : token)) : tokens;
}

/** What is specific to a kind of vocabulary. */
interface Kind {
  readonly cut: (section: AlignedText, first: boolean) => AlignedText[];
  readonly model: PieceModel;
  readonly written: "bytes" | "spaces";
  /** Where the metadata do not say; `always`: whatever they say. */
  readonly addBos: boolean | "always";
  readonly bosId: number | undefined;
  readonly eosId: number | undefined;
}

/** The tokenizer in a GGUF file's metadata, as llama.cpp reads it. @throws ParamscopeError */
export function createGgufTokenizer(metadata: GgufMetadata): Tokenizer {
  const { path } = metadata;
  const tokens = ggufTokens(metadata);
  if (tokens.length === 0) {
    throw new ParamscopeError(`${path} holds no tokenizer.`, "Convert the model again, with its tokenizer.");
  }
  const types = metadata.numbers("tokenizer.ggml.token_type");
  if (types && types.length < tokens.length) throw tooShort(path, "token_type", types.length, tokens.length);
  const kind = createKind(metadata, tokens);
  const isId = (id: number | undefined): id is number => id !== undefined && id >= 0 && id < tokens.length;
  const bosId = metadata.number("tokenizer.ggml.bos_token_id") ?? kind.bosId;
  const eosId = metadata.number("tokenizer.ggml.eos_token_id") ?? kind.eosId;
  const addBos = kind.addBos === "always" || (metadata.flag("tokenizer.ggml.add_bos_token") ?? kind.addBos);
  const addEos = metadata.flag("tokenizer.ggml.add_eos_token") ?? false;
  const special = ggufSpecialTokens(metadata, tokens);
  const specialIds = new Set(special.map(({ id }) => id));
  return new TextTokenizer({
    path,
    vocabularySize: tokens.length,
    prefix: addBos && isId(bosId) ? [bosId] : [],
    suffix: addEos && isId(eosId) ? [eosId] : [],
    added: new SpecialTokens(special),
    cut: kind.cut,
    model: new CachedModel(kind.model),
    token: (id) => tokens[id],
    written: (id) => (specialIds.has(id) ? "plain" : kind.written),
    chatTemplate: metadata.text("tokenizer.chat_template"),
    templateVariables: {
      ...(isId(bosId) ? { bos_token: tokens[bosId] } : {}),
      ...(isId(eosId) ? { eos_token: tokens[eosId] } : {}),
    },
  });
}

function createKind(metadata: GgufMetadata, tokens: readonly string[]): Kind {
  const model = metadata.text("tokenizer.ggml.model");
  switch (model) {
    case "gpt2":
      return byteLevel(metadata, tokens);
    case "llama":
      return sentencePiece(metadata, tokens);
    case "gemma4":
      return gemma4(metadata, tokens);
    default:
      throw new ParamscopeError(
        `${metadata.path}: the tokenizer model ${model === undefined ? "is not named" : `${quote(model)} is not supported`}.`,
        "Use a model whose tokenizer is gpt2 (byte-level BPE), llama (SentencePiece) or gemma4.",
      );
  }
}

function byteLevel(metadata: GgufMetadata, tokens: readonly string[]): Kind {
  const { path } = metadata;
  const pre = metadata.text("tokenizer.ggml.pre") ?? "default";
  const pattern = GGUF_PATTERNS.get(pre);
  if (!pattern) {
    throw new ParamscopeError(
      `${path}: the pre-tokenizer ${quote(pre)} is not supported.`,
      `Use a model with one of these: ${[...GGUF_PATTERNS.keys()].join(", ")}.`,
    );
  }
  return {
    cut: ggufCut(pattern),
    model: ggufBytePairs(tokens, mergesOf(metadata), {
      byteLevel: true,
      isWhole: () => pattern.ignoreMerges ?? false,
    }),
    written: "bytes",
    addBos: pattern.addBos ?? false,
    bosId: 11,
    eosId: 11,
  };
}

/** How a pattern cuts a stretch of text into pieces. */
export function ggufCut({ patterns }: GgufPattern): (section: AlignedText) => AlignedText[] {
  const cuts = patterns.map((source) => ({
    expression: compilePattern({ Regex: source }),
    readsProperties: source.includes("\\p{"),
  }));
  return (section) => {
    const classified = asInUnicode15(section.text);
    let pieces: readonly Span[] = [{ from: 0, to: section.length }];
    for (const { expression, readsProperties } of cuts) {
      const text = readsProperties ? classified : section.text;
      pieces = pieces.flatMap(({ from, to }) =>
        split(text.slice(from, to), expression, "Isolated", false).map((piece) => ({
          from: from + piece.from,
          to: from + piece.to,
        })),
      );
    }
    return pieces.map(({ from, to }) => section.slice(from, to));
  };
}

function mergesOf(metadata: GgufMetadata): readonly string[] {
  const merges = metadata.texts("tokenizer.ggml.merges");
  if (merges) return merges;
  throw new ParamscopeError(
    `${metadata.path}: the tokenizer has no merges.`,
    "Convert the model again, with its tokenizer.",
  );
}

/** Where Gemma 4's vocabulary cuts a text: runs of line ends are apart. */
export const GEMMA4_PATTERN = "[^\\n]+|[\\n]+";

/** Merges over characters, with bytes as the last resort; spaces are written as in SentencePiece. A run of line ends that is a token is one. */
function gemma4(metadata: GgufMetadata, tokens: readonly string[]): Kind {
  const expression = compilePattern({ Regex: GEMMA4_PATTERN });
  return {
    cut: (section) => {
      const escaped = withEscapedSpaces(section);
      return matches(escaped.text, expression).map(({ from, to }) => escaped.slice(from, to));
    },
    model: ggufBytePairs(tokens, mergesOf(metadata), { byteLevel: false, isWhole: (piece) => /^\n+$/.test(piece) }),
    written: "spaces",
    addBos: "always",
    bosId: undefined,
    eosId: undefined,
  };
}

const withEscapedSpaces = (section: AlignedText): AlignedText => section.edit(replacements(section.text, / /gu, "▁"));

function sentencePiece(metadata: GgufMetadata, tokens: readonly string[]): Kind {
  const scores = metadata.numbers("tokenizer.ggml.scores");
  if (!scores) {
    throw new ParamscopeError(
      `${metadata.path}: the tokenizer has no scores.`,
      "Convert the model again, with its tokenizer.",
    );
  }
  if (scores.length < tokens.length) throw tooShort(metadata.path, "scores", scores.length, tokens.length);
  const spacePrefix = metadata.flag("tokenizer.ggml.add_space_prefix") ?? true;
  return {
    cut: (section, first) => {
      const prefixed = spacePrefix && first ? section.prepend(" ") : section;
      return [withEscapedSpaces(prefixed)];
    },
    model: new ScoreModel(tokens, scores, metadata.number("tokenizer.ggml.unknown_token_id") ?? 0),
    written: "spaces",
    addBos: true,
    bosId: 1,
    eosId: 2,
  };
}

function tooShort(path: string, what: string, length: number, tokens: number): ParamscopeError {
  return new ParamscopeError(
    `${path}: the tokenizer has ${tokens} tokens, but ${length} entries of ${what}.`,
    "Download the file again, or convert the model again.",
  );
}
