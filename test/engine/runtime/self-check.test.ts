import { expect, test } from "vitest";
import { openRuntime } from "../../../src/engine/runtime/open-runtime";
import type { Program, Runtime, Tensors } from "../../../src/engine/runtime/runtime";
import { selfCheck, TOLERANCE } from "../../../src/engine/runtime/self-check";
import { allRuntimes } from "../support/runtimes";

test.each(allRuntimes)("%s passes its check by far", async (_, wish) => {
  expect(await selfCheck(await openRuntime(wish))).toBeLessThan(1e-5);
});

test.each<[string, (y: Float32Array) => void]>([
  ["one value off by a fiftieth", (y) => (y[3] *= 1.04)],
  ["nothing written at all", (y) => y.fill(0)],
  ["a value that is no number", (y) => (y[7] = NaN)],
])("what computes wrongly is found out: %s", async (_, spoil) => {
  const right = await openRuntime();
  const wrong: Runtime = {
    ...right,
    notes: [],
    hold: (tensors) => ({ tensors, release: () => undefined }),
    compile: async (graph): Promise<Program> => {
      const program = await right.compile(graph);
      return {
        run: async (inputs: Tensors, outputs: Tensors) => {
          await program.run(inputs, outputs);
          spoil(outputs.y.data as Float32Array);
        },
        dispose: () => program.dispose(),
      };
    },
  };
  expect(await selfCheck(wrong)).toBeGreaterThan(TOLERANCE);
});
