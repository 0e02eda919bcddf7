import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";

import { GgufMetadata } from "../../../../src/engine/model/formats/gguf-metadata";
import type { GgufValue } from "../../../../src/engine/model/formats/gguf-header";
import { CHARACTER_OF_BYTE } from "../../../../src/engine/model/tokenizer/byte-characters";
import { GGUF_PATTERNS } from "../../../../src/engine/model/tokenizer/gguf-patterns";
import { createGgufTokenizer } from "../../../../src/engine/model/tokenizer/gguf-tokenizer";
import { hubFilesOfGguf } from "../../../../src/engine/model/tokenizer/gguf-tokenizer-json";
import { createHubTokenizer } from "../../../../src/engine/model/tokenizer/hub-tokenizer";
import type { Tokenizer } from "../../../../src/engine/model/tokenizer/tokenizer";
import { idsByLlamaCpp, llamaCpp, type LlamaCppIds } from "../../support/llama-cpp";
import { random } from "../../support/random";
import { RecordedIds } from "../../support/recorded-ids";
import type { GgufEntries } from "../../support/write-gguf";

/**
 * Every kind of vocabulary of a GGUF file against llama.cpp itself, on 500 texts of 17 languages, code and emoji
 * (test/reference/make_tokenizer_texts.py). Without llama.cpp's library (LLAMA_CPP) a checksum per text, which the library's
 * ids gave, is compared; `RECORD=1` writes them anew.
 */
const DATA = new URL("../../../data/tokenizers/", import.meta.url);
const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(name, DATA), "utf8"));

const texts = readJson("texts.json") as string[];
const trained = readJson("gguf-vocabularies.json") as Record<"byte-level" | "sentencepiece", GgufEntries>;
const sentencePiece = trained.sentencepiece;
const scores = sentencePiece["tokenizer.ggml.scores"] as number[];
const renamed = (from: string, to: string): string[] =>
  (sentencePiece["tokenizer.ggml.tokens"] as string[]).map((token) => (token === from ? to : token));

/** Names of pre-tokenizers that stand for one and the same pattern, by the first of them. */
const families = new Map<string, string[]>();
for (const [name, pattern] of GGUF_PATTERNS) {
  const first = [...families.keys()].find((key) => GGUF_PATTERNS.get(key) === pattern);
  if (first === undefined) families.set(name, [name]);
  else families.get(first)?.push(name);
}

const pairs = pairVocabulary(texts);
const kinds: readonly (readonly [name: string, metadata: GgufEntries])[] = [
  ...[...families.keys()].map((pre) => [pre, { ...pairs, "tokenizer.ggml.pre": pre }] as const),
  ["no pre-tokenizer named", pairs],
  ["a vocabulary as trained", { ...trained["byte-level"], "tokenizer.ggml.pre": "gpt-2" }],
  ["… of which whole pieces are tokens", { ...trained["byte-level"], "tokenizer.ggml.pre": "llama-bpe" }],
  ["… without types of tokens", without({ ...trained["byte-level"], "tokenizer.ggml.pre": "qwen2" }, "token_type")],
  ["… that was cut down", cutDown("gpt-2")],
  ["… that was cut down, of which whole pieces are tokens", cutDown("llama-bpe")],
  ["SentencePiece", sentencePiece],
  ["SentencePiece, no space before the text", { ...sentencePiece, "tokenizer.ggml.add_space_prefix": false }],
  [
    "SentencePiece, equal scores",
    { ...sentencePiece, "tokenizer.ggml.scores": scores.map((score) => Math.round(score / 60)) },
  ],
  ["SentencePiece, no scores apart", { ...sentencePiece, "tokenizer.ggml.scores": scores.map(() => 0) }],
  [
    "SentencePiece of Phi-3",
    { ...sentencePiece, "general.name": "Phi-3 mini", "tokenizer.ggml.tokens": renamed("~~", "<|endoftext|>") },
  ],
  ["SentencePiece, runs of line ends and spaces as Gemma has them", withRuns()],
  ["Gemma 4", gemma4()],
  ["Gemma 4, bytes and line ends alone are tokens", { ...gemma4(), "tokenizer.ggml.merges": ["a b"] }],
  ["Gemma 4, that was cut down", gemma4((id) => id > 300 && id % 7 === 0)],
  ["SentencePiece, tokens without a text", { ...sentencePiece, "tokenizer.ggml.tokens": renamed("~~", "") }],
];

const recorded = new RecordedIds("llama-cpp.json");
let known: LlamaCppIds | undefined;
beforeAll(() => {
  if (llamaCpp === undefined) {
    process.stderr.write(
      "\n*** NO LIBRARY OF LLAMA.CPP (LLAMA_CPP, test/llama-cpp/install.sh): IDS ARE HELD AGAINST RECORDED CHECKSUMS. ***\n\n",
    );
    return;
  }
  known = idsByLlamaCpp(
    llamaCpp,
    kinds.map(([, metadata]) => ({ metadata, texts })),
  );
  const { release, ids } = known;
  if (process.env.RECORD !== undefined)
    recorded.write(`llama.cpp ${release}`, new Map(kinds.map(([name], i) => [name, ids[i]])));
}, 120_000);

describe.each(kinds.map(([name, metadata], kind) => ({ name, metadata, kind })))(
  "$name",
  ({ name, metadata, kind }) => {
    test("ids as llama.cpp has them", () => {
      const tokenizer = open(metadata);
      const own = texts.map((text) => tokenizer.encode(text, { special: false }).ids);
      if (known !== undefined) {
        const differ = texts.flatMap((text, i) =>
          own[i].join() === known?.ids[kind][i].join() ? [] : [{ text, own: own[i], llamaCpp: known?.ids[kind][i] }],
        );
        expect(differ).toEqual([]);
        expect(tokenizer.prefix).toEqual(known.prefixes[kind]);
      }
      expect(recorded.differing(name, texts, own)).toEqual([]);
    });

    test("offsets in order, and each text is covered", () => {
      const tokenizer = open(metadata);
      const wrong = texts.filter((text) => {
        const { starts, ends } = tokenizer.encode(text, { special: false });
        const isInOrder = starts.every((start, i) => start >= (starts[i - 1] ?? 0) && ends[i] >= start);
        const end = ends.at(-1) ?? 0;
        // What has no token is left out.
        return !isInOrder || (name.includes("cut down") ? end > text.length : end !== text.length);
      });
      expect(wrong).toEqual([]);
    });
  },
);

test("a vocabulary with scores, on sentences that were merged too early once", () => {
  const one = readJson("sentencepiece-case.json") as { metadata: GgufEntries; texts: string[]; ids: number[][] };
  const tokenizer = open(one.metadata);
  expect(one.texts.map((text) => tokenizer.encode(text, { special: true }).ids)).toEqual(one.ids);
});

test("Gemma 4's, written as tokenizer.json, is the same tokenizer", () => {
  const tokenizer = open(gemma4());
  const files = JSON.parse(JSON.stringify(hubFilesOfGguf(metadataOf(gemma4()), tokenizer))) as Record<
    string,
    Record<string, unknown>
  >;
  const written = createHubTokenizer(
    "model",
    files["tokenizer.json"],
    { config: files["tokenizer_config.json"], map: {}, added: {} },
    undefined,
  );
  expect([tokenizer.prefix, written.prefix]).toEqual([[1], [1]]);
  const idsOf = (one: Tokenizer): number[][] => texts.map((text) => [...one.encode(text, { special: true }).ids]);
  expect(idsOf(written)).toEqual(idsOf(tokenizer));
});

test("Gemma 4's without merges is refused", () => {
  expect(() => open(without(gemma4(), "merges"))).toThrow("the tokenizer has no merges");
});

describe.skipIf(llamaCpp === undefined)("with the library", () => {
  test("every name of a pre-tokenizer means there what it means here", () => {
    const names = [...families].flatMap(([first, all]) => all.map((name) => ({ name, first })));
    const some = texts.slice(0, 60);
    const { ids } = idsByLlamaCpp(
      llamaCpp ?? "",
      names.map(({ name }) => ({ metadata: { ...pairs, "tokenizer.ggml.pre": name }, texts: some })),
    );
    const byFirst = new Map(names.map(({ name }, i) => [name, ids[i]]));
    for (const [i, { first }] of names.entries()) expect(ids[i]).toEqual(byFirst.get(first));
  });

  test("every character is of the class that it has there", () => {
    // The pairs of "a", "1" and "!" with a character merge where no cut is between, and so its class shows.
    const probes = allCharacters().map((character) => `a${character}a1${character}1!${character}! ${character}`);
    const lines = Array.from({ length: Math.ceil(probes.length / 64) }, (_, i) =>
      probes.slice(64 * i, 64 * i + 64).join("\n"),
    );
    const vocabulary = pairVocabulary(lines, (left, right) => "a1! ".includes(left) || "a1! ".includes(right));
    const jobs = ["qwen35", "deepseek-v3", "deepseek-llm"].map((pre) => ({
      metadata: { ...vocabulary, "tokenizer.ggml.pre": pre },
      texts: lines,
    }));
    const { ids } = idsByLlamaCpp(llamaCpp ?? "", jobs);
    jobs.forEach(({ metadata }, job) => {
      const tokenizer = open(metadata);
      const differ = lines.filter(
        (line, i) => tokenizer.encode(line, { special: false }).ids.join() !== ids[job][i].join(),
      );
      expect(differ).toEqual([]);
    });
  }, 300_000);
});

const open = (metadata: GgufEntries): Tokenizer => createGgufTokenizer(metadataOf(metadata));

function metadataOf(metadata: GgufEntries): GgufMetadata {
  const entries = new Map<string, GgufValue>([["general.architecture", "llama"]]);
  for (const [key, value] of Object.entries(metadata)) {
    if (!Array.isArray(value)) entries.set(key, value as string | number | boolean);
    else entries.set(key, typeof value[0] === "number" ? Float32Array.from(value as number[]) : (value as string[]));
  }
  return new GgufMetadata("model.gguf", entries);
}

/** Tokens were renamed, as converters name ids that nothing has, and the merges were left. Some bytes are among them. */
function cutDown(pre: string): GgufEntries {
  const whole = trained["byte-level"];
  const isCut = (id: number): boolean => id > 8 && (id % 19 === 0 || id % 64 === 40);
  const tokens = (whole["tokenizer.ggml.tokens"] as string[]).map((token, id) => (isCut(id) ? `[PAD${id}]` : token));
  const types = (whole["tokenizer.ggml.token_type"] as number[]).map((type, id) => (isCut(id) ? 5 : type));
  return {
    ...whole,
    "tokenizer.ggml.pre": pre,
    "tokenizer.ggml.tokens": tokens,
    "tokenizer.ggml.token_type": types,
  };
}

function withRuns(): GgufEntries {
  const runs = [...runsOf("\n", 3, 31), ...runsOf(" ", 2, 31), ...runsOf("-=", 2, 9)];
  const added = <Value>(key: string, values: readonly Value[]): (string | number)[] => [
    ...(sentencePiece[`tokenizer.ggml.${key}`] as (string | number)[]),
    ...(values as readonly (string | number)[]),
  ];
  return {
    ...sentencePiece,
    "tokenizer.ggml.tokens": added("tokens", runs) as string[],
    "tokenizer.ggml.scores": added(
      "scores",
      runs.map(() => 0),
    ) as number[],
    "tokenizer.ggml.token_type": added(
      "token_type",
      runs.map(() => 4),
    ) as number[],
  };
}

/**
 * The vocabulary with scores as merges over characters, the best first; with runs of line ends.
 * @param isCut which tokens are renamed
 */
function gemma4(isCut: (id: number) => boolean = () => false): GgufEntries {
  const whole = without(withRuns(), "scores");
  const tokens = whole["tokenizer.ggml.tokens"] as string[];
  const known = new Map(tokens.map((token, id) => [token, id]));
  const merges = [...known].flatMap(([token, id]) => {
    const characters = [...token];
    return Array.from({ length: Math.max(0, characters.length - 1) }, (_cut, cut) => [
      characters.slice(0, cut + 1).join(""),
      characters.slice(cut + 1).join(""),
    ]).flatMap(([left, right]) => (known.has(left) && known.has(right) ? [{ id, merge: `${left} ${right}` }] : []));
  });
  merges.sort((a, b) => (scores[b.id] ?? 0) - (scores[a.id] ?? 0));
  return {
    ...whole,
    "tokenizer.ggml.model": "gemma4",
    "tokenizer.ggml.tokens": tokens.map((token, id) => (isCut(id) ? `[PAD${id}]` : token)),
    "tokenizer.ggml.merges": merges.map(({ merge }) => merge),
    "tokenizer.ggml.add_bos_token": false,
  };
}

function runsOf(text: string, from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => text.repeat(from + i));
}

function without(metadata: GgufEntries, key: string): GgufEntries {
  return Object.fromEntries(Object.entries(metadata).filter(([one]) => one !== `tokenizer.ggml.${key}`));
}

/**
 * A vocabulary of all bytes and of pairs of them that occur in the texts, in a random order of merging: every cut that keeps
 * two bytes apart shows in the ids. Texts with NUL are not for llama.cpp, whose texts end there.
 */
function pairVocabulary(
  of: readonly string[],
  isWanted: (left: string, right: string) => boolean = () => true,
): GgufEntries {
  const next = random(14);
  const found = new Map<string, number>();
  for (const text of of) {
    const bytes = Array.from(Buffer.from(text), (byte) => CHARACTER_OF_BYTE[byte]);
    for (let i = 1; i < bytes.length; i++) {
      const pair = `${bytes[i - 1]} ${bytes[i]}`;
      if (!found.has(pair) && isWanted(bytes[i - 1], bytes[i])) found.set(pair, next());
    }
  }
  const merges = [...found].sort(([, a], [, b]) => a - b).map(([pair]) => pair);
  const tokens = [...CHARACTER_OF_BYTE, ...merges.map((pair) => pair.replace(" ", "")), "<|endoftext|>"];
  return {
    "tokenizer.ggml.model": "gpt2",
    "tokenizer.ggml.tokens": tokens,
    "tokenizer.ggml.token_type": tokens.map((_, id) => (id === tokens.length - 1 ? 3 : 1)),
    "tokenizer.ggml.merges": merges,
    "tokenizer.ggml.bos_token_id": tokens.length - 1,
  };
}

/** All that are assigned today, of private use and unassigned ones some, without NUL, line ends and surrogates. */
function allCharacters(): string[] {
  const characters: string[] = [];
  for (let code = 1; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    if (/[\r\n\p{Cs}]/u.test(character)) continue;
    if (/\p{Script=Han}/u.test(character) ? code % 16 !== 0 : /[\p{Cn}\p{Co}]/u.test(character) && code % 256 !== 0)
      continue;
    characters.push(character);
  }
  return characters;
}
