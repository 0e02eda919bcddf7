import type { GgufMetadata } from "../formats/gguf-metadata";
import type { AlignedText } from "./aligned-text";
import { CharacterTrie, type Section, type TokenFinder } from "./added-tokens";

/**
 * Phi-3's special tokens take the white space after them; a GGUF file cannot say so, llama.cpp goes by the name (`general.name`). It takes for granted that such a
 * vocabulary has these, which do not.
 */
export const PHI3_NAME = /phi-?3/i;
export const PHI3_TOKENS: readonly string[] = ["<unk>", "<s>", "<|endoftext|>"];

/** A token of a GGUF file's vocabulary that is found in a text before anything else is done with it. */
export interface GgufSpecialToken {
  readonly id: number;
  readonly content: string;
  /** The file's author made it one: it is part of a text like any other. */
  readonly isUserDefined: boolean;
  /** ASCII white space after it belongs to it. */
  readonly takesSpaceAfter: boolean;
}

/** `tokenizer.ggml.token_type` (llama.h, `enum llama_token_type`). */
export const TOKEN_TYPES = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;
const { control: CONTROL, userDefined: USER_DEFINED } = TOKEN_TYPES;

/** Tokens that end what a model writes: control tokens whatever the file says (llama-vocab.cpp, `special_eog_ids`). */
const END_TOKENS = [
  "<|eot_id|>",
  "<|im_end|>",
  "<|end|>",
  "<|return|>",
  "<|call|>",
  "<|flush|>",
  "<|calls|>",
  "<end_of_turn>",
  "<|endoftext|>",
  "</s>",
  "<|eom_id|>",
  "<EOT>",
  "_<EOT>",
  "[EOT]",
  "[EOS]",
  "<|end_of_text|>",
  "<end_of_utterance>",
  "<eos>",
  "<turn|>",
  "<|tool_response>",
  "<｜end▁of▁sentence｜>",
  "[e~[",
];
/** The tokens of OpenAI's harmony format: always special as well. */
const HARMONY_TOKENS = ["<|channel|>", "<|message|>", "<|start|>", "<|constrain|>"];
/** Where a text is filled in: of each kind, where the metadata does not name the token's id, the first that the vocabulary has. */
const FILL_IN_TOKENS: readonly (readonly [keys: readonly string[], names: readonly string[]])[] = [
  [
    ["fim_pre_token_id", "prefix_token_id"],
    [
      "<|fim_prefix|>",
      "<fim-prefix>",
      "<fim_prefix>",
      "<｜fim▁begin｜>",
      "<PRE>",
      "▁<PRE>",
      "<|code_prefix|>",
      "<|prefix|>",
    ],
  ],
  [
    ["fim_suf_token_id", "suffix_token_id"],
    [
      "<|fim_suffix|>",
      "<fim-suffix>",
      "<fim_suffix>",
      "<｜fim▁hole｜>",
      "<SUF>",
      "▁<SUF>",
      "<|code_suffix|>",
      "<|suffix|>",
    ],
  ],
  [
    ["fim_mid_token_id", "middle_token_id"],
    [
      "<|fim_middle|>",
      "<fim-middle>",
      "<fim_middle>",
      "<｜fim▁end｜>",
      "<MID>",
      "▁<MID>",
      "<|code_middle|>",
      "<|middle|>",
    ],
  ],
  [["fim_pad_token_id"], ["<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"]],
  [["fim_rep_token_id"], ["<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"]],
  [["fim_sep_token_id"], ["<|file_sep|>"]],
];

/**
 * The special tokens of a GGUF file, by id: those whose type says so, and those that llama.cpp knows by their names. `<unk>` is
 * none: in a text it is five characters, as for SentencePiece, and for llama.cpp where it measures perplexities.
 */
export function ggufSpecialTokens(metadata: GgufMetadata, tokens: readonly string[]): GgufSpecialToken[] {
  const types = metadata.numbers("tokenizer.ggml.token_type");
  const named = new Set([...END_TOKENS, ...HARMONY_TOKENS, ...fillInTokens(metadata, new Set(tokens))]);
  // Gemma 4's vocabulary has a "</s>" that is a tag of HTML.
  if (tokens.includes("<|tool_response>")) named.delete("</s>");
  const isPhi3 = PHI3_NAME.test(metadata.text("general.name") ?? "");
  const special: GgufSpecialToken[] = [];
  for (const [id, content] of tokens.entries()) {
    const type = types?.[id];
    if (type !== CONTROL && type !== USER_DEFINED && !named.has(content)) continue;
    special.push({
      id,
      content,
      isUserDefined: type === USER_DEFINED,
      takesSpaceAfter: isPhi3 && !PHI3_TOKENS.includes(content),
    });
  }
  return special;
}

function fillInTokens(metadata: GgufMetadata, known: ReadonlySet<string>): string[] {
  return FILL_IN_TOKENS.flatMap(([keys, names]) => {
    if (keys.some((key) => metadata.number(`tokenizer.ggml.${key}`) !== undefined)) return [];
    const first = names.find((name) => known.has(name));
    return first === undefined ? [] : [first];
  });
}

/** A stretch of a text; of a token, behind the white space that it takes. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly token?: GgufSpecialToken;
}

/**
 * Finds special tokens as llama.cpp does (`tokenizer_st_partition`): all of the longest one first, then those of the next in
 * what is left. Where tokens overlap this is not the leftmost one.
 */
export class SpecialTokens implements TokenFinder {
  readonly #trie: CharacterTrie<GgufSpecialToken>;

  constructor(tokens: readonly GgufSpecialToken[]) {
    this.#trie = new CharacterTrie(tokens.map((token) => [token.content, token]));
  }

  *sections(whole: AlignedText): Generator<Section> {
    let stretches: readonly Stretch[] = whole.length > 0 ? [{ from: 0, to: whole.length }] : [];
    for (const token of this.#occurring(whole.text)) stretches = cutOut(whole.text, stretches, token);
    for (const { from, to, token } of stretches) {
      if (token === undefined) yield whole.slice(from, to);
      else yield { token, start: whole.startOf(from), end: whole.endOf(to - 1) };
    }
  }

  /** The tokens that the text has anywhere, in the order in which they are looked for. */
  #occurring(text: string): GgufSpecialToken[] {
    const found = new Set<GgufSpecialToken>();
    for (let from = 0; from < text.length; from++) this.#trie.eachPrefixAt(text, from, (_, token) => found.add(token));
    const length = ({ content }: GgufSpecialToken): number => Buffer.byteLength(content);
    return [...found].sort((a, b) => length(b) - length(a) || a.id - b.id);
  }
}

/** The stretches with a token taken out of those that are none yet, wherever it stands in them, from the left. */
function cutOut(text: string, stretches: readonly Stretch[], token: GgufSpecialToken): Stretch[] {
  const { content, takesSpaceAfter } = token;
  const cut: Stretch[] = [];
  // One search goes through the text for all stretches: it is asked again only when it has fallen behind.
  let next = -1;
  for (const stretch of stretches) {
    let { from } = stretch;
    if (stretch.token === undefined) {
      for (;;) {
        if (next < from) next = indexFrom(text, content, from);
        if (next + content.length > stretch.to) break;
        if (next > from) cut.push({ from, to: next });
        let to = next + content.length;
        if (takesSpaceAfter) while (to < stretch.to && isAsciiSpace(text.charCodeAt(to))) to++;
        cut.push({ from: next, to, token });
        from = to;
      }
    }
    if (from < stretch.to) cut.push(from === stretch.from ? stretch : { from, to: stretch.to });
  }
  return cut;
}

/** Where it is next, and behind all texts where it is not. */
function indexFrom(text: string, content: string, from: number): number {
  const index = text.indexOf(content, from);
  return index < 0 ? Infinity : index;
}

const isAsciiSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
