import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { architectureOf } from "../../../../src/engine/model/architectures/registry";
import { fixturePath } from "../../support/reference";

const config = JSON.parse(readFileSync(join(fixturePath("minimax_m2"), "config.json"), "utf8")) as object;
const ropeWith = (changes: object) => architectureOf({ ...config, ...changes }, "model").rope?.full;
const plain = { rope_type: "default", rope_theta: 10000 };

test("the published files say in rotary_dim how much of a head turns, and a share that is said outright counts before it", () => {
  // as MiniMaxM2Config of transformers 5.23 has it
  const half = ropeWith({});
  expect(half).toMatchObject({ rotated: 8 });
  expect(ropeWith({ rope_parameters: plain, rotary_dim: 8 })).toEqual(half);
  expect(ropeWith({ rope_parameters: undefined, rope_theta: 10000, rotary_dim: 8 })).toEqual(half);
  expect(ropeWith({ rotary_dim: 4 })).toEqual(half);
  expect(ropeWith({ rope_parameters: plain })).toMatchObject({ rotated: 16 });
});
