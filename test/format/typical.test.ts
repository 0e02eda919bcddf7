import { describe, expect, test } from "vitest";

import type { AnalysisDocument, TypicalDescription, UnusualPlace } from "../../src/engine/document/document";
import { formatRatio, placeName, typicalFinding, unmeasuredFinding } from "../../src/format/typical-findings";

const modules = ["self_attn.q_proj", "self_attn.k_proj", "mlp.down_proj"].map((name) => ({ name }));
const layers = [{ modules }, { modules }] as unknown as AnalysisDocument["layers"];

function place(more: Partial<UnusualPlace>): UnusualPlace {
  return { layer: 1, share: 0.02, usual: 0.01, ratio: 2, farness: 5, above: 64, textsAsFar: 0, p: 1 / 65, ...more };
}

type Level = TypicalDescription["levels"][number];

function found(levels: readonly Partial<Level>[], more: Partial<TypicalDescription> = {}) {
  const names = ["layer", "matrix", "head", "neuron"] as const;
  const typical: TypicalDescription = {
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
  return typicalFinding({ typical, layers });
}

describe("what is said beside typical texts", () => {
  test("names what is unusual at every level, and places of the finest one, three at most", () => {
    const heads = [0, 1, 2, 3].map((index) => place({ module: "self_attn.q_proj", index }));
    expect(found([{}, { unusual: 2 }, { unusual: 4, furthest: heads }, {}])).toEqual({
      headline:
        "Unusual here, beside 64 short texts of all kinds that end with a sentence: two of 100 matrices and four of 100 heads.",
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
    const said = (one: UnusualPlace) => found([{ unusual: 1, furthest: [one] }])?.places;
    expect(said(less)).toEqual([
      "Layer 1 holds 8 % of its usual share of the activation, 0.08 % instead of 1 %, less than in any of them.",
    ]);
    expect(said(middling)).toEqual([
      "Layer 1 holds 1.3 times its usual share of the activation, 1.3 % instead of 1 %, more than in 60 of them.",
    ]);
    expect(said(unknown)).toEqual(["Layer 1 holds 2 times its usual share of the activation, 2 % instead of 1 %."]);
  });

  test("says where length by itself may be why", () => {
    const headline = (beyond?: "shorter" | "longer", unusual = 2) => found([{ unusual }], { beyond })?.headline;
    const unusual = "Unusual here, beside 64 short texts of all kinds that end with a sentence: two of 100 layers.";
    expect(headline()).toBe(unusual);
    expect(headline("shorter")).toBe(`${unusual} Those texts are all longer, which may be why.`);
    expect(headline("longer")).toBe(`${unusual} Those texts are all shorter, which may be why.`);
    expect(headline("shorter", 0)).not.toContain("which may be why");
  });

  test("is that nothing is unusual where nothing is, and how many typical texts have something as far", () => {
    expect(found([{}, {}, {}, {}])).toEqual({
      headline:
        "Nothing here is unusual beside 64 short texts of all kinds that end with a sentence: 17 of them have something as far from the usual.",
      places: [],
    });
  });

  test("names the texts that it is held against", () => {
    const beside = (of: TypicalDescription["of"]) => found([{}], { of })?.headline.split(":")[0];
    expect(beside({ name: "mails" })).toBe("Nothing here is unusual beside the 64 texts of mails");
    expect(beside({ name: "mails", from: 64 })).toBe("Nothing here is unusual beside the 64 texts of mails");
    expect(beside({ name: "mails", from: 500 })).toBe("Nothing here is unusual beside 64 of the 500 texts of mails");
    expect(beside({ length: "long", endings: ["line", "middle", "sentence"], chat: false })).toBe(
      "Nothing here is unusual beside 64 long texts of all kinds that end with a line, in the middle of a sentence or with a sentence",
    );
    expect(beside({ length: "short", endings: [], chat: true })).toBe(
      "Nothing here is unusual beside 64 short texts of all kinds within the chat template",
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
