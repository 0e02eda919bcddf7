import { elementAt } from "../numbers/elements";

/** Two texts, by their numbers. */
export type Pair = readonly [a: number, b: number];

/** Texts that run together, and the pairs (by their numbers) whose two texts are both among them. */
export interface PairGroup {
  readonly members: readonly number[];
  readonly pairs: readonly number[];
}

/** The groups of texts that are connected by pairs, each with its pairs in their order; those with the longest texts first. */
export function connectedTexts(pairs: readonly Pair[], lengths: readonly number[]): PairGroup[] {
  // disjoint sets, whose paths are halved as they are followed
  const parents = lengths.map((_, i) => i);
  const root = (text: number): number => {
    for (;;) {
      const parent = elementAt(parents, text);
      if (parent === text) return text;
      text = parents[text] = elementAt(parents, parent);
    }
  };
  for (const [a, b] of pairs) parents[root(a)] = root(b);
  const groups = new Map<number, { members: Set<number>; pairs: number[] }>();
  pairs.forEach(([a, b], index) => {
    const group = groups.get(root(a)) ?? { members: new Set<number>(), pairs: [] };
    group.members.add(a).add(b);
    group.pairs.push(index);
    groups.set(root(a), group);
  });
  return [...groups.values()]
    .map(({ members, pairs: own }) => ({ members: [...members], pairs: own }))
    .sort((one, other) => longest(other.members, lengths) - longest(one.members, lengths));
}

/**
 * Packs groups, in their order, into as few as may be that `fits` allows; a group that does not fit by itself is cut, pair by
 * pair, and a text that is needed on both sides of a cut is then in both.
 */
export function packGroups(
  groups: readonly PairGroup[],
  pairs: readonly Pair[],
  fits: (members: ReadonlySet<number>) => boolean,
): PairGroup[] {
  const packed: { members: Set<number>; pairs: number[] }[] = [];
  const put = (members: readonly number[], own: readonly number[]): boolean => {
    const open = packed.at(-1);
    const union = new Set([...(open?.members ?? []), ...members]);
    if (open === undefined || !fits(union)) return false;
    for (const member of members) open.members.add(member);
    open.pairs.push(...own);
    return true;
  };
  for (const { members, pairs: own } of groups) {
    if (put(members, own)) continue;
    if (fits(new Set(members))) packed.push({ members: new Set(members), pairs: [...own] });
    else
      for (const index of own)
        if (!put(elementAt(pairs, index), [index])) packed.push({ members: new Set(pairs[index]), pairs: [index] });
  }
  return packed.map(({ members, pairs: own }) => ({ members: [...members], pairs: own }));
}

/** The most ids of one of the `members`. */
export const longest = (members: Iterable<number>, lengths: readonly number[]): number =>
  Math.max(...Array.from(members, (member) => elementAt(lengths, member)));
