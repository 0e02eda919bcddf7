import type { GgufMetadata } from "../formats/gguf-metadata";
import type { AlignedText } from "./aligned-text";
import { CharacterTrie, type Section, type TokenFinder } from "./added-tokens";

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
const CONTROL = 3;
const USER_DEFINED = 4;

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
/** Of OpenAI's harmony format: always special as well. */
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
  // Phi-3's special tokens take the white space after them; a GGUF file cannot say so, llama.cpp goes by the name.
  const isPhi3 = /phi-?3/i.test(metadata.text("general.name") ?? "");
  const special: GgufSpecialToken[] = [];
  for (let id = 0; id < tokens.length; id++) {
    const content = tokens[id];
    const type = types?.[id];
    if (type !== CONTROL && type !== USER_DEFINED && !named.has(content)) continue;
    special.push({
      id,
      content,
      isUserDefined: type === USER_DEFINED,
      takesSpaceAfter: isPhi3 && !["<unk>", "<s>", "<|endoftext|>"].includes(content),
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

/** An occurrence of a special token in a text. */
interface Occurrence {
  readonly token: GgufSpecialToken;
  readonly from: number;
  readonly to: number;
}

/**
 * Finds special tokens as llama.cpp does (`tokenizer_st_partition`): all of the longest one first, then those of the next in
 * what is left. Where tokens overlap this is not the leftmost one.
 */
export class SpecialTokens implements TokenFinder {
  readonly #trie: CharacterTrie<GgufSpecialToken>;
  /** By id, the longest first. */
  readonly #turns: ReadonlyMap<number, number>;

  constructor(tokens: readonly GgufSpecialToken[]) {
    this.#trie = new CharacterTrie(tokens.map((token) => [token.content, token]));
    const bytes = (token: GgufSpecialToken): number => Buffer.byteLength(token.content);
    this.#turns = new Map([...tokens].sort((a, b) => bytes(b) - bytes(a)).map(({ id }, turn) => [id, turn]));
  }

  *sections(whole: AlignedText): Generator<Section> {
    let done = 0;
    for (const { token, from, to } of this.#found(whole.text)) {
      if (done < from) yield whole.slice(done, from);
      yield { token, start: whole.startOf(from), end: whole.endOf(to - 1) };
      done = to;
    }
    if (done < whole.length) yield whole.slice(done, whole.length);
  }

  /** Those that count, in the order of the text; `to` is behind the white space that they take. */
  #found(text: string): Occurrence[] {
    const all: Occurrence[] = [];
    for (let from = 0; from < text.length; from++)
      for (const [to, token] of this.#trie.prefixesAt(text, from)) all.push({ token, from, to });
    const turn = ({ token }: Occurrence): number => this.#turns.get(token.id) ?? 0;
    all.sort((a, b) => turn(a) - turn(b) || a.from - b.from);

    const taken: Occurrence[] = [];
    const isTaken = new Uint8Array(all.length > 0 ? text.length : 0);
    for (const { token, from, to } of all) {
      if (isTaken.subarray(from, to).includes(1)) continue;
      let end = to;
      if (token.takesSpaceAfter) while (end < text.length && !isTaken[end] && isAsciiSpace(text.charCodeAt(end))) end++;
      isTaken.fill(1, from, end);
      taken.push({ token, from, to: end });
    }
    return taken.sort((a, b) => a.from - b.from);
  }
}

const isAsciiSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
