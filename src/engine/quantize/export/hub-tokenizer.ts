import { ParamscopeError } from "../../errors";
import { GgufMetadata } from "../../model/formats/gguf-metadata";
import { flag, float32s, int32s, text, texts, uint32, type TypedValue } from "../../model/formats/gguf-values";
import type { Model } from "../../model/model";
import { GGUF_PATTERNS, type GgufPattern } from "../../model/tokenizer/gguf-patterns";
import { PHI3_NAME, PHI3_TOKENS, TOKEN_TYPES } from "../../model/tokenizer/gguf-special-tokens";
import type { AddedToken } from "../../model/tokenizer/added-tokens";
import { AlignedText } from "../../model/tokenizer/aligned-text";
import { createGgufTokenizer, ggufCut } from "../../model/tokenizer/gguf-tokenizer";
import { specialTokens } from "../../model/tokenizer/hub-chat-template";
import { hubVocabulary, readHubTokenizer, type HubTokenizerFiles } from "../../model/tokenizer/hub-tokenizer";
import { createPreTokenization } from "../../model/tokenizer/pre-tokenizers";
import type { Tokenizer } from "../../model/tokenizer/tokenizer";
import { CONVERT } from "./hub-tensors";
import { FURTHER_PROBES, PLAIN_PROBES } from "./probes";

type Config = Readonly<Record<string, unknown>>;
type Entries = ReadonlyMap<string, TypedValue>;

/**
 * What a GGUF file says of a Hugging Face folder's tokenizer. Among llama.cpp's ways of cutting texts the one is taken that cuts like the folder's and gives the
 * same ids (its converter does likewise, by a checksum of the ids of one text).
 * @throws ParamscopeError where there is none.
 */
export async function tokenizerEntries(model: Model): Promise<Entries> {
  const { path } = model.checkpoint;
  const files = await readHubTokenizer(path);
  const common = commonEntries(model, files);
  for (const own of candidates(model, files)) {
    const entries = new Map([...common, ...own]);
    if (areAlike(model.tokenizer, tokenizerOf(path, entries))) return entries;
  }
  throw new ParamscopeError(`llama.cpp has no tokenizer that gives the ids which that of ${path} gives.`, CONVERT);
}

/** Everything but how a text is cut, and the names that special tokens have. */
function commonEntries(
  { name, tokenizer, definition, checkpoint }: Model,
  files: HubTokenizerFiles,
): Map<string, TypedValue> {
  const { tokens, added, vocabulary } = hubVocabulary(files.json, files);
  const { vocabularySize } = definition;
  if (tokens.length > vocabularySize)
    throw new ParamscopeError(
      `The tokenizer of ${checkpoint.path} has ${tokens.length} tokens, and its model ${vocabularySize}.`,
      CONVERT,
    );
  const addedById = new Map(added.map((token) => [token.id, token]));
  const unknown = (files.json.model as Config).unk_token;
  const typeOf = (token: string | undefined, id: number): number => {
    if (token === undefined) return TOKEN_TYPES.unused;
    const own = addedById.get(id);
    if (token === unknown && !isByteLevel(files.json)) return TOKEN_TYPES.unknown;
    if (/^<0x[0-9A-F]{2}>$/.test(token)) return TOKEN_TYPES.byte;
    if (own === undefined) return TOKEN_TYPES.normal;
    return own.special ? TOKEN_TYPES.control : TOKEN_TYPES.userDefined;
  };
  const all = Array.from({ length: vocabularySize }, (_, id) => tokens[id]);
  const named = specialTokens(files.config, files.map);
  const idOf = (name: string): number | undefined => {
    const token = named[`${name}_token`];
    const id =
      token === undefined ? undefined : (added.find(({ content }) => content === token)?.id ?? vocabulary.get(token));
    return id ?? configured(checkpoint.config, `${name}_token_id`);
  };
  const [before, after] = [tokenizer.prefix[0], tokenizer.suffix[0]];
  const ids = {
    bos: before ?? idOf("bos"),
    eos: after ?? idOf("eos"),
    unknown: idOf("unk"),
    seperator: idOf("sep"),
    padding: idOf("pad"),
  };
  return new Map<string, TypedValue>([
    ["general.name", text(nameFor(name, all, added))],
    ["tokenizer.ggml.tokens", texts(all.map((token, id) => token ?? `[PAD${id}]`))],
    ["tokenizer.ggml.token_type", int32s(all.map(typeOf))],
    ...Object.entries(ids).flatMap(([name, id]): [string, TypedValue][] =>
      id === undefined || id < 0 || id >= vocabularySize ? [] : [[`tokenizer.ggml.${name}_token_id`, uint32(id)]],
    ),
    ["tokenizer.ggml.add_bos_token", flag(before !== undefined)],
    ["tokenizer.ggml.add_eos_token", flag(after !== undefined)],
    ...(tokenizer.chatTemplate === undefined
      ? []
      : ([["tokenizer.chat_template", text(tokenizer.chatTemplate)]] as [string, TypedValue][])),
  ]);
}

/** The name of a model, by which llama.cpp also goes: Phi-3's where tokens take the white space after them, and only where it has Phi-3's tokens. */
function nameFor(name: string, tokens: readonly (string | undefined)[], added: readonly AddedToken[]): string {
  if (!PHI3_TOKENS.every((token) => tokens.includes(token))) return name.replace(new RegExp(PHI3_NAME, "gi"), "phi");
  const takeSpaces = added.some(({ special, rightStrip }) => special && rightStrip);
  return takeSpaces && !PHI3_NAME.test(name) ? `Phi-3 ${name}` : name;
}

function configured(config: Config, key: string): number | undefined {
  const inner = (config.text_config ?? {}) as Config;
  const value = config[key] ?? inner[key];
  const [first] = Array.isArray(value) ? (value as unknown[]) : [value];
  return typeof first === "number" ? first : undefined;
}

function isByteLevel({ pre_tokenizer: cut, decoder }: Config): boolean {
  return [cut, decoder].some((part) => JSON.stringify(part ?? null).includes('"ByteLevel"'));
}

/** The ways in which llama.cpp cuts texts and makes tokens, of the kind that the folder's tokenizer is, the likeliest first. */
function* candidates(model: Model, { json }: HubTokenizerFiles): Generator<Entries> {
  const own = json.model as Config;
  const merges = ((own.merges ?? []) as (string | [string, string])[]).map((merge) =>
    typeof merge === "string" ? merge : merge.join(" "),
  );
  if (merges.length === 0) return;
  if (isByteLevel(json)) {
    for (const pre of patternNames(json))
      yield new Map([
        ["tokenizer.ggml.model", text("gpt2")],
        ["tokenizer.ggml.pre", text(pre)],
        ["tokenizer.ggml.merges", texts(merges)],
      ]);
    return;
  }
  if (own.byte_fallback !== true) return;
  if (model.definition.modelType.startsWith("gemma4"))
    yield new Map([
      ["tokenizer.ggml.model", text("gemma4")],
      ["tokenizer.ggml.merges", texts(merges)],
    ]);
  for (const hasSpacePrefix of [true, false])
    yield new Map([
      ["tokenizer.ggml.model", text("llama")],
      ["tokenizer.ggml.pre", text("default")],
      ["tokenizer.ggml.scores", float32s(scoresOf(own.vocab as Readonly<Record<string, number>>, merges, model))],
      ["tokenizer.ggml.add_space_prefix", flag(hasSpacePrefix)],
    ]);
}

/**
 * One name of each pattern, of those that cut most texts as the folder's tokenizer does the first: ids alone do not tell them apart where no token goes across
 * a cut. llama.cpp's own fallback is the last of those that are equal.
 */
function patternNames(json: Config): string[] {
  const names = new Map<GgufPattern, string>();
  for (const [name, pattern] of GGUF_PATTERNS) if (!names.has(pattern)) names.set(pattern, name);
  const { cut = (section: AlignedText) => [section] } = createPreTokenization(json.pre_tokenizer as Config | null);
  const ignoresMerges = (json.model as Config).ignore_merges === true;
  const sameOf = (all: readonly string[]): ((pattern: GgufPattern) => number) => {
    const probes = all.map((probe) => new AlignedText(probe));
    const theirs = probes.map((probe) => textsOf(cut(probe)));
    return (pattern) => {
      const own = ggufCut(pattern);
      return probes.filter((probe, i) => textsOf(own(probe)) === theirs[i]).length;
    };
  };
  const [plain, further] = [sameOf(PLAIN_PROBES), sameOf(FURTHER_PROBES)];
  const likeness = ([pattern, name]: [GgufPattern, string]): number[] => [
    plain(pattern),
    Number(ignoresMerges === (pattern.ignoreMerges ?? false)),
    further(pattern),
    Number(name !== "default"),
  ];
  return [...names]
    .map((one) => ({ name: one[1], likeness: likeness(one) }))
    .sort((a, b) => {
      const [more = 0] = b.likeness.map((value, i) => value - (a.likeness[i] ?? 0)).filter((one) => one !== 0);
      return more;
    })
    .map(({ name }) => name);
}

const textsOf = (pieces: readonly AlignedText[]): string => JSON.stringify(pieces.map(({ text: piece }) => piece));

/** SentencePiece merges the two neighbours whose token has the best score: the rank of the first merge that makes it, below 0. */
function scoresOf(
  vocabulary: Readonly<Record<string, number>>,
  merges: readonly string[],
  { definition }: Model,
): Float32Array {
  const scores = new Float32Array(definition.vocabularySize).fill(-merges.length - 1);
  for (let rank = merges.length - 1; rank >= 0; rank--) {
    const merge = merges[rank] ?? "";
    const space = merge.indexOf(" ", 1);
    const id = vocabulary[merge.slice(0, space) + merge.slice(space + 1)];
    if (id !== undefined) scores[id] = -rank;
  }
  return scores;
}

function tokenizerOf(path: string, entries: Entries): Tokenizer {
  const values = [...entries].map(([key, { value }]) => [key, value] as const);
  return createGgufTokenizer(new GgufMetadata(path, new Map([["general.architecture", ""], ...values])));
}

/** Whether two tokenizers give the same ids of plain texts, and put the same around them. */
function areAlike(ours: Tokenizer, theirs: Tokenizer): boolean {
  return PLAIN_PROBES.every((probe) => {
    const [a, b] = [ours, theirs].map((one) => one.encode(probe, { special: true }).ids);
    return String(a) === String(b);
  });
}
