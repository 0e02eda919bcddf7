import { ParamscopeError } from "../../errors";
import type { GgufMetadata } from "../formats/gguf-metadata";
import { GGUF_PATTERNS } from "./gguf-patterns";
import { ggufSpecialTokens } from "./gguf-special-tokens";
import { GEMMA4_PATTERN, ggufTokens } from "./gguf-tokenizer";
import type { Tokenizer } from "./tokenizer";

/**
 * The tokenizer of a GGUF file as transformers loads it: `tokenizer.json` and `tokenizer_config.json`.
 * @param tokenizer the one that was made of the same metadata
 */
export function hubFilesOfGguf(
  metadata: GgufMetadata,
  { prefix, suffix }: Tokenizer,
): Readonly<Record<"tokenizer.json" | "tokenizer_config.json", object>> {
  const tokens = ggufTokens(metadata);
  const added = ggufSpecialTokens(metadata, tokens);
  const model = metadata.text("tokenizer.ggml.model");
  const parts = (model === "gpt2" ? byteLevel : model === "gemma4" ? gemma4 : sentencePiece)(metadata, tokens);
  const named = (key: string): string | undefined => tokens[metadata.number(`tokenizer.ggml.${key}_token_id`) ?? -1];
  const special = {
    bos_token: named("bos"),
    eos_token: named("eos"),
    unk_token: named("unknown"),
    pad_token: named("padding"),
  };
  return {
    "tokenizer.json": {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: added.map((token) => ({
        id: token.id,
        content: token.content,
        single_word: false,
        lstrip: false,
        rstrip: token.takesSpaceAfter,
        normalized: false,
        special: !token.isUserDefined,
      })),
      ...parts,
      post_processor: postProcessor(tokens, prefix, suffix),
    },
    "tokenizer_config.json": {
      tokenizer_class: "PreTrainedTokenizerFast",
      clean_up_tokenization_spaces: false,
      ...Object.fromEntries(Object.entries(special).filter(([, token]) => token !== undefined)),
      chat_template: metadata.text("tokenizer.chat_template"),
    },
  };
}

const vocabularyOf = (tokens: readonly string[]): Record<string, number> =>
  // of two equal tokens the last has the id, as when the file is read
  Object.fromEntries(tokens.map((token, id) => [token, id]));

const bpe = {
  type: "BPE",
  dropout: null,
  continuing_subword_prefix: null,
  end_of_word_suffix: null,
};

/* Where spaces are marked in tokens, and bytes that no token has are tokens of their own. */
const spacesMarked = { type: "Replace", pattern: { String: " " }, content: "▁" };
const marksRead = [
  { type: "Replace", pattern: { String: "▁" }, content: " " },
  { type: "ByteFallback" },
  { type: "Fuse" },
];
const bytesAsTokens = { fuse_unk: true, byte_fallback: true, ignore_merges: false };

function byteLevel(metadata: GgufMetadata, tokens: readonly string[]): object {
  const pattern = GGUF_PATTERNS.get(metadata.text("tokenizer.ggml.pre") ?? "default");
  const bytes = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false };
  return {
    normalizer: null,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        ...(pattern?.patterns ?? []).map((Regex) => ({
          type: "Split",
          pattern: { Regex },
          behavior: "Isolated",
          invert: false,
        })),
        bytes,
      ],
    },
    decoder: bytes,
    model: {
      ...bpe,
      unk_token: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: pattern?.ignoreMerges ?? false,
      vocab: vocabularyOf(tokens),
      merges: mergesOf(metadata, tokens),
    },
  };
}

/** Pairs of which the vocabulary has both parts and the whole. */
function mergesOf(metadata: GgufMetadata, tokens: readonly string[]): [left: string, right: string][] {
  const known = new Set(tokens);
  return (metadata.texts("tokenizer.ggml.merges") ?? []).flatMap((merge): [string, string][] => {
    const space = merge.indexOf(" ", 1);
    const [left, right] = [merge.slice(0, space), merge.slice(space + 1)];
    return known.has(left) && known.has(right) && known.has(left + right) ? [[left, right]] : [];
  });
}

/** Gemma 4's merges make its runs of line ends, so that none has to be taken whole. */
function gemma4(metadata: GgufMetadata, tokens: readonly string[]): object {
  const unknown = tokens[metadata.number("tokenizer.ggml.unknown_token_id") ?? -1];
  return {
    normalizer: spacesMarked,
    pre_tokenizer: { type: "Split", pattern: { Regex: GEMMA4_PATTERN }, behavior: "Isolated", invert: false },
    decoder: { type: "Sequence", decoders: marksRead },
    model: {
      ...bpe,
      ...bytesAsTokens,
      unk_token: unknown ?? null,
      vocab: vocabularyOf(tokens),
      merges: mergesOf(metadata, tokens),
    },
  };
}

/** SentencePiece merges the two neighbours whose token has the best score: pairs in that order are merges by rank. */
function sentencePiece(metadata: GgufMetadata, tokens: readonly string[]): object {
  const scores = metadata.numbers("tokenizer.ggml.scores");
  if (scores === undefined) throw new ParamscopeError(`${metadata.path}: the tokenizer has no scores.`);
  const known = new Map(tokens.map((token, id) => [token, id]));
  const merges: { readonly pair: [string, string]; readonly id: number }[] = [];
  for (const [token, id] of known) {
    const characters = [...token];
    for (let cut = 1; cut < characters.length; cut++) {
      const pair: [string, string] = [characters.slice(0, cut).join(""), characters.slice(cut).join("")];
      if (known.has(pair[0]) && known.has(pair[1])) merges.push({ pair, id });
    }
  }
  merges.sort((a, b) => (scores[b.id] ?? NaN) - (scores[a.id] ?? NaN));
  const spacePrefix = metadata.flag("tokenizer.ggml.add_space_prefix") ?? true;
  const unknown = tokens[metadata.number("tokenizer.ggml.unknown_token_id") ?? 0];
  return {
    normalizer: {
      type: "Sequence",
      normalizers: [...(spacePrefix ? [{ type: "Prepend", prepend: "▁" }] : []), spacesMarked],
    },
    pre_tokenizer: null,
    decoder: {
      type: "Sequence",
      decoders: [...marksRead, ...(spacePrefix ? [{ type: "Strip", content: " ", start: 1, stop: 0 }] : [])],
    },
    model: {
      ...bpe,
      ...bytesAsTokens,
      unk_token: unknown,
      vocab: vocabularyOf(tokens),
      merges: merges.map(({ pair }) => pair),
    },
  };
}

function postProcessor(tokens: readonly string[], prefix: readonly number[], suffix: readonly number[]): object | null {
  if (prefix.length + suffix.length === 0) return null;
  const special = (id: number): object => ({ SpecialToken: { id: tokens[id], type_id: 0 } });
  const around = (text: "A" | "B"): object[] => [
    ...prefix.map(special),
    { Sequence: { id: text, type_id: text === "A" ? 0 : 1 } },
    ...suffix.map(special),
  ];
  return {
    type: "TemplateProcessing",
    single: around("A"),
    pair: [...around("A"), ...around("B")],
    special_tokens: Object.fromEntries(
      [...prefix, ...suffix].map((id) => {
        const token = tokens[id];
        return [String(token), { id: token, ids: [id], tokens: [token] }];
      }),
    ),
  };
}
