import type { Grams, ProductKind } from "../sweep/grams";
import type { PairsPlan } from "../pairs/plan-pairs";
import { elementAt } from "../numbers/elements";
import type { LayerStratum } from "./domain-layer";
import { columnsOf } from "./text-table";

/** Digits behind the point that are kept of a similarity: tables of many texts are most of a document, and float32 has hardly more. */
const DIGITS = 1e5;

/** Texts every two of which were compared in all layers, by their numbers, and how alike they are per layer. */
export interface Stratum {
  readonly texts: readonly number[];
  readonly similarity: number[][];
  readonly contrast: number[][] | null;
}

/** What is kept of a layer: a stratum per batch, its texts, each counted where it comes first, and how alike every two of them are. */
export function strataOf(
  { sweep: { batches }, textOf }: PairsPlan,
  home: ReadonlySet<number>,
  contrast: boolean,
): (grams: Grams, layer: number) => LayerStratum[] {
  const own = batches.map(({ samples }) => samples.filter((sample) => home.has(sample)));
  return (grams, layer) =>
    own.map((samples) => {
      const table = (kind: ProductKind): number[] =>
        samples.flatMap((a, i) =>
          samples.slice(0, i).map((b) => Math.round(DIGITS * grams.products(kind, layer, a, b).similarity) / DIGITS),
        );
      return {
        texts: samples.map((sample) => elementAt(textOf, sample)),
        similarity: table("plain"),
        contrast: contrast ? table("contrast") : null,
      };
    });
}

/**
 * The strata of a run. One that was taken up may have been cut otherwise in some layers: texts then are in one stratum where they
 * were in all layers.
 */
export function commonStrata(layers: readonly (readonly LayerStratum[])[]): Stratum[] {
  const [first = []] = layers;
  const groups = new Map<string, number[]>();
  for (const text of first.flatMap(({ texts }) => texts)) {
    const key = layers.map((strata) => strata.findIndex(({ texts }) => texts.includes(text))).join();
    groups.set(key, [...(groups.get(key) ?? []), text]);
  }
  return [...groups.values()].map((texts) => {
    const tables = layers.map((strata) => tablesOf(strata, texts));
    const contrasts = tables.flatMap(({ contrast }) => (contrast === null ? [] : [contrast]));
    return {
      texts,
      similarity: tables.map(({ similarity }) => similarity),
      contrast: contrasts.length === layers.length ? contrasts : null,
    };
  });
}

/** Those of a layer's similarities that are of these texts, all in one of its strata, in whatever order. */
function tablesOf(strata: readonly LayerStratum[], texts: readonly number[]): Omit<LayerStratum, "texts"> {
  const stratum = strata.find((one) => one.texts.includes(elementAt(texts, 0)));
  if (stratum === undefined) throw new Error("a text is in no stratum");
  const places = texts.map((text) => stratum.texts.indexOf(text));
  const pick = (table: readonly number[]): number[] => elementAt(columnsOf([table], places), 0);
  return { similarity: pick(stratum.similarity), contrast: stratum.contrast && pick(stratum.contrast) };
}
