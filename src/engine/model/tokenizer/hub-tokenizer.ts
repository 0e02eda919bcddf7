import { existsSync } from "node:fs";
import { join } from "node:path";
import { ParamscopeError } from "../../errors";
import { quote, quoteValue } from "../formats/quote";
import { readJson } from "../formats/read-json";
import { AddedTokens, type AddedToken } from "./added-tokens";
import { BytePairModel } from "./byte-pair-model";
import { readBeside, readChatTemplate, specialTokens } from "./hub-chat-template";
import { areSplit, describedToken, type SpecialTokenFiles, withSpecialTokens } from "./hub-special-tokens";
import { createNormalizer } from "./normalizers";
import { PairTable } from "./pair-table";
import { CachedModel, type PieceModel } from "./piece-model";
import { createPreTokenization } from "./pre-tokenizers";
import { TextTokenizer } from "./text-tokenizer";
import type { Tokenizer } from "./tokenizer";
import { UnigramModel } from "./unigram-model";

type Config = Readonly<Record<string, unknown>>;

/** What the files of a Hugging Face folder say of its tokenizer. */
export interface HubTokenizerFiles extends SpecialTokenFiles {
  /** tokenizer.json */
  readonly json: Config;
}

/** @throws ParamscopeError where one of the files is missing or damaged */
export async function readHubTokenizer(folder: string): Promise<HubTokenizerFiles> {
  const path = join(folder, "tokenizer.json");
  if (!existsSync(path)) throw noTokenizer(folder);
  const json = await readJson(path, "Download it into the folder.");
  const configPath = join(folder, "tokenizer_config.json");
  const config: Config = existsSync(configPath) ? await readJson(configPath, "Download it into the folder.") : {};
  return {
    json,
    config,
    map: await readBeside(folder, "special_tokens_map.json", config),
    added: await readBeside(folder, "added_tokens.json", config),
  };
}

/** The tokenizer of a Hugging Face folder: tokenizer.json, with what the files beside it say of special tokens and the chat template. */
export async function openHubTokenizer(folder: string): Promise<Tokenizer> {
  const path = join(folder, "tokenizer.json");
  const { json, ...files } = await readHubTokenizer(folder);
  try {
    return createHubTokenizer(folder, json, files, await readChatTemplate(folder, files.config));
  } catch (error) {
    if (error instanceof ParamscopeError) {
      throw new ParamscopeError(`${path}: ${error.message}`, error.remedy, { cause: error });
    }
    // The file's structure is a stranger's: whatever is not where it belongs ends here.
    throw new ParamscopeError(`${path} is not a valid tokenizer.json.`, "Download the file again.", { cause: error });
  }
}

function noTokenizer(folder: string): ParamscopeError {
  if (existsSync(join(folder, "tokenizer.model")) || existsSync(join(folder, "vocab.json"))) {
    return new ParamscopeError(
      `${folder} has no tokenizer.json, only older tokenizer files.`,
      "Load the tokenizer with transformers' AutoTokenizer and save it with save_pretrained.",
    );
  }
  return new ParamscopeError(`${folder} has no tokenizer (tokenizer.json).`, "Download it into the folder.");
}

/**
 * The tokenizer that a tokenizer.json describes.
 *
 * @param path Of its model, for errors.
 * @throws ParamscopeError naming the part that is not supported.
 */
export function createHubTokenizer(
  path: string,
  json: Config,
  files: SpecialTokenFiles,
  chatTemplate: string | undefined,
): TextTokenizer {
  const model = json.model as Config;
  const normalizer = createNormalizer(json.normalizer as Config | null);
  const { cut, byteLevel } = createPreTokenization(json.pre_tokenizer as Config | null);
  const { vocabulary, tokens, added } = hubVocabulary(json, files);
  const addedById = new Map(added.map((token) => [token.id, token]));
  const specialId = (token: string): number => {
    const id = added.find(({ content }) => content === token)?.id ?? vocabulary.get(token);
    if (id === undefined)
      throw new ParamscopeError(`The special token ${quoteValue(token)} has no id.`, "Download it again.");
    return id;
  };
  const { prefix, suffix } = readPostProcessor(json.post_processor as Config | null, specialId);
  return new TextTokenizer({
    path,
    vocabularySize: tokens.length,
    prefix,
    suffix,
    added: new AddedTokens(areSplit(files.config) ? added.filter(({ special }) => !special) : added, normalizer),
    cut: cut ?? ((section) => [section]),
    model: new CachedModel(createModel(model, vocabulary, byteLevel)),
    token: (id) => tokens[id],
    written: (id) => {
      if (addedById.has(id) && !/^<0x[0-9A-F]{2}>$/.test(tokens[id] ?? "")) return "plain";
      return byteLevel ? "bytes" : "spaces";
    },
    chatTemplate,
    templateVariables: specialTokens(files.config, files.map),
  });
}

/** The tokens of a tokenizer.json by their ids, and those of them that are added to its model. */
export function hubVocabulary(
  json: Config,
  files: SpecialTokenFiles,
): {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly tokens: readonly (string | undefined)[];
  readonly added: readonly AddedToken[];
} {
  const vocabulary = readVocabulary(json.model as Config);
  const tokens: (string | undefined)[] = [];
  for (const [token, id] of vocabulary) tokens[id] = token;
  const own = ((json.added_tokens ?? []) as Config[]).map(addedToken);
  const free = own.reduce((next, { id }) => Math.max(next, id + 1), tokens.length);
  const added = withSpecialTokens(own, files, (token) => vocabulary.get(token), free);
  for (const { id, content } of added) tokens[id] = content;
  return { vocabulary, tokens, added };
}

/** @throws ParamscopeError for what is no id: taken for one, its token would silently be another, or none. */
function checkedId(id: unknown, token: string): number {
  if (typeof id === "number" && Number.isInteger(id) && id >= 0 && id < 2 ** 31) return id;
  throw new ParamscopeError(
    `The token ${quote(token)} has the id ${quote(String(id))}, which is none.`,
    "Download the file again.",
  );
}

function addedToken(config: Config): AddedToken {
  const content = String(config.content);
  return { id: checkedId(config.id, content), ...describedToken(content, config) };
}

function modelType(model: Config): string {
  // Older files do not say it.
  if (typeof model.type === "string") return model.type;
  if (Array.isArray(model.vocab)) return "Unigram";
  return model.merges !== undefined ? "BPE" : "WordPiece";
}

function readVocabulary(model: Config): Map<string, number> {
  if (modelType(model) === "Unigram") {
    return new Map((model.vocab as [string, number][]).map(([token], id) => [token, id]));
  }
  const vocabulary = Object.entries(model.vocab as Record<string, unknown>);
  return new Map(vocabulary.map(([token, id]) => [token, checkedId(id, token)]));
}

function createModel(model: Config, vocabulary: ReadonlyMap<string, number>, byteLevel: boolean): PieceModel {
  switch (modelType(model)) {
    case "BPE":
      return createBytePairModel(model, vocabulary, byteLevel);
    case "Unigram":
      return new UnigramModel(model, vocabulary);
    default:
      throw new ParamscopeError(
        `The tokenizer model ${quoteValue(modelType(model))} is not supported.`,
        "Use a model whose tokenizer is BPE or Unigram.",
      );
  }
}

function createBytePairModel(
  model: Config,
  vocabulary: ReadonlyMap<string, number>,
  byteLevel: boolean,
): BytePairModel {
  if (model.continuing_subword_prefix || model.end_of_word_suffix) {
    throw new ParamscopeError(
      "BPE with continuing_subword_prefix or end_of_word_suffix is not supported.",
      "Use another model.",
    );
  }
  const merges = (model.merges ?? []) as (string | [string, string])[];
  const table = new PairTable(merges.length);
  merges.forEach((merge, rank) => {
    const [left = "", right = ""] = typeof merge === "string" ? merge.split(" ", 2) : merge;
    const leftId = vocabulary.get(left);
    const rightId = vocabulary.get(right);
    const result = vocabulary.get(left + right);
    if (leftId === undefined || rightId === undefined || result === undefined) {
      throw new ParamscopeError(
        `The merge ${quote(`${left} ${right}`)} is not of the vocabulary.`,
        "Download it again.",
      );
    }
    table.add(leftId, rightId, rank, result);
  });
  return new BytePairModel(vocabulary, table, {
    byteLevel,
    ignoreMerges: model.ignore_merges === true,
    byteFallback: model.byte_fallback === true,
    unknownId: typeof model.unk_token === "string" ? vocabulary.get(model.unk_token) : undefined,
    fuseUnknown: model.fuse_unk === true,
  });
}

interface Around {
  readonly prefix: number[];
  readonly suffix: number[];
}

/** What a template has, one after the other: the text itself, and special tokens. */
type TemplateItem =
  | { readonly Sequence: object; readonly SpecialToken?: undefined }
  | { readonly Sequence?: undefined; readonly SpecialToken: { readonly id: string } };

/** The special tokens that the post-processor puts around a single text. */
function readPostProcessor(config: Config | null | undefined, idOf: (token: string) => number): Around {
  switch (config?.type) {
    case undefined:
    case "ByteLevel":
      return { prefix: [], suffix: [] };
    case "Sequence":
      return (config?.processors as Config[])
        .map((processor) => readPostProcessor(processor, idOf))
        .reduce((inner, outer) => ({
          prefix: [...outer.prefix, ...inner.prefix],
          suffix: [...inner.suffix, ...outer.suffix],
        }));
    case "TemplateProcessing": {
      const around: Around = { prefix: [], suffix: [] };
      const special = (config?.special_tokens ?? {}) as Record<string, { ids: number[] } | undefined>;
      let side = around.prefix;
      for (const item of config?.single as TemplateItem[]) {
        if (item.Sequence) side = around.suffix;
        else side.push(...(special[item.SpecialToken.id]?.ids ?? [idOf(item.SpecialToken.id)]));
      }
      return around;
    }
    case "RobertaProcessing":
    case "BertProcessing":
      return {
        prefix: [Number((config?.cls as [string, number])[1])],
        suffix: [Number((config?.sep as [string, number])[1])],
      };
    default:
      throw new ParamscopeError(
        `The post-processor ${quoteValue(config?.type)} is not supported.`,
        "Use another model.",
      );
  }
}
