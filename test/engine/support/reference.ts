import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Sum, L2 norm and maximum of a matrix's activations, as PyTorch computed them. */
export interface ReferenceMeasures {
  readonly sum: number;
  readonly l2: number;
  readonly max: number;
}

/** Per layer, by module. */
export type ReferenceLayers<Value> = readonly Readonly<Record<string, Value>>[];

/** One target of one sample. */
export interface ReferenceTarget {
  readonly targetValue: number;
  readonly targetToken: number | null;
  readonly layers: ReferenceLayers<ReferenceMeasures>;
}

export interface ReferenceSample extends ReferenceTarget {
  readonly targetProbability: number;
  /** The logits of ids 0 … 7 at the last position. */
  readonly logitsHead: readonly number[];
  readonly negativeLogLikelihood: number;
}

export interface ReferencePair {
  readonly a: number;
  readonly b: number;
  /** Per layer. */
  readonly similarity: readonly number[];
  readonly modules: ReferenceLayers<number>;
  readonly overlap: readonly number[];
  readonly relevance: number;
}

/** What the reference program wrote of one model. */
export interface Reference {
  readonly texts: readonly string[];
  readonly tokens: readonly (readonly number[])[];
  readonly share: number;
  readonly scored: number;
  readonly shapes: ReferenceLayers<readonly [number, number]>;
  readonly samples: readonly ReferenceSample[];
  readonly mean: {
    readonly threshold: number;
    readonly layers: ReferenceLayers<ReferenceMeasures & { readonly active: number }>;
  };
  readonly frequency: readonly (readonly number[])[];
  readonly pairs: readonly ReferencePair[];
  /** Of the first sample. */
  readonly targets: Readonly<Record<"max-logit" | "loss" | "next-token:3" | "spread" | "answer:4", ReferenceTarget>>;
}

const testFolder = fileURLToPath(new URL("../../", import.meta.url));

export const demoModel = join(testFolder, "..", "models", "demo");

export const fixtureNames: readonly string[] = readdirSync(join(testFolder, "fixtures"));

/** Fixtures whose blocks are made of nothing that those of others are not: all values of them are compared once. */
const alike: ReadonlySet<string> = new Set([
  ...[
    "arcee",
    "cohere2",
    "ernie4_5",
    "exaone4",
    "falcon-7b-like",
    "gemma",
    "glm4",
    "helium",
    "mistral3-multimodal",
    "mpt",
  ],
  ...[
    "nemotron",
    "olmo3",
    "phi",
    "qwen2_5_vl",
    "qwen3_moe-every-layer",
    "qwen3_vl",
    "seed_oss",
    "stablelm",
    "starcoder2",
  ],
]);

/** One of each kind, for what takes its time. */
export const kindsOfFixtures: readonly string[] = fixtureNames.filter((name) => !alike.has(name));

export const fixturePath = (name: string): string => join(testFolder, "fixtures", name);

export const fixtureReference = (name: string): Reference => readReference(join("fixtures", name, "reference.json"));

/** @param path within the test folder */
export function readReference(path: string): Reference {
  return JSON.parse(readFileSync(join(testFolder, path), "utf8")) as Reference;
}
