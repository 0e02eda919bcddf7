import { expect, test } from "vitest";

import type { PruningDocument } from "../../src/engine/document/document";
import { planOfPruning } from "../../src/views/plan-of-pruning";

const made = (method: Partial<PruningDocument>): PruningDocument =>
  ({
    criterion: "wanda",
    sparsity: 0.5,
    pattern: null,
    layers: [{ sparsity: 0.4 }, { sparsity: 0.6 }],
    ...method,
  }) as PruningDocument;

test.each(["uniform", "activation"] as const)(
  "what the preview reckons itself is taken by its name: %s",
  (allocation) => {
    expect(planOfPruning(made({ allocation }))).toEqual({
      criterion: "wanda",
      sparsity: 0.5,
      pattern: null,
      allocation,
    });
  },
);

test.each([{ allocation: "owl" }, { allocation: "given" }, { allocation: "activation", strength: 0.2 }] as const)(
  "what it cannot reckon is taken as it was, %j",
  (method) => {
    const plan = { criterion: "wanda", sparsity: 0.5, pattern: null, allocation: "given", sparsities: [0.4, 0.6] };
    expect(planOfPruning(made(method))).toEqual(plan);
  },
);
