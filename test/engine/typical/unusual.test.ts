import { describe, expect, test } from "vitest";

import { randomNumbers } from "../../../src/engine/numbers/random";
import { farness, ownFarness, steadying, usualOf } from "../../../src/engine/typical/deviation";
import { levels, type PlaceSums, type Places } from "../../../src/engine/typical/places";
import { packed, profileOf, TextBeside, unpacked } from "../../../src/engine/typical/typical-profile";
import { Furthest, UNUSUAL } from "../../../src/engine/typical/unusual";
import { normalNumbers } from "../support/simulated-texts";

const counts = { layer: 16, expert: 32, matrix: 24, head: 60, neuron: 600 } as const;
const places = { count: (level: keyof typeof counts) => counts[level] } as unknown as Places;

/** A text whose shares vary around the same usual ones: neurons by factors that are now and then large. */
function simulated(normal: () => number, changed: (level: string, place: number) => number = () => 1): PlaceSums {
  const shares = (level: keyof typeof counts): Float64Array => {
    const topic = normal();
    const raw = Float64Array.from({ length: counts[level] }, (_, place) => {
      const tail = level === "neuron" ? normal() ** 3 / 2 : 0;
      return Math.exp(0.3 * normal() + tail + 0.2 * topic * Math.sin(place)) * changed(level, place);
    });
    const total = raw.reduce((a, b) => a + b, 0);
    return raw.map((value) => value / total);
  };
  const [layer, matrix, head, neuron] = [shares("layer"), shares("matrix"), shares("head"), shares("neuron")];
  return { layer, expert: shares("expert"), matrix, head, neuron };
}

const isUnusual = (p: number): boolean => p <= UNUSUAL;
const unusualOf = (text: TextBeside): number =>
  levels.reduce((sum, level) => sum + text.unusualCount(level, isUnusual), 0);

describe("what is unusual", () => {
  test("is found in at most one of twenty texts that are like the typical ones", () => {
    const normal = normalNumbers(randomNumbers(7));
    let claims = 0;
    for (let round = 0; round < 10; round++) {
      const profile = profileOf(
        places,
        Array.from({ length: 64 }, () => simulated(normal)),
        [5, 60],
      );
      for (let text = 0; text < 20; text++) if (unusualOf(new TextBeside(profile, simulated(normal))) > 0) claims++;
    }
    // 200 texts: with a rate of 0.05 more than 17 are seen in one of forty runs
    expect(claims).toBeLessThan(18);
  });

  test("is the place that differs, at its level alone, and by how much", () => {
    const normal = normalNumbers(randomNumbers(8));
    const profile = profileOf(
      places,
      Array.from({ length: 64 }, () => simulated(normal)),
      [5, 60],
    );
    const changes = [
      ["head", 17, 12],
      ["matrix", 3, 1 / 9],
      ["layer", 5, 15],
    ] as const;
    for (const [at, number, factor] of changes) {
      const text = new TextBeside(
        profile,
        simulated(normal, (level, place) => (level === at && place === number ? factor : 1)),
      );
      const [first] = text.furthestPlaces(at, 3);
      expect(first.number).toBe(number);
      expect(first.p).toBeLessThanOrEqual(UNUSUAL);
      expect(Math.sign(first.farness)).toBe(factor > 1 ? 1 : -1);
      expect(first.above).toBe(factor > 1 ? 64 : 0);
      // random factors vary it
      expect(Math.abs(Math.log(first.ratio / factor))).toBeLessThan(1.5);
      expect(text.ratios(at)[number]).toBe(first.ratio);
      expect(text.unusualCount(at, isUnusual)).toBeGreaterThan(0);
      for (const other of levels) if (other !== at) expect(text.furthestPlaces(other, 1)[0].p).toBeGreaterThan(UNUSUAL);
    }
  });

  test("is counted as it is found place by place", () => {
    const normal = normalNumbers(randomNumbers(9));
    const profile = profileOf(
      places,
      Array.from({ length: 40 }, () => simulated(normal)),
      [5, 60],
    );
    const text = new TextBeside(
      profile,
      simulated(normal, (level, place) => (level === "head" && place < 9 ? 4 + place : 1)),
    );
    for (const level of levels) {
      const all = text.furthestPlaces(level, counts[level]);
      expect(all.length).toBe(counts[level]);
      expect(text.unusualCount(level, isUnusual)).toBe(all.filter(({ p }) => isUnusual(p)).length);
      // the further, the less probable
      for (let i = 1; i < all.length; i++) expect(all[i].p).toBeGreaterThanOrEqual(all[i - 1].p);
    }
  });

  test("is the same of a profile that was kept in a file, but for what rounding does", () => {
    const normal = normalNumbers(randomNumbers(10));
    const profile = profileOf(
      places,
      Array.from({ length: 30 }, () => simulated(normal)),
      [5, 60],
    );
    const kept = unpacked(JSON.parse(JSON.stringify(packed(profile))) as ReturnType<typeof packed>);
    expect(kept.texts).toBe(30);
    const shares = simulated(normal);
    const [fresh, read] = [profile, kept].map((one) => new TextBeside(one, shares).furthestPlaces("neuron", 5));
    read.forEach((place, i) => {
      expect(place.number).toBe(fresh[i].number);
      expect(Math.abs(place.ratio / fresh[i].ratio - 1)).toBeLessThan(0.01);
    });
  });

  test("of a place that no typical text activates has a ratio to next to nothing, which is finite", () => {
    const normal = normalNumbers(randomNumbers(11));
    const dead = (level: string, place: number) => (level === "neuron" && place === 4 ? 0 : 1);
    const profile = profileOf(
      places,
      Array.from({ length: 30 }, () => simulated(normal, dead)),
      [5, 60],
    );
    const woken = new TextBeside(
      profile,
      simulated(normal, (level, place) => (level === "neuron" && place === 4 ? 50 : 1)),
    );
    const first = woken.furthestPlaces("neuron", 600).find(({ number }) => number === 4);
    expect(first).toMatchObject({ number: 4, above: 30 });
    expect(first?.ratio).toBeGreaterThan(100);
    expect(first?.ratio).toBeLessThan(1e6);
    expect(new TextBeside(profile, simulated(normal, dead)).ratios("neuron")[4]).toBe(0);
  });
});

test("a typical text is held against all others, as if the usual were made without it", () => {
  const next = randomNumbers(3);
  const values = Array.from({ length: 12 }, () => next());
  const usual = usualOf(values);
  values.forEach((value, i) => {
    const others = values.filter((_, j) => j !== i);
    expect(ownFarness(value, usual, 0.02, 12)).toBeCloseTo(farness(value, usualOf(others), 0.02, 11), 10);
  });
  expect(steadying([3, 1, 2])).toBe(2);
  expect(farness(1, { mean: 1, deviation: 0 }, 0, 5)).toBe(0);
});

test("levels are measured by their own furthest places, however many they have", () => {
  // the second level's places are ten times as far in every text
  const coarse = [1, 2, 3, 4, 5];
  const furthest = new Furthest([coarse, coarse.map((far) => 10 * far), []]);
  expect(furthest.p(6, 0)).toBe(furthest.p(60, 1));
  expect(furthest.p(6, 0)).toBe(1 / 6);
  expect(furthest.p(-6, 0)).toBe(1 / 6);
  expect(furthest.p(6, 1)).toBe(1);
  expect(furthest.textsWith(3, 0)).toBe(3);
  // a level without places finds nothing
  expect(furthest.p(100, 2)).toBe(1);
});
