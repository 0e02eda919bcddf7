import { afterEach, beforeEach, describe, expect, test, vi, type MockInstance } from "vitest";
import { GraphBuilder } from "../../../../src/engine/graph/graph";
import { openModel } from "../../../../src/engine/model/model";
import { WebGpuRuntime } from "../../../../src/engine/runtime/onnx/webgpu-runtime";
import { openRuntime } from "../../../../src/engine/runtime/open-runtime";
import { tensor } from "../../../../src/engine/runtime/runtime";
import { StatisticsReducer } from "../../../../src/engine/sweep/reducers/statistics";
import { Deviations } from "../../support/deviations";
import { fixturePath, fixtureReference } from "../../support/reference";
import { measuresOf } from "../../support/reference-values";
import { webgpu } from "../../support/runtimes";
import { samplesOf } from "../../support/samples";
import { swept } from "../../support/sweeping";

/* On a device, or on a driver of Vulkan that computes on the processor (test/webgpu/swiftshader.sh). */

/** Blocks of all kinds; those with a recurrence have operations that WebGPU has not. */
const fixtures = ["llama", "gpt2", "gemma2", "apertus", "bloom", "phi3", "qwen2_moe", "gpt_oss", "lfm2", "gemma4"];
const RECURRENT = "qwen3_5";

const TOLERANCE = 1e-4;
/** SwiftShader is off by 9·10⁻⁵, the processor by 4·10⁻⁵: what else rounds a recurrence differently may be beyond the usual. */
const TOLERANCE_RECURRENT = 3e-4;

// on a processor that others compute on, too
vi.setConfig({ testTimeout: 240_000 });

describe.runIf(webgpu !== undefined)("WebGPU", () => {
  let compiled: MockInstance<WebGpuRuntime["compile"]>;
  beforeEach(() => {
    compiled = vi.spyOn(WebGpuRuntime.prototype, "compile");
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test("is what it is asked for", async () => {
    const { device, notes } = await openRuntime(webgpu);
    expect([device, notes]).toEqual(["webgpu", []]);
  });

  test("brings what is held to the device once", async () => {
    const runtime = new WebGpuRuntime(1);
    const b = new GraphBuilder();
    const program = await runtime.compile(
      b.graph(new Map([["y", b.linear(b.input("x", ["rows", 3]), b.input("w", [2, 3]), undefined, "w")]])),
    );
    const held = runtime.hold({ w: tensor(Float32Array.of(1, 2, 3, -1, 0, 1), 2, 3) });
    const y = new Float32Array(2);
    for (const factor of [1, 2, 3]) {
      const x = tensor(Float32Array.of(factor, 0, factor), 1, 3);
      await program.run({ x, ...held.tensors }, { y: tensor(y, 1, 2) });
      expect([...y]).toEqual([4 * factor, 0]);
    }
    held.release();
    await program.dispose();
    expect({ ...runtime.traffic }).toEqual({ up: 4 * 6 + 3 * 4 * 3, down: 3 * 4 * 2 });
  });

  test("goes on with the processor, and says so, where the device has no room", async () => {
    const runtime = await openRuntime(webgpu);
    const b = new GraphBuilder();
    const product = b.matmul(b.input("x", ["rows", 1]), b.input("y", [1, "columns"]));
    const program = await runtime.compile(b.graph(new Map([["sum", b.sum(b.slice(product, 0, 0, 1), 1)]])));
    // the device has no buffer of so many bytes, and the processor has the room
    const size = 24_000;
    const ones = new Float32Array(size).fill(1);
    const sum = new Float32Array(1);
    await program.run({ x: tensor(ones, size, 1), y: tensor(ones, 1, size) }, { sum: tensor(sum, 1, 1) });
    await program.dispose();
    expect([...sum]).toEqual([size]);
    expect(runtime.notes).toEqual([
      "The device of webgpu ran out of memory: the rest of the run was on the processor.",
    ]);
  });

  /** Sweeps two samples; says where what the statistics are made of was computed. */
  async function compare(name: string, tolerance = TOLERANCE) {
    const model = await openModel(fixturePath(name));
    try {
      const reference = fixtureReference(name);
      const samples = samplesOf(reference, model).slice(0, 2);
      const statistics = new StatisticsReducer(model.definition);
      const units = [{ sets: samples.map((_, i) => [i]) }];
      const { heads } = await swept({ model, samples, runtime: webgpu, units, reducers: [statistics] });
      const deviations = new Deviations();
      for (const i of samples.keys()) {
        const { targetValue, layers } = reference.samples[i];
        deviations.relative("target value", heads[i].value, targetValue, `sample ${i}`, tolerance);
        for (const [layer, modules] of layers.entries())
          for (const [module, own] of statistics.layer(layer, 0, i)) {
            const where = `sample ${i}, layer ${layer}, ${module}`;
            const measures = measuresOf(own);
            for (const kind of ["sum", "l2", "max"] as const)
              deviations.relative(kind, measures[kind], modules[module][kind], where, tolerance);
          }
      }
      expect(deviations.all).toHaveLength(4);
      expect(deviations.beyond).toEqual([]);
    } finally {
      await model.close();
    }
    const [{ notes, placement }] = compiled.mock.contexts as WebGpuRuntime[];
    expect(placement.all).toBeGreaterThan(100);
    return { notes, placement };
  }

  test.each(fixtures)("computes %s as PyTorch does, and leaves nothing to the processor", async (name) => {
    const { notes, placement } = await compare(name);
    expect([placement.operations, placement.onProcessor, notes]).toEqual([[], 0, []]);
  });

  test("computes a recurrence as PyTorch does, and says that the processor had a part in it", async () => {
    const { notes, placement } = await compare(RECURRENT, TOLERANCE_RECURRENT);
    expect(placement.operations).toContain("Scan");
    expect(notes).toEqual([expect.stringMatching(/^The execution provider webgpu left \d+ of \d+ operations to the /)]);
  });
});
