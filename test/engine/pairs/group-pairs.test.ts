import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectedTexts, longest, packGroups, type Pair } from "../../../src/engine/pairs/group-pairs";

const texts = 12;
const anyPairs = fc.array(fc.tuple(fc.nat(texts - 1), fc.nat(texts - 1)), { minLength: 1, maxLength: 30 });
const anyLengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: texts, maxLength: texts });

describe("texts that are connected by pairs", () => {
  test("are together, the longest first", () => {
    const pairs: Pair[] = [
      [0, 1],
      [2, 3],
      [4, 3],
    ];
    expect(connectedTexts(pairs, [5, 5, 9, 1, 1])).toEqual([
      { members: [2, 3, 4], pairs: [1, 2] },
      { members: [0, 1], pairs: [0] },
    ]);
  });

  test("are in exactly one group, with all their pairs", () => {
    fc.assert(
      fc.property(anyPairs, anyLengths, (pairs, lengths) => {
        const groups = connectedTexts(pairs, lengths);
        const members = groups.flatMap((group) => group.members);
        expect(new Set(members).size).toBe(members.length);
        expect(new Set(members)).toEqual(new Set(pairs.flat()));
        expect(groups.flatMap((group) => group.pairs).sort((a, b) => a - b)).toEqual(pairs.map((_, i) => i));
        for (const group of groups)
          for (const pair of group.pairs) for (const text of pairs[pair]) expect(group.members).toContain(text);
      }),
    );
  });
});

describe("packed groups", () => {
  test("hold every pair once with both its texts, and fit", () => {
    fc.assert(
      fc.property(anyPairs, anyLengths, fc.integer({ min: 2, max: 9 }), (pairs, lengths, most) => {
        const groups = packGroups(connectedTexts(pairs, lengths), pairs, (members) => members.size <= most);
        expect(groups.flatMap((group) => group.pairs).sort((a, b) => a - b)).toEqual(pairs.map((_, i) => i));
        for (const group of groups) {
          expect(group.members.length).toBeLessThanOrEqual(most);
          for (const pair of group.pairs) for (const text of pairs[pair]) expect(group.members).toContain(text);
        }
      }),
    );
  });

  test("repeat no text where every group fits by itself", () => {
    fc.assert(
      fc.property(anyPairs, anyLengths, (pairs, lengths) => {
        const connected = connectedTexts(pairs, lengths);
        const most = Math.max(...connected.map(({ members }) => members.length));
        const members = packGroups(connected, pairs, (all) => all.size <= most).flatMap((group) => group.members);
        expect(new Set(members).size).toBe(members.length);
      }),
    );
  });
});

test("the longest of some texts", () => {
  expect(longest([0, 2], [3, 9, 4])).toBe(4);
});
