import fc from "fast-check";
import { expect, test } from "vitest";

import { mergeSymbols, Symbols } from "../../../../src/engine/model/tokenizer/merge-symbols";
import { PairTable } from "../../../../src/engine/model/tokenizer/pair-table";
import { ScoreModel } from "../../../../src/engine/model/tokenizer/score-model";

const CHARACTERS = ["a", "b", "c"];
const text = fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 24 }).map((characters) => characters.join(""));
const words = fc
  .uniqueArray(fc.string({ unit: fc.constantFrom(...CHARACTERS), minLength: 2, maxLength: 6 }), { maxLength: 40 })
  .map((longer) => [...CHARACTERS, ...longer]);

/** Merging in its plainest form: of all neighbours that may merge the best, of equally good ones the leftmost. */
function mergedByHand(of: string, costOf: (left: string, right: string) => number | undefined): string[] {
  const parts = [...of];
  for (;;) {
    let best = -1;
    let bestCost = Infinity;
    for (let i = 0; i + 1 < parts.length; i++) {
      const cost = costOf(parts[i], parts[i + 1]);
      if (cost !== undefined && cost < bestCost) [best, bestCost] = [i, cost];
    }
    if (best < 0) return parts;
    parts.splice(best, 2, parts[best] + parts[best + 1]);
  }
}

test("by scores, equal ones among them: the best pair first, whatever was merged before", () => {
  fc.assert(
    fc.property(
      words,
      fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 43, maxLength: 43 }),
      text,
      (tokens, scores, one) => {
        const ids = new Map(tokens.map((token, id) => [token, id]));
        const costOf = (left: string, right: string): number | undefined => {
          const id = ids.get(left + right);
          return id === undefined ? undefined : -scores[id];
        };
        const { ids: merged } = new ScoreModel(tokens, scores, undefined).tokenize(one);
        expect(Array.from(merged, (id) => tokens[id])).toEqual(mergedByHand(one, costOf));
      },
    ),
    { numRuns: 2000 },
  );
});

test("by ranks of pairs: the lowest first", () => {
  const pairs = fc.uniqueArray(fc.tuple(fc.nat(42), fc.nat(42)), { maxLength: 60, selector: String });
  fc.assert(
    fc.property(words, pairs, text, (tokens, chosen, one) => {
      const ids = new Map(tokens.map((token, id) => [token, id]));
      const table = new PairTable(chosen.length);
      const ranks = new Map<string, number>();
      chosen.forEach(([left, right], rank) => {
        const result =
          left < tokens.length && right < tokens.length ? ids.get(tokens[left] + tokens[right]) : undefined;
        if (result === undefined) return;
        table.add(left, right, rank, result);
        ranks.set(`${tokens[left]} ${tokens[right]}`, rank);
      });
      const symbols = new Symbols();
      symbols.clear(one);
      [...one].forEach((character, i) => {
        symbols.push(ids.get(character) ?? -1, i, i + 1);
      });
      mergeSymbols(symbols, table);
      const merged = Array.from(symbols.ids.subarray(0, symbols.count), (id) => tokens[id]);
      expect(merged).toEqual(mergedByHand(one, (left, right) => ranks.get(`${left} ${right}`)));
    }),
    { numRuns: 2000 },
  );
});
