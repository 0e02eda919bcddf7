import type { AddedToken } from "./added-tokens";

type Config = Readonly<Record<string, unknown>>;
type Described = Omit<AddedToken, "id">;

/** Special tokens that have a name, in the order in which transformers adds them. */
const NAMES = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

/** The files beside tokenizer.json that speak of special tokens. */
export interface SpecialTokenFiles {
  /** tokenizer_config.json */
  readonly config: Config;
  /** special_tokens_map.json, where the configuration does not list the added tokens. */
  readonly map: Config;
  /** added_tokens.json, likewise: ids by tokens. */
  readonly added: Config;
}

/**
 * The added tokens of tokenizer.json, and those that the files beside it make of it, as `from_pretrained` and `TokenizersBackend.__init__` of transformers 5
 * add them: of `added_tokens_decoder` by their numbers, then those with a name (`bos_token`), then `extra_special_tokens`, each unless it is
 * an added token already. One of the vocabulary keeps its id, any other gets the next.
 * @param idOf a token's id in the vocabulary.
 * @param next the first id that is free.
 */
export function withSpecialTokens(
  own: readonly AddedToken[],
  { config, map, added }: SpecialTokenFiles,
  idOf: (content: string) => number | undefined,
  next: number,
): AddedToken[] {
  const known = new Map<string, AddedToken>(own.map((token) => [token.content, token]));
  const named = namedTokens(config, map);
  const listed = listedTokens(config, added, named);
  const described = new Map(
    [...listed, ...(config.added_tokens_decoder ? [] : own)].map((token) => [token.content, token]),
  );
  const wanted = [
    ...listed.filter((token) => !isSame(token, known.get(token.content))),
    ...[...named, ...extraTokens(config, map)]
      .map((value) => (typeof value === "string" ? (described.get(value) ?? tokenOf(value)) : tokenOf(value)))
      .filter((token) => token !== undefined)
      .filter(({ content }) => !known.has(content)),
  ];
  const names = new Set(named.map(contentOf));
  let free = next;
  for (const token of wanted) {
    const before = known.get(token.content);
    // what the first of them said of a token counts
    if (token.content === "" || (before !== undefined && !own.includes(before))) continue;
    const id = before?.id ?? idOf(token.content) ?? free++;
    known.set(token.content, { ...token, special: token.special || names.has(token.content), id });
  }
  return [...known.values()];
}

/** Whether special tokens are read as any other text: `split_special_tokens`. */
export function areSplit({ split_special_tokens: split }: Config): boolean {
  return split === true;
}

/** Tokens that have a name: the usual ones, and those of the model's own, `image_token`. */
function namedTokens(config: Config, map: Config): unknown[] {
  const all = { ...config, ...map };
  const own = Object.keys(config).filter(
    (name) => name.endsWith("_token") && !NAMES.includes(name) && typeof config[name] === "string",
  );
  const extra = [config.extra_special_tokens, config.model_specific_special_tokens].flatMap((tokens) =>
    isObject(tokens) ? Object.values(tokens) : [],
  );
  return [...[...NAMES, ...own].map((name) => all[name]), ...extra].filter((value) => contentOf(value) !== undefined);
}

/** Tokens without a name. */
function extraTokens(config: Config, map: Config): unknown[] {
  const lists = [config, map].flatMap(({ extra_special_tokens: extra, additional_special_tokens: additional }) => [
    Array.isArray(extra) && extra.length > 0 ? extra : additional,
  ]);
  return lists.flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
}

/** `added_tokens_decoder`, by the numbers; or added_tokens.json, whose tokens are special where others say so. */
function listedTokens(config: Config, added: Config, named: readonly unknown[]): Described[] {
  const { added_tokens_decoder: decoder } = config;
  if (isObject(decoder))
    return Object.entries(decoder)
      .sort(([a], [b]) => Number(a) - Number(b))
      .flatMap(([, token]) => tokenOf(token) ?? []);
  const special = new Set([...named, ...extraTokens(config, {})].map(contentOf));
  return Object.entries(added)
    .sort(([, a], [, b]) => Number(a) - Number(b))
    .map(([content]) => describedToken(content, { special: special.has(content) }));
}

/** A token as the files write it: its text alone, which is a special token's, or with what else is said of it. */
function tokenOf(value: unknown): Described | undefined {
  const content = contentOf(value);
  if (content === undefined) return undefined;
  return isObject(value) ? describedToken(content, value) : describedToken(content, { special: true });
}

/** A token with what a file says of it beside its text. */
export function describedToken(content: string, config: Config): Described {
  const special = config.special === true;
  return {
    content,
    special,
    singleWord: config.single_word === true,
    leftStrip: config.lstrip === true,
    rightStrip: config.rstrip === true,
    normalized: typeof config.normalized === "boolean" ? config.normalized : !special,
  };
}

function isSame(token: Described, other: AddedToken | undefined): boolean {
  return (
    other !== undefined &&
    (["special", "singleWord", "leftStrip", "rightStrip", "normalized"] as const).every(
      (flag) => token[flag] === other[flag],
    )
  );
}

function contentOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return isObject(value) && typeof value.content === "string" ? value.content : undefined;
}

function isObject(value: unknown): value is Config {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
