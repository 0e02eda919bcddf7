import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openModel, type Model } from "../../../src/engine/model/model";
import type { CostMeasure } from "../../../src/engine/quantize/known-costs";
import { measureCosts, type MeasuredCosts } from "../../../src/engine/quantize/measure-costs";
import type { Rounding } from "../../../src/engine/quantize/rounding";
import { quantizedTensors, type QuantizedTensor } from "../../../src/engine/quantize/tensors";
import { fixturePath } from "../support/reference";
import { returnedOf } from "../support/returned-of";
import { sampleOf } from "../support/samples";

interface Reference {
  readonly samples: readonly (readonly number[])[];
  readonly matrices: Readonly<
    Record<string, { readonly fisher: number; readonly rounded: number; readonly activation: number }>
  >;
  readonly squares: Readonly<Record<string, readonly [sum: number, placed: number]>>;
}

/** test/reference/make_sensitivity.py: PyTorch's autograd, one window at a time. */
const references = JSON.parse(readFileSync("test/reference/sensitivity.json", "utf8")) as Record<string, Reference>;

/** A rounding whose errors are known: with them costs are sums that autograd gives too. */
const made = (name: string, value: (weight: number) => number): Rounding => ({
  name,
  bitsPerWeight: 1,
  divides: () => true,
  bytesOf: (weights) => weights / 8,
  round: (rows, _columns, out) => {
    for (let i = 0; i < rows.length; i++) out[i] = value(rows[i]);
  },
});
/** Errors of `−w`, and of 1 everywhere. */
const roundings = [made("nothing", () => 0), made("shifted", (weight) => weight + 1)];

interface Measured extends MeasuredCosts {
  readonly tensors: readonly QuantizedTensor[];
}

async function measured(
  fixture: string,
  measure: CostMeasure,
  more: { readonly memory?: number; readonly repeated?: number } = {},
): Promise<Measured> {
  const model = await openModel(fixturePath(fixture));
  try {
    return await measuredOf(model, references[fixture].samples, measure, more);
  } finally {
    await model.close();
  }
}

async function measuredOf(
  model: Model,
  samples: Reference["samples"],
  measure: CostMeasure,
  { memory, repeated = 1 }: { readonly memory?: number; readonly repeated?: number } = {},
): Promise<Measured> {
  const { tensors } = quantizedTensors(model);
  const all = Array.from({ length: repeated }, () => samples).flat();
  const measured = await returnedOf(
    measureCosts(
      { model, threads: 1, ...(memory !== undefined && { memory }) },
      { samples: all.map((ids, i) => sampleOf(ids, `text ${i}`)), tensors, roundings, measure },
    ),
  );
  return { ...measured, tensors };
}

/** What PyTorch says of a tensor; of a mixture's experts, whose matrices it has in others, of all of a layer. */
function groupOf({ name, layer }: QuantizedTensor): string {
  return name.includes("expert") ? `experts of layer ${layer}` : name;
}

function summed(all: readonly (readonly [name: string, value: number])[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [name, value] of all) sums.set(name, (sums.get(name) ?? 0) + value);
  return sums;
}

const referenceGroup = (name: string): string => {
  const layer = /layers\.(\d+)\..*experts/.exec(name)?.[1];
  return layer === undefined ? name : `experts of layer ${layer}`;
};

function referenceSums({ matrices }: Reference, of: "fisher" | "rounded" | "activation"): Map<string, number> {
  const counted = Object.entries(matrices).filter(([name]) => !name.endsWith("_bias"));
  return summed(counted.map(([name, sums]) => [referenceGroup(name), sums[of]]));
}

function ours({ tensors, costs }: Measured, format: string, factor: number): Map<string, number> {
  return summed(tensors.map((tensor, i) => [groupOf(tensor), factor * (costs[i].get(format)?.cost ?? NaN)]));
}

function expectAlike(own: Map<string, number>, reference: Map<string, number>): void {
  expect(own.size).toBeGreaterThan(0);
  for (const [name, value] of own) {
    const expected = reference.get(name);
    expect(expected, name).toBeDefined();
    expect(Math.abs(value - expected!) / expected!, name).toBeLessThan(1e-3);
  }
}

describe.each(Object.keys(references))("%s, against PyTorch's autograd", (fixture) => {
  test("by sensitivity a format costs Σ F e²/2, of embedding and head too", async () => {
    const measuredNow = await measured(fixture, "sensitivity");
    expectAlike(ours(measuredNow, "shifted", 2), referenceSums(references[fixture], "fisher"));
    expectAlike(ours(measuredNow, "nothing", 2), referenceSums(references[fixture], "rounded"));
  });

  test("by activation it costs Σ Ā |e|/|w|", async () => {
    const measuredNow = await measured(fixture, "activation");
    expectAlike(ours(measuredNow, "nothing", 1), referenceSums(references[fixture], "activation"));
  });

  test("columns are as important as what enters them is large", async () => {
    const { importance } = await measured(fixture, "sensitivity");
    let compared = 0;
    for (const [name, [sum, placed]] of Object.entries(references[fixture].squares)) {
      const own = importance.get(`${name}.weight`)?.squares;
      // the head's is none, and experts' are in other matrices there
      if (own === undefined) continue;
      compared++;
      const total = (of: (value: number, at: number) => number): number =>
        own.reduce((all, value, at) => all + of(value, at), 0);
      expect(Math.abs(total((value) => value) - sum) / sum, name).toBeLessThan(1e-4);
      expect(Math.abs(total((value, at) => value * (at + 1)) - placed) / placed, name).toBeLessThan(1e-4);
    }
    expect(compared).toBeGreaterThan(0);
  });
});

test("in several batches it is what it is in one", async () => {
  const [one, many] = [
    await measured("llama", "sensitivity"),
    await measured("llama", "sensitivity", { repeated: 200 }),
  ];
  expectAlike(ours(many, "nothing", 2), ours(one, "nothing", 2));
});

test("rounding to nothing loses all of what comes out, and rounding nothing none of it", async () => {
  const model = await openModel(fixturePath("llama"));
  const { tensors } = quantizedTensors(model);
  const measured = await returnedOf(
    measureCosts(
      { model, threads: 1 },
      {
        samples: references.llama.samples.map((ids) => sampleOf(ids, "text")),
        tensors,
        roundings: [roundings[0], made("itself", (weight) => weight)],
        measure: "sensitivity",
      },
    ),
  );
  await model.close();
  for (const costs of measured.costs) {
    expect(costs.get("itself")).toEqual({ cost: 0, outputError: 0 });
    expect(costs.get("nothing")?.outputError).toBeCloseTo(1, 6);
  }
});
