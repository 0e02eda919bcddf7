/**
 * How byte-level tokenizers of GGUF files cut a text, by `tokenizer.ggml.pre`: each pattern in turn cuts what is there,
 * matches and gaps alike (llama.cpp's llama-vocab.cpp, `llm_tokenizer_bpe`). Ids have to be llama.cpp's, so its own patterns
 * stand here even where they only come near the ones in the model's tokenizer.json (Tekken, GPT-4o: marks are no letters).
 *
 * They are what llama.cpp's expressions mean after what it does to them (`unicode_regex_split`): in expressions with
 * characters beyond ASCII, white space is never one of those.
 */
export interface GgufPattern {
  readonly patterns: readonly string[];
  /** A piece that is a token is taken whole. */
  readonly ignoreMerges?: boolean;
  /** Where the metadata does not say whether to begin with the BOS token. */
  readonly addBos?: boolean;
}

const CONTRACTIONS = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
const END = "\\s+(?!\\S)|\\s+";
const OTHERS = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*";
const OTHERS_OR_SLASH = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*";
const LINES = "\\s*[\\r\\n]+";
const WORD = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";

const GPT2 = `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|${END}`;
/** Llama 3's, with other numbers. */
const likeLlama3 = (numbers: string): string => `${CONTRACTIONS}|${WORD}|${numbers}|${OTHERS}|${LINES}|${END}`;
const LLAMA3 = likeLlama3("\\p{N}{1,3}");
const QWEN2 = likeLlama3("\\p{N}");

/** Words, of which a capital after a small letter begins a new one. */
function casedWords(after = ""): string {
  const upper = "(?:(?=\\p{L})[^a-z])";
  const lower = "(?:(?=\\p{L})[^A-Z])";
  const before = "[^\\r\\n\\p{L}\\p{N}]?";
  return `${before}${upper}*${lower}+${after}|${before}${upper}+${lower}*${after}`;
}
const likeTekken = (words: string, numbers: string): string => `${words}|${numbers}|${OTHERS_OR_SLASH}|${LINES}|${END}`;
const TEKKEN = likeTekken(casedWords(), "\\p{N}");
const GPT4O = likeTekken(casedWords(`${CONTRACTIONS}?`), "\\p{N}{1,3}");

/** Digits by three, from the right; what stands in front of them belongs to the first. */
const THOUSANDS = "(?<!\\P{N})\\P{N}*\\p{N}{1,3}(?=(?:\\p{N}{3})*(?!\\p{N}))";
const KANA_AND_HAN = "[一-龥\\u3040-ゟ゠-ヿ]+";
const DEEPSEEK3 =
  "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+|" +
  ` ?[\\p{P}\\p{S}]+[\\r\\n]*|${LINES}|${END}`;
const HAN =
  "[\\u4e00-\\u9fff\\u3400-\\u4dbf\\u{20000}-\\u{2a6df}\\u{2a700}-\\u{2ebef}\\u{2f800}-\\u{2fa1f}\\uf900-\\ufaff]";
const SPARK = DEEPSEEK3.replace(` ?[\\p{P}\\p{S}]+[\\r\\n]*|${LINES}`, " ?[\\p{P}\\p{S}]+|[\\r\\n]");
const DEEPSEEK_LETTERS =
  "\\s?[A-Za-z\\u00b5\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u01ba\\u01bc-\\u01bf\\u01c4-\\u0293\\u0295-\\u02af\\u0370-\\u0373\\u0376\\u0377\\u037b-\\u037d\\u037f\\u0386\\u0388-\\u038a\\u038c\\u038e-\\u03a1\\u03a3-\\u03f5\\u03f7-\\u0481\\u048a-\\u052f\\u0531-\\u0556\\u10a0-\\u10c5\\u13a0-\\u13f5\\u13f8-\\u13fd\\u1c90-\\u1cba\\u1cbd-\\u1cbf\\u1d00-\\u1d2b\\u1d6b-\\u1d77\\u1d79-\\u1d9a\\u1e00-\\u1f15\\u1f18-\\u1f1d\\u1f20-\\u1f45\\u1f48-\\u1f4d\\u1f50-\\u1f57\\u1f59\\u1f5b\\u1f5d\\u1f5f-\\u1f7d\\u1f80-\\u1fb4\\u1fb6-\\u1fbc\\u1fbe\\u1fc2-\\u1fc4\\u1fc6-\\u1fcc\\u1fd0-\\u1fd3\\u1fd6-\\u1fdb\\u1fe0-\\u1fec\\u1ff2-\\u1ff4\\u1ff6-\\u1ffc\\u2102\\u2107\\u210a-\\u2113\\u2115\\u2119-\\u211d\\u2124\\u2126\\u2128\\u212a-\\u212d\\u212f-\\u2134\\u2139\\u213c-\\u213f\\u2145-\\u2149\\u214e\\u2183\\u2184\\u2c00-\\u2c7b\\u2c7e-\\u2ce4\\u2ceb-\\u2cee\\u2cf2\\u2cf3\\ua640-\\ua66d\\ua680-\\ua69b\\ua722-\\ua76f\\ua771-\\ua787\\ua78b-\\ua78e\\uab70-\\uabbf\\ufb00-\\ufb06\\ufb13-\\ufb17\\uff21-\\uff3a\\uff41-\\uff5a\\u{10400}-\\u{1044f}\\u{104b0}-\\u{104d3}\\u{104d8}-\\u{104fb}\\u{10c80}-\\u{10cb2}\\u{10cc0}-\\u{10cf2}\\u{118a0}-\\u{118df}\\u{1e900}-\\u{1e943}]+";
/** Through which its range goes there is white space. */
const DEEPSEEK_HAN = "(?:(?!\\s)[\\u0800-龥가-\\ud7ff])+";

const gpt2: GgufPattern = { patterns: [GPT2] };
const digits: GgufPattern = { patterns: ["\\p{N}", GPT2] };
const llama3: GgufPattern = { patterns: [LLAMA3] };
const llama3Whole: GgufPattern = { patterns: [LLAMA3], ignoreMerges: true, addBos: true };
const qwen2: GgufPattern = { patterns: [QWEN2] };
const gpt4o: GgufPattern = { patterns: [GPT4O] };
/** Words with their marks: its classes of capital and small letters are all letters to llama.cpp. */
const likeGpt4oWithMarks = (numbers: string): string =>
  likeTekken(`[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+${CONTRACTIONS}?`, numbers);
const deepseek3: GgufPattern = { patterns: ["\\p{N}{1,3}", KANA_AND_HAN, DEEPSEEK3] };
const BLOOM = " ?[^(\\s|.,!?…。，、।۔،)]+";

/** The patterns and the values of `tokenizer.ggml.pre` that stand for them. */
const BY_PATTERN: readonly (readonly [GgufPattern, readonly string[]])[] = [
  [{ patterns: ["[\\p{P}\\$\\+<=>\\^~\\|]+", GPT2, "\\p{N}+", "[0-9][0-9][0-9]"] }, ["default"]],
  [
    gpt2,
    [
      "gpt-2",
      "phi-2",
      "mpt",
      "olmo",
      "jais",
      "trillion",
      "gigachat",
      "a.x-4.0",
      "mellum",
      "exaone4",
      "granite-docling",
      "modern-bert",
      "jina-es",
      "jina-de",
      "jina-v2-es",
      "jina-v2-de",
    ],
  ],
  [digits, ["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2"]],
  [
    llama3Whole,
    ["llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano"],
  ],
  [llama3, ["dbrx", "smaug-bpe", "glm4", "chatglm-bpe"]],
  [qwen2, ["qwen2", "deepseek-r1-qwen", "kormo", "f2llmv2", "stablelm2", "hunyuan", "megrez", "grok-2", "solar-open"]],
  [
    {
      patterns: [
        `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|${LINES}|${END}`,
      ],
    },
    ["qwen35"],
  ],
  [{ patterns: ["[^\\n]+|[\\n]+", QWEN2] }, ["laguna"]],
  [{ patterns: ["\\p{N}{1,3}", likeLlama3("\\p{N}+")], ignoreMerges: true }, ["minicpm5"]],
  [{ patterns: [TEKKEN], ignoreMerges: true, addBos: true }, ["tekken"]],
  [gpt4o, ["gpt-4o", "llama4", "kanana2", "minimax-m2", "talkie"]],
  [{ patterns: [THOUSANDS, likeGpt4oWithMarks("\\p{N}{1,3}")] }, ["tiny_aya", "cohere2moe"]],
  [
    {
      patterns: [
        THOUSANDS,
        "[一-鿿㐀-䶿豈-\\ufaff\\u3040-\\u309f\\u30a0-\\u30ff\\uff65-\\uff9f\\u2f00-\\u2fdf\\u0e40-\\u0e7f\\u0e80-\\u0eff\\u1780-\\u17ff\\u1000-\\u109f\\uaa60-\\uaa7f\\ua9e0-\\ua9ff\\uac00-\\ud7af\\u1100-\\u11ff]+",
        DEEPSEEK3,
      ],
    },
    ["afmoe"],
  ],
  [
    {
      patterns: [
        "[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|[一-龥\\u3040-ゟ゠-ヿ]+",
        likeGpt4oWithMarks("\\p{N}"),
      ],
      ignoreMerges: true,
    },
    ["youtu"],
  ],
  [deepseek3, ["deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4"]],
  [
    {
      patterns: [
        `${HAN}+|[^\\r\\n\\p{L}\\p{N}]?(?:(?!${HAN})\\p{L})+${CONTRACTIONS}?|\\p{N}{1,3}|${OTHERS}|${LINES}|${END}`,
      ],
    },
    ["kimi-k2"],
  ],
  [{ patterns: ["\\p{N}{1,3}", KANA_AND_HAN, SPARK, "\\p{N}"] }, ["spark2_5"]],
  [{ patterns: [`${WORD}|\\p{N}|${OTHERS}|${LINES}|${END}`] }, ["ufakzeka"]],
  [
    {
      patterns: [
        `${CONTRACTIONS}|${WORD}|\\p{N}{1,3}|${OTHERS}|${LINES}|${[512, 256, 128, 64, 32, 16, 8, 4, "1,2"].map((count) => `\\s{${count}}(?!\\S)`).join("|")}|\\s`,
      ],
    },
    ["jais-2"],
  ],
  [
    {
      patterns: [
        "[\\r\\n]",
        DEEPSEEK_LETTERS,
        "\\s?[!-/:-~！-／：-～‘-‟\\u3001-。]+",
        "\\s+$",
        DEEPSEEK_HAN,
        "\\p{N}+",
      ],
    },
    ["deepseek-llm"],
  ],
  [{ patterns: ["[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", DEEPSEEK_HAN, "\\p{N}"] }, ["deepseek-coder"]],
  [{ patterns: ["[\\p{P}\\$\\+<=>\\^~\\|`]+", GPT2, "[0-9][0-9][0-9]"] }, ["falcon"]],
  [{ patterns: [BLOOM] }, ["bloom", "gpt3-finnish", "poro-chat"]],
  [{ patterns: [BLOOM, "\\p{N}"] }, ["viking"]],
  [
    { patterns: [`'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])|${WORD}|\\p{N}|${OTHERS}|\\s*[\\r\\n]|${END}`] },
    ["bailingmoe", "bailingmoe2", "llada-moe"],
  ],
  [{ patterns: ["\\p{N}+", "(?=(?:[0-9]{3})+(?![0-9]))"] }, ["superbpe"]],
  [
    {
      patterns: [
        `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?(?:\\p{L}\\p{M}*(?: \\p{L}\\p{M}*)*)+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]?|\\s*[\\r\\n]|${END}`,
      ],
    },
    ["exaone-moe"],
  ],
  [
    {
      patterns: [
        "<sentinel:[0-9]+>",
        "(?:IMGIMG)(?:[A-I]{1,4})Z",
        "(?:[\\t\\n]|    |  )",
        "\\p{N}",
        "[\\p{P}!-/:-@\\[-`{-~]",
        GPT2,
      ],
      addBos: true,
    },
    ["chameleon"],
  ],
  [
    {
      patterns: [`${CONTRACTIONS}|${WORD}|\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]+|${LINES}|${END}`],
    },
    ["seed-coder"],
  ],
];

export const GGUF_PATTERNS: ReadonlyMap<string, GgufPattern> = new Map(
  BY_PATTERN.flatMap(([pattern, names]) => names.map((name) => [name, pattern] as const)),
);
