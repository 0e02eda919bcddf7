import type { DomainsDocument, DomainTests, LikenessTests } from "../document/document";
import { elementAt, zip } from "../numbers/elements";
import { holmCorrected } from "../numbers/holm";
import { mean } from "../numbers/statistics";
import { differencesOf } from "./differences";
import { leastP, permutationTest, PERMUTATIONS } from "./permutation-test";
import { everyTwo } from "../numbers/every-two";
import { ofTwoDomains, type TextTable } from "./text-table";

/** What tests are made of beside the tables: the deep layers, and where random numbers begin. */
export type TestSettings = Pick<DomainsDocument, "deep"> & Pick<DomainTests, "seed">;

/**
 * Whether texts of one domain are more alike than texts of two, of the tables that a document keeps: over the deep layers, per
 * layer, and of every two domains.
 * @returns null where no two texts of one domain, or none of two, were compared in a table.
 */
export function testDomains(strata: DomainTests["strata"], settings: TestSettings): DomainTests | null {
  const labels = strata.map(({ texts }) => texts.map(([domain]) => domain));
  const of = (kind: "similarity" | "contrast"): LikenessTests | null => {
    const tables = strata.flatMap(({ [kind]: columns }, i) =>
      columns === null ? [] : [{ labels: elementAt(labels, i), columns }],
    );
    return tables.length < strata.length ? null : testLikeness(tables, settings);
  };
  const similarity = of("similarity");
  if (similarity === null) return null;
  return {
    seed: settings.seed,
    permutations: PERMUTATIONS,
    leastP: leastP(labels),
    similarity,
    contrast: of("contrast"),
    strata,
  };
}

function testLikeness(tables: readonly TextTable[], { deep, seed }: TestSettings): LikenessTests | null {
  const deepTables = tables.map(({ labels, columns }) => ({ labels, columns: [meanColumn(columns.slice(...deep))] }));
  const layers = differencesOf(tables);
  const [whole] = differencesOf(deepTables) ?? [];
  if (layers === undefined || whole === undefined) return null;
  const domains = 1 + Math.max(...tables.flatMap(({ labels }) => labels));
  const pairs = everyTwo(domains).flatMap(([a, b]) => {
    const two = ofTwoDomains(deepTables, a, b);
    const [difference] = differencesOf(two) ?? [];
    return difference === undefined ? [] : [{ a, b, ...difference, p: ownP(two, seed) }];
  });
  const corrected = holmCorrected(pairs.map(({ p }) => p));
  return {
    deep: { ...whole, p: ownP(deepTables, seed) },
    layers: zip(layers, permutationTest(tables, seed).corrected).map(([layer, p]) => ({ ...layer, p })),
    pairs: zip(pairs, corrected).map(([pair, p]) => ({ ...pair, corrected: p })),
  };
}

const ownP = (tables: readonly TextTable[], seed: number): number => elementAt(permutationTest(tables, seed).own, 0);

function meanColumn(columns: TextTable["columns"]): number[] {
  return elementAt(columns, 0).map((_, pair) => mean(columns.map((column) => elementAt(column, pair))));
}
