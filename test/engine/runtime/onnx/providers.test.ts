import { beforeEach, describe, expect, test, vi } from "vitest";
import type * as ort from "onnxruntime-node";
import { analyze } from "../../../../src/engine/analysis/analyze";
import type { AnalysisDocument } from "../../../../src/engine/document/document";
import { openModel } from "../../../../src/engine/model/model";
import { openRuntime } from "../../../../src/engine/runtime/open-runtime";
import type { ExecutionProvider } from "../../../../src/engine/runtime/runtime";
import { fixturePath, fixtureReference } from "../../support/reference";
import { resultOf } from "../../support/reference-values";
import { samplesOf } from "../../support/samples";

/* Execution providers that misbehave. There is no accelerator to have them from: one is put before the processor's sessions. */

/** Of one of them it is known which operations it leaves to the processor: here all. */
const providers = ["webgpu", "dml"] as const;
const device = vi.hoisted(() => ({
  /** What becomes of a result. */
  compute: (value: number): number => value,
  /** Throws where a run of the device fails; told how many there were. */
  run: undefined as ((count: number) => void) | undefined,
  runs: 0,
}));

/** Values as they are on a device that is none. */
const uploaded = vi.hoisted(() => ({ values }: ort.InferenceSession.OnnxValueMapType) => ({
  copy: { gpuBuffer: (values as ort.TypedTensor<"float32">).data, dispose: () => undefined },
}));

vi.mock("onnxruntime-node", async (importOriginal) => {
  const original = await importOriginal<typeof ort>();
  return {
    ...original,
    listSupportedBackends: () => [{ name: "cpu" }, { name: "webgpu" }, { name: "dml" }],
    Tensor: Object.assign(original.Tensor, {
      fromGpuBuffer: (values: unknown, { dims }: { readonly dims: readonly number[] }) =>
        new original.Tensor("float32", values as Float32Array, dims),
    }),
    InferenceSession: {
      create: async (model: Uint8Array, options: ort.InferenceSession.SessionOptions) => {
        const { executionProviders, ...rest } = options;
        const session = await original.InferenceSession.create(model, rest);
        if (executionProviders === undefined) return session;
        // what brings values to the device
        if (options.preferredOutputLocation !== undefined)
          return { run: (feeds: ort.InferenceSession.OnnxValueMapType) => Promise.resolve(uploaded(feeds)) };
        return {
          run: async (inputs: ort.InferenceSession.FeedsType, outputs: Record<string, ort.Tensor | null>) => {
            device.run?.(device.runs++);
            try {
              return await session.run(inputs, outputs);
            } finally {
              for (const output of Object.values(outputs)) {
                const data = output?.data;
                if (data instanceof Float32Array) data.forEach((value, i) => (data[i] = device.compute(value)));
              }
            }
          },
          release: () => session.release(),
        };
      },
    },
  };
});

beforeEach(() => {
  device.compute = (value) => value;
  device.run = undefined;
  device.runs = 0;
});

const analysis = async (provider: ExecutionProvider): Promise<AnalysisDocument> => {
  const model = await openModel(fixturePath("llama"));
  try {
    const samples = samplesOf(fixtureReference("llama"), model);
    const set = { samples, windowsSkipped: 0, notes: [] };
    const threshold = { mode: "share", share: 0.1 } as const;
    return (await resultOf(analyze({ model, set, target: { kind: "max-logit" }, threshold, provider }))).document;
  } finally {
    await model.close();
  }
};

describe.each(providers)("the execution provider %s", (provider) => {
  test("is used where it computes as it should", async () => {
    const { device: name, notes } = await openRuntime({ provider });
    expect([name, notes.filter((note) => !note.includes(" to the processor "))]).toEqual([provider, []]);
  });

  test.each([
    ["by 2 %", (value: number) => 1.02 * value, /is off by 2\.0e-2/],
    ["with what is no number", () => NaN, /is off by Infinity/],
  ])("is refused where it computes wrongly, %s, and the run is on the processor", async (_, compute, how) => {
    device.compute = compute;
    const { device: name, notes } = await openRuntime({ provider });
    expect(name).toBe("cpu");
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(how);
    expect(notes[0]).toMatch(/^The execution provider \w+ computes wrongly .*: the run was on the processor\.$/);
  });

  test("is said not to start, in the first line of its words", async () => {
    device.run = () => {
      throw new Error("no adapter was found\n  at somewhere");
    };
    const { device: name, notes } = await openRuntime({ provider });
    expect(name).toBe("cpu");
    expect(notes).toEqual([
      `The execution provider ${provider} does not work here (no adapter was found): the run was on the processor.`,
    ]);
  });

  test.each([
    ["is lost", "Device was lost.", `The execution provider ${provider} failed (Device was lost)`],
    ["has no memory left", "Failed to allocate a buffer", `The device of ${provider} ran out of memory`],
    ["has no room for a buffer", "[Invalid Buffer] is invalid", `The device of ${provider} ran out of memory`],
  ])("%s in the middle of a run: the processor goes on, which is said", async (_, words, said) => {
    const { samples } = await analysis("cpu");
    device.run = (count) => {
      if (count === 5) throw new Error(words);
    };
    const { samples: own, run } = await analysis(provider);
    expect(run.runtimeNotes?.at(-1)).toBe(`${said}: the rest of the run was on the processor.`);
    // one for its check, four more, and the one that fails
    expect(device.runs).toBe(6);
    expect(own.map(({ targetValue }) => targetValue)).toEqual(
      samples.map(({ targetValue }) => expect.closeTo(targetValue, 4) as number),
    );
  });
});

test("what an execution provider leaves to the processor is counted, and said", async () => {
  const runtime = await openRuntime({ provider: "webgpu" });
  const { all, onProcessor, operations } = runtime.placement!;
  expect(all).toBeGreaterThanOrEqual(10);
  expect(onProcessor).toBe(all);
  expect(operations).toContain("Softmax");
  expect(runtime.notes).toEqual([
    `The execution provider webgpu left ${all} of ${all} operations to the processor (${operations.join(", ")}), and values crossed for each: a run on the processor alone may be faster.`,
  ]);
});
