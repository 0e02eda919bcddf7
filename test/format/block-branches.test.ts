import { readdirSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { openModel } from "../../src/engine/model/model";
import { branchesOf } from "../../src/format/block-branches";
import { fixturePath } from "../engine/support/reference";

const matrix = (name: string, out = 64, input = 64) => ({ name, shape: [out, input] as const });

describe("the branches of a block", () => {
  test("are attention and feed-forward, each with what it reads and what it writes", () => {
    const block = ["self_attn.q_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.down_proj"].map((name) =>
      matrix(name),
    );
    expect(
      branchesOf(block).map(({ title, reads, writes }) => [title, reads.map(({ name }) => name), writes.name]),
    ).toEqual([
      ["Attention", ["self_attn.q_proj"], "self_attn.o_proj"],
      ["Feed-forward", ["mlp.gate_proj"], "mlp.down_proj"],
    ]);
  });

  test("have all experts' matrices of one name together, and shared ones apart, whose own gate does not write", () => {
    const shared = [
      matrix("mlp.shared_expert.up_proj"),
      matrix("mlp.shared_expert.down_proj"),
      matrix("mlp.shared_expert_gate", 1),
    ];
    const experts = [0, 1].flatMap((expert) => [
      matrix(`mlp.experts.${expert}.up_proj`),
      matrix(`mlp.experts.${expert}.down_proj`),
    ]);
    const [mixture, own] = branchesOf([matrix("mlp.gate", 2), ...shared, ...experts]);
    expect(mixture.reads.map(({ name, places }) => [name, places])).toEqual([
      ["mlp.gate", [0]],
      ["mlp.experts.up_proj", [4, 6]],
    ]);
    expect(mixture.writes.places).toEqual([5, 7]);
    expect(own).toMatchObject({ title: "Shared expert", writes: { name: "mlp.shared_expert.down_proj" } });
  });

  test("of nothing are none", () => {
    expect(branchesOf([])).toEqual([]);
  });
});

test("in every architecture each branch writes as many values as the residual stream has, and every matrix is in one", async () => {
  for (const name of readdirSync(fixturePath("."))) {
    const model = await openModel(fixturePath(name)).catch(() => undefined);
    if (model === undefined) continue;
    for (const block of model.blocks) {
      const matrices = block.modules.map(({ name, out, in: input }) => ({ name, shape: [out, input] as const }));
      const branches = branchesOf(matrices);
      const places = branches.flatMap(({ reads, writes }) => [...reads, writes].flatMap((group) => group.places));
      expect([...places].sort((a, b) => a - b)).toEqual([...matrices.keys()]);
      for (const { writes, reads } of branches) {
        expect(writes.matrices[0].shape[0]).toBe(matrices[0].shape[1]);
        expect(reads.length).toBeGreaterThan(0);
      }
    }
    await model.close();
  }
});
