/**
 * How byte-level tokenizers of GGUF files cut a text, by `tokenizer.ggml.pre`: each pattern in turn cuts what is there,
 * matches and gaps alike (llama-vocab.cpp, `llm_tokenizer_bpe`). Where llama.cpp approximates the pattern of the model's
 * tokenizer.json because its expressions lack classes (Tekken, GPT-4o), the original stands here.
 */
export interface GgufPattern {
  readonly patterns: readonly string[];
  /** A piece that is a token is taken whole. */
  readonly ignoreMerges?: boolean;
  /** Where the metadata does not say whether to begin with the BOS token. */
  readonly addBos?: boolean;
}

const CONTRACTIONS = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
const UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
const LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";

const GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
const LLAMA3 = `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
const QWEN2 = `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
const DEEPSEEK3 =
  "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const TEKKEN = `[^\\r\\n\\p{L}\\p{N}]?${UPPER}*${LOWER}+|[^\\r\\n\\p{L}\\p{N}]?${UPPER}+${LOWER}*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
const GPT4O = `[^\\r\\n\\p{L}\\p{N}]?${UPPER}*${LOWER}+${CONTRACTIONS}?|[^\\r\\n\\p{L}\\p{N}]?${UPPER}+${LOWER}*${CONTRACTIONS}?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
const DEEPSEEK_LETTERS =
  "\\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃]+";

const gpt2: GgufPattern = { patterns: [GPT2] };
const digits: GgufPattern = { patterns: ["\\p{N}", GPT2] };
const llama3: GgufPattern = { patterns: [LLAMA3] };
const llama3Whole: GgufPattern = { patterns: [LLAMA3], ignoreMerges: true, addBos: true };
const qwen2: GgufPattern = { patterns: [QWEN2] };
const deepseek3: GgufPattern = { patterns: ["\\p{N}{1,3}", "[一-龥\\u3040-ゟ゠-ヿ]+", DEEPSEEK3] };

export const GGUF_PATTERNS: ReadonlyMap<string, GgufPattern> = new Map<string, GgufPattern>([
  ["default", { patterns: ["[\\p{P}\\$\\+<=>\\^~\\|]+", GPT2, "\\p{N}+", "[0-9][0-9][0-9]"] }],
  ...[
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
  ].map((name) => [name, gpt2] as const),
  ...["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2"].map(
    (name) => [name, digits] as const,
  ),
  ...["llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"].map(
    (name) => [name, llama3Whole] as const,
  ),
  ...["dbrx", "smaug-bpe", "glm4", "chatglm-bpe"].map((name) => [name, llama3] as const),
  ...["qwen2", "deepseek-r1-qwen", "kormo", "f2llmv2", "stablelm2", "hunyuan", "megrez", "grok-2", "solar-open"].map(
    (name) => [name, qwen2] as const,
  ),
  ["tekken", { patterns: [TEKKEN], ignoreMerges: true, addBos: true }],
  ...["gpt-4o", "llama4", "kanana2"].map((name) => [name, { patterns: [GPT4O] }] as const),
  ...["deepseek-v3", "hunyuan-dense", "joyai-llm"].map((name) => [name, deepseek3] as const),
  [
    "deepseek-llm",
    {
      patterns: [
        "[\\r\\n]",
        DEEPSEEK_LETTERS,
        "\\s?[!-/:-~！-／：-～‘-‟\\u3000-。]+",
        "\\s+$",
        "[一-龥ࠀ-一가-\\uD7FF]+",
        "\\p{N}+",
      ],
    },
  ],
  ["deepseek-coder", { patterns: ["[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", "[一-龥ࠀ-一가-\\uD7FF]+", "\\p{N}"] }],
  ["falcon", { patterns: ["[\\p{P}\\$\\+<=>\\^~\\|`]+", GPT2, "[0-9][0-9][0-9]"] }],
  [
    "seed-coder",
    {
      patterns: [
        `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1}| ?[^\\s\\p{L}\\p{N}\\r\\n]+|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`,
      ],
    },
  ],
]);
