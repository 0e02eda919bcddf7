import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PruneRequest } from "../../../src/engine/api";
import type { PruningDocument } from "../../../src/engine/document/document";
import { parseDocument } from "../../../src/kinds/parse-document";
import { modulesAt, openModel, type Model } from "../../../src/engine/model/model";
import { DenseResults } from "../../../src/engine/prune/dense-results";
import { estimatePruning, pruningFlops } from "../../../src/engine/prune/estimate-pruning";
import { prepareRun } from "../../../src/engine/prune/prepare";
import { prune } from "../../../src/engine/prune/prune";
import { pruneModel, type Pruned } from "../../../src/engine/prune/prune-model";
import { calibrationSet } from "../../../src/engine/prune/calibration";
import type { PredictionRows } from "../../../src/engine/prune/predictions";
import { evaluatedWindows, perplexityOf } from "../../../src/engine/prune/window-losses";
import { mean } from "../../../src/engine/numbers/statistics";
import { RunParts } from "../../../src/engine/prune/run-parts";
import { OnnxRuntime } from "../../../src/engine/runtime/onnx/onnx-runtime";
import { Profiler } from "../../../src/engine/sweep/profiler";
import { returnedOf } from "../support/returned-of";
import { calibrationTexts, evaluationText } from "../support/prune-reference";
import { fixturePath } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { maxLogit } from "../support/sweeping";

let model: Model;

beforeAll(async () => {
  model = await openModel(fixturePath("llama"));
});

afterAll(async () => {
  await model.close();
});

function requestOf(changes: Partial<PruneRequest> = {}): PruneRequest {
  return {
    model,
    target: maxLogit,
    threads: 1,
    calibration: calibrationTexts(),
    window: 64,
    sparsity: 0.5,
    criterion: "wanda",
    allocation: "uniform",
    share: 0.1,
    ...changes,
  };
}

/** The pruned model itself. */
async function pruned(changes: Partial<PruneRequest>): Promise<Pruned> {
  const request = requestOf(changes);
  return await returnedOf(
    pruneModel(request, {
      samples: calibrationSet(request).samples,
      runtime: new OnnxRuntime(1),
      profiler: new Profiler(),
      parts: new RunParts([1]),
      costs: { sweep: 1, outliers: 1, blocks: 1 },
    }),
  );
}

const nameOf = (layer: number, module: number): string =>
  `model.layers.${layer}.${modulesAt(model, 0)[module].name}.weight`;

async function weightsOf(of: Model, layer: number, module: number): Promise<Float32Array> {
  const weights = new Float32Array(modulesAt(model, 0)[module].out * modulesAt(model, 0)[module].in);
  await of.checkpoint.read(nameOf(layer, module), weights);
  return weights;
}

const everyMatrix = (): [number, number][] =>
  Array.from({ length: model.layers }, (_, layer) =>
    modulesAt(model, 0).map((_, module): [number, number] => [layer, module]),
  ).flat();

const criteria = ["magnitude", "wanda", "activation"] as const;

describe.each(criteria)("pruning by %s", (criterion) => {
  test.each([0, 0.1, 0.37, 0.5, 0.95])(
    "to %d takes exactly so many, and leaves the others as they were",
    async (sparsity) => {
      const { model: after, dispose } = await pruned({ criterion, sparsity });
      for (const [layer, module] of everyMatrix()) {
        const [before, now] = [await weightsOf(model, layer, module), await weightsOf(after, layer, module)];
        const { out, in: columns } = modulesAt(model, 0)[module];
        const zeros = now.filter((weight) => weight === 0).length;
        const wanted =
          criterion === "magnitude" ? Math.floor(out * columns * sparsity) : out * Math.floor(columns * sparsity);
        expect(zeros).toBe(wanted);
        expect(now.findIndex((weight, i) => weight !== 0 && weight !== before[i])).toBe(-1);
      }
      await dispose();
    },
  );

  test("what goes at a sparsity goes at every higher one", async () => {
    const runs = [];
    for (const sparsity of [0.2, 0.5, 0.8]) runs.push(await pruned({ criterion, sparsity }));
    // what Wanda sees of later blocks depends on what was taken of the earlier ones
    const layers = criterion === "wanda" ? 1 : model.layers;
    for (let layer = 0; layer < layers; layer++)
      for (let module = 0; module < modulesAt(model, 0).length; module++) {
        const masks = runs.map(({ masks }) => masks.mask(layer, module));
        const indices = Array.from({ length: masks[0].length }, (_, i) => i);
        expect(indices.filter((i) => masks[0].has(i) && !masks[1].has(i))).toEqual([]);
        expect(indices.filter((i) => masks[1].has(i) && !masks[2].has(i))).toEqual([]);
      }
    for (const run of runs) await run.dispose();
  });
});

describe.each([...criteria, "sparsegpt"] as const)("by %s", (criterion) => {
  test("a sparsity of 0 changes nothing", async () => {
    const document = await documentOf({ criterion, sparsity: 0, evaluation: { text: evaluationText(), windows: 2 } });
    const { dense, pruned, agreement, divergence } = document.perplexity ?? { dense: 0, pruned: 1 };
    expect(pruned).toBe(dense);
    expect([agreement, divergence]).toEqual([1, 0]);
    expect(document.layers.map(({ zeros }) => zeros)).toEqual(new Array(model.layers).fill(0));
  });

  test.each([
    [2, 4],
    [4, 8],
    [5, 32],
  ])("a pattern %d:%d takes so many of every so many inputs", async (count, of) => {
    const { model: after, dispose } = await pruned({ criterion, pattern: { pruned: count, of } });
    for (const [layer, module] of everyMatrix()) {
      const weights = await weightsOf(after, layer, module);
      const groups = Array.from({ length: weights.length / of }, (_, group) =>
        weights.subarray(group * of, (group + 1) * of),
      );
      expect(groups.filter((group) => group.filter((weight) => weight === 0).length !== count)).toHaveLength(0);
    }
    await dispose();
  });

  test("padding has no say: texts of different lengths are pruned as each by itself", async () => {
    const [a, b] = calibrationTexts();
    const short = { source: "short", text: a.text.slice(0, 150) };
    const together = await documentOf({ criterion, calibration: [short, b], memory: undefined });
    const turned = await documentOf({ criterion, calibration: [b, short] });
    together.layers.forEach(({ modules }, layer) => {
      modules.forEach(({ kept, zeros }, module) => {
        const other = turned.layers[layer].modules[module];
        expect(zeros).toBe(other.zeros);
        expect(Math.abs(kept - other.kept)).toBeLessThan(1e-3 * kept);
      });
    });
  });
});

describe("SparseGPT", () => {
  test("keeps what it changes, whole matrices and rows of them", async () => {
    const { model: sparse, layers, dispose } = await pruned({ criterion: "sparsegpt" });
    for (const [layer, module] of everyMatrix()) {
      const weights = await weightsOf(sparse, layer, module);
      expect(weights.filter((weight) => weight === 0)).toHaveLength(layers[layer][module].zeros);
      const columns = modulesAt(model, 0)[module].in;
      const some = new Float32Array(2 * columns);
      await sparse.checkpoint.read(nameOf(layer, module), some, 3, 5);
      expect(some).toEqual(weights.slice(3 * columns, 5 * columns));
    }
    await dispose();
  });
});

describe("a run", () => {
  test("with densities known from an analysis measures none", async () => {
    const densities = Array.from({ length: model.layers }, (_, layer) => 0.3 / (layer + 1));
    const phases = new Set<string>();
    for await (const event of prune(
      requestOf({ criterion: "magnitude", allocation: "activation", densities, calibration: [] }),
    )) {
      if (event.type === "progress") phases.add(event.phase);
      if (event.type === "done") {
        const { layers } = event.result.document;
        expect(layers.map(({ density }) => density)).toEqual(densities);
        expect(layers[0].sparsity).toBeLessThan(layers[5].sparsity);
      }
    }
    expect([...phases]).toEqual(["prune"]);
  });

  test("goes from 0 to 1, and tells of every layer, shallowest first", async () => {
    const shares: number[] = [];
    const layers: number[] = [];
    const run = prune(
      requestOf({ allocation: "activation", evaluation: { text: evaluationText(), windows: 1 }, prompt: "The" }),
    );
    for await (const event of run) {
      if (event.type === "progress") shares.push(event.share);
      if (event.type === "layer") {
        layers.push(event.layer);
        expect(event.figures.sparsity).toBeGreaterThan(0);
        expect(event.figures.density).toBeGreaterThanOrEqual(0);
      }
    }
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
    expect(layers).toEqual(Array.from({ length: model.layers }, (_, layer) => layer));
  });

  test("lets both models continue a prompt", async () => {
    const { continuation } = await documentOf({ prompt: "Once upon a time", sparsity: 0.9 });
    expect(continuation?.prompt).toBe("Once upon a time");
    expect(continuation?.dense).not.toBe("");
    expect(continuation?.pruned).not.toBe(continuation?.dense);
  });

  test("stops where it is aborted", async () => {
    const controller = new AbortController();
    const reason = new Error("stopped");
    const run = prune(requestOf({ criterion: "sparsegpt", signal: controller.signal }));
    await expect(
      (async () => {
        for await (const event of run) if (event.type === "layer" && event.layer === 1) controller.abort(reason);
      })(),
    ).rejects.toBe(reason);
  });

  test("says what the user should know", async () => {
    const notes = async (changes: Partial<PruneRequest>): Promise<string[]> => (await documentOf(changes)).run.notes;
    expect(await notes({})).toEqual([
      "Of 8 of 8 calibration texts only the first 64 tokens were taken.",
      "The calibration has only 512 tokens: with some thousands the choice is less a matter of chance.",
    ]);
    expect(
      (await estimatePruning(requestOf({ criterion: "sparsegpt", calibration: calibrationTexts().slice(0, 1) }))).notes,
    ).toEqual(await notes({ criterion: "sparsegpt", calibration: calibrationTexts().slice(0, 1) }));
    // a matrix of this model has up to 160 inputs
    const some = (tokens: number) =>
      notes({ criterion: "sparsegpt", calibration: calibrationTexts().slice(0, tokens / 64) });
    expect((await some(64)).at(-1)).toBe(
      "The calibration has 64 tokens, and a matrix up to 160 inputs: of fewer tokens than inputs SparseGPT cannot tell how the weights that stay make up for others, but for its damping. Calibrate with more texts, or with more of each.",
    );
    expect((await some(192)).at(-1)).toBe(
      "The calibration has only 192 tokens: with some thousands the choice is less a matter of chance.",
    );
    expect((await notes({ sparsity: 0.95, allocation: "activation" })).at(-1)).toBe(
      "The allocation reached its bounds in 6 of 6 layers: none loses less than nothing or more than 95 %.",
    );
    expect((await notes({ allocation: "activation", pattern: { pruned: 2, of: 4 } })).at(-1)).toBe(
      "A pattern takes the same share of every layer: the allocation is uniform.",
    );
    expect((await notes({ criterion: "magnitude" })).at(-1)).toBe(
      "The calibration texts have no say: magnitude looks at weights alone.",
    );
  });
});

describe("what is known of the dense model", () => {
  const evaluation = { text: evaluationText(), windows: 2 };

  /** The document, and the blocks that passed while models were evaluated and continued the prompt. */
  async function followed(changes: Partial<PruneRequest>) {
    const passed = { evaluate: 0, continue: 0 };
    for await (const event of prune(requestOf({ evaluation, prompt: "Once upon", ...changes }))) {
      if (event.type === "progress" && event.phase in passed) passed[event.phase as keyof typeof passed]++;
      if (event.type === "done") return { passed, document: event.result.document };
    }
    throw new Error("no result");
  }

  test("from an earlier run is not computed again, and no figure is another for that", async () => {
    const dense = new DenseResults();
    const first = await followed({ dense });
    expect(first.passed.evaluate).toBe(2 * model.layers);
    for (const changes of [{ sparsity: 0.3 }, { criterion: "magnitude" }] as const) {
      const again = await followed({ ...changes, dense });
      expect(again.passed.evaluate).toBe(model.layers);
      expect(again.passed.continue).toBeLessThan(first.passed.continue);
      const alone = await followed(changes);
      expect(alone.passed.evaluate).toBe(2 * model.layers);
      expect(again.document.perplexity).toEqual(alone.document.perplexity);
      expect(again.document.continuation).toEqual(alone.document.continuation);
    }
  });

  test.each<[string, Partial<PruneRequest>]>([
    ["of other windows", { evaluation: { ...evaluation, windows: 1 } }],
    ["computed otherwise", { threads: 2 }],
  ])("%s is of no use, and leaves its place to the new", async (_, changes) => {
    const dense = new DenseResults();
    await followed({ dense });
    const other = await followed({ ...changes, dense });
    expect(other.passed.evaluate).toBe(2 * model.layers);
    expect((await followed({ ...changes, dense })).passed.evaluate).toBe(model.layers);
    expect((await followed({ dense })).passed.evaluate).toBe(2 * model.layers);
  });

  test("makes an estimate less, and only of the first of several runs where it is not known yet", async () => {
    const dense = new DenseResults();
    const request = requestOf({ evaluation, dense });
    const [unknown, twice] = [pruningFlops(request), pruningFlops(request, 2)];
    await resultOf(prune(request));
    const known = pruningFlops(request);
    expect(known).toBeLessThan(unknown);
    expect(twice).toBeCloseTo(unknown + known, 0);
    expect(pruningFlops(request, 2)).toBeCloseTo(2 * known, 0);
    expect(pruningFlops(requestOf({ evaluation }), 2)).toBeCloseTo(2 * unknown, 0);
  });

  test("is computed again where there is no memory to hold it meanwhile", () => {
    const dense = new DenseResults();
    const request = requestOf({ evaluation, dense });
    const { windows, plan: least } = prepareRun(request);
    dense.states.keep(request, windows?.ids ?? [], new Float32Array(2 ** 25));
    const { memory } = prepareRun(request).plan;
    expect(memory).toBeGreaterThan(least.memory);
    expect(prepareRun({ ...request, memory }).known.states).toBeDefined();
    const without = prepareRun({ ...request, memory: memory - 1 });
    expect(without.known.states).toBeUndefined();
    expect(without.plan).toEqual(least);
  });
});

describe("what windows lose", () => {
  const evaluation = { text: evaluationText(), windows: 3 };

  test("gives the document's perplexities, to the last digit", async () => {
    const { perplexity } = await documentOf({ evaluation });
    const { tokens, dense, pruned } = perplexity?.losses ?? { tokens: [], dense: [], pruned: [] };
    expect(tokens).toEqual([63, 63, 63]);
    expect(perplexityOf(dense, tokens)).toBe(perplexity?.dense);
    expect(perplexityOf(pruned, tokens)).toBe(perplexity?.pruned);
  });

  test("is of each window what the first of them alone come to", async () => {
    const all = (await documentOf({ evaluation })).perplexity?.losses;
    const first = (await documentOf({ evaluation: { ...evaluation, windows: 1 } })).perplexity;
    expect(Math.log(first?.dense ?? NaN)).toBeCloseTo(all?.dense[0] ?? NaN, 5);
    expect(Math.log(first?.pruned ?? NaN)).toBeCloseTo(all?.pruned[0] ?? NaN, 5);
  });

  test("is kept in saved results, and those of earlier versions open without", async () => {
    const document = JSON.parse(JSON.stringify(await documentOf({ evaluation }))) as PruningDocument;
    const point = { criterion: "wanda", sparsity: 0.1, perplexity: 12, agreement: 1, divergence: 0 } as const;
    const opened = await parseDocument(
      JSON.stringify({ ...document, curve: [{ ...point, losses: [1, 2, 3] }] }),
      "new",
    );
    expect(opened).toMatchObject({ perplexity: document.perplexity, curve: [{ losses: [1, 2, 3] }] });
    const perplexity = { ...document.perplexity, losses: undefined };
    const old = await parseDocument(JSON.stringify({ ...document, perplexity, curve: [point] }), "old");
    expect(old).toEqual({ ...document, perplexity, curve: [point] });
  });

  test("of any windows is a part of all their perplexity", () => {
    const windows = fc.array(fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 1, maxLength: 6 }), {
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(windows, windows, (before, some) => {
        const lost = [...before, ...some].flat();
        const rows: PredictionRows = (from, to) => {
          const loss = mean(lost.slice(from, to));
          return { tokens: lost.slice(from, to).length, loss, otherLoss: 2 * loss, agreement: 1, divergence: 0 };
        };
        const ids = some.map(({ length }) => new Int32Array(length + 1));
        const { losses, tokens, perplexity, otherPerplexity } = evaluatedWindows(rows, ids, before.flat().length);
        expect(tokens).toBe(some.flat().length);
        expect(losses.own).toEqual(some.map((window) => expect.closeTo(mean(window), 9) as number));
        expect(perplexity).toBe(perplexityOf(losses.own, losses.tokens));
        expect(Math.log(perplexity)).toBeCloseTo(mean(some.flat()), 9);
        expect(Math.log(otherPerplexity)).toBeCloseTo(2 * mean(some.flat()), 9);
      }),
    );
  });
});

describe("refused is", () => {
  test.each<[string, Partial<PruneRequest>, string]>([
    ["a negative sparsity", { sparsity: -0.1 }, "A sparsity of -0.1 cannot be"],
    ["too high a sparsity", { sparsity: 0.96 }, "A sparsity of 0.96 cannot be"],
    ["a sparsity that is no number", { sparsity: NaN }, "A sparsity of NaN cannot be"],
    ["a pattern that takes all", { pattern: { pruned: 4, of: 4 } }, "There is no pattern 4:4"],
    [
      "a pattern that does not fit",
      { pattern: { pruned: 3, of: 7 } },
      "self_attn.q_proj has 64 inputs, which 7 does not divide",
    ],
    ["no calibration", { calibration: [] }, "There is no calibration text"],
    [
      "an evaluation of one token",
      { evaluation: { text: { source: "a.txt", text: "a" }, windows: 8 } },
      "a.txt has one token",
    ],
    ["an empty prompt", { prompt: "" }, "The prompt to continue has no tokens"],
    ["another model's densities", { allocation: "activation", densities: [0.1] }, "a model with 1 layers"],
    ["too little memory", { memory: 1e6 }, "Pruning needs at least"],
  ])("%s", async (_, changes, message) => {
    await expect(documentOf(changes)).rejects.toThrow(message);
  });
});

async function documentOf(changes: Partial<PruneRequest>) {
  return (await resultOf(prune(requestOf(changes)))).document;
}
