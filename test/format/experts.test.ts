import { expect, test } from "vitest";
import type { AnalysisDocument } from "../../src/engine/document/document";
import { expertsFinding, expertsOf } from "../../src/format/experts";

type Layers = Pick<AnalysisDocument, "layers">;

/** Layers whose experts get so many of so many tokens. */
function layersOf(...layers: readonly (readonly [tokens: number, counts: readonly number[]])[]): Layers {
  const made = layers.map(([tokens, counts], layer) => ({
    layer,
    modules: counts.flatMap((_, expert) => [
      { name: `mlp.experts.${expert}.up_proj`, parameters: 10, active: expert, sum: 2 * expert },
      { name: `mlp.experts.${expert}.down_proj`, parameters: 10, active: 1, sum: 1 },
    ]),
    routing: {
      tokens,
      experts: counts.map((count, expert) => ({
        tokens: count,
        modules: [`mlp.experts.${expert}.up_proj`, `mlp.experts.${expert}.down_proj`],
      })),
    },
  }));
  return { layers: made as unknown as AnalysisDocument["layers"] };
}

test("an expert's figures are those of its matrices together", () => {
  const [, second] = expertsOf(layersOf([8, [6, 2]]).layers[0]);
  expect(second).toEqual({
    expert: 1,
    tokens: 2,
    share: 0.25,
    parameters: 20,
    active: 2,
    density: 0.1,
    sum: 3,
    mean: 0.15,
  });
});

test("the expert with the most tokens is named, with an equal share beside it", () => {
  expect(expertsFinding(layersOf([8, [6, 2, 4, 4]], [8, [4, 4, 4, 4]]))).toBe(
    "Expert 0 of layer 0 takes the most of its layer's tokens, 75.0 % where an equal share is 50.0 %. Every one of the 8 experts gets some token.",
  );
});

test("none is named where two print alike, or all shares are equal", () => {
  expect(expertsFinding(layersOf([8, [6, 2]], [8, [2, 6]]))).toBe("Every one of the 4 experts gets some token.");
  expect(expertsFinding(layersOf([8, [4, 4]]))).toBe("Every one of the 2 experts gets some token.");
});

test("experts without tokens are counted, but not in a layer that one position alone passes", () => {
  expect(expertsFinding(layersOf([8, [5, 3, 0]], [1, [1, 0, 0]]))).toBe(
    "Expert 0 of layer 0 takes the most of its layer's tokens, 62.5 % where an equal share is 33.3 %. 1 of 3 experts gets no token, those of layer 1 not counted, which only the last token passes.",
  );
});

test("of a model without experts nothing is said", () => {
  expect(expertsFinding({ layers: [] })).toBeUndefined();
});
