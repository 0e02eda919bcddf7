import { memory } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { GraphBuilder } from "../../../../src/engine/graph/graph";
import { openModel, type Model } from "../../../../src/engine/model/model";
import { openRuntime } from "../../../../src/engine/runtime/open-runtime";
import { holding, tensor } from "../../../../src/engine/runtime/runtime";
import type { Sample } from "../../../../src/engine/text/sample";
import { fixturePath, fixtureReference } from "../../support/reference";
import { tensorflows } from "../../support/runtimes";
import { samplesOf } from "../../support/samples";
import { stepwise, swept } from "../../support/sweeping";

/** Tensors of the process's one engine, whichever copy of the library asks. */
const tensors = (): number => memory().numTensors;

describe.each(tensorflows)("%s disposes of all that it makes", (_, runtime) => {
  let model: Model;
  let samples: Sample[];
  let before: number;

  beforeAll(async () => {
    model = await openModel(fixturePath("llama"));
    samples = samplesOf(fixtureReference("llama"), model);
    await openRuntime(runtime);
    before = tensors();
  });

  afterAll(async () => {
    await model.close();
  });

  const units = [{ sets: [[0, 1]] }];

  test("in a sweep", async () => {
    await swept({ model, samples, units, runtime });
    expect(tensors()).toBe(before);
  });

  test("in a sweep that is cancelled", async () => {
    const abort = new AbortController();
    const steps = stepwise({ model, samples, units, runtime, signal: abort.signal });
    await steps.next();
    abort.abort();
    await expect(steps.next()).rejects.toThrow("abort");
    expect(tensors()).toBe(before);
  });

  test("in a sweep that nobody follows to its end", async () => {
    const steps = stepwise({ model, samples, units, runtime });
    await steps.next();
    await steps.return({ heads: [], saliency: [] });
    expect(tensors()).toBe(before);
  });

  test("where an operation fails, and says which", async () => {
    const b = new GraphBuilder();
    const y = b.matmul(b.unary("exp", b.input("x", ["rows", "inner"])), b.input("w", ["inner", "columns"]));
    const opened = await openRuntime(runtime);
    const program = await opened.compile(b.graph(new Map([["y", y]])));
    const [x, w] = [tensor(new Float32Array(6), 2, 3), tensor(new Float32Array(8), 4, 2)];
    const running = holding(opened, { w }, async (held) => {
      expect(tensors()).toBe(before + 1);
      await program.run({ x, ...held }, { y: tensor(new Float32Array(4), 2, 2) });
    });
    await expect(running).rejects.toMatchObject({ name: "ParamscopeError", settings: ["runtime"] });
    await program.dispose();
    expect(tensors()).toBe(before);
  });
});
