import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { ScoringClient, type ScoringClientOptions, type Wanted } from "../../src/wire/client";
import type { RunSettings } from "../../src/wire/protocol";
import { analysisKind } from "../../src/kinds/analysis";
import { bitsKind } from "../../src/kinds/bits";
import type { Asked, TextSet, TextSource } from "../../src/kinds/asked";
import { comparisonKind } from "../../src/kinds/comparison";
import { domainsKind } from "../../src/kinds/domains";
import { frequencyKind } from "../../src/kinds/frequency";
import type { KindTypes, RunnableKind } from "../../src/kinds/kind";
import { pairsKind } from "../../src/kinds/pairs";
import { patchingKind } from "../../src/kinds/patching";
import { pruningKind } from "../../src/kinds/pruning";
import { shrinkKind } from "../../src/kinds/shrink";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

export const settings: RunSettings = {
  model: join(repository, "models/demo"),
  target: "spread",
  threshold: { mode: "share", share: 0.1 },
  window: 512,
  maxSamples: 64,
  chat: false,
};

export function sample(path: string): TextSource {
  return { source: path, text: readFileSync(join(repository, "samples", path), "utf8") };
}

/** Texts that take a few seconds together. */
export const manyTexts: readonly TextSource[] = Array.from({ length: 24 }, (_, index) => ({
  source: `copy ${index}`,
  text: sample("fiction/harbour.txt").text,
}));

/** A client of the built worker; what it logs is in `lines`. */
export function startClient(options: Partial<ScoringClientOptions> = {}): { client: ScoringClient; lines: string[] } {
  const lines: string[] = [];
  const worker = join(repository, "dist/worker.cjs");
  return { client: new ScoringClient({ worker, log: (line) => lines.push(line), ...options }), lines };
}

const named = { title: "", origins: [] };

/** What is asked for, and with which settings: without what the panel of a run needs besides. */
type Of<T extends KindTypes> = Omit<T["asked"], keyof Asked> & { readonly settings: RunSettings };

function wantedOf<T extends KindTypes>(kind: RunnableKind<T>) {
  return ({ settings, ...asked }: Of<T>): Wanted<T["asked"], T["document"]> => ({
    kind,
    asked: { ...named, ...asked },
    settings,
  });
}

export const pairsOf = wantedOf(pairsKind);
export const domainsOf = wantedOf(domainsKind);
export const patchingOf = wantedOf(patchingKind);

type Texts = Partial<TextSet> & { readonly settings: RunSettings };

export function analysisOf({ settings, texts = [], notes = [], ...set }: Texts) {
  return { kind: analysisKind, asked: { ...named, texts, notes, ...set }, settings };
}

export function frequencyOf({ settings, texts = [], notes = [], ...set }: Texts) {
  return { kind: frequencyKind, asked: { ...named, texts, notes, ...set }, settings };
}

type Side = Partial<TextSet> & { readonly name: string };

export function comparisonOf({ a, b, settings }: Record<"a" | "b", Side> & { readonly settings: RunSettings }) {
  const side = ({ name, texts = [], notes = [], ...set }: Side) => ({ title: name, origins: [], texts, notes, ...set });
  return { kind: comparisonKind, asked: { ...named, a: side(a), b: side(b) }, settings };
}

/** A set of texts, of which a test says what matters to it. */
const textSetOf = ({ texts = [], notes = [], ...set }: Partial<TextSet>): TextSet => ({ texts, notes, ...set });

type Pruning = Parameters<typeof pruningKind.run.about>[0]["pruning"];

export function pruningOf({
  settings,
  calibration,
  ...method
}: Omit<Pruning, "calibration"> & { readonly calibration: Partial<TextSet>; readonly settings: RunSettings }) {
  const pruning: Pruning = { ...method, calibration: textSetOf(calibration) };
  return { kind: pruningKind, asked: { ...named, pruning }, settings };
}

type Bits = Parameters<typeof bitsKind.run.about>[0]["bits"];

export function bitsOf({
  settings,
  calibration,
  ...choice
}: Omit<Bits, "calibration"> & { readonly calibration: Partial<TextSet>; readonly settings: RunSettings }) {
  const bits: Bits = { ...choice, calibration: textSetOf(calibration) };
  return { kind: bitsKind, asked: { ...named, bits }, settings };
}

type Shrink = Parameters<typeof shrinkKind.run.about>[0]["shrink"];

export function shrinkOf({
  settings,
  calibration,
  ...removal
}: Omit<Shrink, "calibration"> & { readonly calibration: Partial<TextSet>; readonly settings: RunSettings }) {
  const shrink: Shrink = { ...removal, calibration: textSetOf(calibration) };
  return { kind: shrinkKind, asked: { ...named, shrink }, settings };
}
