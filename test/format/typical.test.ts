import { describe, expect, test } from "vitest";

import type { AnalysisDocument, TypicalDescription, UnusualPlace } from "../../src/engine/document/document";
import {
  formatRatio,
  placeName,
  ratiosFinding,
  typicalFinding,
  unmeasuredFinding,
  unusualLayersSentence,
  unusualPlaces,
} from "../../src/format/typical-findings";

const modules = ["self_attn.q_proj", "self_attn.k_proj", "mlp.down_proj"].map((name) => ({ name }));
const layers = [{ modules }, { modules }] as unknown as AnalysisDocument["layers"];

function place(more: Partial<UnusualPlace>): UnusualPlace {
  return { layer: 1, share: 0.02, usual: 0.01, ratio: 2, farness: 5, above: 64, textsAsFar: 0, p: 1 / 65, ...more };
}

type Level = TypicalDescription["levels"][number];

function typicalOf(levels: readonly Partial<Level>[], more: Partial<TypicalDescription> = {}): TypicalDescription {
  const names = ["layer", "matrix", "head", "neuron"] as const;
  return {
    texts: 64,
    of: { length: "short", endings: ["sentence"], chat: false },
    ratios: { layer: [], matrix: [], head: [] },
    levels: levels.map((level, i) => ({
      level: names[i],
      places: 100,
      unusual: 0,
      furthest: [place({ p: 0.3, textsAsFar: 20 - i })],
      ...level,
    })),
    ...more,
  };
}

function found(levels: readonly Partial<Level>[], more: Partial<TypicalDescription> = {}) {
  return typicalFinding({ typical: typicalOf(levels, more), layers });
}

describe("what is said of ratios that a chart shows", () => {
  const ratios = [1.2, 0.7, 1].map((ratio, i) => ({ name: `layer ${i}`, ratio }));

  test("is first whether any of them is unusual: there is always one that is furthest", () => {
    expect(ratiosFinding({ typical: typicalOf([{}]) }, "layer", ratios)).toBe(
      "No layer is unusual: their shares of the activation are from ×0.70 (layer 1) to ×1.20 (layer 0) of the usual.",
    );
    expect(ratiosFinding({ typical: typicalOf([{}, { unusual: 1 }]) }, "matrix", ratios)).toMatch(
      /^One of 100 matrices is unusual: their shares/,
    );
    expect(ratiosFinding({ typical: typicalOf([{ unusual: 2 }]) }, "layer", ratios)).toMatch(/^Two of 100 layers are/);
  });

  test("has no furthest where all print alike, and is nothing where nothing is known", () => {
    const alike = [0.999, 1.001].map((ratio, i) => ({ name: `layer ${i}`, ratio }));
    expect(ratiosFinding({ typical: typicalOf([{}]) }, "layer", alike)).toBe(
      "No layer is unusual: all hold ×1.00 of their usual share of the activation.",
    );
    expect(ratiosFinding({ typical: undefined }, "layer", ratios)).toBeUndefined();
    expect(ratiosFinding({ typical: typicalOf([{}]) }, "matrix", ratios)).toBeUndefined();
    expect(ratiosFinding({ typical: typicalOf([{}]) }, "layer", [])).toBeUndefined();
  });
});

describe("which layers a text uses more than texts usually do", () => {
  const said = (layer: Partial<Level>, head: Partial<Level> = {}) =>
    unusualLayersSentence({ typical: typicalOf([layer, {}, head]) });
  const furthest = [
    { layer: 9, ratio: 1.4 },
    { layer: 3, ratio: 0.5 },
    { layer: 2, ratio: 0.6 },
    { layer: 7, ratio: 1.1 },
  ].map(place);

  test("is said of those that are unusual, and of no other", () => {
    expect(said({ unusual: 3, furthest })).toBe(
      "Layer 9 holds more of the activation than usual; layers 2 and 3 hold less.",
    );
    expect(said({ unusual: 1, furthest })).toBe("Layer 9 holds more of the activation than usual.");
    expect(said({ unusual: 2, furthest: furthest.slice(1) })).toBe(
      "Layers 2 and 3 hold less of the activation than usual.",
    );
  });

  test("is none where something within them is unusual, and is not said where nothing is", () => {
    expect(said({ furthest }, { unusual: 1 })).toBe("No layer as a whole is unusual.");
    expect(said({ furthest })).toBeUndefined();
    expect(unusualLayersSentence({ typical: undefined })).toBeUndefined();
    expect(unusualLayersSentence({ typical: { ...typicalOf([{}]), levels: [] } })).toBeUndefined();
  });

  test("is not said of shares that print as the usual ones", () => {
    const alike = [place({ layer: 4, ratio: 1.004 }), place({ layer: 5, ratio: 0.996 })];
    expect(said({ unusual: 2, furthest: alike })).toBeUndefined();
    expect(said({ unusual: 3, furthest: [...alike, ...furthest] })).toBe(
      "Layer 9 holds more of the activation than usual.",
    );
  });
});

describe("the unusual places that are listed", () => {
  const heads = Array.from({ length: 7 }, (_, index) => place({ module: "self_attn.q_proj", index }));
  const neurons = [place({ module: "mlp.down_proj", index: 3 })];
  const listed = (levels: readonly Partial<Level>[]) =>
    unusualPlaces({ typical: typicalOf(levels), layers }).map(({ title, places, more }) => ({
      title,
      names: places.map(({ name }) => name),
      more,
    }));

  test("are what is within matrices, and how many more there are", () => {
    expect(listed([{}, { unusual: 2 }, { unusual: 9, furthest: heads }, { unusual: 1, furthest: neurons }])).toEqual([
      { title: "Unusual heads", names: [0, 1, 2, 3, 4].map((head) => `layer 1 q head ${head}`), more: 4 },
      { title: "Unusual feed-forward neurons", names: ["layer 1 neuron 3"], more: 0 },
    ]);
  });

  test("are the finest there are where nothing within them is unusual, and none where nothing is", () => {
    expect(listed([{ unusual: 1 }, {}, { furthest: heads }])).toEqual([
      { title: "Unusual layers", names: ["layer 1"], more: 0 },
    ]);
    expect(listed([{}, {}, { furthest: heads }])).toEqual([]);
    expect(unusualPlaces({ typical: undefined, layers })).toEqual([]);
  });
});

describe("what is said beside typical texts", () => {
  test("names what is unusual at every level, and places of the finest one, three at most", () => {
    const heads = [0, 1, 2, 3].map((index) => place({ module: "self_attn.q_proj", index }));
    expect(found([{}, { unusual: 2 }, { unusual: 4, furthest: heads }, {}])).toEqual({
      headline:
        "Unusual here, beside 64 short texts that end with a sentence: two of 100 matrices and four of 100 heads.",
      places: [0, 1, 2].map(
        (head) =>
          `Layer 1 q head ${head} holds 2 times its usual share of the activation, 2 % instead of 1 %, more than in any of them.`,
      ),
    });
  });

  test("says less where it is less, and in how many texts where that is not all", () => {
    const less = place({ ratio: 0.08, share: 0.0008, above: 0 });
    const middling = place({ ratio: 1.3, share: 0.013, above: 60 });
    const unknown = place({ above: null });
    const tied = place({ ratio: 0.08, share: 0.0008, above: 0, tied: 1 });
    const said = (one: UnusualPlace) => found([{ unusual: 1, furthest: [one] }])?.places;
    expect(said(less)).toEqual([
      "Layer 1 holds 8 % of its usual share of the activation, 0.08 % instead of 1 %, less than in any of them.",
    ]);
    // the same is neither more nor less
    expect(said(tied)).toEqual([
      "Layer 1 holds 8 % of its usual share of the activation, 0.08 % instead of 1 %, less than in 63 of them.",
    ]);
    expect(said(middling)).toEqual([
      "Layer 1 holds 1.3 times its usual share of the activation, 1.3 % instead of 1 %, more than in 60 of them.",
    ]);
    expect(said(unknown)).toEqual(["Layer 1 holds 2 times its usual share of the activation, 2 % instead of 1 %."]);
  });

  test("says where length by itself may be why", () => {
    const headline = (beyond?: "shorter" | "longer", unusual = 2) => found([{ unusual }], { beyond })?.headline;
    const unusual = "Unusual here, beside 64 short texts that end with a sentence: two of 100 layers.";
    expect(headline()).toBe(unusual);
    expect(headline("shorter")).toBe(`${unusual} None of those texts is shorter, which may be why.`);
    expect(headline("longer")).toBe(`${unusual} None of those texts is longer, which may be why.`);
    expect(headline("shorter", 0)).not.toContain("which may be why");
  });

  test("is that nothing is unusual where nothing is, and how many typical texts have something as far", () => {
    expect(found([{}, {}, {}, {}])).toEqual({
      headline:
        "Nothing here is unusual beside 64 short texts that end with a sentence: 17 of them have something as far from the usual.",
      places: [],
    });
  });

  test("names the texts that it is held against", () => {
    const beside = (of: TypicalDescription["of"]) => found([{}], { of })?.headline.split(":")[0];
    expect(beside({ name: "mails" })).toBe("Nothing here is unusual beside the 64 texts of mails");
    expect(beside({ name: "mails", from: 64 })).toBe("Nothing here is unusual beside the 64 texts of mails");
    expect(beside({ name: "mails", from: 500 })).toBe("Nothing here is unusual beside 64 of the 500 texts of mails");
    expect(beside({ length: "long", endings: ["line", "middle", "sentence"], chat: false })).toBe(
      "Nothing here is unusual beside 64 long texts that end with a line, in the middle of a sentence or with a sentence",
    );
    expect(beside({ length: "short", endings: [], chat: true })).toBe(
      "Nothing here is unusual beside 64 short texts within the chat template",
    );
  });

  test("is nothing where typical texts were not measured, but what that would take", () => {
    expect(typicalFinding({ layers })).toBeUndefined();
    expect(unmeasuredFinding({})).toBeUndefined();
    expect(unmeasuredFinding({ typicalSeconds: [21, 48] })).toBe(
      "What is unusual here is not known: how typical texts activate this model takes about 21 s to 48 s to measure, once.",
    );
  });
});

test("a place has the name that the matrices have, a fused one's head that of its part", () => {
  expect(placeName({ layer: 3 }, "layer", layers)).toBe("layer 3");
  expect(placeName({ layer: 3, module: "mlp.down_proj" }, "matrix", layers)).toBe("layer 3 down");
  expect(placeName({ layer: 3, module: "self_attn.k_proj", index: 1 }, "head", layers)).toBe("layer 3 k head 1");
  expect(placeName({ layer: 3, module: "self_attn.k_proj", part: "v", index: 1 }, "head", layers)).toBe(
    "layer 3 v head 1",
  );
  expect(placeName({ layer: 3, module: "mlp.down_proj", index: 211 }, "neuron", layers)).toBe("layer 3 neuron 211");
  expect(placeName({ layer: 3, index: 12 }, "expert", layers)).toBe("layer 3 expert 12");
});

test("a ratio for a column", () => {
  expect([0, 0.081, 1, 1.249, 14.4, 1234].map(formatRatio)).toEqual([
    "×0.00",
    "×0.08",
    "×1.00",
    "×1.25",
    "×14",
    "×1200",
  ]);
});
