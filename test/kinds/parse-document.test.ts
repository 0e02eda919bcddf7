import { describe, expect, test } from "vitest";
import type { AnalysisDocument, CalibrationDocument, FrequencyDocument } from "../../src/engine/document/document";
import { frequencyKind } from "../../src/kinds/frequency";
import { parseDocument } from "../../src/kinds/parse-document";
import { restoreSamples } from "../../src/engine/document/restore";
import { analysis, comparison, frequency } from "../cli/documents";
import { madeUpPositions } from "../support/made-up-positions";
import { paramscope } from "../cli/session";

const parse = (value: unknown) => parseDocument(JSON.stringify(value), "x.paramscope");

/** An analysis in whose first matrix something is wrong. */
function damaged(change: (module: AnalysisDocument["layers"][number]["modules"][number]) => unknown): AnalysisDocument {
  const document = structuredClone(analysis());
  change(document.layers[0].modules[0]);
  return document;
}

describe("a saved result", () => {
  test.each([analysis(), comparison(), frequency()])("of $format is read as it was written", async (document) => {
    expect(await parse(document)).toEqual(document);
  });

  test("keeps fields that this version does not know, at every depth", async () => {
    const document = { ...analysis(), later: { a: 1 } };
    const [layer, ...rest] = document.layers;
    const changed = { ...document, layers: [{ ...layer, colour: "blue" }, ...rest] };
    expect(await parse(changed)).toEqual(changed);
  });

  test("has positions that belong to its matrices and tokens, or none", async () => {
    const document = analysis();
    const positions = madeUpPositions(document, 3);
    expect(await parse({ ...document, positions })).toEqual({ ...document, positions });
    const { sums, saliency, at } = positions;
    for (const [damage, where] of [
      [{ sums: sums.slice(4) }, "sums"],
      [{ sums: "?".repeat(sums.length) }, "sums"],
      [{ saliency: saliency.slice(4) }, "saliency"],
      [{ at: [...at, ...at] }, "sums"],
      [{ at: [] }, "at"],
      [{ at: Array.from({ length: 129 }, () => at[0]) }, "at"],
      [{ at: at.map((one) => ({ ...one, loss: -1 })) }, "at"],
      [{ first: -1 }, "first"],
    ] as const)
      await expect(parse({ ...document, positions: { ...positions, ...damage } })).rejects.toThrow(
        new RegExp(`damaged at positions\\.${where}`),
      );
  });

  test("that is large is read in turns", async () => {
    const document = structuredClone(analysis());
    const [sample] = document.samples;
    const large = { ...document, samples: Array.from({ length: 20_000 }, () => sample) };
    let turns = 0;
    const counting = setInterval(() => turns++, 1);
    expect(await parse(large)).toEqual(large);
    clearInterval(counting);
    expect(turns).toBeGreaterThan(1);
  });

  test("with a million faults is refused for the first of them", async () => {
    const damage = { ...analysis(), samples: Array.from({ length: 1_000_000 }, () => ({})) };
    await expect(parse(damage)).rejects.toThrow(/^x\.paramscope is damaged at samples\[0\]\.source: /);
    const [layer] = analysis().layers;
    const [module] = layer.modules;
    const rows = { ...layer, modules: [{ ...module, rows: Array.from({ length: 1_000_000 }, () => "x") }] };
    await expect(parse({ ...analysis(), layers: [rows] })).rejects.toThrow(
      /damaged at layers\[0\]\.modules\[0\]\.rows/,
    );
  });

  test("longer than any result is not read", async () => {
    await expect(parseDocument(" ".repeat(61_000_000), "x.paramscope")).rejects.toThrow(
      "x.paramscope has 61 MB, and a result of Paramscope at most 60 MB",
    );
  });

  test("with a longer piece than any has is not read", async () => {
    for (const text of [`{"format":"${"x".repeat(9e6)}"}`, `{"format":"paramscope.analysis"${" ".repeat(20e6)}}`])
      await expect(parseDocument(text, "x.paramscope")).rejects.toThrow(
        "x.paramscope is not a Paramscope result: a piece of it has more than 8,000,000 characters",
      );
  });

  test.each<[string, unknown, string]>([
    ["no object", 3, "x.paramscope is not a Paramscope result: it has no format"],
    ["null", null, "x.paramscope is not a Paramscope result: it has no format"],
    ["another format", { format: "toString" }, 'x.paramscope is not a Paramscope result: its format is "toString"'],
    [
      "a newer version",
      { ...analysis(), version: 2 },
      "x.paramscope was written by a newer Paramscope (paramscope.analysis version 2)",
    ],
    [
      "a wrong field",
      { ...frequency(), layers: [{ layer: 0, counts: [1, "2"] }] },
      "x.paramscope is damaged at layers[0].counts[1]: invalid input: expected a count",
    ],
    [
      "too much",
      damaged((module) => (module.rows = Array<number>(257).fill(1))),
      "x.paramscope is damaged at layers[0].modules[0].rows: too big: expected array to have <=256 items",
    ],
    [
      "no number",
      damaged((module) => (module.columns = [1, Infinity])),
      "x.paramscope is damaged at layers[0].modules[0].columns[1]: invalid input: expected a number that is not negative",
    ],
    [
      "no list",
      damaged((module) => Object.assign(module.histogram, { counts: "many" })),
      "x.paramscope is damaged at layers[0].modules[0].histogram.counts: invalid input: expected array",
    ],
    [
      "a number of layers that no model has",
      { ...frequency(), model: { ...frequency().model, layers: 2 ** 40 } },
      "x.paramscope is damaged at model.layers: too big",
    ],
    [
      "a missing field",
      { ...frequency(), model: undefined },
      "x.paramscope is damaged at model: invalid input: expected object, received undefined",
    ],
  ])("that is %s is refused with what is wrong where", async (_name, value, message) => {
    await expect(parse(value)).rejects.toThrow(message);
  });

  test("whose lists do not belong together is refused, where its tables cannot be made", async () => {
    const folders = ["samples/fiction", "samples/math"];
    const { stdout } = await paramscope(["domains", ...folders, "--prune", "--window", "16", "--json", "--quiet"]);
    const document = JSON.parse(stdout) as CalibrationDocument;
    expect(await parse(document)).toEqual(document);
    document.losses?.tokens[0].pop();
    await expect(parse(document)).rejects.toThrow(
      /^x\.paramscope is damaged: its lists do not belong together \(\d+ elements have no partners among \d+\)$/,
    );
  });

  test("takes no memory for a number that is in it", async () => {
    const document = (await parse({ ...frequency(), samples: 2 ** 40 })) as FrequencyDocument;
    expect(frequencyKind.table(document).rows[0].length).toBe(frequencyKind.table(document).columns.length);
  });

  test("that was cut short is refused", async () => {
    const text = JSON.stringify(analysis());
    await expect(parseDocument(text.slice(0, 100), "x.paramscope")).rejects.toThrow("it is not JSON");
  });

  test("gives its samples back, id for id", async () => {
    const document = (await parse(analysis(["a", "b"]))) as AnalysisDocument;
    const { samples } = restoreSamples(document);
    expect(samples.map(({ source }) => source)).toEqual(["a", "b"]);
    expect([...samples[0].ids]).toEqual([1, 7, 8, 9]);
    expect([...samples[0].starts]).toEqual([-1, 0, 3, 7]);
    expect(samples[0].text.slice(samples[0].starts[3], samples[0].ends[3])).toBe(" river");
  });
});
